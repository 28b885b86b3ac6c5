"""What a firm does with its products."""

import itertools
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from haishi.catalogue import selectors
from haishi.catalogue.errors import (
    NotADraft,
    PriceMissing,
    PriceTiersWrong,
    ProductIncomplete,
)
from haishi.catalogue.events import ProductSubmitted
from haishi.catalogue.models import Brand, Category, PriceTier, Product
from haishi.catalogue.services.changes import changed, move, wish
from haishi.catalogue.states import PriceMode, ProductState
from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, Invalid
from haishi.foundation.money import EXPONENTS
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.parties import selectors as parties

Tiers = Sequence[tuple[int, int]]
# What a moderator judges. A change of price, unit, tags or order of pictures needs no second look.
JUDGED = {
    "name",
    "name_en",
    "summary",
    "summary_en",
    "description",
    "description_en",
    "kind",
    "category_id",
    "picture_ids",
    "document_ids",
    "video_asset_id",
    "model_asset_id",
}
COPIED = (
    "kind",
    "category_id",
    "brand_id",
    "summary",
    "summary_en",
    "description",
    "description_en",
    "tags",
    "tags_en",
    "price_mode",
    "price_minor",
    "currency",
    "unit",
    "unit_en",
    "minimum",
    "picture_ids",
    "document_ids",
    "video_asset_id",
    "model_asset_id",
)


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
    """A draft of the firm.

    Raises NotFound, Forbidden, Invalid, PriceMissing, PriceTiersWrong.
    """
    parties.lock_managed(actor, organisation_id)
    product = Product(
        organisation_id=organisation_id,
        category_id=category_id,
        name=name,
        slug=_address(fields.get("name_en", "")),
        **fields,
    )
    _check(product, {"category_id": category_id, **fields})
    mode = product.price_mode
    product.price_minor = price_of(mode, product.price_minor, tiers)
    product.save()
    _set_tiers(product, tiers)
    audit.record(actor, "product.created", product, name=name)
    return product


@service
def edit(
    actor: Actor, product_id: int, seen: int, *, tiers: Tiers | None = None, **changes: Any
) -> Product:
    """Change a product; absent fields stay, as do the tiers when they are None.

    Raises NotFound, Forbidden, Stale, Invalid, PriceMissing, PriceTiersWrong.
    """
    product = selectors.lock_editable(actor, product_id)
    _check(product, changes)
    before = selectors.tiers_of(product)
    mode = changes.get("price_mode", product.price_mode)
    after = _tiers_after(mode, before, tiers)
    if tiers is not None or {"price_mode", "price_minor"} & set(changes):
        price = changes.get("price_minor", product.price_minor)
        changes["price_minor"] = price_of(mode, price, after)
    if "brand_id" in changes and changes["brand_id"] != product.brand_id:
        changes["brand_admitted"] = False
    if product.state == ProductState.LISTED and _needs_second_look(product, changes):
        changes["unreviewed"] = True
    names = audit.save_edited(actor, "product.edited", product, seen, **changes)
    if after != before:
        _set_tiers(product, after)
        if not names:
            product.version += 1
            product.save(update_fields=["version", "updated_at"])
        audit.record(actor, "product.tiers", product, before={}, after={"price_mode": mode})
    if names or after != before:
        changed(product)
    if "brand_id" in names:
        wish(product)
    return product


def _needs_second_look(product: Product, changes: Mapping[str, Any]) -> bool:
    return any(
        name in JUDGED and _judged(getattr(product, name)) != _judged(value)
        for name, value in changes.items()
    )


def _judged(value: Any) -> Any:
    """Pictures are judged as a set: their order is the firm's own business."""
    return sorted(value) if isinstance(value, list) else value


@service
def order_pictures(actor: Actor, product_id: int, order: Sequence[int]) -> Product:
    """Put the pictures in order, the first is the main one; ids that are no pictures of it are
    ignored, pictures left out follow in their old order. Raises NotFound, Forbidden.
    """
    product = selectors.lock_editable(actor, product_id)
    old = product.picture_ids
    new = list(dict.fromkeys([*(pk for pk in order if pk in old), *old]))
    if audit.save_edited(actor, "product.edited", product, product.version, picture_ids=new):
        changed(product)
    return product


