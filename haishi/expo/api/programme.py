"""The released programme over the API: public to read."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema

from haishi.expo import selectors
from haishi.expo.api.floor import PUBLIC, reader_of
from haishi.foundation import clock

router = Router()


class SessionOut(Schema):
    """A public session. Times are UTC, half-open; `cancelled`: since the release."""

    id: int
    code: str
    url: str
    title: str
    title_en: str
    kind: str
    language: str
    stage: str
    stage_en: str
    track: str
    track_en: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    cancelled: bool
    speakers: list[str]


class ProgrammeOut(Schema):
    """The version visitors see: `version` 0 and no sessions before the first release."""

    edition: str
    time_zone: str
    version: int
    released_at: dt.datetime | None
    sessions: list[SessionOut]


class SpeakerOut(Schema):
    """Who speaks in a session, with their words."""

    id: int
    url: str
    name: str
    name_en: str
    title: str
    title_en: str
    firm: str
    firm_en: str
    moderates: bool


class SessionDetailOut(SessionOut):
    """A session with its texts and speakers in full."""

    abstract: str
    abstract_en: str
    people: list[SpeakerOut]


def _session(row: Any) -> dict[str, Any]:
    names = ("code", "kind", "language", "starts_at", "ends_at", "cancelled")
    track = row.track
    return {
        **{name: getattr(row, name) for name in names},
        "id": row.session_id,
        "url": settings.PUBLIC_URL + row.url,
        "title": row.title.zh,
        "title_en": row.title.en,
        "stage": row.stage.zh,
        "stage_en": row.stage.en,
        "track": track.zh if track else "",
        "track_en": track.en if track else "",
        "speakers": [name.zh for name in row.speakers],
    }


@router.get(
    "/editions/{slug}/programme",
    response=ProgrammeOut,
    url_name="expo_programme",
    auth=PUBLIC,
    summary="The released programme, in time order",
)
def programme(request: HttpRequest, slug: str, day: dt.date | None = None) -> Any:
    """All sessions, or those of one `day` on the edition's wall clock."""
    row = selectors.get_edition(reader_of(request), slug)
    zone = row.time_zone
    sessions = [
        _session(each)
        for each in selectors.programme_rows(row)
        if day is None or clock.local(each.starts_at, zone).date() == day
    ]
    return {
        "edition": row.slug,
        "time_zone": zone,
        "version": row.schedule_number or 0,
        "released_at": selectors.released_at(row),
        "sessions": sessions,
    }


@router.get(
    "/editions/{slug}/programme/{code}",
    response=SessionDetailOut,
    url_name="expo_session",
    auth=PUBLIC,
    summary="One session",
)
def session(request: HttpRequest, slug: str, code: str) -> Any:
    """404 when it is not in the released version."""
    row = selectors.get_edition(reader_of(request), slug)
    slot = selectors.get_released(row, code)
    (shown,) = selectors.programme_rows(row, selectors.released_slots(row).filter(pk=slot.pk))
    texts = {name: getattr(slot.session, name) for name in ("abstract", "abstract_en")}
    return {**_session(shown), **texts, "people": selectors.people_of(slot.session)}
