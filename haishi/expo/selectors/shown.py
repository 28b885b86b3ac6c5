"""What visitors find in halls: light rows, a few queries at any size."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from haishi.expo import policies
from haishi.expo.models import Edition, Exhibitor, Hall
from haishi.expo.selectors.core import SHOWN
from haishi.expo.states import EditionState, ExhibitorState
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.prepared import Given, Prepared, prepared_by
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
    "shown_firms",
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


def _rows(found: Iterable[tuple[Any, ...]]) -> list[ExhibitorRow]:
    return [
        ExhibitorRow(
            id=row[0],
            url=address("portal:booth", row[18], row[0]),
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
        for row in found
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
    if edition.state == EditionState.DRAFT and not policies.works_for(actor, edition):
        # The organiser walks through an edition in planning as visitors will; nobody else does.
        nobody: list[ExhibitorRow] = []
        return HallPage(Paginator(nobody, PER_PAGE).get_page(1), [])
    shape = (hall is not None, bool(filters.query), bool(filters.side), bool(filters.city))
    given = {
        "edition": edition.pk,
        "hall": hall and hall.pk,
        "query": filters.query,
        "sides": [filters.side],
        "city": filters.city,
    }
    count = _numbers(*shape).first(**given) or 0
    page: Any = Paginator(range(count), PER_PAGE).get_page(number)
    page.object_list = _rows(_hall_rows(page.start_index() - 1 if count else 0, *shape)(**given))
    return HallPage(page=page, cities=_cities(hall is not None)(**given))


def _of_hall(in_hall: bool) -> QuerySet[Exhibitor]:
    rows = Exhibitor.objects.filter(
        edition=Given("edition"), state=ExhibitorState.APPROVED, complete=True
    )
    return rows.filter(booth__hall=Given("hall")) if in_hall else rows


@prepared_by
def _numbers(in_hall: bool, *narrowed: bool) -> QuerySet[Exhibitor, Any]:
    rows = _narrowed(_of_hall(in_hall), *narrowed)
    return rows.order_by().values("edition").annotate(n=Count("pk")).values_list("n", flat=True)


@prepared_by
def _hall_rows(start: int, in_hall: bool, *narrowed: bool) -> QuerySet[Exhibitor, Any]:
    rows = _narrowed(_of_hall(in_hall), *narrowed).order_by("-tier__rank", "booth__code", "pk")
    return rows.values_list(*_ROW)[start : start + PER_PAGE]


@prepared_by
def _cities(in_hall: bool) -> QuerySet[Exhibitor, Any]:
    cities = _of_hall(in_hall).exclude(organisation__city="").values_list("organisation__city")
    return cities.annotate(n=Count("pk")).order_by("-n", "organisation__city")[:12]


def _narrowed(
    rows: QuerySet[Exhibitor], by_query: bool, by_side: bool, by_city: bool
) -> QuerySet[Exhibitor]:
    if by_query:
        rows = rows.filter(
            Q(organisation__name__icontains=Given("query"))
            | Q(organisation__name_en__icontains=Given("query"))
            | Q(headline__icontains=Given("query"))
            | Q(booth__code__iexact=Given("query"))
        )
    if by_side:
        rows = rows.filter(organisation__sides__contains=Given("sides"))
    return rows.filter(organisation__city=Given("city")) if by_city else rows


@prepared_by
def _featured(limit: int) -> QuerySet[Exhibitor, Any]:
    order = ("-tier__rank", "-exhibit_count", "pk")
    rows = Exhibitor.objects.filter(SHOWN, edition=Given("edition"), tier__featured=True)
    # Found in the index, then joined: firms and booths of the few alone are read.
    first = rows.order_by(*order).values("pk")[:limit]
    return Exhibitor.objects.filter(pk__in=first).order_by(*order).values_list(*_ROW)


def featured(edition: Edition, limit: int = 8) -> list[ExhibitorRow]:
    """Shown exhibitors of featured tiers, the highest rank first. One query."""
    return _rows(_featured(limit)(edition=edition.pk))


@dataclass(frozen=True)
class EditionNumbers:
    """How large an edition is."""

    halls: int
    exhibitors: int
    exhibits: int
    cities: int


def edition_numbers(edition: Edition) -> EditionNumbers:
    """Counts of what visitors see, in one query."""
    return EditionNumbers(*_EDITION_NUMBERS(edition=edition.pk)[0])


def _edition_numbers() -> QuerySet[Edition, Any]:
    seen = Exhibitor.objects.filter(
        edition=OuterRef("pk"), state=ExhibitorState.APPROVED, complete=True
    ).order_by()
    grouped = seen.values("edition")
    halls = Hall.objects.filter(edition=OuterRef("pk")).order_by().values("edition")
    cities = grouped.annotate(n=Count("organisation__city", distinct=True))
    return Edition.objects.filter(pk=Given("edition")).values_list(
        Coalesce(Subquery(halls.annotate(n=Count("pk")).values("n")), 0),
        Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n")), 0),
        Coalesce(Subquery(grouped.annotate(n=Sum("exhibit_count")).values("n")), 0),
        Coalesce(Subquery(cities.values("n")), 0),
    )


_EDITION_NUMBERS = Prepared(_edition_numbers)


@prepared_by
def _hall_numbers(first: int | None) -> QuerySet[Hall, Any]:
    shown = Q(booths__exhibitor__state=ExhibitorState.APPROVED, booths__exhibitor__complete=True)
    rows = Hall.objects.filter(edition=Given("edition"))
    return rows.annotate(shown=Count("booths", filter=shown)).order_by("order", "pk")[:first]


def hall_numbers(edition: Edition, first: int | None = None) -> list[tuple[Hall, int]]:
    """Halls in their order, each with how many exhibitors visitors find there. One query.

    `first`: only so many of them.
    """
    return [(hall, hall.shown) for hall in _hall_numbers(first)(edition=edition.pk)]


@prepared_by
def _booths_of(limit: int) -> QuerySet[Exhibitor, Any]:
    rows = Exhibitor.objects.filter(SHOWN, organisation=Given("firm"))
    return rows.order_by("-edition__opens_at", "pk").values_list(*_ROW)[:limit]


def booths_of(organisation_id: int, limit: int = 8) -> list[ExhibitorRow]:
    """Shown booths of a firm in all editions, the newest first. One query."""
    return _rows(_booths_of(limit)(firm=organisation_id))


def shown_firms(edition: Edition) -> list[str]:
    """Slugs of the firms whose booths visitors see, each once, for archives."""
    rows = Exhibitor.objects.filter(SHOWN, edition=edition).order_by("organisation__slug")
    return list(rows.values_list("organisation__slug", flat=True).distinct())


def shown_ids(edition: Edition) -> list[int]:
    """Ids of all booths that visitors see, for sitemaps and archives."""
    rows = Exhibitor.objects.filter(SHOWN, edition=edition).order_by("pk")
    return list(rows.values_list("pk", flat=True))
