"""Public lists: narrowed, sorted, turned by keyset so that page 4,000 costs what page 1 does."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from haishi.catalogue.models import Category, Product
from haishi.catalogue.selectors.core import LISTED
from haishi.catalogue.selectors.rows import COLUMNS, row_of
from haishi.catalogue.states import ProductKind
from haishi.catalogue.types import ProductRow

__all__ = ["BANDS", "SORTS", "Filters", "ListPage", "count_up_to", "list_page", "listed"]
PER_PAGE = 24
COUNT_UP_TO = 1_000
# Fen of a price in yuan: [from, below). Prices in other currencies are not comparable.
BANDS: dict[str, tuple[int | None, int | None, Any]] = {
    "low": (None, 100_00, _("100 元以下")),
    "mid": (100_00, 1_000_00, _("100 至 1,000 元")),
    "high": (1_000_00, 10_000_00, _("1,000 至 10,000 元")),
    "top": (10_000_00, None, _("10,000 元以上")),
    "ask": (None, None, _("面议")),
}
SORTS: dict[str, Any] = {
    "new": _("最新上架"),
    "price": _("价格从低到高"),
    "price-down": _("价格从高到低"),
}
_ORDERS = {
    "new": ("-listed_at", "-id"),
    "price": ("price_minor", "-id"),
    "price-down": ("-price_minor", "-id"),
}
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Filters:
    """What a list of products is narrowed by; values that mean nothing are left out."""

    category: str = ""
    kind: str = ""
    brand: str = ""
    price: str = ""
    sort: str = "new"


@dataclass(slots=True)
class ListPage:
    """A page of a list. `total` is exact unless `more_than_total`; `next` is the key to go on."""

    rows: list[ProductRow] = field(default_factory=list)
    total: int = 0
    more_than_total: bool = False
    next: str = ""


def listed(filters: Filters) -> QuerySet[Product]:
    """Listed products that match, in the wished order."""
    found = Product.objects.filter(LISTED)
    if filters.category:
        # Ids instead of a join on the parent, so that the index on category serves the sort.
        ids = Category.objects.filter(
            Q(slug=filters.category) | Q(parent__slug=filters.category)
        ).values_list("pk", flat=True)
        found = found.filter(category__in=list(ids))
    if filters.kind in ProductKind.values:
        found = found.filter(kind=filters.kind)
    if filters.brand:
        found = found.filter(brand__slug=filters.brand, brand_admitted=True)
    if filters.price in BANDS:
        found = _in_band(found, filters.price)
    sort = filters.sort if filters.sort in _ORDERS else "new"
    if sort != "new":
        found = found.filter(currency="CNY", price_minor__isnull=False)
    return found.order_by(*_ORDERS[sort])


def _in_band(found: QuerySet[Product], band: str) -> QuerySet[Product]:
    start, end, _label = BANDS[band]
    if start is None and end is None:
        return found.filter(price_minor__isnull=True)
    found = found.filter(currency="CNY")
    if start is not None:
        found = found.filter(price_minor__gte=start)
    return found.filter(price_minor__lt=end) if end is not None else found


def list_page(filters: Filters, after: str = "") -> ListPage:
    """Up to 24 rows after the key of an earlier page: two queries at any depth and any size.

    A key that is not one shows the first page.
    """
    found = listed(filters)
    total = count_up_to(found, COUNT_UP_TO + 1)
    values = list(
        _after(found, filters.sort, after).values_list(*COLUMNS, named=True)[: PER_PAGE + 1]
    )
    return ListPage(
        rows=[row_of(value) for value in values[:PER_PAGE]],
        total=min(total, COUNT_UP_TO),
        more_than_total=total > COUNT_UP_TO,
        next=_key(values[PER_PAGE - 1], filters.sort) if len(values) > PER_PAGE else "",
    )


def count_up_to(found: QuerySet[Product], limit: int) -> int:
    """How many rows match, counting no further than `limit`."""
    return found.order_by().values("pk")[:limit].count()


def _key(value: Any, sort: str) -> str:
    """Where a page ends: the sorted value and the id, as `value.id`."""
    if sort in ("price", "price-down"):
        return f"{value.price_minor}.{value.id}"
    return f"{(value.listed_at - _EPOCH) // _MICROSECOND}.{value.id}"


def _after(found: QuerySet[Product], sort: str, key: str) -> QuerySet[Product]:
    number, _dot, last = key.partition(".")
    if not (key.isascii() and number.isdigit() and last.isdigit() and len(key) < 36):
        return found
    size, pk = int(number), int(last)
    if max(size, pk) >= 2**63:
        return found
    if sort == "price":
        return found.filter(price_minor__gte=size).exclude(price_minor=size, pk__gte=pk)
    if sort == "price-down":
        return found.filter(price_minor__lte=size).exclude(price_minor=size, pk__gte=pk)
    if size > 10**17:  # the year 5138; a date beyond year 9999 could not be made
        return found
    moment = _EPOCH + size * _MICROSECOND
    return found.filter(listed_at__lte=moment).exclude(listed_at=moment, pk__gte=pk)
