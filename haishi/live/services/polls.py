"""Polls: prepared, opened, voted in once by each person, counted, closed by the clock at last."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from haishi.foundation import audit, clock
from haishi.foundation.errors import NotFound
from haishi.foundation.limits import limit
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.live import selectors
from haishi.live.errors import LiveIsOver, NotOnAir, PollIsOpen, PollNeedsOptions, PollNotOpen
from haishi.live.models import LiveSession, Poll, PollOption, PollVote
from haishi.live.policies import is_over
from haishi.live.states import POLL, PollState
from haishi.live.telling import stamp, tell

FEWEST, MOST = 2, 6
# Votes do not wait for each other; closing waits for them, and what comes after sees it closed.
_SHARED = "SELECT * FROM live_poll WHERE id = %s AND session_id = %s FOR SHARE"


@service
def prepare_poll(
    actor: Actor,
    live_id: int,
    *,
    question: str,
    options: Sequence[tuple[str, str]],
    question_en: str = "",
    minutes: int = 5,
) -> Poll:
    """A poll for later. `options`: (Chinese, English or "").

    Raises NotFound, Forbidden, LiveIsOver, PollNeedsOptions.
    """
    session = selectors.lock_for_host(actor, live_id)
    if is_over(session):
        raise LiveIsOver
    texts = [text.strip() for text, _english in options]
    short = all(0 < len(text) <= 40 for text in texts)
    if not FEWEST <= len(texts) <= MOST or len({*texts}) != len(texts) or not short:
        raise PollNeedsOptions
    poll = Poll.objects.create(
        session=session, question=question, question_en=question_en, minutes=minutes
    )
    PollOption.objects.bulk_create(
        PollOption(poll=poll, number=number, text=text, text_en=english.strip()[:80])
        for number, (text, english) in enumerate(zip(texts, _english(options), strict=True), 1)
    )
    audit.record(actor, "live.poll_prepared", session, poll=poll.pk, question=question)
    return poll


def _english(options: Sequence[tuple[str, str]]) -> list[str]:
    return [english for _text, english in options]


def _locked(actor: Actor, live_id: int, poll_id: int) -> tuple[LiveSession, Poll]:
    session = selectors.lock_for_host(actor, live_id)
    poll = Poll.objects.select_for_update().filter(session=session, pk=poll_id).first()
    if poll is None:
        raise NotFound
    return session, poll


@service
def open_poll(actor: Actor, live_id: int, poll_id: int) -> Poll:
    """Let viewers vote. Raises NotFound, Forbidden, NotOnAir, PollIsOpen, Conflict."""
    session, poll = _locked(actor, live_id, poll_id)
    if not session.on_air:
        raise NotOnAir
    if Poll.objects.filter(session=session, state=PollState.OPEN).exists():
        raise PollIsOpen
    poll.state = POLL.after(poll.state, "open")
    poll.at = clock.now()
    poll.closes_at = poll.at + dt.timedelta(minutes=poll.minutes)
    poll.save(update_fields=["state", "at", "closes_at"])
    audit.record(actor, "live.poll_opened", session, poll=poll.pk)
    content = {
        "poll": poll.pk,
        "question": poll.question,
        "question_en": poll.question_en,
        "options": [[row.number, row.text, row.text_en] for row in poll.options.all()],
        "closes": stamp(poll.closes_at),
    }
    tell(session, "poll", content, poll.at)
    return poll


@service
def end_poll(actor: Actor, live_id: int, poll_id: int) -> Poll:
    """Close it before its time. Raises NotFound, Forbidden, Conflict."""
    session, poll = _locked(actor, live_id, poll_id)
    POLL.after(poll.state, "close")
    close_poll(session, poll)
    audit.record(actor, "live.poll_closed", session, poll=poll.pk)
    return poll


def close_poll(session: LiveSession, poll: Poll) -> None:
    """Count for good and say the result; the session is locked."""
    votes = selectors.tallied([poll.pk])[poll.pk]
    options = list(poll.options.all())
    for option in options:
        option.votes = votes.get(option.number, 0)
    PollOption.objects.bulk_update(options, ["votes"])
    poll.state = POLL.after(poll.state, "close")
    poll.save(update_fields=["state"])
    tell(session, "poll_closed", tally_content(poll.pk, votes))


def tally_content(poll_id: int, votes: dict[int, int]) -> dict[str, Any]:
    """The numbers of a poll as moments carry them."""
    counts = {str(number): count for number, count in sorted(votes.items())}
    return {"poll": poll_id, "votes": counts, "total": sum(votes.values())}


@service
def vote(actor: Actor, live_id: int, poll_id: int, number: int) -> bool:
    """Vote once; returns whether this call did. Raises NotFound, PollNotOpen, TooMany.

    A second vote, also for another answer, changes nothing.
    """
    session = selectors.lives_visible_to(actor).filter(pk=live_id).first()
    found = Poll.objects.raw(_SHARED, [poll_id, session.pk]) if session else []
    poll = next(iter(found), None)
    option = PollOption.objects.filter(poll=poll, number=number).first() if poll else None
    if poll is None or option is None or poll.state == PollState.DRAFT:
        raise NotFound
    if poll.state != PollState.OPEN or poll.closes_at is None or poll.closes_at <= clock.now():
        raise PollNotOpen
    limit(f"live-vote:{actor.pk}", 60, 60)
    try:
        with transaction.atomic():
            PollVote.objects.create(poll=poll, option=option, person_id=actor.pk)
    except IntegrityError:
        return False
    return True


def close_due(now: dt.datetime) -> int:
    """Close polls whose time is over; returns how many. One transaction each."""
    rows = Poll.objects.filter(state=PollState.OPEN, closes_at__lte=now)
    return sum(_close(pk, live) for pk, live in rows.values_list("pk", "session_id")[:50])


@service
def _close(poll_id: int, live_id: int) -> int:
    session = LiveSession.objects.select_for_update().get(pk=live_id)
    poll = Poll.objects.select_for_update().filter(pk=poll_id, state=PollState.OPEN).first()
    if poll is None:
        return 0
    close_poll(session, poll)
    return 1
