"""The public lists: everything, a category, a brand channel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from haishi.catalogue.models import Brand, Category
from haishi.catalogue.selectors.browse import BANDS, SORTS, Filters, ListPage, list_page
from haishi.catalogue.selectors.core import brands, categories
from haishi.catalogue.states import ProductKind
from haishi.catalogue.types import ProductRow
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.structured import json_ld
from haishi.media import selectors as media

__all__ = ["BrandCard", "Facet", "ProductsPage", "brand_cards", "products_page", "with_pictures"]
CARD_SIZES = (320, 640)
MEMORY_SECONDS = 5


@dataclass(slots=True)
class Option:
    """A value of a facet as a link; `level` 1 stands under the one before."""

    label: Any
    url: str
    current: bool
    level: int = 0


@dataclass(slots=True)
class Facet:
    """What a list is narrowed by."""

    label: str
    options: list[Option]


@dataclass(slots=True)
class ProductsPage:
    """Everything a list page shows."""

    title: Any
    lead: str
    trail: list[dict[str, Any]]
    facets: SafeString
    chosen: int
    sorts: list[Option]
    page: ListPage
    next_url: str
    first_url: str
    plain_url: str
    banner: Any
    keeper: Any
    share_image: str
    structured_data: str


def with_pictures(rows: Iterable[ProductRow]) -> list[ProductRow]:
    """Fill `picture` of every row; one query."""
    found = list(rows)
    pictures = media.pictures((row.picture_id for row in found), CARD_SIZES)
    for row in found:
        row.picture = pictures.get(row.picture_id or 0)
    return found


def products_page(
    wish: Mapping[str, str], category: Category | None = None, brand: Brand | None = None
) -> ProductsPage:
    """A list by what its address asks for; unknown values count as not asked.

    Six queries at any size, four while the tree is in memory.
    """
    query = {name: wish.get(name, "") for name in ("kind", "brand", "price", "sort")}
    if brand:
        query["brand"] = ""
    place = _Place(category, brand, {name: value for name, value in query.items() if value})
    filters = Filters(
        category=category.slug if category else wish.get("category", "") if brand else "",
        kind=query["kind"],
        brand=brand.slug if brand else query["brand"],
        price=query["price"],
        sort=query["sort"] if query["sort"] in SORTS else "new",
    )
    page = list_page(filters, wish.get("after", ""))
    banner = media.pictures([brand.picture_asset_id]) if brand and brand.picture_asset_id else {}
    found = next(iter(banner.values()), None)
    with_pictures(page.rows)
    title = brand.title if brand else category.title if category else _("产品与作品")
    return ProductsPage(
        title=title,
        lead=_lead(category, brand),
        trail=_trail(category, brand),
        # Rendered once: wide and narrow windows show the same list in two places.
        facets=render_to_string("catalogue/parts/facets.html", {"facets": _facets(place, filters)}),
        chosen=sum(map(bool, (filters.kind, query["brand"], filters.price))),
        sorts=_sorts(place, filters),
        page=page,
        next_url=place.url(after=page.next) if page.next else "",
        first_url=place.url() if wish.get("after") else "",
        plain_url=place.address,
        banner=found,
        keeper=brand.keeper if brand else None,
        share_image=_share(found, page.rows),
        structured_data=_structured(title, page.rows, place.address),
    )


class _Place:
    """The address of a list and of the lists one step away."""

    def __init__(
        self, category: Category | None, brand: Brand | None, query: dict[str, str]
    ) -> None:
        self.query = query
        if brand:
            self.address = address("catalogue:brand", brand.slug)
        elif category:
            self.address = address("catalogue:category", category.slug)
        else:
            self.address = address("catalogue:products")

    def url(self, address: str = "", **changes: str) -> str:
        """This list, or the one at `address`, with values of the query changed."""
        query = {name: value for name, value in (self.query | changes).items() if value}
        text = urlencode(query)
        return f"{address or self.address}?{text}" if text else address or self.address


def _tree() -> tuple[list[tuple[Category, list[Category]]], list[Brand]]:
    """The category tree and the channels, at most a few seconds old."""
    kept: Any = caches["pages"].get("catalogue") if settings.FRAME_MEMORY_SECONDS else None
    if kept is None:
        kept = (categories(), brands())
        if settings.FRAME_MEMORY_SECONDS:
            caches["pages"].set("catalogue", kept, settings.FRAME_MEMORY_SECONDS)
    return kept  # type: ignore[no-any-return]


def _facets(place: _Place, filters: Filters) -> list[Facet]:
    facets = [Facet(_("类型"), _options(place, "kind", filters.kind, ProductKind.choices))]
    if not place.address.startswith(address("catalogue:brands")):
        channels = [(row.slug, row.title) for row in _tree()[1]]
        facets.insert(0, Facet(_("分类"), _category_options(place, filters.category)))
        facets.append(Facet(_("区域品牌"), _options(place, "brand", filters.brand, channels)))
    bands = [(key, label) for key, (_low, _high, label) in BANDS.items()]
    facets.append(Facet(_("价格"), _options(place, "price", filters.price, bands)))
    return [facet for facet in facets if len(facet.options) > 1]


def _options(
    place: _Place, name: str, chosen: str, values: Iterable[tuple[str, Any]]
) -> list[Option]:
    options = [Option(_("全部"), place.url(**{name: ""}), not chosen)]
    for value, label in values:
        options.append(Option(label, place.url(**{name: value}), chosen == value))
    return options


def _category_options(place: _Place, chosen: str) -> list[Option]:
    """The top of the tree; under the chosen branch, its children."""
    options = [Option(_("全部"), place.url(address("catalogue:products")), not chosen)]
    for top, children in _tree()[0]:
        options.append(_category_option(place, top, chosen, 0))
        if chosen == top.slug or any(chosen == child.slug for child in children):
            options += [_category_option(place, child, chosen, 1) for child in children]
    return options


def _category_option(place: _Place, row: Category, chosen: str, level: int) -> Option:
    url = place.url(address("catalogue:category", row.slug))
    return Option(row.title, url, chosen == row.slug, level)


def _sorts(place: _Place, filters: Filters) -> list[Option]:
    return [
        Option(label, place.url(sort="" if key == "new" else key), filters.sort == key)
        for key, label in SORTS.items()
    ]


def _lead(category: Category | None, brand: Brand | None) -> str:
    if brand:
        return str(Bilingual(brand.intro, brand.intro_en))
    return "" if category else _("实物商品、数字文件、服务与 IP 授权，常年在线，随时可询。")


def _trail(category: Category | None, brand: Brand | None) -> list[dict[str, Any]]:
    trail: list[dict[str, Any]] = []
    if brand:
        trail = [
            {"label": _("品牌频道"), "url": address("catalogue:brands")},
            {"label": brand.title, "url": ""},
        ]
    elif category:
        trail = [{"label": _("产品与作品"), "url": address("catalogue:products")}]
        if category.parent:
            url = address("catalogue:category", category.parent.slug)
            trail.append({"label": category.parent.title, "url": url})
        trail.append({"label": category.title, "url": ""})
    return trail


def _share(banner: Any, rows: list[ProductRow]) -> str:
    shown = banner or next((row.picture for row in rows if row.picture), None)
    return settings.PUBLIC_URL + shown.url(1280) if shown else ""


def _structured(title: Any, rows: list[ProductRow], address: str) -> str:
    items = [
        {"@type": "ListItem", "position": n, "url": settings.PUBLIC_URL + row.url}
        for n, row in enumerate(rows, 1)
    ]
    entity = {"@type": "ItemList", "itemListElement": items}
    url = settings.PUBLIC_URL + address
    return json_ld("CollectionPage", name=str(title), url=url, mainEntity=entity)


@dataclass(slots=True)
class BrandCard:
    """A channel with its newest products."""

    title: Bilingual
    url: str
    intro: Bilingual
    keeper: Bilingual
    picture: Any
    rows: list[ProductRow]
    total: int
    more_than_total: bool


def brand_cards() -> list[BrandCard]:
    """Every channel with its newest four: two queries each and one for all pictures."""
    cards, pages = [], []
    channels = brands()
    for row in channels:
        page = list_page(Filters(brand=row.slug))
        page.rows = page.rows[:4]
        pages.append(page)
    wanted = [row.picture_id for page in pages for row in page.rows]
    pictures = media.pictures([*wanted, *(row.picture_asset_id for row in channels)])
    for row, page in zip(channels, pages, strict=True):
        for product in page.rows:
            product.picture = pictures.get(product.picture_id or 0)
        cards.append(
            BrandCard(
                title=row.title,
                url=address("catalogue:brand", row.slug),
                intro=Bilingual(row.intro, row.intro_en),
                keeper=row.keeper.title,
                picture=pictures.get(row.picture_asset_id or 0),
                rows=page.rows,
                total=page.total,
                more_than_total=page.more_than_total,
            )
        )
    return cards
