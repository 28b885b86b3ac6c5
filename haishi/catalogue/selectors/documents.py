"""Products as they are found: only listed ones, with the halls where they stand now."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse

from haishi.catalogue.models import Exhibit, Product
from haishi.catalogue.selectors.core import LISTED
from haishi.catalogue.selectors.offers import buyable_now
from haishi.catalogue.states import PriceMode
from haishi.expo.states import EditionState, ExhibitorState
from haishi.media import selectors as media
from haishi.search.types import OPEN_OFFER, Document, Facet

__all__ = [
    "documents",
    "exhibited_paths",
    "ids_at_booth",
    "ids_in_edition",
    "ids_of_firm",
    "ids_with_document",
]
_STANDS = (
    "product_id",
    "exhibitor__edition__slug",
    "exhibitor__edition__name",
    "exhibitor__edition__name_en",
    "exhibitor__booth__hall__slug",
    "exhibitor__booth__hall__name",
    "exhibitor__booth__hall__name_en",
)


def documents(product_ids: Iterable[int]) -> Iterator[Document]:
    """A document for each listed product among `product_ids`; three queries, and those of who
    sells.
    """
    ids = [*product_ids]
    found = Product.objects.filter(LISTED, pk__in=ids)
    stands: dict[int, list[Any]] = {}
    for row in _stands(ids):
        stands.setdefault(row[0], []).append(row)
    rows = list(found.select_related("organisation", "category__parent", "brand"))
    papers = media.attachments(pk for row in rows for pk in row.document_ids)
    selling = buyable_now(rows)
    for product in rows:
        named = [papers[pk] for pk in product.document_ids if pk in papers]
        yield _document(product, stands.get(product.pk, []), named, product.pk in selling)


def _stands(ids: list[int]) -> Any:
    """Booths that visitors see."""
    shown = Exhibit.objects.filter(
        product__in=ids,
        exhibitor__state=ExhibitorState.APPROVED,
        exhibitor__complete=True,
        exhibitor__edition__state__in=(EditionState.OPEN, EditionState.CLOSED),
    )
    return shown.order_by("exhibitor_id").values_list(*_STANDS)


def _document(product: Product, stands: list[Any], papers: list[Any], sells: bool) -> Document:
    firm, category = product.organisation, product.category
    named = [name for paper in papers for name in (paper.name, paper.name_en) if name]
    branches = [node for node in (category.parent, category) if node]
    words = [
        *product.tags,
        *product.tags_en,
        firm.name,
        firm.name_en,
        *(node.name for node in branches),
    ]
    facets: dict[str, list[Facet | str]] = {
        "edition": [Facet(row[1], row[2], row[3]) for row in stands],
        "hall": [Facet(f"{row[1]}.{row[4]}", row[5], row[6]) for row in stands if row[4]],
        "category": [Facet(node.slug, node.name, node.name_en) for node in branches],
        "side": list(firm.sides),
        "city": [firm.city] if firm.city else [],
        "offer": [OPEN_OFFER] if sells else [],
    }
    if product.brand and product.brand_admitted:
        brand = product.brand
        facets["brand"] = [Facet(brand.slug, brand.name, brand.name_en)]
        words += [brand.name, brand.name_en]
    priced = product.price_mode != PriceMode.REQUEST and product.currency == "CNY"
    return Document(
        kind="product",
        object_id=product.pk,
        title=product.name,
        title_en=product.name_en,
        summary=product.summary,
        summary_en=product.summary_en,
        body="\n".join([product.description, product.description_en, *named]),
        keywords=[word for word in words if word],
        url=product.get_absolute_url(),
        picture_asset_id=product.picture_ids[0] if product.picture_ids else None,
        facets=facets,
        price_minor=product.price_minor if priced else None,
    )


def ids_of_firm(organisation_id: int) -> list[int]:
    """Ids of all products of a firm."""
    found = Product.objects.filter(organisation=organisation_id).order_by("pk")
    return list(found.values_list("pk", flat=True))


def ids_with_document(organisation_id: int | None, asset_id: int) -> list[int]:
    """Ids of the firm's products that offer a document of its."""
    own = Product.objects.filter(organisation=organisation_id)
    found = own.filter(document_ids__contains=[asset_id]).order_by("pk")
    return list(found.values_list("pk", flat=True))


def ids_at_booth(exhibitor_id: int) -> list[int]:
    """Ids of the products at a booth."""
    found = Exhibit.objects.filter(exhibitor=exhibitor_id).order_by("product_id")
    return list(found.values_list("product_id", flat=True))


def ids_in_edition(edition_id: int) -> list[int]:
    """Ids of the products that stand anywhere in an edition."""
    found = Exhibit.objects.filter(exhibitor__edition=edition_id).order_by("product_id")
    return list(found.values_list("product_id", flat=True).distinct())


def exhibited_paths(edition: Any) -> list[str]:
    """Addresses of the listed products that stand at booths visitors see, for the archive."""
    found = Product.objects.filter(
        LISTED,
        exhibits__exhibitor__edition=edition,
        exhibits__exhibitor__state=ExhibitorState.APPROVED,
        exhibits__exhibitor__complete=True,
    )
    slugs = found.order_by("slug").values_list("slug", flat=True).distinct()
    return [reverse("catalogue:product", args=[slug]) for slug in slugs]
