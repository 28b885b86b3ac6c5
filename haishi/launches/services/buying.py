"""Paying for a kept unit: the claim becomes an order of `trade` and hears what became of it.

Locks go from the claim to its order, never back: what the order says comes through the outbox.
"""

from collections.abc import Mapping

from haishi.catalogue.states import ProductKind
from haishi.foundation import audit, clock
from haishi.foundation.errors import NotFound
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.launches import policies
from haishi.launches.errors import PayTimeOver
from haishi.launches.models import Allotment, Claim
from haishi.launches.services.claims import let_go, lock_claim
from haishi.launches.states import CLAIM, ClaimState
from haishi.trade import selectors as trade_selectors
from haishi.trade import services as trade
from haishi.trade.errors import AddressMissing
from haishi.trade.types import Agreed, Bill

ADDRESS = ("name", "phone", "country", "region", "street", "postcode")
ORIGIN = "claim:"
# State of an ended order → what that means for the claim it came from.
_ENDS = {"cancelled": "cancel", "expired": "expire", "refunded": "refund"}


@service
def check_out(
    actor: Actor,
    claim_id: int,
    address_id: int | None = None,
    new_address: Mapping[str, str] | None = None,
) -> Claim:
    """Make the order of a won unit; it waits for its money as long as the claim would have.

    Goods travel to an address of the person's book, or to `new_address`, which is added to it. A
    repetition answers with the first order. Raises NotFound, PayTimeOver, AddressMissing,
    AddressesFull.
    """
    row = lock_claim(claim_id)
    if row.person_id != actor.pk:
        raise NotFound
    if row.order_id is not None:
        return row
    if row.state != ClaimState.WON or row.pay_by is None or row.pay_by <= clock.now():
        raise PayTimeOver
    sale = Allotment.objects.select_related("launch__exhibitor", "launch__product").get(
        pk=row.allotment_id
    )
    if new_address is not None:
        address_id = trade.add_address(actor, **new_address).pk
    row.order = trade.bill(actor, _bill(actor, row, sale, address_id), key=f"{ORIGIN}{row.pk}")
    row.save(update_fields=["order"])
    audit.record(actor, "claim.ordered", row, order=row.order.number)
    return row


def _bill(actor: Actor, row: Claim, sale: Allotment, address_id: int | None) -> Bill:
    assert row.pay_by is not None
    launch = sale.launch
    kind = policies.kind_of(launch)
    line = Agreed(
        name=launch.name,
        name_en=launch.name_en,
        price_minor=sale.price_minor,
        unit=launch.product.unit if launch.product else "件",
        product_id=launch.product_id,
        hold_id=row.hold_id,
    )
    return Bill(
        buyer_id=row.person_id,
        seller_id=launch.exhibitor.organisation_id,
        kind=kind,
        currency=sale.currency,
        lines=(line,),
        pay_by=row.pay_by,
        origin=f"{ORIGIN}{row.pk}",
        ship_to=_ship_to(actor, address_id) if kind == ProductKind.GOODS else {},
    )


def _ship_to(actor: Actor, address_id: int | None) -> dict[str, str]:
    for each in trade_selectors.addresses_of(actor):
        if each.pk == address_id:
            return {name: getattr(each, name) for name in ADDRESS}
    raise AddressMissing


@service
def order_ended(claim_id: int, state: str) -> bool:
    """Its order was cancelled, expired or refunded; returns whether that was news.

    The order has given the unit back already, if it can be sold again.
    """
    row, action = lock_claim(claim_id), _ENDS[state]
    if action not in CLAIM.actions_from(row.state):
        return False
    row.state = CLAIM.after(row.state, action)
    let_go(row)
    return True
