"""Categories, brand channels, products and what exhibitors show of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from haishi.catalogue import services as catalogue
from haishi.catalogue.models import Brand, Category, Exhibit, PriceTier, Product
from haishi.catalogue.states import PriceMode, ProductKind, ProductState
from haishi.config.demo import products as content
from haishi.config.demo.load.world import World
from haishi.expo import selectors as expo
from haishi.expo.models import Exhibitor
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM

KINDS = {
    "goods": ProductKind.GOODS,
    "digital": ProductKind.FILE,
    "service": ProductKind.SERVICE,
    "licence": ProductKind.LICENCE,
}
UNITS = {"goods": ("件", "piece"), "digital": ("份", "copy"), "service": ("项", "project"), "licence": ("年", "year")}  # fmt: skip
BRANDS = (
    ("shougao", "山东手造", "Handmade in Shandong", "十六市手艺人的作品：一人一手，一窑一色。", "Works of craftspeople of sixteen cities: every hand its own, every firing its own colour."),
    ("zhizao", "山东智造", "Smart Made in Shandong", "把传感、算法与材料放进文化里的新产品。", "New products that put sensing, algorithms and materials to the service of culture."),
)  # fmt: skip
# One firm in six has a last work that is not simply on the list: how it stands, in turn.
EVERY = 6
CHANGED, WISHES = "changed", "wishes"
STANDINGS = (
    ProductState.SUBMITTED, ProductState.SUBMITTED, ProductState.RETURNED, ProductState.SUBMITTED,
    CHANGED, ProductState.DRAFT, ProductState.SUBMITTED, WISHES, ProductState.RETURNED, CHANGED, WISHES,
)  # fmt: skip
REASONS = (
    "主图带有其他品牌的标识，请更换。", "请补充材质与执行标准。", "授权范围写得不清楚，请注明地域与期限。",
    "价格与起订量不一致，请核对。",
)  # fmt: skip


@service
def works(world: World) -> None:
    """The catalogue, bulk; a few products wait for moderation or were returned."""
    categories = _categories()
    brands = {row[1]: _brand(world, row) for row in BRANDS}
    chosen = [work for work in content.products() if work.organisation in world.firms]
    made = Product.objects.bulk_create(
        _product(world, number, work, categories, brands) for number, work in enumerate(chosen)
    )
    PriceTier.objects.bulk_create(
        PriceTier(product=row, minimum=tier.minimum, price_minor=tier.fen)
        for work, row in zip(chosen, made, strict=True)
        for tier in work.tiers
    )
    world.products = {work.key: row for work, row in zip(chosen, made, strict=True)}
    for row in made:
        _note(world, row)
    _exhibits(world, chosen)


def _categories() -> dict[str, Category]:
    rows: dict[str, Category] = {}
    for order, node in enumerate(content.categories()):
        parent = rows[node.parent] if node.parent else None
        rows[node.key] = catalogue.make_category(SYSTEM, node.key, node.zh, node.en, parent, order)
    return rows


def _brand(world: World, row: tuple[str, ...]) -> Brand:
    slug, name, name_en, intro, intro_en = row
    return catalogue.make_brand(
        SYSTEM,
        slug,
        world.organiser.pk,
        name=name,
        name_en=name_en,
        intro=intro,
        intro_en=intro_en,
        picture_asset_id=world.pictures.get(("brand", slug)),
    )


def _product(
    world: World,
    number: int,
    work: content.Product,
    categories: dict[str, Category],
    brands: dict[str, Brand],
) -> Product:
    standing = _standing(work)
    state = ProductState.LISTED if standing in (CHANGED, WISHES) else ProductState(standing)
    listed = state == ProductState.LISTED
    handed_in = world.day_one - dt.timedelta(minutes=number * 17 + 600)
    if not listed:  # the queue of the last days
        handed_in = world.now - dt.timedelta(minutes=41 * (number % 97) + 20)
    asked = next((row for row in brands.values()), None) if standing == WISHES else None
    shots = [world.pictures.get(("work", work.key, str(n))) for n in range(len(work.pictures))]
    return Product(
        organisation=world.firms[work.organisation],
        slug=f"{work.key}-{work.seed % 9973}",
        kind=KINDS[work.kind],
        state=state,
        category=categories[work.category],
        reason=REASONS[number % len(REASONS)] if state == ProductState.RETURNED else "",
        brand=brands.get(work.brand) or asked,
        brand_admitted=work.brand in brands and listed and standing != WISHES,
        unreviewed=standing == CHANGED,
        submitted_at=None if state == ProductState.DRAFT else handed_in,
        name=work.title_zh[:80],
        name_en=work.title_en[:160],
        summary=work.summary_zh[:120],
        summary_en=work.summary_en[:240],
        description="\n\n".join(work.description_zh),
        description_en="\n\n".join(work.description_en),
        tags=[zh[:20] for zh, _ in work.tags],
        tags_en=[en[:40] for _, en in work.tags],
        **_price(work),
        picture_ids=[pk for pk in shots if pk],
        document_ids=[pk] if (pk := world.pictures.get(("brochure", work.organisation))) else [],
        model_asset_id=world.pictures.get(("model", work.key)),
        video_asset_id=world.pictures.get(("clip", work.key)),
        listed_at=handed_in + dt.timedelta(minutes=590) if listed else None,
    )


def _price(work: content.Product) -> dict[str, Any]:
    """How it is priced, as fields of Product."""
    priced = PriceMode.REQUEST if work.fen is None else PriceMode.FIXED
    unit, unit_en = UNITS[work.kind]
    return {
        "price_mode": PriceMode.TIERS if work.tiers else priced,
        "price_minor": work.tiers[-1].fen if work.tiers else work.fen,
        "unit": unit,
        "unit_en": unit_en,
        "minimum": work.tiers[0].minimum if work.tiers else 1,
    }


def _standing(work: content.Product) -> str:
    """The state of a work, or how a listed one waits for somebody."""
    place, firm = divmod(int(work.key.removeprefix("work-")) - 1, content.ORGANISATIONS)
    if place != content.EACH - 1 or firm % EVERY:
        return ProductState.LISTED
    return STANDINGS[firm // EVERY % len(STANDINGS)]


def _note(world: World, row: Product) -> None:
    """Handed in by the firm, then judged by the moderator."""
    moderator = world.accounts["moderator"]
    if row.submitted_at is None:
        return
    world.ledger.note(row.submitted_at, SYSTEM, "product.submit", row)
    if row.listed_at:
        world.ledger.note(row.listed_at, moderator, "product.approve", row)
    if row.state == ProductState.RETURNED:
        judged = row.submitted_at + dt.timedelta(minutes=15)
        world.ledger.note(judged, moderator, "product.return", row, reason=row.reason)


def _exhibits(world: World, chosen: list[content.Product]) -> None:
    order: dict[str, int] = {}
    rows = []
    shown = {firm.key for firm in world.shown}
    for work in chosen:
        row, firm = world.products[work.key], work.organisation
        place = order.get(firm, 0)
        exhibitor = world.exhibitors.get(firm)
        full = exhibitor is None or place >= exhibitor.tier.max_exhibits
        if firm not in shown or row.state != ProductState.LISTED or full:
            continue
        order[firm] = place + 1
        rows.append(Exhibit(exhibitor=exhibitor, product=row, order=place, featured=place == 0))
    Exhibit.objects.bulk_create(rows)
    for firm, count in order.items():
        world.exhibitors[firm].exhibit_count = count
    booths = [world.exhibitors[firm] for firm in order]
    Exhibitor.objects.bulk_update(booths, ["exhibit_count"])
    for row in booths:
        row.complete = all(item.done for item in expo.checklist(row))
    Exhibitor.objects.bulk_update(booths, ["complete"])
