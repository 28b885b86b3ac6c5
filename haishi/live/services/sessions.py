"""A live session on its way: planned, announced, on air, over."""

import datetime as dt
import secrets
from typing import Any

from haishi.expo import selectors as expo
from haishi.expo.states import ExhibitorState
from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.live import policies, selectors
from haishi.live.engines import default_engine
from haishi.live.errors import (
    BoothNotApproved,
    InThePast,
    LiveIsOver,
    NoSignal,
    PosterGone,
    ProgrammeElsewhere,
    SubjectElsewhere,
    TooEarly,
    TooLong,
    TooManyLives,
)
from haishi.live.events import LiveAnnounced, LiveCancelled, LiveEnded, LiveMoved, LiveStarted
from haishi.live.models import Camera, LiveSession, Lottery, Pin, Poll, Target
from haishi.live.services.lotteries import draw_lottery
from haishi.live.services.polls import close_poll
from haishi.live.services.reservations import end_reservations, moved
from haishi.live.states import (
    LIVE,
    LOTTERY,
    ON_AIR,
    OVER,
    Ending,
    LiveState,
    LotteryState,
    PollState,
    Replay,
    TargetState,
)
from haishi.live.telling import tell
from haishi.media import selectors as media
from wire.live import hash_key

# Changes of these reach the engine.
GEAR = {"title", "starts_at", "ends_at", "record", "srt", "delay_seconds"}


def new_key() -> str:
    """32 random letters and digits: the stream key of a camera."""
    return secrets.token_hex(16)


@service
def draft(
    actor: Actor, edition_id: int, exhibitor_id: int | None, *, subject: str = "", **fields: Any
) -> LiveSession:
    """A session of a booth, or (`exhibitor_id` None) of the organiser, with one camera.

    `fields`: columns of LiveSession; `subject`: "launch:5" or "". Raises NotFound, Forbidden,
    TooManyLives, TooLong, InThePast, ProgrammeElsewhere, SubjectElsewhere, PosterGone.
    """
    edition = expo.get_edition_by_id(actor, edition_id)
    exhibitor = expo.lock_exhibitor(actor, exhibitor_id) if exhibitor_id else None
    if not policies.can_start(actor, edition, exhibitor):
        raise Forbidden
    if selectors.open_lives(edition.pk, exhibitor_id) >= policies.MOST_LIVES:
        raise TooManyLives(most=policies.MOST_LIVES)
    session = LiveSession(
        edition=edition,
        exhibitor=exhibitor,
        created_by_id=actor.pk,
        engine=default_engine(),
        **fields,
    )
    _set_subject(session, subject)
    _check(session, fields)
    session.save()
    Camera.objects.create(
        session=session, number=1, label="主机位", label_en="Main", key_hash=hash_key(new_key())
    )
    audit.record(actor, "live.drafted", session)
    return session


@service
def edit(
    actor: Actor, live_id: int, seen: int, *, subject: str | None = None, **changes: Any
) -> LiveSession:
    """Change what is not over; absent fields stay.

    Raises NotFound, Forbidden, LiveIsOver, Stale and what `draft` raises.
    """
    session = selectors.lock_for_host(actor, live_id)
    if policies.is_over(session):
        raise LiveIsOver
    if subject is not None:
        wanted = LiveSession(exhibitor=session.exhibitor)
        _set_subject(wanted, subject)
        changes |= {"subject_kind": wanted.subject_kind, "subject_id": wanted.subject_id}
    after = LiveSession(
        edition=session.edition,
        exhibitor=session.exhibitor,
        starts_at=changes.get("starts_at", session.starts_at),
        ends_at=changes.get("ends_at", session.ends_at),
    )
    _check(after, changes)
    names = audit.save_edited(actor, "live.edited", session, seen, **changes)
    if GEAR & {*names}:
        touch_gear(session)
    if "starts_at" in names:
        moved(session)
    if {"starts_at", "ends_at", "title"} & {*names} and policies.is_public(session):
        publish(LiveMoved(session.pk, restarts="starts_at" in names))
    return session


def _set_subject(session: LiveSession, subject: str) -> None:
    if not subject:
        session.subject_kind, session.subject_id = "", None
        return
    if subject not in {value for value, _words in selectors.offered_subjects(session.exhibitor)}:
        raise SubjectElsewhere
    kind, _colon, number = subject.partition(":")
    session.subject_kind, session.subject_id = kind, int(number)


def _check(session: LiveSession, fields: dict[str, Any]) -> None:
    hours = policies.MOST_HOURS if session.exhibitor else policies.MOST_HOURS_ORGANISER
    if session.ends_at - session.starts_at > dt.timedelta(hours=hours):
        raise TooLong(hours=hours)
    if "ends_at" in fields and session.ends_at <= clock.now():
        raise InThePast
    if programme_id := fields.get("programme_id"):
        known = selectors.programme_sessions(session.edition, session.exhibitor)
        if programme_id not in {pk for pk, _words in known}:
            raise ProgrammeElsewhere
    poster = fields.get("poster_asset_id")
    if poster and not media.belong_to(_owner(session), [poster]):
        raise PosterGone


def _owner(session: LiveSession) -> int:
    return selectors.organisation_of(session)


