"""Categories, brand channels, products and what exhibitors show of them."""

from __future__ import annotations

import datetime as dt

from haishi.catalogue import services as catalogue
from haishi.catalogue.events import ProductChanged
from haishi.catalogue.models import Brand, Category, Exhibit, PriceTier, Product
from haishi.catalogue.states import PriceMode, ProductKind, ProductState
from haishi.config.demo import products as content
from haishi.config.demo.load.world import SHOWN_FIRMS, World, firms_of_the_demo
from haishi.expo import services as expo
from haishi.expo.models import Exhibitor
from haishi.foundation import audit
from haishi.foundation.outbox import publish
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
REVIEWED = 24


@service
def works(world: World) -> None:
    """The catalogue, bulk; a few products wait for moderation or were returned."""
    categories = _categories()
    brands = {row[1]: _brand(world, row) for row in BRANDS}
    shown = {firm.key for firm in firms_of_the_demo()}
    chosen = [work for work in content.products() if work.organisation in shown]
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
        audit.record(SYSTEM, f"product.{row.state}", row)
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
    # The last two dozen show the moderator's desk at work.
    waits = number % 48 == 47
    state = ProductState.SUBMITTED if waits else ProductState.LISTED
    shots = [world.pictures.get(("work", work.key, str(n))) for n in range(len(work.pictures))]
    tiers = bool(work.tiers)
    priced = work.fen is not None
    unit, unit_en = UNITS[work.kind]
    model = world.pictures.get(("model", work.key))
    return Product(
        organisation=world.firms[work.organisation],
        slug=f"{work.key}-{work.seed % 9973}",
        kind=KINDS[work.kind],
        state=state,
        category=categories[work.category],
        brand=brands.get(work.brand),
        brand_admitted=work.brand in brands and not waits,
        name=work.title_zh[:80],
        name_en=work.title_en[:160],
        summary=work.summary_zh[:120],
        summary_en=work.summary_en[:240],
        description="\n\n".join(work.description_zh),
        description_en="\n\n".join(work.description_en),
        tags=[zh[:20] for zh, _ in work.tags],
        price_mode=PriceMode.TIERS if tiers else PriceMode.FIXED if priced else PriceMode.REQUEST,
        price_minor=work.tiers[-1].fen if tiers else work.fen,
        unit=unit,
        unit_en=unit_en,
        minimum=work.tiers[0].minimum if tiers else 1,
        picture_ids=[pk for pk in shots if pk],
        document_ids=[pk] if (pk := world.pictures.get(("brochure", work.organisation))) else [],
        model_asset_id=model,
        video_asset_id=world.pictures.get(("clip", work.key)),
        listed_at=None if waits else world.day_one - dt.timedelta(minutes=number * 17),
    )


def _exhibits(world: World, chosen: list[content.Product]) -> None:
    order: dict[str, int] = {}
    rows = []
    shown = {firm.key for firm in firms_of_the_demo()[:SHOWN_FIRMS]}
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
        Exhibitor.objects.filter(pk=world.exhibitors[firm].pk).update(exhibit_count=count)
        expo.refresh_complete(world.exhibitors[firm].pk)


@service
def tell(world: World) -> None:
    """Facts about every product, for the search index and whoever listens."""
    for row in world.products.values():
        publish(ProductChanged(organisation_id=row.organisation_id, product_id=row.pk))
