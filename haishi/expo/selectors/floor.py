"""Series, halls, tiers and floor plans."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from haishi.expo import policies
from haishi.expo.models import (
    Announcement,
    Booth,
    Edition,
    Exhibitor,
    Hall,
    Registration,
    Series,
    Tier,
)
from haishi.expo.selectors.core import SHOWN, editions_visible_to, get_edition
from haishi.expo.states import Audience, EditionState, ExhibitorState
from haishi.expo.types import Place
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.prepared import Given, Prepared
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.parties.states import Duty

__all__ = [
    "FloorPlan",
    "PlanBooth",
    "announcements",
    "audience_of",
    "exhibitor_facts",
    "find_announcement",
    "floor_plan",
    "free_booths",
    "get_announcement",
    "get_hall",
    "get_series",
    "hall_facts",
    "is_public_exhibitor",
    "is_public_hall",
    "lock_hall",
    "lock_tier",
    "organised_by",
    "places",
    "series_of",
    "tier_for",
    "tiers_of",
]


def series_of(actor: Actor) -> list[Series]:
    """Series of the organisers a person is responsible for."""
    rows = Series.objects.select_related("organiser").order_by("name", "pk")
    if not actor.is_staff:
        rows = rows.filter(organiser__in=parties.organisers_of(actor, (Duty.OWNER,)))
    return list(rows)


def get_series(actor: Actor, series_id: int) -> Series:
    """A series for the person responsible for its organiser. Raises NotFound."""
    for row in series_of(actor):
        if row.pk == series_id:
            return row
    raise NotFound


def organised_by(actor: Actor) -> list[Edition]:
    """Editions of the organisers a person works for, newest first."""
    rows = editions_visible_to(actor).select_related("series__organiser")
    if not actor.is_staff:
        rows = rows.filter(series__organiser__in=parties.organisers_of(actor))
    return list(rows.order_by("-opens_at", "-pk"))


_HALL = Prepared(lambda: Hall.objects.filter(edition=Given("edition"), slug=Given("slug")))


def get_hall(actor: Actor, edition_slug: str, hall_slug: str) -> Hall:
    """A hall of a visible edition, by their addresses. Raises NotFound."""
    edition = get_edition(actor, edition_slug)
    hall: Hall | None = _HALL.first(edition=edition.pk, slug=hall_slug)
    if hall is None:
        raise NotFound
    hall.edition = edition
    return hall


def lock_hall(actor: Actor, hall_id: int) -> Hall:
    """The hall, row locked, for the organiser's owners. Raises NotFound, Forbidden."""
    rows = Hall.objects.select_related("edition__series").select_for_update(of=("self",))
    hall = rows.filter(pk=hall_id, edition__in=editions_visible_to(actor)).first()
    if hall is None:
        raise NotFound
    if not policies.can_run(actor, hall.edition):
        raise Forbidden
    return hall


def places(hall: Hall) -> list[Place]:
    """The booths of a hall as plain places, by code."""
    fields = ("code", "x", "y", "width", "depth", "pk")
    rows = Booth.objects.filter(hall=hall).order_by("code", "pk").values_list(*fields)
    return [Place(*row) for row in rows]


def free_booths(edition: Edition, keep: int | None = None) -> QuerySet[Booth]:
    """Booths nobody has, and the one with id `keep`."""
    rows = Booth.objects.filter(hall__edition=edition).select_related("hall")
    rows = rows.filter(Q(exhibitor=None) | Q(pk=keep))
    return rows.order_by("hall__order", "code", "pk")


def tiers_of(edition: Edition) -> QuerySet[Tier]:
    """Tiers from the lowest to the highest, with `firms`: how many are in each."""
    firms = Exhibitor.objects.filter(tier=OuterRef("pk")).order_by().values("tier")
    number = Coalesce(Subquery(firms.annotate(n=Count("pk")).values("n")), 0)
    return Tier.objects.filter(edition=edition).annotate(firms=number).order_by("rank", "pk")


def tier_for(edition: Edition, tier_id: int) -> Tier:
    """A tier of the edition. Raises NotFound."""
    if found := Tier.objects.filter(edition=edition, pk=tier_id).first():
        return found
    raise NotFound


def lock_tier(actor: Actor, tier_id: int) -> Tier:
    """The tier, row locked, for the organiser's owners. Raises NotFound, Forbidden."""
    rows = Tier.objects.select_related("edition__series").select_for_update(of=("self",))
    tier = rows.filter(pk=tier_id, edition__in=editions_visible_to(actor)).first()
    if tier is None:
        raise NotFound
    if not policies.can_run(actor, tier.edition):
        raise Forbidden
    return tier


@dataclass(frozen=True)
class PlanBooth:
    """A booth on the plan, in decimetres. `state` is free, shown, featured or hidden."""

    place: Place
    exhibitor_id: int | None
    name: Bilingual
    state: str
    url: str


@dataclass(frozen=True, eq=False)
class FloorPlan:
    """A hall's floor in decimetres from the top left; aisles as lines (x1, y1, x2, y2)."""

    hall_id: int
    name: Bilingual
    width: int
    depth: int
    entrance: str
    booths: tuple[PlanBooth, ...]
    aisles: tuple[tuple[int, int, int, int], ...]

    @property
    def taken(self) -> int:
        """Booths with a firm whose page is shown."""
        return sum(booth.state in ("shown", "featured") for booth in self.booths)

    @property
    def free(self) -> int:
        """Booths without one."""
        return len(self.booths) - self.taken


