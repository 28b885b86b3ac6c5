"""What stands at a booth."""

from collections.abc import Sequence
from typing import Any

from haishi.catalogue import selectors
from haishi.catalogue.errors import AlreadyExhibited, ExhibitElsewhere, NotListed
from haishi.catalogue.events import ExhibitsChanged
from haishi.catalogue.models import Exhibit
from haishi.catalogue.states import ProductState
from haishi.expo import selectors as expo
from haishi.expo import services as expo_services
from haishi.expo.errors import TierFull
from haishi.foundation import audit
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor


@service
def exhibit(actor: Actor, exhibitor_id: int, product_id: int, *, featured: bool = False) -> Exhibit:
    """Show a listed product of the firm at its booth.

    Raises NotFound, Forbidden, ExhibitElsewhere, NotListed, AlreadyExhibited, TierFull.
    """
    exhibitor = expo.lock_exhibitor(actor, exhibitor_id)
    product = selectors.get_visible_by_id(actor, product_id)
    if product.organisation_id != exhibitor.organisation_id:
        raise ExhibitElsewhere
    if product.state != ProductState.LISTED:
        raise NotListed
    if Exhibit.objects.filter(exhibitor=exhibitor, product=product).exists():
        raise AlreadyExhibited
    count = Exhibit.objects.filter(exhibitor=exhibitor).count()
    if count >= exhibitor.tier.max_exhibits:
        raise TierFull(limit=exhibitor.tier.max_exhibits)
    # The exhibitor's row is locked: no second request can count the same number.
    row = Exhibit.objects.create(
        exhibitor=exhibitor, product=product, order=count, featured=featured
    )
    _exhibits_changed(actor, exhibitor)
    return row


@service
def take_down(actor: Actor, exhibitor_id: int, product_id: int) -> bool:
    """No longer show a product; returns whether it was shown. Raises NotFound, Forbidden."""
    exhibitor = expo.lock_exhibitor(actor, exhibitor_id)
    gone, _ = Exhibit.objects.filter(exhibitor=exhibitor, product=product_id).delete()
    if gone:
        _exhibits_changed(actor, exhibitor)
    return bool(gone)


@service
def arrange(
    actor: Actor, exhibitor_id: int, order: Sequence[int], featured: Sequence[int] = ()
) -> None:
    """Put exhibits in order (product ids), mark the featured. Raises NotFound, Forbidden."""
    exhibitor = expo.lock_exhibitor(actor, exhibitor_id)
    place = {product_id: n for n, product_id in enumerate(order)}
    rows = list(Exhibit.objects.filter(exhibitor=exhibitor))
    for row in rows:
        row.order = place.get(row.product_id, len(place))
        row.featured = row.product_id in featured
    Exhibit.objects.bulk_update(rows, ["order", "featured"])
    _exhibits_changed(actor, exhibitor)


@service
def carry_over(previous: Any, new: Any) -> int:
    """Bring what is still listed of an earlier booth to a new one, as much as its tier includes.

    For firms that come again; returns how many.
    """
    rows = Exhibit.objects.filter(exhibitor=previous, product__state=ProductState.LISTED)
    kept = rows.order_by("order", "pk")[: new.tier.max_exhibits]
    made = Exhibit.objects.bulk_create(
        Exhibit(exhibitor=new, product_id=row.product_id, order=order, featured=row.featured)
        for order, row in enumerate(kept)
    )
    expo_services.note_exhibits(new.pk, len(made))
    publish(ExhibitsChanged(organisation_id=new.organisation_id, exhibitor_id=new.pk))
    return len(made)


@service
def recount(product_id: int) -> None:
    """Tell every booth that shows a product how many of its exhibits visitors see now.

    For the worker: a product was listed or left the list.
    """
    for exhibitor_id in sorted(
        Exhibit.objects.filter(product=product_id).values_list("exhibitor_id", flat=True)
    ):
        expo_services.note_exhibits(exhibitor_id, _shown(exhibitor_id))


def _shown(exhibitor_id: int) -> int:
    return Exhibit.objects.filter(
        exhibitor=exhibitor_id, product__state=ProductState.LISTED
    ).count()


def _exhibits_changed(actor: Actor, exhibitor: Any) -> None:
    shown = _shown(exhibitor.pk)
    expo_services.note_exhibits(exhibitor.pk, shown)
    audit.record(actor, "exhibits.changed", exhibitor, count=shown)
    publish(ExhibitsChanged(organisation_id=exhibitor.organisation_id, exhibitor_id=exhibitor.pk))