def touch_gear(session: LiveSession) -> None:
    """The engine has to be told anew."""
    session.gear += 1
    session.engine_error, session.tried_at = "", None
    session.save(update_fields=["gear", "engine_error", "tried_at", "updated_at"])


@service
def announce(actor: Actor, live_id: int) -> LiveSession:
    """Make it public. Raises NotFound, Forbidden, BoothNotApproved, InThePast, Conflict."""
    session = selectors.lock_for_host(actor, live_id)
    if session.exhibitor and session.exhibitor.state != ExhibitorState.APPROVED:
        raise BoothNotApproved
    if session.ends_at <= clock.now():
        raise InThePast
    _move(actor, session, "announce")
    publish(LiveAnnounced(_owner(session), session.pk))
    return session


@service
def withdraw(actor: Actor, live_id: int) -> LiveSession:
    """Back to a draft; who reserved is told. Raises NotFound, Forbidden, Conflict."""
    session = selectors.lock_for_host(actor, live_id)
    _move(actor, session, "withdraw")
    moved(session)
    publish(LiveMoved(session.pk, restarts=True))
    return session


@service
def cancel(actor: Actor, live_id: int) -> LiveSession:
    """It will not take place; its keys die, who reserved is told.

    Raises NotFound, Forbidden, Conflict.
    """
    session = selectors.lock_for_host(actor, live_id)
    public = policies.is_public(session)
    _move(actor, session, "cancel")
    end_reservations(session, aired=False)
    if public:
        publish(LiveCancelled(_owner(session), session.pk))
    return session


def _move(actor: Actor, session: LiveSession, action: str, *fields: str) -> None:
    before, session.state = session.state, LIVE.after(session.state, action)
    session.version += 1
    session.save(update_fields=["state", "version", "updated_at", *fields])
    audit.record(
        actor,
        f"live.{action}",
        session,
        before={"state": before},
        after={"state": session.state},
    )


@service
def open_doors(actor: Actor, live_id: int) -> LiveSession:
    """Let visitors see the programme before the planned time.

    Raises NotFound, Forbidden, NotAnnounced (Conflict), TooEarly, NoSignal.
    """
    session = selectors.lock_for_host(actor, live_id)
    if session.starts_at - policies.EARLY > clock.now():
        raise TooEarly(hours=int(policies.EARLY.total_seconds() // 3600))
    if session.state != LiveState.CONNECTING or session.began_at is None:
        raise NoSignal
    begin(session, LiveState.LIVE)
    audit.record(actor, "live.opened", session)
    return session


def begin(session: LiveSession, state: str) -> None:
    """A locked session goes on air for visitors."""
    session.opened_at = clock.now()
    session.state = state
    session.version += 1
    session.save(update_fields=["opened_at", "state", "version", "updated_at"])
    tell(session, "state", {"state": state}, session.opened_at)
    publish(LiveStarted(_owner(session), session.pk))


@service
def end(actor: Actor, live_id: int) -> LiveSession:
    """End it for good, by its host or the organiser. Raises NotFound, Forbidden, Conflict."""
    session = selectors.lock_for_stop(actor, live_id)
    LIVE.after(session.state, "end")
    ending = Ending.HOST if policies.can_host(actor, session) else Ending.ORGANISER
    finish(session, ending)
    audit.record(actor, "live.end", session, ending=ending)
    return session


def finish(session: LiveSession, ending: str, at: dt.datetime | None = None) -> None:
    """A locked session is over: what runs in it ends, its keys die, the engine will be told."""
    if session.state in OVER:
        return
    now = at or clock.now()
    aired = session.state in ON_AIR
    session.state, session.ended_at, session.ending = LiveState.ENDED, now, ending
    session.viewers, session.source = 0, 0
    if session.record and session.opened_at:
        session.replay = Replay.READY
    session.version += 1
    session.save()
    Camera.objects.filter(session=session).update(
        state=LiveState.SCHEDULED, kbps=0, warnings=[], srt_port=0
    )
    Target.objects.filter(session=session).update(state=TargetState.OFF, reason="", kbps=0)
    end_reservations(session, aired=session.opened_at is not None)
    Pin.objects.filter(session=session, until=None).update(until=now)
    for poll in Poll.objects.filter(session=session, state=PollState.OPEN):
        close_poll(session, poll)
    for lottery in Lottery.objects.filter(session=session, state=LotteryState.OPEN):
        draw_lottery(session, lottery)
    Lottery.objects.filter(session=session, state=LotteryState.DRAFT).update(
        state=LOTTERY.after(LotteryState.DRAFT, "cancel")
    )
    if aired:
        tell(session, "state", {"state": LiveState.ENDED.value}, now)
    publish(LiveEnded(_owner(session), session.pk, ending))


@service
def end_of_exhibitor(exhibitor_id: int) -> int:
    """A booth that is suspended goes off the air; returns how many sessions ended.

    What is planned stays, hidden, until the booth is reinstated or its time is over.
    """
    rows = LiveSession.objects.select_for_update().filter(
        exhibitor=exhibitor_id, state__in=(LiveState.CONNECTING, *ON_AIR)
    )
    running = list(rows.order_by("pk"))
    for session in running:
        finish(session, Ending.ORGANISER)
        audit.record(SYSTEM, "live.end", session, ending=Ending.ORGANISER)
    return len(running)
