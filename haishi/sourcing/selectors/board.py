"""The public board of requests, its feed and the sitemap's part."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from haishi.catalogue import selectors as catalogue
from haishi.catalogue.states import ProductKind
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.places import place_name
from haishi.sourcing.models import Rfq
from haishi.sourcing.selectors.core import published
from haishi.sourcing.states import Ask, RfqState

__all__ = [
    "Board",
    "Facet",
    "Filters",
    "Option",
    "board",
    "newest_open",
    "open_rfqs",
    "public_slugs",
    "summary_of",
]
PER_PAGE = 20
SPANS = {Ask.SOON: dt.timedelta(days=3), Ask.WEEK: dt.timedelta(days=7)}


@dataclass(frozen=True)
class Filters:
    """What the board is narrowed by; values that mean nothing are left out."""

    category: str = ""
    city: str = ""
    kind: str = ""
    currency: str = ""
    soon: str = ""
    past: str = ""


@dataclass(frozen=True)
class Option:
    """A value of a facet; `url` chooses it, or lets go of it when it is chosen."""

    label: str
    count: int
    current: bool
    url: str


@dataclass(frozen=True)
class Facet:
    """A way to narrow the board; `name` is the query's."""

    name: str
    label: str
    options: list[Option]


@dataclass(frozen=True)
class Board:
    """A page of the board. `total` is all that are open, whatever is chosen."""

    page: Page[Any]
    facets: list[Facet]
    chosen: int
    total: int


def open_rfqs() -> QuerySet[Rfq]:
    """Published requests that can still be answered, by the clock."""
    return published().filter(state=RfqState.OPEN, closes_at__gt=clock.now())


def _past() -> QuerySet[Rfq]:
    over = Q(state=RfqState.OPEN, closes_at__lte=clock.now())
    return published().filter(over | ~Q(state=RfqState.OPEN))


def board(filters: Filters, number: str) -> Board:
    """Open requests, those that close first on top; `past` shows the others."""
    total = open_rfqs().count()
    base = _past() if filters.past else open_rfqs()
    rows = _narrowed(base, filters)
    order = ("-closes_at", "-pk") if filters.past else ("closes_at", "pk")
    rows = rows.annotate(items=Count("lines")).order_by(*order)
    chosen = sum(bool(value) for name, value in vars(filters).items() if name != "past")
    return Board(
        page=Paginator(rows, PER_PAGE).get_page(number),
        facets=_facets(base, filters),
        chosen=chosen,
        total=total,
    )


def _narrowed(rows: QuerySet[Rfq], filters: Filters) -> QuerySet[Rfq]:
    if filters.category:
        rows = rows.filter(
            Q(category__slug=filters.category) | Q(category__parent__slug=filters.category)
        )
    if filters.kind in ProductKind.values:
        rows = rows.filter(kind=filters.kind)
    if filters.city:
        rows = rows.filter(city=filters.city[:40])
    if filters.currency:
        rows = rows.filter(currencies__contains=[filters.currency[:3]])
    if filters.soon in SPANS:
        rows = rows.filter(closes_at__lte=clock.now() + SPANS[Ask(filters.soon)])
    return rows


def _facets(base: QuerySet[Rfq], filters: Filters) -> list[Facet]:
    """Counts of the whole board; five small queries. A board holds hundreds, not millions."""
    now = clock.now()

    def counted(field: str) -> list[tuple[Any, int]]:
        rows = base.order_by().values_list(field).annotate(n=Count("pk")).order_by("-n", field)
        return [(value, n) for value, n in rows[:12] if value]

    names = {row.slug: row.title for group in _categories() for row in group}
    kinds = dict(ProductKind.choices)
    codes: dict[str, int] = {}
    for several in base.values_list("currencies", flat=True):
        for code in several:
            codes[code] = codes.get(code, 0) + 1
    spans = [(each, base.filter(closes_at__lte=now + span).count()) for each, span in SPANS.items()]
    groups: list[tuple[str, str, list[tuple[Any, int]], Any]] = [
        ("soon", _("截止时间"), [] if filters.past else list(spans), lambda v: Ask(v).label),
        ("category", _("分类"), counted("category__slug"), lambda v: names.get(v, v)),
        ("kind", _("类型"), counted("kind"), lambda v: kinds.get(v, v)),
        ("city", _("交付城市"), counted("city"), place_name),
        ("currency", _("货币"), sorted(codes.items(), key=lambda p: (-p[1], p[0])), str),
    ]
    return [
        Facet(
            name,
            label,
            [_option(filters, name, str(value), str(words(value)), n) for value, n in options if n],
        )
        for name, label, options, words in groups
        if options
    ]


def _option(filters: Filters, name: str, value: str, label: str, count: int) -> Option:
    current = value == getattr(filters, name)
    wanted = {**vars(filters), name: "" if current else value}
    query = urlencode({key: word for key, word in wanted.items() if word})
    return Option(label, count, current, f"?{query}")


def _categories() -> list[list[Any]]:
    return [[top, *below] for top, below in catalogue.categories()]


def newest_open(number: int) -> list[Rfq]:
    """The latest of the board, for feeds and the home page."""
    return list(open_rfqs().order_by("-published_at", "-pk")[:number])


def public_slugs() -> QuerySet[Rfq, str]:
    """Addresses that a sitemap may name."""
    return open_rfqs().order_by("pk").values_list("slug", flat=True)


def summary_of(rfq: Rfq) -> Bilingual:
    """The description in both languages, short."""
    return Bilingual(rfq.description[:160], rfq.description_en[:240])
