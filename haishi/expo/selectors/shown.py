"""What visitors find in halls: light rows, a few queries at any size."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from haishi.expo import policies
from haishi.expo.models import Edition, Exhibitor, Hall
from haishi.expo.selectors.core import SHOWN
from haishi.expo.states import EditionState, ExhibitorState
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.types import Actor

__all__ = [
    "EditionNumbers",
    "ExhibitorRow",
    "HallFilters",
    "HallPage",
    "booths_of",
    "edition_numbers",
    "featured",
    "hall_numbers",
    "hall_page",
    "shown_exhibitors",
    "shown_ids",
]
PER_PAGE = 24


@dataclass(frozen=True)
class ExhibitorRow:
    """An exhibitor in a list."""

    id: int
    url: str
    name: Bilingual
    organisation_slug: str
    tagline: Bilingual
    headline: Bilingual
    city: str
    sides: tuple[str, ...]
    booth_code: str
    hall: Bilingual
    hall_slug: str
    logo_asset_id: int | None
    banner_asset_id: int | None
    picture_ids: tuple[int, ...]
    featured: bool
    verified: bool


_ROW = (
    "pk", "organisation__name", "organisation__name_en", "organisation__slug",
    "organisation__tagline", "organisation__tagline_en", "headline", "headline_en",
    "organisation__city", "organisation__sides", "booth__code", "booth__hall__name",
    "booth__hall__name_en", "booth__hall__slug", "organisation__logo_asset_id", "banner_asset_id",
    "tier__featured", "organisation__verified_at", "edition__slug", "media_ids",
)  # fmt: skip


def _rows(exhibitors: QuerySet[Exhibitor]) -> list[ExhibitorRow]:
    return [
        ExhibitorRow(
            id=row[0],
            url=reverse("portal:booth", args=[row[18], row[0]]),
            name=Bilingual(row[1], row[2]),
            organisation_slug=row[3],
            tagline=Bilingual(row[4], row[5]),
            headline=Bilingual(row[6], row[7]),
            city=row[8],
            sides=tuple(row[9]),
            booth_code=row[10] or "",
            hall=Bilingual(row[11] or "", row[12] or ""),
            hall_slug=row[13] or "",
            logo_asset_id=row[14],
            banner_asset_id=row[15],
            picture_ids=tuple(row[19]),
            featured=row[16],
            verified=row[17] is not None,
        )
        for row in exhibitors.values_list(*_ROW)
    ]


@dataclass(frozen=True)
class HallFilters:
    """How visitors narrow the list of a hall."""

    query: str = ""
    side: str = ""
    city: str = ""


@dataclass(frozen=True)
class HallPage:
    """A page of a hall's exhibitors and the cities they come from, with numbers."""

    page: Page[ExhibitorRow]
    cities: list[tuple[str, int]]

    @property
    def rows(self) -> list[ExhibitorRow]:
        """The exhibitors of this page."""
        return list(self.page.object_list)


def _shown(actor: Actor, edition: Edition) -> QuerySet[Exhibitor]:
    rows = Exhibitor.objects.filter(edition=edition, state=ExhibitorState.APPROVED, complete=True)
    # The organiser walks through an edition in planning as visitors will.
    if edition.state == EditionState.DRAFT and not policies.works_for(actor, edition):
        return rows.none()
    return rows


def shown_exhibitors(actor: Actor, edition: Edition) -> QuerySet[Exhibitor]:
    """The booths of an edition that visitors see, with firm, tier and place."""
    rows = _shown(actor, edition)
    return rows.select_related("organisation", "edition", "tier", "booth__hall")


def hall_page(
    actor: Actor,
    edition: Edition,
    hall: Hall | None,
    filters: HallFilters | None = None,
    number: int | str = 1,
) -> HallPage:
    """Who exhibits in a hall (or, with None, in the edition): featured first, then by booth.

    Three queries at any size: the number, the page of 24, the cities.
    """
    filters = filters or HallFilters()
    everybody = _shown(actor, edition)
    if hall is not None:
        everybody = everybody.filter(booth__hall=hall)
    rows = _narrowed(everybody, filters).order_by("-tier__rank", "booth__code", "pk")
    page: Any = Paginator(rows, PER_PAGE).get_page(number)
    page.object_list = _rows(page.object_list)
    cities = everybody.exclude(organisation__city="").values_list("organisation__city")
    counted = cities.annotate(n=Count("pk")).order_by("-n", "organisation__city")[:12]
    return HallPage(page=page, cities=list(counted))


def _narrowed(rows: QuerySet[Exhibitor], filters: HallFilters) -> QuerySet[Exhibitor]:
    if filters.query:
        rows = rows.filter(
            Q(organisation__name__icontains=filters.query)
            | Q(organisation__name_en__icontains=filters.query)
            | Q(headline__icontains=filters.query)
            | Q(booth__code__iexact=filters.query)
        )
    if filters.side:
        rows = rows.filter(organisation__sides__contains=[filters.side])
    return rows.filter(organisation__city=filters.city) if filters.city else rows


def featured(edition: Edition, limit: int = 8) -> list[ExhibitorRow]:
    """Shown exhibitors of featured tiers, the highest rank first. One query."""
    rows = Exhibitor.objects.filter(SHOWN, edition=edition, tier__featured=True)
    return _rows(rows.order_by("-tier__rank", "-exhibit_count", "pk")[:limit])


@dataclass(frozen=True)
class EditionNumbers:
    """How large an edition is."""

    halls: int
    exhibitors: int
    exhibits: int
    cities: int


def edition_numbers(edition: Edition) -> EditionNumbers:
    """Counts of what visitors see, in one query."""
    seen = Exhibitor.objects.filter(
        edition=OuterRef("pk"), state=ExhibitorState.APPROVED, complete=True
    ).order_by()
    grouped = seen.values("edition")
    halls = Hall.objects.filter(edition=OuterRef("pk")).order_by().values("edition")
    row = (
        Edition.objects.filter(pk=edition.pk)
        .values_list(
            Coalesce(Subquery(halls.annotate(n=Count("pk")).values("n")), 0),
            Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n")), 0),
            Coalesce(Subquery(grouped.annotate(n=Sum("exhibit_count")).values("n")), 0),
            Coalesce(
                Subquery(
                    grouped.annotate(n=Count("organisation__city", distinct=True)).values("n")
                ),
                0,
            ),
        )
        .get()
    )
    return EditionNumbers(*row)


def hall_numbers(edition: Edition) -> list[tuple[Hall, int]]:
    """Halls in their order, each with how many exhibitors visitors find there. One query."""
    shown = Q(booths__exhibitor__state=ExhibitorState.APPROVED, booths__exhibitor__complete=True)
    rows = Hall.objects.filter(edition=edition).annotate(shown=Count("booths", filter=shown))
    return [(hall, hall.shown) for hall in rows.order_by("order", "pk")]


def booths_of(organisation_id: int, limit: int = 8) -> list[ExhibitorRow]:
    """Shown booths of a firm in all editions, the newest first. One query."""
    rows = Exhibitor.objects.filter(SHOWN, organisation=organisation_id)
    return _rows(rows.order_by("-edition__opens_at", "pk")[:limit])


def shown_ids(edition: Edition) -> list[int]:
    """Ids of all booths that visitors see, for sitemaps and archives."""
    rows = Exhibitor.objects.filter(SHOWN, edition=edition).order_by("pk")
    return list(rows.values_list("pk", flat=True))
