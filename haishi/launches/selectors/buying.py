"""What a winner sees before paying."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from haishi.catalogue.states import ProductKind
from haishi.foundation import clock
from haishi.foundation.errors import NotFound
from haishi.foundation.money import Money
from haishi.foundation.types import Actor
from haishi.launches import policies
from haishi.launches.models import Claim
from haishi.launches.selectors.shown import shown
from haishi.launches.states import ClaimState
from haishi.launches.types import Shown
from haishi.launches.wording import claim_text
from haishi.trade import selectors as trade


@dataclass(frozen=True)
class PayPage:
    """A kept unit: what it is, what it costs, until when, and where it may travel to.

    `order_url` leads to the order once there is one; `payable` is whether there may still be one.
    """

    claim: Claim
    shown: Shown
    price: Money
    pay_by: dt.datetime | None
    payable: bool
    order_url: str
    words: str
    travels: bool
    addresses: list[Any]
    zone: str


def pay_page(actor: Actor, slug: str) -> PayPage:
    """The person's own claim at a launch. Raises NotFound when there is none."""
    rows = Claim.objects.select_related(
        "order", "allotment__launch__exhibitor__organisation",
        "allotment__launch__exhibitor__edition", "allotment__launch__product",
    )  # fmt: skip
    claim = rows.filter(allotment__launch__slug=slug, person_id=actor.pk).first()
    if claim is None:
        raise NotFound
    sale, launch = claim.allotment, claim.allotment.launch
    won = claim.state == ClaimState.WON and claim.pay_by is not None
    travels = policies.kind_of(launch) == ProductKind.GOODS
    return PayPage(
        claim=claim,
        shown=shown([launch])[0],
        price=Money(sale.price_minor, sale.currency),
        pay_by=claim.pay_by,
        payable=won and claim.pay_by is not None and clock.now() < claim.pay_by,
        order_url=reverse("trade:order", args=[claim.order.number]) if claim.order else "",
        words=claim_text(claim),
        travels=travels,
        addresses=trade.addresses_of(actor) if travels else [],
        zone=launch.exhibitor.edition.time_zone,
    )
