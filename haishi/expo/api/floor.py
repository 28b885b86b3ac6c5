"""Editions, halls, booths and exhibitors over the API: public to read, one's own to apply."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema, Status

from haishi.expo import policies, selectors, services
from haishi.foundation import limits, web
from haishi.foundation.api import AUTH, Page, actor, paginate, register_scope, repeatable
from haishi.foundation.errors import Invalid
from haishi.parties import selectors as parties
from haishi.parties.states import Side

READ = register_scope("expo:read", _("查看展会、展馆、展位与参展商"))
WRITE = register_scope("expo:write", _("申请参展并提交申请"))


def _anybody(request: HttpRequest) -> Any:
    """Who brings no token asks as the public; a wrong token is refused, not ignored."""
    return None if "Authorization" in request.headers else AnonymousUser()


PUBLIC: list[Any] = [*AUTH, _anybody]
router = Router()


class EditionOut(Schema):
    """An edition. Times are UTC; `time_zone` is where people read them. `state`: open or closed,
    draft only for its organiser."""

    slug: str
    url: str
    name: str
    name_en: str
    theme: str
    theme_en: str
    city: str
    city_en: str
    venue: str
    venue_en: str
    time_zone: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    apply_until: dt.datetime | None
    state: str


class HallOut(Schema):
    """A hall with its floor in decimetres and how many exhibitors visitors find there."""

    slug: str
    url: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    code: str
    width: int
    depth: int
    entrance: str
    is_launch_hall: bool
    exhibitors: int


class BoothOut(Schema):
    """A booth in decimetres from the hall's top left corner, and who is shown there."""

    code: str
    x: int
    y: int
    width: int
    depth: int
    exhibitor_id: int | None


class ExhibitorOut(Schema):
    """A firm in an edition, as visitors see it. `shown` is false in a preview of its own firm."""

    id: int
    url: str
    edition: str
    organisation: str
    name: str
    name_en: str
    headline: str
    headline_en: str
    intro: str
    intro_en: str
    city: str
    sides: list[str]
    tier: str
    hall: str
    booth: str
    exhibits: int
    shown: bool


class MineOut(ExhibitorOut):
    """One's own: with the state of the application and what the booth page still lacks."""

    state: str
    reason: str
    plan: str
    version: int
    lacks: list[str]


class ApplicationIn(Schema):
    """Which firm asks to take part; `organisation` is its slug, `tier` and `hall` are slugs."""

    organisation: str = Field(max_length=60)
    plan: str = Field("", max_length=2000)
    tier: str = Field("", max_length=30)
    hall: str = Field("", max_length=60)


def reader_of(request: HttpRequest) -> Any:
    reader = actor(request, READ)
    limits.limit(f"expo-api:{reader.pk or web.client_address(request)}", 600, 60)
    return reader


def _edition(row: Any) -> dict[str, Any]:
    names = [name for name in EditionOut.model_fields if name != "url"]
    return {
        **{name: getattr(row, name) for name in names},
        "url": f"{settings.PUBLIC_URL}{row.get_absolute_url()}",
    }


def _exhibitor(row: Any) -> dict[str, Any]:
    address = reverse("portal:booth", args=[row.edition.slug, row.pk])
    return {
        "id": row.pk,
        "url": f"{settings.PUBLIC_URL}{address}",
        "edition": row.edition.slug,
        "organisation": row.organisation.slug,
        "name": row.organisation.name,
        "name_en": row.organisation.name_en,
        **{name: getattr(row, name) for name in ("headline", "headline_en", "intro", "intro_en")},
        "city": row.organisation.city,
        "sides": list(row.organisation.sides),
        "tier": row.tier.slug,
        "hall": row.booth.hall.slug if row.booth else "",
        "booth": row.booth.code if row.booth else "",
        "exhibits": row.exhibit_count,
        "shown": policies.is_shown(row),
    }


def _mine(row: Any) -> dict[str, Any]:
    lacks = [item.key for item in selectors.checklist(row) if not item.done]
    names = ("state", "reason", "plan", "version")
    return {**_exhibitor(row), **{name: getattr(row, name) for name in names}, "lacks": lacks}


@router.get(
    "/editions",
    response=Page[EditionOut],
    url_name="expo_editions",
    auth=PUBLIC,
    summary="Editions, newest first",
)
def editions(
    request: HttpRequest,
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
) -> Any:
    """Those that everybody sees, and any of your own organiser."""
    rows, following = paginate(selectors.editions_visible_to(reader_of(request)), cursor, limit)
    return {"items": [_edition(row) for row in rows], "next": following}


@router.get(
    "/editions/{slug}",
    response=EditionOut,
    url_name="expo_edition",
    auth=PUBLIC,
    summary="One edition",
)
def edition(request: HttpRequest, slug: str) -> Any:
    """404 when there is none, or none that you may see."""
    return _edition(selectors.get_edition(reader_of(request), slug))


