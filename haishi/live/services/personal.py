"""What live keeps about a person: questions, votes, tickets, helping; given out and erased."""

from typing import Any

from haishi.live.models import Invited, LiveSession, LotteryTicket, PollVote, Question, Upvote


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
        "helps": [
            {"live": row.session.public_id, "role": row.role}
            for row in helping.select_related("session")
        ],
    }


def erase_personal(person_id: int) -> None:
    """Questions and tickets lose their person (the draw's file stays whole); the rest goes."""
    Question.objects.filter(person=person_id).update(person=None)
    LotteryTicket.objects.filter(person=person_id).update(person=None)
    LiveSession.objects.filter(created_by=person_id).update(created_by=None)
    PollVote.objects.filter(person=person_id).delete()
    Upvote.objects.filter(person=person_id).delete()
    Invited.objects.filter(person=person_id).delete()
