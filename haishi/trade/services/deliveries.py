"""Digital files: what a product delivers, the right to fetch it, and each fetching."""

from collections.abc import Sequence

from django.db.models import F

from haishi.catalogue import selectors as catalogue
from haishi.catalogue.states import ProductKind
from haishi.foundation import audit, clock
from haishi.foundation.errors import Invalid, NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.media import selectors as media
from haishi.trade import policies, selectors
from haishi.trade.errors import DownloadsUsedUp
from haishi.trade.events import OfferChanged
from haishi.trade.models import Deliverable, Download, Entitlement
from haishi.trade.services.fulfilment import receive
from haishi.trade.states import OrderState


@service
def set_deliverables(actor: Actor, product_id: int, asset_ids: Sequence[int]) -> None:
    """These files, in this order, are what buyers get from now on; buyers of yesterday too.

    Raises NotFound, Forbidden, Invalid (a file of somebody else).
    """
    product = catalogue.lock_editable(actor, product_id)
    if asset_ids and not media.belong_to(product.organisation_id, asset_ids):
        raise Invalid
    Deliverable.objects.filter(product=product_id).delete()
    Deliverable.objects.bulk_create(
        Deliverable(product_id=product_id, asset_id=pk, place=place)
        for place, pk in enumerate(asset_ids)
    )
    audit.record(actor, "product.deliverables", product, assets=[*asset_ids])
    publish(OfferChanged(organisation_id=product.organisation_id, product_id=product_id))


@service
def grant(order_id: int) -> int:
    """A paid order of files opens them for its buyer; returns how many lines. Twice is once."""
    order = selectors.lock_order(order_id)
    if order.kind != ProductKind.FILE or not policies.opens_files(order):
        return 0
    known = selectors.entitlement_ids(order)
    lines = [line for line in order.lines.exclude(product=None) if line.pk not in known]
    Entitlement.objects.bulk_create(
        Entitlement(line=line, person_id=order.buyer_id, most=policies.MOST_DOWNLOADS)
        for line in lines
    )
    if lines:
        audit.record(SYSTEM, "files.granted", order, lines=[line.pk for line in lines])
    return len(lines)


@service
def revoke(order_id: int) -> int:
    """A refunded order opens nothing any more; returns how many rights ended."""
    order = selectors.lock_order(order_id)
    rows = Entitlement.objects.filter(line__order=order, revoked_at=None)
    count = rows.update(revoked_at=clock.now())
    if count:
        audit.record(SYSTEM, "files.revoked", order)
    return count


@service
def open_files(actor: Actor, entitlement_id: int) -> Entitlement:
    """The first access: the person has confirmed that the right of withdrawal ends with it.

    It ends for the whole order, which counts as received. Raises NotFound, Conflict.
    """
    row = selectors.get_entitlement(actor, entitlement_id)
    order = selectors.lock_order(row.line.order_id)
    row = selectors.lock_entitlement(actor, entitlement_id)
    if row.opened_at is not None:
        return row
    rows = Entitlement.objects.filter(line__order=order, opened_at=None)
    rows.update(opened_at=clock.now())
    audit.record(actor, "files.opened", order)
    if order.state == OrderState.PAID:
        receive(actor, order.pk)
    row.refresh_from_db()
    return row


@service
def fetch(actor: Actor, link: str, *, again: bool = False) -> int:
    """Count one fetching by a personal link and answer with the id of the file.

    `again`: another part of a file whose beginning was counted already. Raises NotFound,
    DownloadsUsedUp.
    """
    entitlement_id, asset_id = selectors.file_of_link(actor, link)
    row = selectors.lock_entitlement(actor, entitlement_id)
    if row.opened_at is None or asset_id not in selectors.deliverable_ids(row.line.product_id or 0):
        raise NotFound
    if again and row.downloads.filter(asset_id=asset_id).exists():
        return asset_id
    counted = Entitlement.objects.filter(pk=row.pk, used__lt=F("most")).update(used=F("used") + 1)
    if not counted:
        raise DownloadsUsedUp(most=row.most)
    Download.objects.create(
        entitlement=row, asset_id=asset_id, name=media.assets([asset_id])[asset_id].name
    )
    audit.record(actor, "files.fetched", row.line.order, asset=asset_id)
    return asset_id