@router.get(
    "/editions/{slug}/halls",
    response=list[HallOut],
    url_name="expo_halls",
    auth=PUBLIC,
    summary="The halls of an edition, in their order",
)
def halls(request: HttpRequest, slug: str) -> Any:
    """All of them; an edition has a handful."""
    row = selectors.get_edition(reader_of(request), slug)
    names = [n for n in HallOut.model_fields if n not in ("url", "exhibitors")]
    return [
        {
            **{name: getattr(hall, name) for name in names},
            "url": settings.PUBLIC_URL + reverse("portal:hall", args=[slug, hall.slug]),
            "exhibitors": shown,
        }
        for hall, shown in selectors.hall_numbers(row)
    ]


@router.get(
    "/editions/{slug}/halls/{hall}/booths",
    response=list[BoothOut],
    url_name="expo_booths",
    auth=PUBLIC,
    summary="The floor plan of a hall",
)
def booths(request: HttpRequest, slug: str, hall: str) -> Any:
    """All booths by their code, at most 2,000."""
    plan = selectors.floor_plan(selectors.get_hall(reader_of(request), slug, hall))
    return [
        {
            **{n: getattr(b.place, n) for n in ("code", "x", "y", "width", "depth")},
            "exhibitor_id": b.exhibitor_id,
        }
        for b in plan.booths
    ]


@router.get(
    "/editions/{slug}/exhibitors",
    response=Page[ExhibitorOut],
    url_name="expo_exhibitors",
    auth=PUBLIC,
    summary="Who exhibits in an edition, newest first",
)
def exhibitors(
    request: HttpRequest,
    slug: str,
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
    hall: str = "",
    side: Side | None = None,
) -> Any:
    """Shown booths only, of one `hall` or one `side` when asked for."""
    reader = reader_of(request)
    row = selectors.get_edition(reader, slug)
    rows = selectors.shown_exhibitors(reader, row)
    if hall:
        rows = rows.filter(booth__hall__slug=hall)
    if side is not None:
        rows = rows.filter(organisation__sides__contains=[side])
    found, following = paginate(rows, cursor, limit)
    return {"items": [_exhibitor(one) for one in found], "next": following}


@router.post(
    "/editions/{slug}/exhibitors",
    response={201: MineOut},
    url_name="expo_exhibitors",
    summary="Begin an application to take part",
)
def apply(request: HttpRequest, slug: str, payload: ApplicationIn) -> Any:
    """For a firm you manage; it is a draft until it is submitted. Scope `expo:write`."""
    person = actor(request, WRITE)
    row = selectors.get_edition(person, slug)
    firm = parties.get_desk(person, payload.organisation)
    tier = _named(selectors.tiers_of(row), payload.tier, "tier")
    hall = _named(selectors.halls_of(row), payload.hall, "hall")

    def begin() -> Any:
        made = services.apply(
            person, row.pk, firm.pk, plan=payload.plan, tier_id=tier, wished_hall_id=hall
        )
        return _mine(selectors.get_exhibitor(person, made.pk))

    return Status(201, repeatable(request, payload.dict(), begin))


def _named(rows: Any, slug: str, field: str) -> int | None:
    if not slug:
        return None
    found = rows.filter(slug=slug).first()
    if found is None:
        raise Invalid(field=field)
    return int(found.pk)


@router.get(
    "/exhibitors/mine",
    response=list[MineOut],
    url_name="expo_mine",
    summary="The participations of my firms",
)
def mine(request: HttpRequest) -> Any:
    """With state, reason and what is lacking. Scope `expo:read`."""
    return [_mine(row) for row in selectors.exhibitors_of(actor(request, READ))]


@router.get(
    "/exhibitors/{exhibitor_id}",
    response=ExhibitorOut,
    url_name="expo_exhibitor",
    auth=PUBLIC,
    summary="One booth",
)
def exhibitor(request: HttpRequest, exhibitor_id: int) -> Any:
    """404 unless it is shown, or yours."""
    return _exhibitor(selectors.get_exhibitor(reader_of(request), exhibitor_id))


@router.post(
    "/exhibitors/{exhibitor_id}/submit",
    response=MineOut,
    url_name="expo_submit",
    summary="Send an application to the organiser",
)
def submit(request: HttpRequest, exhibitor_id: int) -> Any:
    """409 when it is not a draft or returned, 422 without a plan. Scope `expo:write`."""
    person = actor(request, WRITE)

    def send() -> Any:
        services.submit(person, exhibitor_id)
        return _mine(selectors.get_exhibitor(person, exhibitor_id))

    return repeatable(request, exhibitor_id, send)
