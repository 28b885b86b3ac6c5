"""What live itself takes from the modules below: products as things, enquiries and cards."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMinute

from haishi.catalogue import selectors as catalogue
from haishi.expo import selectors as expo
from haishi.expo.services import about_token
from haishi.foundation import clock
from haishi.foundation.addresses import address
from haishi.foundation.types import SYSTEM, Actor
from haishi.live.types import Panel, Thing

__all__ = [
    "cards_by_minute",
    "during",
    "enquiries_by_minute",
    "offered_products",
    "product_panel",
    "read_products",
]
MOST_OFFERED = 200


def read_products(ids: Sequence[int]) -> dict[int, Thing]:
    """{id: thing} of listed products. One query."""
    rows = catalogue.visible_to(SYSTEM).filter(catalogue.LISTED, pk__in=[*ids])
    return {
        row.id: Thing(
            kind="product",
            pk=row.id,
            title=row.title,
            line=row.line,
            url=row.url,
            picture_asset_id=row.picture_id,
            price=row.price,
        )
        for row in catalogue.rows(rows)
    }


def offered_products(edition: Any, exhibitor: Any | None) -> list[tuple[int, str]]:
    """Exhibits of the booth first, then the firm's other products; without a booth, what the
    edition's booths put forward.
    """
    if exhibitor is None:
        found = catalogue.featured(edition.pk, MOST_OFFERED)
        return [(row.id, f"{row.title} · {row.firm}") for row in found]
    shown = catalogue.exhibits_of(exhibitor.pk, MOST_OFFERED)
    others = catalogue.of_organisation(exhibitor.organisation_id, MOST_OFFERED)
    known = {row.id: str(row.title) for row in [*shown, *others]}
    return list(known.items())


def product_panel(actor: Actor, session: Any, pk: int) -> Panel | None:
    """What the product's own page offers (buying, a first sale), and the way to its booth."""
    product = catalogue.get_visible_by_id(actor, pk)
    offers = catalogue.offers_of(actor, product, catalogue.tiers_of(product))
    content: dict[str, Any] = {"offers": offers, "enquire_url": "", "card_url": ""}
    booth = session.exhibitor
    if booth is not None and booth.organisation_id == product.organisation_id:
        about = urlencode({"about": about_token("product", product.pk, product.name)})
        places = (session.edition.slug, booth.pk)
        content["enquire_url"] = f"{address('expo:enquire', *places)}?{about}"
        content["card_url"] = address("expo:leave_card", *places)
    return Panel("live/offers.html", content)


def during(session: Any) -> tuple[dt.datetime, dt.datetime] | None:
    """[from, to) of a session's broadcast; None before it began."""
    if session.opened_at is None:
        return None
    return session.opened_at, session.ended_at or clock.now()


def by_minute(rows: QuerySet[Any], session: Any, at: str) -> Mapping[dt.datetime, int]:
    """{whole minute: how many rows} within the broadcast. One query."""
    span = during(session)
    if span is None:
        return {}
    rows = rows.filter(**{f"{at}__gte": span[0], f"{at}__lt": span[1]}).order_by()
    counted = rows.annotate(minute=TruncMinute(at, tzinfo=dt.UTC)).values_list("minute")
    return Counter(dict(counted.annotate(number=Count("pk"))))


def enquiries_by_minute(session: Any) -> Mapping[dt.datetime, int]:
    """Questions to the booth while it was on air."""
    if session.exhibitor is None:
        return {}
    return by_minute(expo.enquiries_of_booth(session.exhibitor), session, "created_at")


def cards_by_minute(session: Any) -> Mapping[dt.datetime, int]:
    """Cards left at the booth while it was on air."""
    if session.exhibitor is None:
        return {}
    return by_minute(expo.leads_of(session.exhibitor, source="card"), session, "created_at")
