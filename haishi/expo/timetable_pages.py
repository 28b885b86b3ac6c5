"""What the programme's editor shows: the draft by day, what is open, what clashes."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from haishi.expo import clashes, selectors
from haishi.expo.models import Edition
from haishi.expo.states import SessionState
from haishi.foundation import clock
from haishi.foundation.wording import day, day_and_time


@dataclass(frozen=True)
class Problem:
    """A clash in words, with the sessions it is about and where the later one would fit."""

    text: str
    sessions: list[Any]
    free: str


@dataclass(frozen=True)
class Draft:
    """The draft schedule."""

    days: list[tuple[str, list[Any]]]
    open: list[Any]
    problems: list[Problem]
    changes: int
    versions: list[Any]


def draft(edition: Edition) -> Draft:
    """Everything the editor's page shows."""
    sessions = list(selectors.draft_sessions(edition))
    days: dict[str, list[Any]] = {}
    for session in sessions:
        if session.starts_at and session.stage_id:
            days.setdefault(day(session.starts_at, edition.time_zone), []).append(session)
    return Draft(
        days=list(days.items()),
        open=[s for s in sessions if not s.starts_at and s.state != SessionState.CANCELLED],
        problems=_problems(edition, {session.pk: session for session in sessions}),
        changes=len(selectors.draft_changes(edition)),
        versions=selectors.versions_of(edition)[:5],
    )


def clashes_of(edition: Edition, session_id: int) -> list[Problem]:
    """The clashes of one session."""
    rows = {session.pk: session for session in selectors.draft_sessions(edition)}
    wanted = rows.get(session_id)
    return [problem for problem in _problems(edition, rows) if wanted in problem.sessions]


def _problems(edition: Edition, rows: dict[int, Any]) -> list[Problem]:
    words = {
        clashes.STAGE: _("同一场地时间重叠"),
        clashes.SPEAKER: _("同一位嘉宾同时在两处"),
        clashes.OUTSIDE: _("超出展会时间"),
    }
    problems = []
    for clash in selectors.draft_clashes(edition):
        ids = [pk for pk in (clash.session_id, clash.other_id) if pk is not None]
        late = rows[ids[-1]]
        problems.append(
            Problem(words[clash.kind], [rows[pk] for pk in ids], _free(edition, late, rows))
        )
    return problems


def _free(edition: Edition, late: Any, rows: dict[int, Any]) -> str:
    """The next free time of the later session's stage, in words; "" when the day is full."""
    taken = [
        (row.starts_at, row.ends_at)
        for row in rows.values()
        if row.stage_id == late.stage_id and row.pk != late.pk and row.starts_at
    ]
    start = clock.local(late.starts_at, edition.time_zone)
    midnight = start.replace(hour=0, minute=0) + dt.timedelta(days=1)
    found = clashes.next_free(
        taken, late.ends_at - late.starts_at, max(late.starts_at, edition.opens_at), midnight
    )
    return day_and_time(found, edition.time_zone) if found else ""