_PLAN_ROW = (
    "code", "x", "y", "width", "depth", "pk", "exhibitor__id", "exhibitor__state",
    "exhibitor__complete", "exhibitor__tier__featured", "exhibitor__organisation__name",
    "exhibitor__organisation__name_en",
)  # fmt: skip
_PLAN = Prepared(
    lambda: Booth.objects.filter(hall=Given("hall")).order_by("code", "pk").values_list(*_PLAN_ROW)
)


def floor_plan(hall: Hall, *, organiser: bool = False) -> FloorPlan:
    """The plan of a hall in one query.

    Visitors see a booth whose page is not shown as free; organisers see who stands there, linked
    to the review page.
    """
    open_now = organiser or hall.edition.state != EditionState.DRAFT
    # One address is made and its number exchanged: a thousand calls of reverse() take 10 ms.
    pattern = reverse("expo:review" if organiser else "portal:booth", args=[hall.edition.slug, 0])
    rows = tuple(_PLAN(hall=hall.pk))
    floor = (hall.pk, hall.title, hall.width, hall.depth, hall.entrance)
    return _planned(floor, rows, pattern, organiser, open_now)


@lru_cache(maxsize=64)
def _planned(
    floor: tuple[int, Bilingual, int, int, str],
    rows: tuple[tuple[Any, ...], ...],
    pattern: str,
    organiser: bool,
    open_now: bool,
) -> FloorPlan:
    """The same rows make the same plan: as long as nobody moves, it is made and drawn once."""
    booths = tuple(
        _plan_booth(Place(*row[:6]), row[6:], pattern, organiser=organiser) for row in rows
    )
    if not open_now:
        booths = tuple(PlanBooth(b.place, None, Bilingual(""), "free", "") for b in booths)
    hall_id, name, width, depth, entrance = floor
    return FloorPlan(
        hall_id=hall_id,
        name=name,
        width=width,
        depth=depth,
        entrance=entrance,
        booths=booths,
        aisles=_aisles(width, depth, [booth.place for booth in booths]),
    )


def _plan_booth(place: Place, firm: Any, pattern: str, *, organiser: bool) -> PlanBooth:
    pk, state, complete, is_featured, name, name_en = firm
    shown = state == ExhibitorState.APPROVED and complete
    if pk is None or not (shown or organiser):
        return PlanBooth(place, None, Bilingual(""), "free", "")
    kind = ("featured" if is_featured else "shown") if shown else "hidden"
    url = pattern.replace("/0/", f"/{pk}/")
    return PlanBooth(place, pk, Bilingual(name, name_en or ""), kind, url)


NARROWEST_AISLE = 15


def _aisles(
    width: int, depth: int, floor: Iterable[Place]
) -> tuple[tuple[int, int, int, int], ...]:
    """Middle lines of the free strips that run through the whole hall between booths."""
    floor = list(floor)
    across = _gaps([(p.y, p.y + p.depth) for p in floor])
    along = _gaps([(p.x, p.x + p.width) for p in floor])
    return (
        *((0, middle, width, middle) for middle in across),
        *((middle, 0, middle, depth) for middle in along),
    )


def _gaps(spans: list[tuple[int, int]]) -> list[int]:
    """Middles of what lies between the spans, where it is wide enough to walk."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    pairs = pairwise(merged)
    return [(a[1] + b[0]) // 2 for a, b in pairs if b[0] - a[1] >= NARROWEST_AISLE]


_ANNOUNCED = Prepared(
    lambda: (
        Announcement.objects.filter(edition=Given("edition"), audience__among=Given("audiences"))
        .select_related("author")
        .order_by("-published_at", "-pk")
    )
)


def announcements(
    edition: Edition, *, audiences: Iterable[str] = ("everybody",)
) -> list[Announcement]:
    """What was announced to `audiences`, newest first."""
    return _ANNOUNCED(edition=edition.pk, audiences=[*audiences])


def find_announcement(announcement_id: int) -> Announcement | None:
    """One with its edition, or None once it was taken down."""
    rows = Announcement.objects.select_related("edition__series").filter(pk=announcement_id)
    return rows.first()


def get_announcement(announcement_id: int) -> Announcement:
    """One with its edition; the caller checks the duty. Raises NotFound."""
    if found := find_announcement(announcement_id):
        return found
    raise NotFound


def audience_of(announcement: Announcement) -> list[int]:
    """Ids of the people it is for: registered visitors, members of exhibiting firms, or both."""
    edition = announcement.edition_id
    people: set[int] = set()
    if announcement.audience != Audience.EXHIBITORS:
        rows = Registration.objects.filter(edition=edition, cancelled_at=None)
        people |= set(rows.values_list("person_id", flat=True))
    if announcement.audience != Audience.REGISTERED:
        firms = Exhibitor.objects.filter(edition=edition).exclude(state=ExhibitorState.DRAFT)
        firms = firms.filter(organisation__memberships__person__is_active=True)
        people |= set(firms.values_list("organisation__memberships__person_id", flat=True))
    return sorted(people)


def is_public_exhibitor(exhibitor_id: int) -> bool:
    """Whether visitors see this booth."""
    return Exhibitor.objects.filter(SHOWN, pk=exhibitor_id).exists()


def is_public_hall(hall_id: int) -> bool:
    """Whether visitors see this hall."""
    rows = Hall.objects.filter(pk=hall_id).exclude(edition__state=EditionState.DRAFT)
    return rows.exists()


def exhibitor_facts(exhibitor_id: int) -> Exhibitor | None:
    """The exhibitor with all that a search document needs; None when it is gone."""
    rows = Exhibitor.objects.select_related(
        "organisation", "edition__series", "booth__hall", "tier"
    )
    return rows.filter(pk=exhibitor_id).first()


def hall_facts(hall_id: int) -> Hall | None:
    """The hall with its edition; None when it is gone."""
    return Hall.objects.select_related("edition").filter(pk=hall_id).first()
