"""Booths and halls as they are found: only what visitors see."""

from collections.abc import Iterable, Iterator

from haishi.expo.models import Edition, Exhibitor, Hall
from haishi.expo.selectors.core import SHOWN
from haishi.expo.states import EditionState
from haishi.foundation.addresses import address
from haishi.search.types import Document, Facet

__all__ = [
    "exhibitor_documents",
    "exhibitor_ids_in",
    "exhibitor_ids_of_firm",
    "hall_documents",
    "hall_ids_in",
]


def _edition(edition: Edition) -> Facet:
    return Facet(edition.slug, edition.name, edition.name_en)


def _hall(hall: Hall, edition: Edition) -> Facet:
    return Facet(f"{edition.slug}.{hall.slug}", hall.name, hall.name_en)


def exhibitor_documents(exhibitor_ids: Iterable[int]) -> Iterator[Document]:
    """A document for each shown booth among `exhibitor_ids`; one query. Featured ones rise."""
    rows = Exhibitor.objects.filter(SHOWN, pk__in=[*exhibitor_ids])
    rows = rows.select_related("organisation", "edition", "booth__hall", "tier")
    for row in rows.order_by("pk"):
        firm, hall = row.organisation, row.booth.hall if row.booth else None
        code = row.booth.code if row.booth else ""
        yield Document(
            kind="exhibitor",
            object_id=row.pk,
            title=firm.name,
            title_en=firm.name_en,
            summary=row.headline or firm.tagline,
            summary_en=row.headline_en or firm.tagline_en,
            body=f"{row.intro}\n{row.intro_en}\n{firm.tagline}\n{firm.tagline_en}",
            keywords=[word for word in (code, firm.city, row.headline) if word],
            url=address("portal:booth", row.edition.slug, row.pk),
            picture_asset_id=row.banner_asset_id or firm.logo_asset_id,
            facets={
                "edition": [_edition(row.edition)],
                "hall": [_hall(hall, row.edition)] if hall else [],
                "side": list(firm.sides),
                "city": [firm.city] if firm.city else [],
            },
            boost=1.2 if row.tier.featured else 1.0,
        )


def hall_documents(hall_ids: Iterable[int]) -> Iterator[Document]:
    """A document for each hall of an edition that visitors see, among `hall_ids`; one query."""
    rows = Hall.objects.filter(pk__in=[*hall_ids]).exclude(edition__state=EditionState.DRAFT)
    for hall in rows.select_related("edition").order_by("pk"):
        edition = hall.edition
        yield Document(
            kind="hall",
            object_id=hall.pk,
            title=hall.name,
            title_en=hall.name_en,
            summary=hall.summary,
            summary_en=hall.summary_en,
            keywords=[edition.name, edition.name_en],
            url=address("portal:hall", edition.slug, hall.slug),
            picture_asset_id=hall.picture_asset_id,
            facets={"edition": [_edition(edition)], "hall": [_hall(hall, edition)]},
            boost=1.5,
        )


def exhibitor_ids_in(*, edition_id: int | None = None, hall_id: int | None = None) -> list[int]:
    """Ids of all exhibitors of an edition or of a hall."""
    rows = Exhibitor.objects.all()
    if edition_id is not None:
        rows = rows.filter(edition=edition_id)
    if hall_id is not None:
        rows = rows.filter(booth__hall=hall_id)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def exhibitor_ids_of_firm(organisation_id: int) -> list[int]:
    """Ids of a firm's participations."""
    rows = Exhibitor.objects.filter(organisation=organisation_id).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def hall_ids_in(edition_id: int) -> list[int]:
    """Ids of an edition's halls."""
    rows = Hall.objects.filter(edition=edition_id).order_by("pk")
    return list(rows.values_list("pk", flat=True))
