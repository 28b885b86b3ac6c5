"""Everything that changes products, exhibits and brand channels."""

import itertools
import secrets
from collections.abc import Sequence
from typing import Any

from django.utils.text import slugify

from haishi.catalogue import policies, selectors
from haishi.catalogue.errors import (
    AlreadyExhibited,
    ExhibitElsewhere,
    NotListed,
    PriceTiersWrong,
    ProductIncomplete,
    ReasonMissing,
)
from haishi.catalogue.events import (
    ExhibitsChanged,
    ProductChanged,
    ProductListed,
    ProductReturned,
    ProductSubmitted,
)
from haishi.catalogue.models import Brand, Category, Exhibit, PriceTier, Product
from haishi.catalogue.states import PRODUCT, PriceMode, ProductState
from haishi.expo import selectors as expo
from haishi.expo import services as expo_services
from haishi.expo.errors import TierFull
from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties

Tiers = Sequence[tuple[int, int]]


@service
def create(
    actor: Actor,
    organisation_id: int,
    *,
    category_id: int,
    name: str,
    tiers: Tiers = (),
    **fields: Any,
) -> Product:
    """A draft of the firm. Raises NotFound, Forbidden, PriceTiersWrong."""
    parties.lock_managed(actor, organisation_id)
    product = Product(
        organisation_id=organisation_id,
        category_id=category_id,
        name=name,
        slug=_address(fields.get("name_en", "")),
        **fields,
    )
    if product.price_mode == PriceMode.TIERS:
        product.price_minor = _lowest(tiers)
    product.save()
    _set_tiers(product, tiers)
    audit.record(actor, "product.created", product, name=name)
    return product


@service
def edit(
    actor: Actor, product_id: int, seen: int, *, tiers: Tiers | None = None, **changes: Any
) -> Product:
    """Change a product. Raises NotFound, Forbidden, Stale, PriceTiersWrong."""
    product = selectors.lock_editable(actor, product_id)
    if tiers is not None and changes.get("price_mode", product.price_mode) == PriceMode.TIERS:
        changes["price_minor"] = _lowest(tiers)
    if "brand_id" in changes and changes["brand_id"] != product.brand_id:
        changes["brand_admitted"] = False
    changed = audit.save_edited(actor, "product.edited", product, seen, **changes)
    if tiers is not None:
        _set_tiers(product, tiers)
    if changed or tiers is not None:
        _changed(product)
    return product


