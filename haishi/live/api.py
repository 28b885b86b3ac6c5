"""/api/v1/live: what is announced, on air and can be watched again; one's own sessions."""

import datetime as dt
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema

from haishi.foundation.api import Page, actor, paginate, register_scope, repeatable
from haishi.foundation.errors import NotFound
from haishi.live import selectors, services

router = Router(tags=["live"])
READ = register_scope("live:read", _("查看直播"))
HOST = register_scope("live:host", _("安排和主持本单位的直播"))


class LiveOut(Schema):
    """A session as visitors see it. `phase`: now, next, replay or over; times are UTC.

    `reservations`: how many want to be reminded of it, or were.
    """

    id: str
    url: str
    title: str
    title_en: str
    organisation: str
    organisation_en: str
    form: str
    state: str
    phase: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    viewers: int
    seconds: int
    reservations: int


class ThingOut(Schema):
    """A thing of the shelf."""

    kind: str
    id: int
    title: str
    title_en: str
    url: str
    price: str


class LiveDetail(LiveOut):
    """One session with its shelf; `pinned`: what is on screen."""

    summary: str
    summary_en: str
    shelf: list[ThingOut]
    pinned: ThingOut | None


class CameraOut(Schema):
    """A camera as measured last. `gop`: seconds between key frames."""

    number: int
    label: str
    angle: bool
    state: str
    width: int
    height: int
    fps: float
    kbps: int
    gop: float
    audio: bool
    warnings: list[str]


class KeyOut(Schema):
    """Where a camera publishes to. `key` is told this once, and so is `srt`, which holds it.

    `srt`: one whole address, "" while the session takes none or its engine does not listen yet.
    """

    number: int
    server: str
    key: str
    whip: str
    srt: str


class StatusOut(Schema):
    """How a session does, for its host."""

    state: str
    viewers: int
    peak_viewers: int
    watch_seconds: int
    source: int
    cameras: list[CameraOut]


def _live(row: Any) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "url": settings.PUBLIC_URL + row.url,
        "title": row.title.zh,
        "title_en": row.title.en,
        "organisation": row.firm.zh,
        "organisation_en": row.firm.en,
        "form": row.form,
        "state": row.state,
        "phase": row.phase,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "viewers": row.viewers,
        "seconds": row.seconds,
        "reservations": row.reservations,
    }


def _thing(thing: Any) -> dict[str, Any]:
    return {
        "kind": thing.kind,
        "id": thing.pk,
        "title": thing.title.zh,
        "title_en": thing.title.en,
        "url": settings.PUBLIC_URL + thing.url,
        "price": thing.price,
    }


@router.get(
    "/lives", response=Page[LiveOut], url_name="live_lives", summary="Public sessions, newest first"
)
def lives(
    request: HttpRequest,
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
) -> Any:
    """Announced, on air, and over. Scope `live:read`."""
    actor(request, READ)
    items, following = paginate(selectors.published_lives(), cursor, limit)
    return {"items": [_live(row) for row in selectors.rows_of(items)], "next": following}


@router.get("/lives/{public_id}", response=LiveDetail, url_name="live_live", summary="One session")
def live(request: HttpRequest, public_id: str) -> Any:
    """With its shelf and what is on screen. Scope `live:read`."""
    session = selectors.get_live(actor(request, READ), public_id)
    if not selectors.is_public(session):  # the API shows what visitors see, to the firm as well
        raise NotFound
    pinned = selectors.pinned_of(session)
    return {
        **_live(selectors.row_of(session)),
        "summary": session.summary,
        "summary_en": session.summary_en,
        "shelf": [_thing(thing) for thing in selectors.shelf_of(session)],
        "pinned": _thing(pinned) if pinned else None,
    }


@router.get(
    "/lives/{public_id}/status",
    response=StatusOut,
    url_name="live_status",
    summary="How one's own session does",
)
def status(request: HttpRequest, public_id: str) -> Any:
    """For its host: cameras as measured last. 403 for others. Scope `live:host`."""
    session = selectors.get_for_host(actor(request, HOST), public_id)
    names = CameraOut.model_fields
    return {
        "state": session.state,
        "viewers": session.viewers,
        "peak_viewers": session.peak_viewers,
        "watch_seconds": session.watch_seconds,
        "source": session.source,
        "cameras": [
            {name: getattr(row, name) for name in names} for row in selectors.cameras_of(session)
        ],
    }


@router.post(
    "/lives/{public_id}/cameras/{number}/key",
    response=KeyOut,
    url_name="live_key",
    summary="A new stream key",
)
def key(request: HttpRequest, public_id: str, number: int) -> Any:
    """The old key is refused from now on; this one is told this once. Scope `live:host`.

    Takes no `Idempotency-Key`: an answer that is kept would keep the key.
    """
    person = actor(request, HOST)
    session = selectors.get_for_host(person, public_id)
    made = services.rotate_key(person, session.pk, number)
    ingest = selectors.ingest_of(session, number, made, request.get_host())
    names = ("server", "key", "whip", "srt")
    return {"number": number, **{name: getattr(ingest, name) for name in names}}


@router.post(
    "/lives/{public_id}/{action}",
    response=LiveOut,
    url_name="live_step",
    summary="Announce, open or end",
)
def step(request: HttpRequest, public_id: str, action: Literal["announce", "open", "end"]) -> Any:
    """409 when its state does not allow it. `end` also for the organiser. Scope `live:host`."""
    person = actor(request, HOST)
    session = selectors.get_live(person, public_id)
    known = {"announce": services.announce, "open": services.open_doors, "end": services.end}

    def act() -> Any:
        known[action](person, session.pk)
        return _live(selectors.row_of(selectors.get_live(person, public_id)))

    return repeatable(request, [public_id, action], act)
