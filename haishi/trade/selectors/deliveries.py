"""Bought files: who may fetch which, by which link."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from haishi.catalogue import selectors as catalogue
from haishi.foundation import clock, signing
from haishi.foundation.errors import NotFound
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.media.states import AssetState
from haishi.media.types import size_words
from haishi.trade import policies
from haishi.trade.models import Deliverable, Download, Entitlement, Order
from haishi.trade.states import OPENS_FILES

__all__ = [
    "Parcel",
    "ParcelFile",
    "deliverable_ids",
    "downloads_of",
    "entitlement_ids",
    "entitlements_of",
    "file_of_link",
    "files_open",
    "get_entitlement",
    "get_own_product",
    "lock_entitlement",
    "parcel",
]


@dataclass(frozen=True)
class ParcelFile:
    """A file to fetch; `link` is the person's own and ends at `Parcel.until`, "" before opening."""

    name: str
    size_words: str
    link: str


@dataclass(frozen=True)
class Parcel:
    """What was bought, as its page shows it."""

    row: Entitlement
    files: list[ParcelFile]
    until: dt.datetime
    fetched: list[Download]

    @property
    def left(self) -> int:
        """How many times something may still be fetched."""
        return self.row.most - self.row.used


def deliverable_ids(product_id: int) -> list[int]:
    """Ids of the files that buyers of a product get, in their order."""
    rows = Deliverable.objects.filter(product=product_id).order_by("place", "pk")
    return list(rows.values_list("asset_id", flat=True))


def get_own_product(actor: Actor, org: str, product_id: int) -> Any:
    """A product of a firm that the person manages. Raises NotFound, Forbidden."""
    return catalogue.get_own(actor, org, product_id, to_change=True)


def _mine(actor: Actor) -> QuerySet[Entitlement]:
    rows = Entitlement.objects.select_related("line__order__seller", "line__product")
    return rows.filter(person=actor.pk, revoked_at=None, line__order__state__in=OPENS_FILES)


def entitlements_of(actor: Actor) -> QuerySet[Entitlement]:
    """What the person may fetch, newest first."""
    return _mine(actor).order_by("-pk")


def get_entitlement(actor: Actor, entitlement_id: int) -> Entitlement:
    """One's own, as long as its order holds. Raises NotFound for everybody else."""
    if found := _mine(actor).filter(pk=entitlement_id).first():
        return found
    raise NotFound


def lock_entitlement(actor: Actor, entitlement_id: int) -> Entitlement:
    """The same, row locked. Raises NotFound."""
    found = _mine(actor).select_for_update(of=("self",)).filter(pk=entitlement_id).first()
    if found is None:
        raise NotFound
    return found


def entitlement_ids(order: Order) -> dict[int, int]:
    """{order line id: entitlement id} of an order."""
    return dict(Entitlement.objects.filter(line__order=order).values_list("line_id", "pk"))


def files_open(order: Order) -> bool:
    """Whether the buyer has accepted that the right of withdrawal ends."""
    return Entitlement.objects.filter(line__order=order).exclude(opened_at=None).exists()


def parcel(actor: Actor, entitlement_id: int) -> Parcel:
    """The files of one's purchase with fresh links. Raises NotFound."""
    row = get_entitlement(actor, entitlement_id)
    until = clock.now() + policies.LINK_LIVES
    product_id = row.line.product_id or 0
    ids = deliverable_ids(product_id)
    known = media.assets(ids)
    files = []
    for pk in ids:
        asset = known.get(pk)
        if asset is None or asset.state != AssetState.READY:
            continue
        link = _link(row, pk, until) if row.opened_at else ""
        files.append(ParcelFile(asset.name, size_words(asset.size), link))
    return Parcel(row, files, until, list(row.downloads.order_by("-pk")[:20]))


def _link(row: Entitlement, asset_id: int, until: dt.datetime) -> str:
    value = f"{row.pk}.{asset_id}.{row.person_id}.{int(until.timestamp())}"
    return signing.sign("download", value)


def file_of_link(actor: Actor, link: str) -> tuple[int, int]:
    """(entitlement id, asset id) of a link that was made for this person and has not ended.

    Raises NotFound for everything else, without saying why.
    """
    value = signing.unsign("download", link)
    if value is None:
        raise NotFound
    entitlement_id, asset_id, person_id, until = (int(part) for part in value.split("."))
    if person_id != actor.pk or until <= clock.now().timestamp():
        raise NotFound
    return entitlement_id, asset_id


def downloads_of(order: Order) -> list[Download]:
    """Who fetched what of an order, newest first; for its seller as well: it is the proof."""
    rows = Download.objects.filter(entitlement__line__order=order)
    return list(rows.order_by("-pk")[:50])
