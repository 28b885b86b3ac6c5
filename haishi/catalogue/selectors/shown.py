"""A product's page: what it is, what it costs, where it stands, what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from haishi.catalogue.models import Exhibit, PriceTier, Product
from haishi.catalogue.selectors.core import LISTED
from haishi.catalogue.selectors.rows import COLUMNS, row_of
from haishi.catalogue.types import ProductRow
from haishi.expo.states import EditionState, ExhibitorState
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.prepared import Given, Prepared, prepared_by

__all__ = ["Stand", "missing_of", "others_of_firm", "stands_of", "tiers_of", "tiers_of_many"]


@dataclass(frozen=True, slots=True)
class Stand:
    """A booth of the product's firm that visitors see. `exhibited`: the product stands there."""

    exhibitor_id: int
    edition_slug: str
    edition: Bilingual
    is_open: bool
    hall: Bilingual
    hall_slug: str
    booth_code: str
    exhibited: bool


_BOOTH = "organisation__exhibitors__"
_STAND = (
    f"{_BOOTH}pk", f"{_BOOTH}edition__slug", f"{_BOOTH}edition__name", f"{_BOOTH}edition__name_en",
    f"{_BOOTH}edition__state", f"{_BOOTH}booth__hall__name", f"{_BOOTH}booth__hall__name_en",
    f"{_BOOTH}booth__hall__slug", f"{_BOOTH}booth__code",
)  # fmt: skip


def stands_of(product: Product) -> list[Stand]:
    """Visible booths of the firm in all editions, the newest edition first. One query."""
    return [_stand(row) for row in _STANDS(product=product.pk)]


def _stands() -> QuerySet[Product, Any]:
    here = Exhibit.objects.filter(exhibitor=OuterRef(f"{_BOOTH}pk"), product=OuterRef("pk"))
    found = Product.objects.filter(
        pk=Given("product"),
        organisation__exhibitors__state=ExhibitorState.APPROVED,
        organisation__exhibitors__complete=True,
        organisation__exhibitors__edition__state__in=(EditionState.OPEN, EditionState.CLOSED),
    ).annotate(exhibited=Exists(here))
    return found.order_by(f"-{_BOOTH}edition__opens_at").values_list(*_STAND, "exhibited")[:8]


_STANDS = Prepared(_stands)


def _stand(row: Any) -> Stand:
    return Stand(
        exhibitor_id=row[0],
        edition_slug=row[1],
        edition=Bilingual(row[2], row[3]),
        is_open=row[4] == EditionState.OPEN,
        hall=Bilingual(row[5] or "", row[6] or ""),
        hall_slug=row[7] or "",
        booth_code=row[8] or "",
        exhibited=row[9],
    )


@prepared_by
def _others(number: int) -> QuerySet[Product, Any]:
    found = Product.objects.filter(LISTED, organisation=Given("firm"))
    found = found.exclude(pk=Given("product")).order_by("-listed_at", "-id")
    return found.values_list(*COLUMNS, named=True)[:number]


def others_of_firm(product: Product, number: int = 4) -> list[ProductRow]:
    """Other listed products of the firm, newest first."""
    found = _others(number)(firm=product.organisation_id, product=product.pk)
    return [row_of(value) for value in found]


_TIERS = Prepared(
    lambda: (
        PriceTier.objects.filter(product=Given("product"))
        .order_by("minimum")
        .values_list("minimum", "price_minor")
    )
)


def tiers_of(product: Product) -> list[tuple[int, int]]:
    """(from this many units on, price of one in minor units), ascending."""
    return _TIERS(product=product.pk)


def tiers_of_many(product_ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """{product id: tiers as in `tiers_of`} of those that have any, in one query."""
    found = PriceTier.objects.filter(product__in=[*product_ids]).order_by("product_id", "minimum")
    tiers: dict[int, list[tuple[int, int]]] = {}
    for pk, minimum, price in found.values_list("product_id", "minimum", "price_minor"):
        tiers.setdefault(pk, []).append((minimum, price))
    return tiers


def missing_of(product: Product) -> list[str]:
    """Labels of what a product still needs before it can be listed."""
    return [
        str(Product._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in ("summary", "description")
        if not getattr(product, name).strip()
    ]
