"""Sessions as visitors meet them: the lobby, the room, lists for other pages."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from haishi.foundation import clock
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.prepared import Given, Prepared, prepared_by
from haishi.foundation.types import Actor
from haishi.live import policies
from haishi.live.models import LiveSession, Recording
from haishi.live.selectors.core import PUBLIC, get_live
from haishi.live.selectors.playback import playback_of
from haishi.live.selectors.stage import (
    lotteries_of,
    pinned_of,
    polls_of,
    questions_of,
    shelf_of,
)
from haishi.live.selectors.things import subject_of
from haishi.live.selectors.walks import route_of
from haishi.live.states import ON_AIR, LiveState, RecordingState, Replay
from haishi.live.types import LiveRow, Lobby, RoomPage

__all__ = [
    "coming",
    "firm_of",
    "firm_url",
    "lobby",
    "now_live",
    "of_booth",
    "of_subject",
    "published_lives",
    "replays",
    "room_page",
    "row_of",
    "rows_of",
    "sitemap_paths",
]
# A planned session stays in the list this long after its start.
LATE = dt.timedelta(hours=1)
# What `row_of` reads of a session.
_ON_CARDS = (
    *(
        "public_id",
        "title",
        "title_en",
        "summary",
        "summary_en",
        "form",
        "state",
        "starts_at",
        "ends_at",
    ),
    *("viewers", "opened_at", "poster_asset_id", "replay", "reservations", "likes"),
    *("edition__slug", "edition__time_zone"),
    *("edition__series__organiser__name", "edition__series__organiser__name_en"),
    *("exhibitor__organisation__name", "exhibitor__organisation__name_en"),
    *("exhibitor__booth__hall__slug", "exhibitor__booth__hall__name"),
    "exhibitor__booth__hall__name_en",
)
PLANNED = (LiveState.SCHEDULED, LiveState.CONNECTING)


def _base() -> QuerySet[LiveSession]:
    return LiveSession.objects.select_related(
        "edition__series__organiser", "exhibitor__organisation", "exhibitor__booth__hall"
    )


def _public() -> QuerySet[LiveSession]:
    return _base().filter(PUBLIC)


def _now() -> Q:
    return Q(state__in=ON_AIR, opened_at__isnull=False)


def firm_url(session: LiveSession) -> str:
    """The booth of the firm; the edition's page for the organiser's own sessions."""
    if session.exhibitor_id:
        return address("portal:booth", session.edition.slug, session.exhibitor_id)
    return address("portal:edition", session.edition.slug)


def firm_of(session: LiveSession) -> Bilingual:
    """Name of the firm, or of the organiser for its own sessions."""
    row = session.exhibitor.organisation if session.exhibitor else session.edition.series.organiser
    return Bilingual(row.name, row.name_en)


def _phase(session: LiveSession) -> str:
    if session.on_air and session.opened_at:
        return "now"
    if policies.replay_shown(session):
        return "replay"
    return "next" if session.state in PLANNED else "over"


def row_of(session: LiveSession, seconds: float = 0) -> LiveRow:
    """A session in a list; `seconds` of its recording."""
    hall = session.exhibitor.booth.hall if session.exhibitor and session.exhibitor.booth else None
    phase = _phase(session)
    route = "live:replay" if phase == "replay" else "live:room"
    state = LiveState(session.state)
    return LiveRow(
        pk=session.pk,
        public_id=session.public_id,
        url=address(route, session.public_id),
        title=session.heading,
        line=session.line,
        firm=firm_of(session),
        form=session.form,
        phase=phase,
        state=state.value,
        state_words=_("回放") if phase == "replay" else str(state.label),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=session.edition.time_zone,
        viewers=session.viewers,
        poster_asset_id=session.poster_asset_id,
        hall=Bilingual(hall.name, hall.name_en) if hall else None,
        hall_slug=hall.slug if hall else "",
        seconds=int(seconds),
        reservations=session.reservations,
        likes=session.likes,
    )


def rows_of(sessions: Iterable[LiveSession]) -> list[LiveRow]:
    """With the length of their recordings: one query for all, none without a replay."""
    found = list(sessions)
    if not any(policies.replay_shown(row) for row in found):
        return [row_of(row) for row in found]
    parts = Recording.objects.filter(session__in=found).exclude(state=RecordingState.DELETED)
    lengths = dict(parts.order_by().values_list("session_id").annotate(whole=Sum("seconds")))
    return [row_of(row, lengths.get(row.pk) or 0) for row in found]


def now_live(edition: Any | None = None, limit: int = 24) -> list[LiveRow]:
    """What is on air, most watched first. One query."""
    rows = _on_air(edition is None, limit)(edition=edition.pk if edition is not None else None)
    return [row_of(row) for row in rows]


@prepared_by
def _on_air(everywhere: bool, limit: int) -> QuerySet[LiveSession]:
    rows = _public().filter(_now())
    rows = rows if everywhere else rows.filter(edition=Given("edition"))
    return rows.only(*_ON_CARDS).order_by("-viewers", "opened_at", "pk")[:limit]


def coming(edition: Any | None = None, limit: int = 24) -> list[LiveRow]:
    """What is planned, the soonest first. One query."""
    rows = _public().filter(
        Q(state__in=PLANNED) | Q(state__in=ON_AIR, opened_at=None),
        starts_at__gt=clock.now() - LATE,
    )
    rows = rows.filter(edition=edition) if edition is not None else rows
    return [row_of(row) for row in rows.order_by("starts_at", "pk")[:limit]]


def replays(edition: Any | None = None, limit: int = 24) -> list[LiveRow]:
    """Recordings that can be watched, the newest first. Two queries."""
    rows = _public().filter(state=LiveState.ENDED, replay=Replay.PUBLISHED)
    rows = rows.filter(edition=edition) if edition is not None else rows
    return rows_of(rows.order_by("-ended_at", "-pk")[:limit])


def lobby(edition: Any | None = None, hall: str = "") -> Lobby:
    """The hall of live, narrowed to a hall by its slug. Four queries."""
    now, later, before = now_live(edition), coming(edition), replays(edition)
    everything = (*now, *later, *before)
    halls = {row.hall_slug: row.hall for row in everything if row.hall is not None}
    if hall:
        now, later, before = (
            [r for r in rows if r.hall_slug == hall] for rows in (now, later, before)
        )
    return Lobby(now=now, coming=later, replays=before, halls=sorted(halls.items()))


def _of_booth() -> QuerySet[LiveSession]:
    planned = Q(state__in=PLANNED, starts_at__gt=Given("late"))
    rows = _public().filter(_now() | planned | Q(replay=Replay.PUBLISHED))
    rows = rows.filter(exhibitor=Given("exhibitor")).only(*_ON_CARDS)
    return rows.order_by("-starts_at")[:40]


_OF_BOOTH = Prepared(_of_booth)


def of_booth(exhibitor_id: int, limit: int = 3) -> list[LiveRow]:
    """What a booth shows: on air, then planned, then the newest replays. Two queries."""
    found = rows_of(_OF_BOOTH(exhibitor=exhibitor_id, late=clock.now() - LATE))
    order = {"now": 0, "next": 1, "replay": 2, "over": 3}

    def place(row: LiveRow) -> tuple[int, float]:
        start = row.starts_at.timestamp()
        return order[row.phase], start if row.phase == "next" else -start

    return sorted(found, key=place)[:limit]


def of_subject(kind: str, pk: int) -> LiveRow | None:
    """The session about something: the one on air, else the next, else the last replay."""
    rows = _public().filter(subject_kind=kind, subject_id=pk)
    found = [row_of(row) for row in rows.order_by("-starts_at")[:10]]
    order = {"now": 0, "next": 1, "replay": 2, "over": 3}
    return min(found, key=lambda row: order[row.phase], default=None)


def published_lives() -> QuerySet[LiveSession]:
    """Public sessions, newest first, for lists of the API."""
    return _public().order_by("-starts_at", "-pk")


def room_page(actor: Actor, public_id: str, viewer: str, host: str) -> RoomPage:
    """A session's room. `viewer`: see `viewer_name`; `host`: of the request. Raises NotFound."""
    session = get_live(actor, public_id)
    session = _base().get(pk=session.pk)
    return RoomPage(
        row=row_of(session),
        session=session,
        firm_url=firm_url(session),
        subject=subject_of(actor, session),
        shelf=shelf_of(session),
        pinned=pinned_of(session),
        playback=playback_of(session, viewer, host),
        polls=polls_of(session, actor),
        questions=questions_of(session, actor),
        lotteries=lotteries_of(session, actor),
        route=route_of(session),
        room=session.room,
        hosts=policies.can_host(actor, session),
        moderates=policies.can_moderate(actor, session),
        speaks=policies.can_speak(actor, session),
    )


def sitemap_paths() -> list[str]:
    """Pages of public sessions that show something, the newest first; one query."""
    rows = published_lives().filter(~Q(state=LiveState.ENDED) | Q(replay=Replay.PUBLISHED))
    return [row_of(row).url for row in rows[:5_000]]
