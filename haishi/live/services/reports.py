"""What engines say: events that come once, twice or never, and the status that is asked.

Both end in `apply`, which moves a session to what holds at the engine. What was said earlier than
what is known already (`since`) changes nothing, so the order of arrival does not matter.
"""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from haishi.foundation import clock
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.live import selectors
from haishi.live.events import SignalRefused
from haishi.live.models import (
    Camera,
    EngineEvent,
    LiveSession,
    MinuteFigure,
    Recording,
    Target,
)
from haishi.live.policies import LATE
from haishi.live.services.records import keep_until
from haishi.live.services.sessions import begin, finish
from haishi.live.states import (
    ON_AIR,
    OPEN,
    OVER,
    REPORTED,
    Ending,
    LiveState,
    RecordingState,
    Replay,
)
from haishi.live.telling import tell
from wire.live import CameraStatus, Event, Status, TargetStatus

# A status older than this says nothing about viewers for the minute.
POLL_SECONDS = 5
_STATES = ("connecting", "live", "degraded", "gone", "ended")


def instant(seconds: float) -> dt.datetime:
    """The UTC instant of seconds since 1970."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


@service
def hear(engine: str, event: Event) -> bool:
    """Take one event; returns whether it was new."""
    session = LiveSession.objects.select_for_update().filter(public_id=event.session).first()
    row = EngineEvent(
        engine=engine,
        number=event.number,
        session=session,
        kind=event.kind,
        at=instant(event.at),
        camera=event.camera,
        code=event.code[:40],
        name=event.name[:120],
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return False
    if session is None:
        return True
    if event.kind in _STATES and event.camera == 0:
        move(session, event.kind, instant(event.at), event.code)
    elif event.kind == "recording":
        _recorded(session, event)
    elif event.kind == "refused":
        publish(SignalRefused(session.pk, event.camera, row.code))
    return True


def move(session: LiveSession, said: str, since: dt.datetime, code: str = "") -> None:
    """A locked session goes where the engine says, unless something later is known."""
    if session.state in OVER or session.state == LiveState.DRAFT:
        return
    if session.since is not None and since < session.since:
        return
    session.since = since
    state = REPORTED[said]
    if state == LiveState.ENDED and session.opened_at is None and session.ends_at > clock.now():
        # A rehearsal is over; the engine is asked to let its cameras in again.
        session.state, session.began_at, session.armed_gear = LiveState.SCHEDULED, None, 0
        session.save(update_fields=["since", "state", "began_at", "armed_gear", "updated_at"])
        return
    if state == LiveState.ENDED:
        session.save(update_fields=["since", "updated_at"])
        finish(session, Ending.TIME if code == "time" else Ending.SIGNAL, since)
        return
    if state == LiveState.LIVE and session.began_at is None:
        session.began_at = since
    session.save(update_fields=["since", "began_at", "updated_at"])
    _shown(session, state)


def _shown(session: LiveSession, state: LiveState) -> None:
    """What visitors are told: before the doors open, a programme is only the host's."""
    if session.opened_at is None and state in ON_AIR:
        if session.starts_at <= clock.now() and state != LiveState.GONE:
            begin(session, state)
            return
        state = LiveState.CONNECTING
    if session.opened_at is not None and state not in ON_AIR:
        state = LiveState.GONE  # on air once, it is only interrupted
    if session.state == state:
        return
    session.state = state
    session.version += 1
    session.save(update_fields=["state", "version", "updated_at"])
    if state in ON_AIR:
        tell(session, "state", {"state": state.value})


def _recorded(session: LiveSession, event: Event) -> None:
    full = event.code in ("disk_full", "disk_error")
    state = RecordingState.DISK_FULL if full else RecordingState.FINISHED
    if full:
        session.recording_error = event.code
        session.save(update_fields=["recording_error", "updated_at"])
    if event.name:
        started = instant(event.at - event.seconds)
        Recording.objects.update_or_create(
            session=session,
            name=event.name,
            defaults={"state": state, "seconds": event.seconds, "started_at": started},
        )
        keep(session)


def keep(session: LiveSession) -> None:
    """A session with a recording has a replay to publish, until its time is over."""
    ended = session.ended_at or clock.now()
    session.keep_until = keep_until(ended)
    if session.state == LiveState.ENDED and session.replay == Replay.NONE and session.opened_at:
        session.replay = Replay.READY
    session.save(update_fields=["keep_until", "replay", "updated_at"])