@service
def submit(actor: Actor, product_id: int) -> Product:
    """Ask for listing. Raises NotFound, Forbidden, ProductIncomplete, Conflict."""
    product = selectors.lock_editable(actor, product_id)
    missing = [
        str(Product._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in ("summary", "description")
        if not getattr(product, name)
    ]
    if missing:
        raise ProductIncomplete(missing="、".join(missing))
    _move(actor, product, "submit")
    publish(ProductSubmitted(organisation_id=product.organisation_id, product_id=product.pk))
    return product


@service
def approve(actor: Actor, product_id: int) -> Product:
    """List a product. Raises NotFound, Forbidden, Conflict."""
    product = selectors.lock_for_moderation(actor, product_id)
    product.listed_at = product.listed_at or clock.now()
    product.reason = ""
    _move(actor, product, "approve", "listed_at", "reason")
    publish(ProductListed(organisation_id=product.organisation_id, product_id=product.pk))
    return product


@service
def return_(actor: Actor, product_id: int, reason: str) -> Product:
    """Send a product back with a reason. Raises NotFound, Forbidden, ReasonMissing, Conflict."""
    product = selectors.lock_for_moderation(actor, product_id)
    if not reason.strip():
        raise ReasonMissing
    product.reason = reason.strip()
    _move(actor, product, "return", "reason")
    publish(ProductReturned(organisation_id=product.organisation_id, product_id=product.pk))
    return product


@service
def withdraw(actor: Actor, product_id: int) -> Product:
    """Take one's own product from the list. Raises NotFound, Forbidden, Conflict."""
    product = selectors.lock_editable(actor, product_id)
    _move(actor, product, "withdraw")
    return product


@service
def admit(actor: Actor, product_id: int, admitted: bool = True) -> Product:
    """Let a product into the brand channel it wishes for. Only the keeper. Raises Forbidden."""
    product = (
        Product.objects.select_for_update(of=("self",)).select_related("brand").get(pk=product_id)
    )
    if product.brand is None or not policies.can_keep(actor, product.brand):
        raise Forbidden
    product.brand_admitted = admitted
    product.save(update_fields=["brand_admitted", "updated_at"])
    audit.record(actor, "product.admitted" if admitted else "product.not_admitted", product)
    _changed(product)
    return product


@service
def exhibit(actor: Actor, exhibitor_id: int, product_id: int, *, featured: bool = False) -> Exhibit:
    """Show a listed product of the firm at its booth.

    Raises NotFound, Forbidden, ExhibitElsewhere, NotListed, AlreadyExhibited, TierFull.
    """
    exhibitor = expo.lock_exhibitor(actor, exhibitor_id)
    product = selectors.lock_editable(actor, product_id)
    if product.organisation_id != exhibitor.organisation_id:
        raise ExhibitElsewhere
    if product.state != ProductState.LISTED:
        raise NotListed
    count = Exhibit.objects.filter(exhibitor=exhibitor).count()
    if count >= exhibitor.tier.max_exhibits:
        raise TierFull(limit=exhibitor.tier.max_exhibits)
    row, new = Exhibit.objects.get_or_create(
        exhibitor=exhibitor, product=product, defaults={"order": count, "featured": featured}
    )
    if not new:
        raise AlreadyExhibited
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
def make_category(
    actor: Actor, slug: str, name: str, name_en: str, parent: Category | None, order: int
) -> Category:
    """A node of the tree; operators only. Raises Forbidden."""
    if not actor.is_staff:
        raise Forbidden
    row, _ = Category.objects.update_or_create(
        slug=slug, defaults={"name": name, "name_en": name_en, "parent": parent, "order": order}
    )
    return row


@service
def make_brand(actor: Actor, slug: str, keeper_id: int, **fields: Any) -> Brand:
    """A brand channel; operators only. Raises Forbidden."""
    if not actor.is_staff:
        raise Forbidden
    row, _ = Brand.objects.update_or_create(slug=slug, defaults={"keeper_id": keeper_id, **fields})
    return row


def _address(name_en: str) -> str:
    """A permanent address: words when there are any, and a few letters that make it unique."""
    words = slugify(name_en)[:60].strip("-")
    return f"{words}-{secrets.token_hex(3)}" if words else f"p-{secrets.token_hex(6)}"


def _lowest(tiers: Tiers) -> int:
    """The lowest unit price. Raises PriceTiersWrong unless minima rise and prices do not."""
    minima, prices = [t[0] for t in tiers], [t[1] for t in tiers]
    rising = all(a < b for a, b in itertools.pairwise(minima))
    falling = all(a >= b for a, b in itertools.pairwise(prices))
    if not tiers or not rising or not falling or minima[0] < 1 or min(prices) < 0:
        raise PriceTiersWrong
    return prices[-1]


def _set_tiers(product: Product, tiers: Tiers) -> None:
    product.price_tiers.all().delete()
    if product.price_mode == PriceMode.TIERS:
        PriceTier.objects.bulk_create(
            PriceTier(product=product, minimum=minimum, price_minor=price)
            for minimum, price in tiers
        )


def _move(actor: Actor, product: Product, action: str, *fields: str) -> None:
    before = product.state
    product.state = PRODUCT.after(product.state, action)
    product.version += 1
    product.save(update_fields=["state", "version", "updated_at", *fields])
    audit.record(actor, f"product.{action}", product, before=before, after={"state": product.state})
    _changed(product)


def _changed(product: Product) -> None:
    publish(ProductChanged(organisation_id=product.organisation_id, product_id=product.pk))


def _exhibits_changed(actor: Actor, exhibitor: Any) -> None:
    shown = Exhibit.objects.filter(exhibitor=exhibitor, product__state=ProductState.LISTED).count()
    expo_services.note_exhibits(exhibitor.pk, shown)
    audit.record(actor, "exhibits.changed", exhibitor, count=shown)
    publish(ExhibitsChanged(organisation_id=exhibitor.organisation_id, exhibitor_id=exhibitor.pk))
