"""What was said while a recording was made, at its second."""

import datetime as dt
from typing import Any

from haishi.foundation.errors import NotFound
from haishi.foundation.types import Actor
from haishi.live.selectors.core import get_live
from haishi.live.selectors.playback import may_replay
from haishi.live.selectors.replays import recorded
from haishi.rooms import selectors as rooms

__all__ = ["said_in_replay"]
MOST_LINES = 3_000


def said_in_replay(
    actor: Actor, public_id: str, first: int, last: int
) -> tuple[list[dict[str, Any]], float]:
    """(lines of the seconds [first, last) of a replay, its whole length in seconds).

    A line: {seconds, name, text, style, colour, role}. What was said between two parts of the
    recording is at the beginning of the next, as `second_of` has it. Raises NotFound.
    """
    session = get_live(actor, public_id)
    parts = recorded(session)
    if not may_replay(session, actor) or not parts:
        raise NotFound
    found: list[dict[str, Any]] = []
    offset, ended = 0.0, parts[0].started_at
    for part in parts:
        begin, end = max(first - offset, 0.0), min(last - offset, part.seconds)
        if begin < end:
            since, until = (part.started_at + dt.timedelta(seconds=each) for each in (begin, end))
            # A part that is seen from its beginning brings what was said since the one before it.
            since = since if begin else min(since, ended)
            found += _said(session.room, since, until, part.started_at, offset)
        offset += part.seconds
        ended = part.started_at + dt.timedelta(seconds=part.seconds)
    return found[:MOST_LINES], offset


def _said(
    room: str, since: dt.datetime, until: dt.datetime, started_at: dt.datetime, offset: float
) -> list[dict[str, Any]]:
    rows = rooms.said(room).filter(at__gte=since, at__lt=until).order_by("at", "id")
    return [
        {
            "seconds": round(offset + max(0.0, (row.at - started_at).total_seconds()), 3),
            "name": row.name,
            "text": row.text,
            "style": row.style,
            "colour": row.colour,
            "role": row.role,
        }
        for row in rows[:MOST_LINES]
    ]
