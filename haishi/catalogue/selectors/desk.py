"""A firm's own shelf: its products in every state, and what it may do next."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from haishi.catalogue import policies
from haishi.catalogue.columns import header, kind_word, mode_word
from haishi.catalogue.models import Brand, Exhibit, Product
from haishi.catalogue.selectors.core import LISTED
from haishi.catalogue.selectors.rows import COLUMNS, row_of, rows
from haishi.catalogue.states import PriceMode, ProductState
from haishi.catalogue.types import ProductRow
from haishi.expo.selectors import Shown
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.money import Money
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.parties import selectors as parties

__all__ = [
    "DeskPage",
    "DeskRow",
    "brands_kept_by",
    "choosable_exhibits",
    "desk_page",
    "funnel_subjects",
    "get_own",
    "product_sheet",
    "shown_exhibits",
]
PER_PAGE = 40


@dataclass(slots=True)
class DeskRow:
    """A product of one's own firm in a list."""

    row: ProductRow
    state: str
    state_label: str
    reason: str
    waits_for_brand: bool
    updated_at: Any


@dataclass(slots=True)
class DeskPage:
    """A page of the shelf; `tabs` are (state, label, count)."""

    rows: list[DeskRow]
    page: Page[Any]
    tabs: list[tuple[str, str, int]]
    state: str
    query: str


def get_own(actor: Actor, slug: str, product_id: int, *, to_change: bool = False) -> Product:
    """A product of the organisation for its members. Raises NotFound, Forbidden."""
    firm = parties.get_desk(actor, slug)
    found = Product.objects.filter(pk=product_id, organisation=firm.pk)
    product = found.select_related("organisation", "category__parent", "brand").first()
    if product is None:
        raise NotFound
    if to_change and not parties.can_manage(actor, firm.pk):
        raise Forbidden
    return product


def desk_page(organisation_id: int, state: str, query: str, number: str) -> DeskPage:
    """Products of a firm, those changed last first: four queries at any size."""
    everything = Product.objects.filter(organisation=organisation_id)
    counts = dict(everything.order_by().values_list("state").annotate(n=Count("pk")))
    found = everything.filter(state=state) if state in ProductState.values else everything
    if query:
        found = found.filter(name__icontains=query)
    page = Paginator(_deskwise(found), PER_PAGE).get_page(number)
    tabs = [("", _("全部"), sum(counts.values()))]
    tabs += [(str(key), str(label), counts.get(key, 0)) for key, label in ProductState.choices]
    rows = [_desk_row(value) for value in page.object_list]
    pictures = media.pictures([row.row.picture_id for row in rows], (320,))
    for row in rows:
        row.row.picture = pictures.get(row.row.picture_id or 0)
    return DeskPage(rows, page, tabs, state if state in ProductState.values else "", query)


def _deskwise(found: QuerySet[Product]) -> Any:
    extra = ("state", "reason", "brand_id", "updated_at")
    return found.order_by("-updated_at", "-pk").values_list(*COLUMNS, *extra, named=True)


def _desk_row(value: Any) -> DeskRow:
    return DeskRow(
        row=row_of(value),
        state=value.state,
        state_label=str(ProductState(value.state).label),
        reason=value.reason,
        waits_for_brand=value.brand_id is not None and not value.brand_admitted,
        updated_at=value.updated_at,
    )


def product_sheet(organisation_id: int) -> tuple[list[str], Any]:
    """Header and lines of all products of a firm, in the form the import takes; two queries."""
    found = Product.objects.filter(organisation=organisation_id).select_related("category")
    found = found.prefetch_related("price_tiers").order_by("pk")
    return [*header(), _("状态"), _("网址")], (_line(row) for row in found)


def _line(row: Product) -> list[Any]:
    def amount(minor: int) -> str:
        return f"{Money(minor, row.currency).amount:f}"

    tiers = sorted((tier.minimum, tier.price_minor) for tier in row.price_tiers.all())
    priced = row.price_mode == PriceMode.FIXED and row.price_minor is not None
    return [
        row.name,
        row.name_en,
        kind_word(row.kind),
        str(row.category.title),
        row.summary,
        row.summary_en,
        row.description,
        row.description_en,
        "，".join(row.tags),
        ", ".join(row.tags_en),
        mode_word(row.price_mode),
        row.currency,
        amount(row.price_minor or 0) if priced else "",
        "; ".join(f"{minimum}:{amount(price)}" for minimum, price in tiers),
        row.unit,
        row.unit_en,
        row.minimum,
        row.get_state_display(),
        row.get_absolute_url(),
    ]


def brands_kept_by(actor: Actor, organisation_id: int | None = None) -> list[Brand]:
    """Channels that this person keeps, of one organisation or of any."""
    found = Brand.objects.order_by("pk")
    if organisation_id is not None:
        found = found.filter(keeper=organisation_id)
    return [row for row in found if policies.can_keep(actor, row)]


def shown_exhibits(exhibitor_id: int) -> list[tuple[ProductRow, bool, bool]]:
    """(product, featured, listed) of everything put up at a booth, in its order. One query."""
    found = Exhibit.objects.filter(exhibitor=exhibitor_id).order_by("-featured", "order", "id")
    marks = {
        product: (featured, state == ProductState.LISTED)
        for product, featured, state in found.values_list(
            "product_id", "featured", "product__state"
        )
    }
    products = {row.id: row for row in rows(Product.objects.filter(pk__in=marks))}
    return [(products[pk], *mark) for pk, mark in marks.items()]


def funnel_subjects(exhibitor: Any) -> list[Shown]:
    """What stands at a booth, as its funnel counts it. One query."""
    return [
        Shown("product", row.id, row.title, row.url)
        for row, _featured, _listed in shown_exhibits(exhibitor.pk)
    ]


def choosable_exhibits(organisation_id: int, exhibitor_id: int) -> list[ProductRow]:
    """Listed products of the firm that do not stand at this booth yet, newest first."""
    here = Exhibit.objects.filter(exhibitor=exhibitor_id).values("product")
    found = Product.objects.filter(LISTED, organisation=organisation_id).exclude(pk__in=here)
    return rows(found.order_by("-listed_at", "-id"), 200)
