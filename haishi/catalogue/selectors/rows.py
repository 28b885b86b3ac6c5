"""Light rows of products, one query for any number."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from haishi.catalogue.models import Exhibit, Product
from haishi.catalogue.selectors.core import LISTED
from haishi.catalogue.types import ProductRow
from haishi.catalogue.wording import kind_text, price_text
from haishi.expo.states import ExhibitorState
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.prepared import Given, prepared_by

__all__ = [
    "exhibit_ids",
    "exhibits_of",
    "featured",
    "newest",
    "of_organisation",
    "picture_ids",
    "row_of",
    "rows",
]
COLUMNS = (
    "id",
    "slug",
    "name",
    "name_en",
    "summary",
    "summary_en",
    "kind",
    "price_mode",
    "price_minor",
    "currency",
    "unit",
    "unit_en",
    "picture_ids",
    "organisation__name",
    "organisation__name_en",
    "brand_admitted",
    "brand__name",
    "brand__name_en",
    "listed_at",
)


def rows(products: QuerySet[Product], limit: int | None = None) -> list[ProductRow]:
    """Light rows of a queryset, in one query."""
    values = products.values_list(*COLUMNS, named=True)
    return [row_of(value) for value in (values[:limit] if limit else values)]


def row_of(value: Any) -> ProductRow:
    """A row of the columns in `COLUMNS`."""
    brand = Bilingual(value.brand__name, value.brand__name_en) if value.brand_admitted else None
    unit = Bilingual(value.unit, value.unit_en)
    return ProductRow(
        id=value.id,
        slug=value.slug,
        url=address("catalogue:product", value.slug),
        title=Bilingual(value.name, value.name_en),
        line=Bilingual(value.summary, value.summary_en),
        kind=kind_text(value.kind),
        price=price_text(value.price_mode, value.price_minor, value.currency, unit),
        firm=Bilingual(value.organisation__name, value.organisation__name_en),
        brand=brand,
        picture_id=value.picture_ids[0] if value.picture_ids else None,
        listed_at=value.listed_at,
        priced=value.price_minor is not None,
        kind_key=value.kind,
    )


@prepared_by
def _newest(number: int) -> QuerySet[Product, Any]:
    found = Product.objects.filter(LISTED).order_by("-listed_at", "-id")
    return found.values_list(*COLUMNS, named=True)[:number]


@prepared_by
def _exhibits_of(number: int) -> QuerySet[Product, Any]:
    found = Product.objects.filter(LISTED, exhibits__exhibitor=Given("exhibitor"))
    order = ("-exhibits__featured", "exhibits__order", "exhibits__id")
    return found.order_by(*order).values_list(*COLUMNS, named=True)[:number]


def newest(number: int) -> list[ProductRow]:
    """The latest listed products."""
    return [row_of(value) for value in _newest(number)()]


def of_organisation(organisation_id: int, number: int = 24) -> list[ProductRow]:
    """Listed products of a firm, newest first."""
    found = Product.objects.filter(LISTED, organisation=organisation_id)
    return rows(found.order_by("-listed_at", "-id"), number)


def exhibits_of(exhibitor_id: int, number: int = 24) -> list[ProductRow]:
    """Listed products that an exhibitor shows, in its order."""
    return [row_of(value) for value in _exhibits_of(number)(exhibitor=exhibitor_id)]


def exhibit_ids(exhibitor_id: int) -> list[int]:
    """Ids of the products an exhibitor shows, in its order."""
    found = Exhibit.objects.filter(exhibitor=exhibitor_id).order_by("-featured", "order", "id")
    return list(found.values_list("product_id", flat=True))


def featured(edition_id: int, number: int = 8) -> list[ProductRow]:
    """Featured exhibits of booths that visitors see in an edition, higher tiers first.

    One of each booth at most comes before the second ones would; one query.
    """
    found = Product.objects.filter(
        LISTED,
        exhibits__featured=True,
        exhibits__exhibitor__edition=edition_id,
        exhibits__exhibitor__state=ExhibitorState.APPROVED,
        exhibits__exhibitor__complete=True,
    )
    order = ("exhibits__order", "-exhibits__exhibitor__tier__rank", "-listed_at", "-id")
    return rows(found.order_by(*order), number)


def picture_ids(found: Iterable[ProductRow]) -> Sequence[int]:
    """Ids of the pictures a list needs."""
    return [row.picture_id for row in found if row.picture_id]
