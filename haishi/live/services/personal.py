"""What live keeps about a person, given out and erased: what they asked, voted for, reserved."""

from typing import Any

from haishi.foundation.service import service
from haishi.live.models import (
    Invited,
    LiveSession,
    LotteryTicket,
    PollVote,
    Question,
    Reservation,
    Upvote,
)
from haishi.live.services.reservations import forget


def export_personal(person_id: int) -> dict[str, Any]:
    """Plain JSON of everything."""
    questions = Question.objects.filter(person=person_id).order_by("pk")
    votes = PollVote.objects.filter(person=person_id).order_by("pk")
    tickets = LotteryTicket.objects.filter(person=person_id).order_by("pk")
    helping = Invited.objects.filter(person=person_id).order_by("pk")
    return {
        "questions": [
            {"live": row.session.public_id, "text": row.text, "at": row.at.isoformat()}
            for row in questions.select_related("session")
        ],
        "votes": [
            {"question": row.poll.question, "answer": row.option.text, "at": row.at.isoformat()}
            for row in votes.select_related("poll", "option")
        ],
        "lottery_tickets": [
            {"prize": row.lottery.prize, "ticket": row.ticket, "place": row.place}
            for row in tickets.select_related("lottery")
        ],
        "reservations": [
            {"live": public_id, "at": at.isoformat()}
            for public_id, at in Reservation.objects.filter(person=person_id)
            .order_by("pk")
            .values_list("session__public_id", "created_at")
        ],
        "helps": [
            {"live": row.session.public_id, "role": row.role}
            for row in helping.select_related("session")
        ],
    }


@service
def erase_personal(person_id: int) -> None:
    """Questions and tickets lose their person (the draw's file stays whole); the rest goes."""
    waits = Reservation.objects.filter(person=person_id).values("session")
    rows = LiveSession.objects.select_for_update().filter(pk__in=waits)
    for session in rows.order_by("pk"):
        forget(session, person_id)
    Question.objects.filter(person=person_id).update(person=None)
    LotteryTicket.objects.filter(person=person_id).update(person=None)
    LiveSession.objects.filter(created_by=person_id).update(created_by=None)
    PollVote.objects.filter(person=person_id).delete()
    Upvote.objects.filter(person=person_id).delete()
    Invited.objects.filter(person=person_id).delete()
