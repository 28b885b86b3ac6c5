"""What remains: captions and chapters, and the replay that is published, withdrawn, deleted."""

import datetime as dt

from django.conf import settings

from haishi.foundation import audit, clock
from haishi.foundation.errors import NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.live import captions, policies, selectors
from haishi.live.errors import (
    LiveNotOver,
    NoRecording,
    NotOnAir,
    OutsideRecording,
    TooManyChapters,
)
from haishi.live.events import ReplayPublished, ReplayWithdrawn
from haishi.live.models import Caption, Chapter, LiveSession, Recording
from haishi.live.states import REPLAY, LiveState, RecordingState, Replay
from haishi.live.telling import stamp, tell

SHOWN_SECONDS = 6


@service
def say_caption(actor: Actor, live_id: int, *, text: str, language: str = "zh-hans") -> Caption:
    """A line typed while on air: shown for `SHOWN_SECONDS`, or until the next.

    Raises NotFound, Forbidden, NotOnAir.
    """
    session = selectors.lock_for_speaker(actor, live_id)
    if not session.on_air:
        raise NotOnAir
    now = clock.now()
    before = Caption.objects.filter(session=session, language=language, until__gt=now, at__lt=now)
    before.update(until=now)
    until = now + dt.timedelta(seconds=SHOWN_SECONDS)
    row = Caption.objects.create(
        session=session, language=language, at=now, until=until, text=text[: captions.MOST_TEXT]
    )
    tell(session, "caption", {"language": language, "text": row.text, "until": stamp(until)}, now)
    return row


@service
def upload_captions(actor: Actor, live_id: int, *, content: bytes, language: str) -> int:
    """Replace the captions of a language by a WebVTT file; returns how many cues.

    Times count in the replay, as a player shows it. Raises NotFound, Forbidden, LiveNotOver,
    NoRecording, BadCaptions, OutsideRecording.
    """
    session = selectors.lock_for_host(actor, live_id)
    parts = _parts(session)
    cues = captions.read(content)
    rows = []
    for start, end, text in cues:
        at = _instant(parts, start)
        if at is None:
            raise OutsideRecording(field="file")
        until = at + dt.timedelta(seconds=end - start)
        rows.append(Caption(session=session, language=language, at=at, until=until, text=text))
    Caption.objects.filter(session=session, language=language).delete()
    Caption.objects.bulk_create(rows, batch_size=1_000)
    audit.record(actor, "live.captions", session, language=language, cues=len(rows))
    return len(rows)


def _parts(session: LiveSession) -> list[Recording]:
    if not policies.is_over(session):
        raise LiveNotOver
    parts = selectors.recorded(session)
    if not parts:
        raise NoRecording
    return parts


def _instant(parts: list[Recording], second: float) -> dt.datetime | None:
    """When a second of the replay was; None after its end."""
    for part in parts:
        if second < part.seconds:
            return part.started_at + dt.timedelta(seconds=second)
        second -= part.seconds
    return None


@service
def add_chapter(
    actor: Actor, live_id: int, *, title: str, title_en: str = "", second: float | None = None
) -> Chapter:
    """A chapter at a second of the replay, or, while on air (`second` None), from now on.

    Raises NotFound, Forbidden, NotOnAir, LiveNotOver, NoRecording, OutsideRecording,
    TooManyChapters.
    """
    session = selectors.lock_for_host(actor, live_id)
    if len(selectors.chapters_of(session)) >= policies.MOST_CHAPTERS:
        raise TooManyChapters(most=policies.MOST_CHAPTERS)
    at = clock.now()
    if second is not None:
        found = _instant(_parts(session), second)
        if found is None:
            raise OutsideRecording(field="second")
        at = found
    elif not session.on_air:
        raise NotOnAir
    row, fresh = Chapter.objects.update_or_create(
        session=session, at=at, defaults={"title": title, "title_en": title_en}
    )
    audit.record(actor, "live.chapter", session, title=title)
    if second is None and fresh:
        tell(session, "chapter", {"title": title, "title_en": title_en}, at)
    return row


@service
def remove_chapter(actor: Actor, live_id: int, chapter_id: int) -> None:
    """Raises NotFound, Forbidden."""
    session = selectors.lock_for_host(actor, live_id)
    row = Chapter.objects.filter(session=session, pk=chapter_id).first()
    if row is None:
        raise NotFound
    audit.record(actor, "live.chapter_removed", session, title=row.title)
    row.delete()


@service
def publish_replay(actor: Actor, live_id: int) -> LiveSession:
    """Let everybody watch the recording. Raises NotFound, Forbidden, NoRecording, Conflict."""
    session = selectors.lock_for_host(actor, live_id)
    if session.state == LiveState.ENDED and not selectors.recorded(session):
        raise NoRecording
    _turn(actor, session, "publish")
    publish(ReplayPublished(selectors.organisation_of(session), session.pk))
    return session


@service
def withdraw_replay(actor: Actor, live_id: int) -> LiveSession:
    """Show it no more; by its host or the organiser. Raises NotFound, Forbidden, Conflict."""
    session = selectors.lock_for_stop(actor, live_id)
    _turn(actor, session, "withdraw")
    publish(ReplayWithdrawn(session.pk))
    return session


def _turn(actor: Actor, session: LiveSession, action: str) -> None:
    session.replay = REPLAY.after(session.replay, action)
    if action == "publish":
        session.replay_published_at = clock.now()
    session.version += 1
    session.save(update_fields=["replay", "replay_published_at", "version", "updated_at"])
    audit.record(actor, f"live.replay_{action}", session)


def keep_until(ended_at: dt.datetime) -> dt.datetime:
    """When a recording is deleted, by the installation's setting."""
    return ended_at + dt.timedelta(days=settings.LIVE_KEEP_DAYS)


def to_delete(now: dt.datetime, limit: int = 20) -> list[tuple[int, str, str]]:
    """(id, engine, public id) of sessions whose recordings have been kept long enough."""
    rows = LiveSession.objects.filter(keep_until__lte=now).order_by("keep_until")
    return list(rows.values_list("pk", "engine", "public_id")[:limit])


@service
def mark_deleted(live_id: int) -> None:
    """The engine has deleted what it kept."""
    session = LiveSession.objects.select_for_update().get(pk=live_id)
    Recording.objects.filter(session=session).update(state=RecordingState.DELETED)
    shown = session.replay == Replay.PUBLISHED
    session.replay, session.keep_until = Replay.NONE, None
    session.save(update_fields=["replay", "keep_until", "updated_at"])
    if shown:
        publish(ReplayWithdrawn(session.pk))
