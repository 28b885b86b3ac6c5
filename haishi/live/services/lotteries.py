"""Lotteries that anybody can check: commit, take tickets, draw."""

import datetime as dt

from django.db import IntegrityError, transaction

from haishi.foundation import audit, clock, draws
from haishi.foundation.addresses import address
from haishi.foundation.errors import NotFound
from haishi.foundation.limits import limit
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.live import policies, selectors
from haishi.live.errors import (
    LiveIsOver,
    LotteryIsOpen,
    LotteryNotOpen,
    NotOnAir,
    OwnLottery,
)
from haishi.live.events import LotteryDrawn
from haishi.live.models import LiveSession, Lottery, LotteryTicket
from haishi.live.states import LOTTERY, LotteryState
from haishi.live.telling import stamp, tell

MOST_SAID = 100
# Tickets do not wait for each other; the draw waits for them, and what comes after sees it drawn.
_SHARED = "SELECT * FROM live_lottery WHERE id = %s AND session_id = %s FOR SHARE"


@service
def prepare_lottery(
    actor: Actor, live_id: int, *, prize: str, prize_en: str = "", winners: int, minutes: int = 3
) -> Lottery:
    """Commit to a seed for a prize. Raises NotFound, Forbidden, LiveIsOver."""
    session = selectors.lock_for_host(actor, live_id)
    if policies.is_over(session):
        raise LiveIsOver
    seed, commitment = draws.new_seed()
    row = Lottery.objects.create(
        session=session,
        prize=prize,
        prize_en=prize_en,
        winners=winners,
        minutes=minutes,
        seed=seed,
        commitment=commitment,
    )
    audit.record(
        actor, "live.lottery_prepared", session, lottery=row.pk, prize=prize, commitment=commitment
    )
    return row


def _locked(actor: Actor, live_id: int, lottery_id: int) -> tuple[LiveSession, Lottery]:
    session = selectors.lock_for_host(actor, live_id)
    row = Lottery.objects.select_for_update().filter(session=session, pk=lottery_id).first()
    if row is None:
        raise NotFound
    return session, row


@service
def open_lottery(actor: Actor, live_id: int, lottery_id: int) -> Lottery:
    """Give out tickets. Raises NotFound, Forbidden, NotOnAir, LotteryIsOpen, Conflict."""
    session, row = _locked(actor, live_id, lottery_id)
    if not session.on_air:
        raise NotOnAir
    if Lottery.objects.filter(session=session, state=LotteryState.OPEN).exists():
        raise LotteryIsOpen
    row.state = LOTTERY.after(row.state, "open")
    row.at = clock.now()
    row.closes_at = row.at + dt.timedelta(minutes=row.minutes)
    row.save(update_fields=["state", "at", "closes_at"])
    audit.record(actor, "live.lottery_opened", session, lottery=row.pk)
    content = {
        "lottery": row.pk,
        "prize": row.prize,
        "prize_en": row.prize_en,
        "winners": row.winners,
        "commitment": row.commitment,
        "closes": stamp(row.closes_at),
    }
    tell(session, "lottery", content, row.at)
    return row


@service
def cancel_lottery(actor: Actor, live_id: int, lottery_id: int) -> Lottery:
    """Nobody wins. Raises NotFound, Forbidden, Conflict."""
    session, row = _locked(actor, live_id, lottery_id)
    was_open = row.state == LotteryState.OPEN
    row.state = LOTTERY.after(row.state, "cancel")
    row.save(update_fields=["state"])
    audit.record(actor, "live.lottery_cancelled", session, lottery=row.pk)
    if was_open:
        tell(session, "lottery_cancelled", {"lottery": row.pk})
    return row


@service
def take_part(actor: Actor, live_id: int, lottery_id: int) -> LotteryTicket:
    """A ticket; a repetition answers with the first.

    Raises NotFound, LotteryNotOpen, OwnLottery, TooMany.
    """
    session = selectors.lives_visible_to(actor).filter(pk=live_id).first()
    row = next(iter(Lottery.objects.raw(_SHARED, [lottery_id, live_id])), None)
    if session is None or row is None or row.state == LotteryState.DRAFT:
        raise NotFound
    if row.state != LotteryState.OPEN or row.closes_at is None or row.closes_at <= clock.now():
        raise LotteryNotOpen
    if policies.takes_part(actor, session):
        raise OwnLottery
    limit(f"live-lottery:{actor.pk}", 30, 60)
    try:
        with transaction.atomic():
            return LotteryTicket.objects.create(lottery=row, person_id=actor.pk)
    except IntegrityError:
        return LotteryTicket.objects.get(lottery=row, person_id=actor.pk)


@service
def draw(actor: Actor, live_id: int, lottery_id: int) -> Lottery:
    """Draw before the time is over. Raises NotFound, Forbidden, Conflict."""
    session, row = _locked(actor, live_id, lottery_id)
    LOTTERY.after(row.state, "draw")
    draw_lottery(session, row)
    audit.record(actor, "live.lottery_drawn", session, lottery=row.pk)
    return row


def draw_lottery(session: LiveSession, row: Lottery) -> None:
    """Rank all tickets and say who won; session and lottery are locked."""
    tickets = {each.ticket: each for each in LotteryTicket.objects.filter(lottery=row)}
    order = draws.ranked(row.seed, tickets)
    for place, ticket in enumerate(order, 1):
        tickets[ticket].place = place
    LotteryTicket.objects.bulk_update(tickets.values(), ["place"], batch_size=1_000)
    row.state = LOTTERY.after(row.state, "draw")
    row.drawn_at = clock.now()
    row.save(update_fields=["state", "drawn_at"])
    content = {
        "lottery": row.pk,
        "prize": row.prize,
        "prize_en": row.prize_en,
        "tickets": len(order),
        # One item holds so many; the file has all.
        "winning": order[: min(row.winners, MOST_SAID)],
        "file": address("live:lottery_file", session.public_id, row.pk),
    }
    tell(session, "drawn", content, row.drawn_at)
    publish(LotteryDrawn(session.pk, row.pk))


def draw_due(now: dt.datetime) -> int:
    """Draw lotteries whose time is over; returns how many. One transaction each."""
    rows = Lottery.objects.filter(state=LotteryState.OPEN, closes_at__lte=now)
    return sum(_draw(pk, live) for pk, live in rows.values_list("pk", "session_id")[:50])


@service
def _draw(lottery_id: int, live_id: int) -> int:
    session = LiveSession.objects.select_for_update().get(pk=live_id)
    rows = Lottery.objects.select_for_update().filter(pk=lottery_id, state=LotteryState.OPEN)
    row = rows.first()
    if row is None:
        return 0
    draw_lottery(session, row)
    return 1
