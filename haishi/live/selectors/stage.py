"""What happens in a session's room: shelf, pins, polls, questions, lotteries, moments."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from haishi.foundation import draws
from haishi.foundation.addresses import address
from haishi.foundation.errors import NotFound
from haishi.foundation.types import Actor
from haishi.live.models import (
    LiveSession,
    Lottery,
    LotteryTicket,
    Moment,
    Pin,
    Poll,
    PollVote,
    Question,
    Shelved,
    Upvote,
)
from haishi.live.selectors.things import read_things
from haishi.live.states import LotteryState, PollState, QuestionState
from haishi.live.types import LotteryShown, PollShown, QuestionShown, Thing

__all__ = [
    "lotteries_of",
    "lottery_file",
    "moments_of",
    "pinned_of",
    "polls_of",
    "questions_of",
    "shelf_of",
    "shelf_rows",
    "tallied",
    "winners_of",
]
_ORDER = {
    QuestionState.ANSWERING: 0,
    QuestionState.WAITING: 1,
    QuestionState.ANSWERED: 2,
    QuestionState.HIDDEN: 3,
}


def shelf_rows(session: LiveSession) -> list[tuple[Shelved, Thing | None]]:
    """The shelf with what is not public any more as None. Two queries and one for each kind."""
    rows = list(Shelved.objects.filter(session=session))
    things = read_things((row.kind, row.object_id) for row in rows)
    return [(row, things.get((row.kind, row.object_id))) for row in rows]


def shelf_of(session: LiveSession) -> list[Thing]:
    """What visitors see on the shelf, in order."""
    return [thing for _row, thing in shelf_rows(session) if thing is not None]


def pinned_of(session: LiveSession) -> Thing | None:
    """What is on screen now."""
    pin = Pin.objects.filter(session=session, until=None).select_related("thing").first()
    if pin is None:
        return None
    name = (pin.thing.kind, pin.thing.object_id)
    return read_things([name]).get(name)


def tallied(poll_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """{poll: {option number: votes}}, counted now. One query."""
    counts: dict[int, dict[int, int]] = {pk: {} for pk in poll_ids}
    rows = PollVote.objects.filter(poll__in=[*counts]).values_list("poll_id", "option__number")
    for poll, number, votes in rows.annotate(votes=Count("pk")).order_by():
        counts[poll][number] = votes
    return counts


def polls_of(session: LiveSession, actor: Actor, *, drafts: bool = False) -> list[PollShown]:
    """Open and closed polls, the newest first; with `drafts` also those prepared. Four queries."""
    rows = Poll.objects.filter(session=session).prefetch_related("options")
    rows = rows if drafts else rows.exclude(state=PollState.DRAFT)
    found = list(rows.order_by("-at", "pk"))
    running = tallied(row.pk for row in found if row.state == PollState.OPEN)
    own = _own_votes(actor, [row.pk for row in found])
    return [_poll(row, running.get(row.pk), own.get(row.pk)) for row in found]


def _own_votes(actor: Actor, poll_ids: list[int]) -> dict[int, int]:
    if not actor.is_authenticated:
        return {}
    rows = PollVote.objects.filter(poll__in=poll_ids, person=actor.pk)
    return dict(rows.values_list("poll_id", "option__number"))


def _poll(row: Poll, counts: dict[int, int] | None, own: int | None) -> PollShown:
    options = [
        (each.number, each.words, each.votes if counts is None else counts.get(each.number, 0))
        for each in row.options.all()
    ]
    return PollShown(
        pk=row.pk,
        question=row.words,
        open=row.state == PollState.OPEN,
        closes_at=row.closes_at,
        options=options,
        total=sum(votes for _number, _words, votes in options),
        own=own,
        state=row.state,
    )


def questions_of(
    session: LiveSession, actor: Actor, *, hidden: bool = False, limit: int = 50
) -> list[QuestionShown]:
    """Being answered first, then the most wanted, then answered ones. Two queries."""
    rows = Question.objects.filter(session=session).select_related("person")
    rows = rows if hidden else rows.exclude(state=QuestionState.HIDDEN)
    found = sorted(
        rows.order_by("-upvotes", "at", "pk")[:500],
        key=lambda row: (_ORDER[QuestionState(row.state)], -row.upvotes, row.at, row.pk),
    )[:limit]
    own: set[int] = set()
    if actor.is_authenticated:
        ids = [row.pk for row in found]
        votes = Upvote.objects.filter(question__in=ids, person=actor.pk)
        own = set(votes.values_list("question_id", flat=True))
    return [_question(row, row.pk in own) for row in found]


def _question(row: Question, own_vote: bool) -> QuestionShown:
    state = QuestionState(row.state)
    return QuestionShown(
        pk=row.pk,
        name=row.person.name if row.person else "",
        text=row.text,
        state=state.value,
        state_words=str(state.label),
        upvotes=row.upvotes,
        own_vote=own_vote,
        at=row.at,
        answered_at=row.answered_at,
    )


def lotteries_of(session: LiveSession, actor: Actor, *, drafts: bool = False) -> list[LotteryShown]:
    """Open and drawn ones, the newest first. Three queries."""
    rows = Lottery.objects.filter(session=session)
    if not drafts:
        rows = rows.filter(state__in=(LotteryState.OPEN, LotteryState.DRAWN))
    found = list(rows.order_by("-at", "pk"))
    tickets = LotteryTicket.objects.filter(lottery__in=found)
    counts: Counter[int] = Counter(dict(_counted(tickets)))
    won: dict[int, list[str]] = {}
    winning = tickets.filter(place__isnull=False).order_by("place")
    limits = {row.pk: row.winners for row in found}
    for pk, ticket, place in winning.values_list("lottery_id", "ticket", "place"):
        if place is not None and place <= limits[pk]:
            won.setdefault(pk, []).append(ticket)
    own: dict[int, LotteryTicket] = {}
    if actor.is_authenticated:
        own = {row.lottery_id: row for row in tickets.filter(person=actor.pk)}
    public_id = session.public_id
    return [
        _lottery(row, public_id, counts[row.pk], won.get(row.pk, []), own.get(row.pk))
        for row in found
    ]


def _counted(tickets: QuerySet[LotteryTicket]) -> list[tuple[int, int]]:
    rows = tickets.order_by().values("lottery_id").annotate(number=Count("pk"))
    return [(row["lottery_id"], row["number"]) for row in rows]


def _lottery(
    row: Lottery, public_id: str, tickets: int, winning: list[str], own: LotteryTicket | None
) -> LotteryShown:
    state = LotteryState(row.state)
    return LotteryShown(
        pk=row.pk,
        prize=row.words,
        state=state.value,
        state_words=str(state.label),
        winners=row.winners,
        commitment=row.commitment,
        closes_at=row.closes_at,
        tickets=tickets,
        own=own.ticket if own else "",
        place=own.place if own else None,
        winning=winning,
        file_url=address("live:lottery_file", public_id, row.pk),
    )


def lottery_file(session: LiveSession, lottery_id: int) -> dict[str, Any]:
    """The public file of a lottery: the commitment, and when drawn everything. Raises NotFound.

    {prize, winners, commitment, opened_at, closes_at, tickets (a count before the draw), and then
    seed, digest, tickets, order, winning, drawn_at}; times in ISO 8601 UTC.
    """
    row = Lottery.objects.filter(session=session, pk=lottery_id).first()
    if row is None or row.state not in (LotteryState.OPEN, LotteryState.DRAWN):
        raise NotFound
    assert row.at is not None
    assert row.closes_at is not None
    tickets = sorted(LotteryTicket.objects.filter(lottery=row).values_list("ticket", flat=True))
    whole: dict[str, Any] = {
        "prize": row.prize,
        "winners": row.winners,
        "commitment": row.commitment,
        "opened_at": row.at.isoformat(),
        "closes_at": row.closes_at.isoformat(),
    }
    if row.state != LotteryState.DRAWN or row.drawn_at is None:
        return {**whole, "tickets": len(tickets)}
    order = draws.ranked(row.seed, tickets)
    return {
        **whole,
        "drawn_at": row.drawn_at.isoformat(),
        "seed": row.seed,
        "digest": draws.digest_of(tickets),
        "tickets": tickets,
        "order": order,
        "winning": order[: row.winners],
    }


def winners_of(lottery_id: int) -> list[int]:
    """Ids of the people who won."""
    row = Lottery.objects.get(pk=lottery_id)
    rows = LotteryTicket.objects.filter(lottery=row, place__lte=row.winners)
    return list(rows.exclude(person=None).order_by("place").values_list("person_id", flat=True))


def moments_of(session: LiveSession, kinds: Iterable[str] = ()) -> list[Moment]:
    """Everything the house said into the room, by the stream's clock."""
    wanted = [*kinds]
    rows = Moment.objects.filter(session=session)
    rows = rows.filter(Q(kind__in=wanted)) if wanted else rows
    return list(rows.order_by("at", "pk")[:5_000])