@service
def apply(status: Status, engine: str, seconds: int = POLL_SECONDS) -> bool:
    """Take a session's status; `seconds` since the one before. Whether we know the session."""
    rows = LiveSession.objects.select_for_update().filter(engine=engine)
    session = rows.filter(public_id=status.id).first()
    if session is None:
        return False
    if session.state not in OPEN:
        return True
    now = clock.now()
    session.seen_at = now
    if status.began_at:
        session.began_at = instant(status.began_at)
    session.viewers = status.viewers if session.opened_at else 0
    session.peak_viewers = max(session.peak_viewers, session.viewers)
    session.recording_error = status.recording_error[:40]
    changed = session.source != status.source
    session.source = status.source
    if session.state in ON_AIR:
        session.watch_seconds += session.viewers * seconds
        _count(session, now, seconds)
    session.save()
    for camera in status.cameras:
        _camera(session, camera)
    for target in status.targets:
        _target(session, target)
    move(session, status.state, instant(status.since) if status.since else now)
    if changed and session.state in ON_AIR:
        _told_source(session)
    return True


def _told_source(session: LiveSession) -> None:
    camera = Camera.objects.filter(session=session, number=session.source).first()
    label, english = (camera.label, camera.label_en) if camera else ("", "")
    tell(session, "source", {"camera": session.source, "label": label, "label_en": english})


def _count(session: LiveSession, now: dt.datetime, seconds: int) -> None:
    minute = now.replace(second=0, microsecond=0)
    row, fresh = MinuteFigure.objects.get_or_create(
        session=session,
        minute=minute,
        defaults={
            "viewers": session.viewers,
            "watch_seconds": session.viewers * seconds,
        },
    )
    if not fresh:
        MinuteFigure.objects.filter(pk=row.pk).update(
            viewers=Greatest(F("viewers"), session.viewers),
            watch_seconds=F("watch_seconds") + session.viewers * seconds,
        )


def _camera(session: LiveSession, status: CameraStatus) -> None:
    values: dict[str, Any] = {
        "state": REPORTED[status.state],
        "since": instant(status.since) if status.since else None,
        "protocol": status.protocol[:10],
        "width": min(status.width, 32_767),
        "height": min(status.height, 32_767),
        "fps": status.fps,
        "kbps": status.kbps,
        "gop": status.gop,
        "audio": status.audio,
        "warnings": [code[:20] for code in status.warnings],
        "srt_port": status.srt_port if 0 < status.srt_port < 65_536 else 0,
    }
    Camera.objects.filter(session=session, number=status.number).update(**values)


def _target(session: LiveSession, status: TargetStatus) -> None:
    Target.objects.filter(session=session, public_id=status.id).update(
        state=status.state,
        reason=status.reason[:20],
        since=instant(status.since) if status.since else None,
        kbps=status.kbps,
    )


@service
def note_recordings(live_id: int, files: list[Any]) -> int:
    """What the engine kept, for reports that were lost; returns how many parts."""
    session = LiveSession.objects.select_for_update().get(pk=live_id)
    for file in files:
        state = RecordingState.GROWING if file.growing else RecordingState.FINISHED
        Recording.objects.update_or_create(
            session=session,
            name=file.name,
            defaults={
                "state": state,
                "seconds": file.seconds,
                "started_at": instant(file.started_at),
            },
        )
    if files:
        keep(session)
    return len(files)


@service
def end_overdue(now: dt.datetime) -> int:
    """End what was never begun two hours after its start, and what runs two hours past its end."""
    rows = LiveSession.objects.select_for_update(skip_locked=True).filter(state__in=OPEN)
    never = rows.filter(opened_at=None, starts_at__lte=now - LATE)
    over = rows.filter(ends_at__lte=now - LATE)
    done = 0
    for due, ending in ((never, Ending.NEVER), (over, Ending.TIME)):
        for session in list(due.order_by("starts_at")[:50]):
            finish(session, ending, now)
            done += 1
    return done


@service
def open_due(now: dt.datetime) -> int:
    """Sessions with a signal whose time has come go on air; returns how many."""
    rows = LiveSession.objects.select_for_update(skip_locked=True).filter(
        state=LiveState.CONNECTING, opened_at=None, starts_at__lte=now, began_at__isnull=False
    )
    due = [row for row in rows[:50] if _has_signal(row)]
    for session in due:
        begin(session, LiveState.LIVE)
    return len(due)


def _has_signal(session: LiveSession) -> bool:
    shown = (LiveState.LIVE, LiveState.DEGRADED)
    return any(camera.state in shown for camera in selectors.cameras_of(session))


@service
def sweep(now: dt.datetime) -> int:
    """Forget events that came a month ago; returns how many."""
    rows = EngineEvent.objects.filter(received_at__lte=now - dt.timedelta(days=30))
    return rows.delete()[0]