@service
def submit(actor: Actor, product_id: int) -> Product:
    """Ask for listing. Raises NotFound, Forbidden, ProductIncomplete, Conflict."""
    product = selectors.lock_editable(actor, product_id)
    missing = selectors.missing_of(product)
    if missing:
        raise ProductIncomplete(missing="、".join(missing))
    product.submitted_at = clock.now()
    move(actor, product, "submit", "submitted_at")
    publish(ProductSubmitted(organisation_id=product.organisation_id, product_id=product.pk))
    return product


@service
def withdraw(actor: Actor, product_id: int) -> Product:
    """Take one's own product from the list. Raises NotFound, Forbidden, Conflict."""
    product = selectors.lock_editable(actor, product_id)
    product.unreviewed = False
    move(actor, product, "withdraw", "unreviewed")
    return product


@service
def duplicate(actor: Actor, product_id: int) -> Product:
    """A draft with the same content under a new address. Raises NotFound, Forbidden."""
    product = selectors.lock_editable(actor, product_id)
    copy = create(
        actor,
        product.organisation_id,
        name=_("%s（副本）") % product.name[:70],
        name_en=product.name_en,
        tiers=selectors.tiers_of(product),
        **{name: getattr(product, name) for name in COPIED},
    )
    audit.record(actor, "product.duplicated", copy, source=product.pk)
    return copy


@service
def discard(actor: Actor, product_id: int) -> None:
    """Delete a draft that was never public. Raises NotFound, Forbidden, NotADraft, Stale."""
    product = selectors.lock_editable(actor, product_id)
    if product.state != ProductState.DRAFT or product.listed_at:
        raise NotADraft
    audit.record(actor, "product.discarded", product, name=product.name)
    product.delete()


def _address(name_en: str) -> str:
    """A permanent address: words when there are any, and a few letters that make it unique."""
    words = slugify(name_en)[:60].strip("-")
    return f"{words}-{secrets.token_hex(3)}" if words else f"p-{secrets.token_hex(6)}"


def _check(product: Product, changes: Mapping[str, Any]) -> None:
    """What a foreign key or a form would not catch in time. Raises Invalid, Conflict."""
    category, brand = changes.get("category_id"), changes.get("brand_id")
    if category is not None and not Category.objects.filter(pk=category).exists():
        raise Invalid(_("没有这个分类。"), field="category_id")
    if brand is not None and not Brand.objects.filter(pk=brand).exists():
        raise Invalid(_("没有这个品牌频道。"), field="brand_id")
    if changes.get("currency", "CNY") not in EXPONENTS:
        raise Invalid(_("不支持这种货币。"), field="currency")
    if changes.get("minimum", 1) < 1:
        raise Invalid(_("起订量至少为 1。"), field="minimum")
    wanted = [*changes.get("picture_ids", ()), *changes.get("document_ids", ())]
    wanted += [pk for name in ("video_asset_id", "model_asset_id") if (pk := changes.get(name))]
    found = media.assets(wanted) if wanted else {}
    if any(
        pk not in found or found[pk].organisation_id != product.organisation_id for pk in wanted
    ):
        raise Conflict(_("有文件已不可用，请重新上传。"))


def price_of(mode: str, price: int | None, tiers: Tiers) -> int | None:
    """The price to sort by. Raises PriceMissing; PriceTiersWrong for tiers that do not descend."""
    if mode == PriceMode.TIERS:
        return _lowest(tiers)
    if mode == PriceMode.FIXED:
        if price is None:
            raise PriceMissing
        return price
    return None


def _lowest(tiers: Tiers) -> int:
    """The lowest unit price. Raises PriceTiersWrong unless minima rise and prices do not."""
    minima, prices = [t[0] for t in tiers], [t[1] for t in tiers]
    rising = all(a < b for a, b in itertools.pairwise(minima))
    falling = all(a >= b for a, b in itertools.pairwise(prices))
    if not tiers or not rising or not falling or minima[0] < 1 or min(prices) < 0:
        raise PriceTiersWrong
    return prices[-1]


def _tiers_after(mode: str, before: Tiers, wished: Tiers | None) -> list[tuple[int, int]]:
    if mode != PriceMode.TIERS:
        return []
    return [*(before if wished is None else wished)]


def _set_tiers(product: Product, tiers: Tiers) -> None:
    product.price_tiers.all().delete()
    if product.price_mode == PriceMode.TIERS:
        PriceTier.objects.bulk_create(
            PriceTier(product=product, minimum=minimum, price_minor=price)
            for minimum, price in tiers
        )
