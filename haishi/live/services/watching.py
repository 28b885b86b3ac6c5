"""What the worker's loops do with engines: ask how sessions do, keep and delete recordings.

The engine is always asked outside of a transaction.
"""

import datetime as dt

import structlog

from haishi.foundation.service import inside_service, service
from haishi.live import selectors
from haishi.live.engines import Unreachable, Unwilling, engine_of
from haishi.live.models import LiveSession, Poll
from haishi.live.services import records, reports
from haishi.live.services.arming import lost
from haishi.live.services.polls import tally_content
from haishi.live.states import OPEN, LiveState, PollState
from haishi.live.telling import tell

log = structlog.get_logger("haishi.live")


def poll() -> int:
    """Ask every engine with armed sessions for their status; returns how many answered for."""
    assert not inside_service(), "no network inside a transaction"
    rows = LiveSession.objects.filter(state__in=OPEN).exclude(armed_gear=0).order_by()
    done = 0
    for name in rows.values_list("engine", flat=True).distinct():
        try:
            found = engine_of(name).status()
        except (Unreachable, Unwilling, KeyError) as error:
            log.warning("live.poll", engine=name, error=type(error).__name__)
            continue
        done += sum(reports.apply(status, name) for status in found)
        # Engines that ask the house about everybody know a session by its publishers alone.
        if engine_of(name).cuts:
            lost(name, {status.id for status in found})
    return done


def take_in_recordings(now: dt.datetime) -> int:
    """Learn what engines kept of sessions that ended in the last hour; how many were asked."""
    assert not inside_service(), "no network inside a transaction"
    rows = LiveSession.objects.filter(
        state=LiveState.ENDED, record=True, ended_at__gt=now - dt.timedelta(hours=1)
    ).exclude(opened_at=None)
    done = 0
    for pk, name, public_id in rows.values_list("pk", "engine", "public_id")[:50]:
        try:
            files = engine_of(name).recordings(public_id)
        except (Unreachable, Unwilling, KeyError):
            continue
        done += 1 if reports.note_recordings(pk, list(files)) else 0
    return done


def delete_old(now: dt.datetime) -> int:
    """Delete recordings whose time is over; returns of how many sessions."""
    assert not inside_service(), "no network inside a transaction"
    done = 0
    for pk, name, public_id in records.to_delete(now):
        try:
            engine_of(name).erase(public_id)
        except (Unreachable, Unwilling, KeyError) as error:
            log.warning("live.erase", session=public_id, error=type(error).__name__)
            continue
        records.mark_deleted(pk)
        done += 1
    return done


def tally() -> int:
    """Say how open polls stand where votes were added; returns for how many."""
    polls = Poll.objects.filter(state=PollState.OPEN).values_list("pk", "session_id")
    return sum(_tally(poll, session) for poll, session in polls[:50])


@service
def _tally(poll_id: int, live_id: int) -> int:
    session = LiveSession.objects.get(pk=live_id)
    votes = selectors.tallied([poll_id])[poll_id]
    content = tally_content(poll_id, votes)
    last = session.moments.filter(kind="tally", content__poll=poll_id).order_by("-id").first()
    said = last.content["total"] if last else 0
    if content["total"] == said:
        return 0
    tell(session, "tally", content)
    return 1
