"""A firm's stock: what is left of what it sells directly."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from haishi.catalogue import selectors as catalogue
from haishi.foundation.models import Pool
from haishi.trade import policies
from haishi.trade.models import OrderLine, Stock

__all__ = ["StockState", "counted_in", "stock_page", "stock_state"]
PER_PAGE = 40


@dataclass(frozen=True)
class StockState:
    """`total` and `taken` units of a product; `total` None: made to order, nothing is counted."""

    product: Any
    total: int | None
    taken: int

    @property
    def left(self) -> int | None:
        """How many may still be ordered."""
        return None if self.total is None else self.total - self.taken


def _states(products: list[Any]) -> list[StockState]:
    rows = Stock.objects.filter(product__in=[row.pk for row in products])
    pools = dict(rows.values_list("product_id", "pool_id"))
    found = Pool.objects.filter(pk__in=pools.values()).values_list("pk", "capacity", "taken")
    known = {pk: (capacity, taken) for pk, capacity, taken in found}
    return [StockState(row, *known.get(pools.get(row.pk, 0), (None, 0))) for row in products]


def stock_state(product: Any) -> StockState:
    """How many there are of one. Two queries."""
    return _states([product])[0]


def counted_in(order_id: int) -> list[int]:
    """Ids of the products of an order whose units are counted."""
    lines = OrderLine.objects.filter(order=order_id)
    rows = Stock.objects.filter(product__in=lines.values("product_id")).order_by("product_id")
    return list(rows.values_list("product_id", flat=True))


def stock_page(organisation_id: int, number: str) -> Page[Any]:
    """Products of a firm that have a price and are sold directly, with what is left of each."""
    rows = catalogue.products_of_firm(organisation_id).filter(
        kind__in=policies.SHOP_KINDS, price_minor__isnull=False
    )
    page = Paginator(rows.order_by("-listed_at", "-pk"), PER_PAGE).get_page(number)
    shown: Page[Any] = page
    shown.object_list = _states(list(page.object_list))
    return shown
