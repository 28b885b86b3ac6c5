"""What remains of a session: its recording with everything at its second, captions, the report."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from haishi.foundation.errors import NotFound
from haishi.foundation.types import Actor
from haishi.live import captions, policies
from haishi.live.models import Caption, Chapter, LiveSession, Recording
from haishi.live.selectors.core import get_live
from haishi.live.selectors.playback import may_replay, recordings_of
from haishi.live.selectors.shown import firm_url, row_of
from haishi.live.selectors.stage import moments_of, shelf_of
from haishi.live.selectors.walks import route_of
from haishi.live.states import RecordingState
from haishi.live.types import MomentShown, RecordingShown, ReplayPage

__all__ = [
    "caption_languages",
    "captions_file",
    "chapters_of",
    "recorded",
    "replay_page",
    "second_of",
]


def second_of(parts: Sequence[Any], at: dt.datetime) -> float | None:
    """The second of the replay that shows `at`; None after its end.

    What happened before a part, or between two, is at the beginning of the next.
    """
    offset: float = 0.0
    for part in parts:
        since = float((at - part.started_at).total_seconds())
        if since < part.seconds:
            return round(offset + max(0.0, since), 3)
        offset += float(part.seconds)
    return None


def recorded(session: LiveSession) -> list[Recording]:
    """Parts of the recording that are there, in order."""
    rows = Recording.objects.filter(session=session).exclude(state=RecordingState.DELETED)
    return list(rows)


def chapters_of(session: LiveSession) -> list[Chapter]:
    """In order."""
    return list(Chapter.objects.filter(session=session))


def caption_languages(session: LiveSession) -> list[str]:
    """Languages in which there are captions."""
    rows = Caption.objects.filter(session=session).order_by("language")
    return list(rows.values_list("language", flat=True).distinct())


def captions_file(actor: Actor, public_id: str, language: str) -> str:
    """WebVTT of the replay. Raises NotFound."""
    session = get_live(actor, public_id)
    rows = Caption.objects.filter(session=session, language=language).order_by("at", "pk")
    if not may_replay(session, actor) or not rows.exists():
        raise NotFound
    parts = recorded(session)
    cues = []
    for row in rows:
        start = second_of(parts, row.at)
        if start is not None:
            cues.append((start, start + (row.until - row.at).total_seconds(), row.text))
    return captions.write(cues)


def replay_page(actor: Actor, public_id: str, viewer: str, host: str) -> ReplayPage:
    """A recording for who may watch it. Raises NotFound."""
    session = get_live(actor, public_id)
    parts: list[RecordingShown] = recordings_of(session, viewer, host)
    if not may_replay(session, actor) or not parts:
        raise NotFound
    return ReplayPage(
        row=row_of(session),
        session=session,
        firm_url=firm_url(session),
        recordings=parts,
        seconds=sum(part.seconds for part in parts),
        moments=_moments(session, parts),
        chapters=_chapters(session, parts),
        shelf=shelf_of(session),
        captions=caption_languages(session),
        route=route_of(session),
        hosts=policies.can_host(actor, session),
        until=session.keep_until,
    )


def _moments(session: LiveSession, parts: Sequence[RecordingShown]) -> list[MomentShown]:
    placed = [(second_of(parts, row.at), row) for row in moments_of(session)]
    return [
        MomentShown(row.at, row.kind, row.content, second)
        for second, row in placed
        if second is not None
    ]


def _chapters(session: LiveSession, parts: Sequence[RecordingShown]) -> list[Any]:
    placed = [(second_of(parts, row.at), row.words) for row in chapters_of(session)]
    return [(second, words) for second, words in placed if second is not None]
