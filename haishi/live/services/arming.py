"""Bringing engines up to date. Network calls stand outside of transactions; marks inside."""

import datetime as dt

import structlog
from django.db.models import F, Q

from haishi.foundation import clock
from haishi.foundation.service import inside_service, service
from haishi.live import policies
from haishi.live.engines import ENGINES, Unreachable, Unwilling, engine_of
from haishi.live.engines.base import Engine
from haishi.live.models import LiveSession
from haishi.live.services import reports
from haishi.live.services.gear import wire_session
from haishi.live.states import OPEN, OVER, LiveState

log = structlog.get_logger("haishi.live")
# After a failure the next try waits so long.
PAUSE = dt.timedelta(seconds=5)
BATCH = 50


def arm_due(now: dt.datetime) -> int:
    """Arm sessions whose time has come or whose gear changed, disarm those that are over."""
    window = Q(state__in=OPEN, starts_at__lte=now + policies.EARLY)
    rows = LiveSession.objects.filter(Q(tried_at=None) | Q(tried_at__lte=now - PAUSE))
    stale = rows.filter(window).exclude(armed_gear=F("gear"))
    done = sum(arm(pk) for pk in list(stale.values_list("pk", flat=True)[:BATCH]))
    closed = rows.filter(~Q(armed_gear=0), state__in=(LiveState.DRAFT, *OVER))
    return done + sum(disarm(pk) for pk in list(closed.values_list("pk", flat=True)[:BATCH]))


def arm(live_id: int) -> bool:
    """Hand a session to its engine; whether it took it."""
    assert not inside_service(), "no network inside a transaction"
    session = LiveSession.objects.get(pk=live_id)
    gear = session.gear
    try:
        engine_of(session.engine).arm(wire_session(session))
    except (Unreachable, Unwilling, KeyError) as error:
        _failed(live_id, error)
        return False
    _armed(live_id, gear)
    return True


def disarm(live_id: int) -> bool:
    """Take a session from its engine for good; whether it did."""
    assert not inside_service(), "no network inside a transaction"
    session = LiveSession.objects.get(pk=live_id)
    try:
        engine = engine_of(session.engine)
        if session.state == LiveState.ENDED:
            _ended(session.public_id, engine)
            _take_in(session, engine)
        engine.disarm(session.public_id)
    except (Unreachable, Unwilling, KeyError) as error:
        _failed(live_id, error)
        return False
    _armed(live_id, 0)
    return True


def _take_in(session: LiveSession, engine: Engine) -> None:
    """What an engine that was killed had recorded before, nothing else tells soon."""
    if not session.record or session.opened_at is None:
        return
    try:
        files = engine.recordings(session.public_id)
    except (Unreachable, Unwilling) as error:  # they are asked for again within a minute
        log.info("live.recordings", session=session.public_id, error=type(error).__name__)
        return
    reports.note_recordings(session.pk, list(files))


def _ended(public_id: str, engine: object) -> None:
    try:
        engine.end(public_id)  # type: ignore[attr-defined]
    except Unwilling as error:  # it ended by itself before
        log.info("live.end_refused", session=public_id, reason=str(error))


@service
def _armed(live_id: int, gear: int) -> None:
    rows = LiveSession.objects.filter(pk=live_id)
    rows.update(armed_gear=gear, engine_error="", tried_at=None)


@service
def _failed(live_id: int, error: Exception) -> None:
    code = "unreachable" if isinstance(error, Unreachable) else "refused"
    # The message may repeat what was sent, which holds keys: only its kind is kept.
    log.warning("live.engine", session=live_id, error=code)
    LiveSession.objects.filter(pk=live_id).update(engine_error=code, tried_at=clock.now())


@service
def lost(engine: str, known: set[str]) -> int:
    """Sessions that their engine does not know any more are handed over again."""
    assert engine in ENGINES
    rows = LiveSession.objects.filter(engine=engine, state__in=OPEN).exclude(armed_gear=0)
    return rows.exclude(public_id__in=known).update(armed_gear=0, tried_at=None)
