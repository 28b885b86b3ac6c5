"""Questions of viewers: asked, wanted by others, answered on the stage."""

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Sum

from haishi.foundation import audit, clock
from haishi.foundation.errors import NotFound
from haishi.foundation.limits import limit
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.live import policies, selectors
from haishi.live.errors import LiveIsOver, TooManyQuestions
from haishi.live.models import LiveSession, Question, Upvote
from haishi.live.states import OPEN, QUESTION, QuestionState
from haishi.live.telling import tell
from haishi.rooms import services as rooms

MOST_WAITING = 5
ACTIONS = ("take", "put_back", "answer", "hide", "show")


@service
def ask(actor: Actor, live_id: int, *, text: str) -> Question:
    """Ask before or during a session. Raises NotFound, LiveIsOver, TooManyQuestions, TooMany."""
    session = selectors.lives_visible_to(actor).filter(pk=live_id).first()
    if session is None or not policies.is_public(session):
        raise NotFound
    if policies.is_over(session):
        raise LiveIsOver
    limit(f"live-ask:{actor.pk}", 10, 600)
    mine = Question.objects.filter(session=session, person=actor.pk, state=QuestionState.WAITING)
    if mine.count() >= MOST_WAITING:
        raise TooManyQuestions(most=MOST_WAITING)
    row = Question.objects.create(
        session=session, person_id=actor.pk, text=text.strip(), at=clock.now()
    )
    audit.record(actor, "live.asked", session, question=row.pk)
    return row


@service
def upvote(actor: Actor, live_id: int, question_id: int) -> bool:
    """Want to know, too; returns whether this call counted. Raises NotFound, TooMany.

    Not for one's own question, and once for each.
    """
    session = selectors.lives_visible_to(actor).filter(pk=live_id).first()
    row = Question.objects.filter(session=session, pk=question_id).first() if session else None
    if row is None or row.state == QuestionState.HIDDEN:
        raise NotFound
    if row.person_id == actor.pk:
        return False
    limit(f"live-upvote:{actor.pk}", 60, 60)
    try:
        with transaction.atomic():
            Upvote.objects.create(question=row, person_id=actor.pk)
    except IntegrityError:
        return False
    Question.objects.filter(pk=row.pk).update(upvotes=F("upvotes") + 1)
    return True


@service
def treat(actor: Actor, live_id: int, question_id: int, action: str) -> Question:
    """One of `ACTIONS`, by host, moderator or speaker. Raises NotFound, Forbidden, Conflict."""
    session = selectors.lock_for_speaker(actor, live_id)
    row = Question.objects.select_for_update().filter(session=session, pk=question_id).first()
    if row is None or action not in ACTIONS:
        raise NotFound
    row.state = QUESTION.after(row.state, action)
    if action == "answer":
        row.answered_at = clock.now()
    row.save(update_fields=["state", "answered_at"])
    audit.record(actor, f"live.question_{action}", session, question=row.pk)
    _told(session, row)
    return row


def _told(session: LiveSession, row: Question) -> None:
    """The room learns of it; a hidden question without its words."""
    hidden = row.state == QuestionState.HIDDEN
    author = Question.objects.select_related("person").get(pk=row.pk).person
    content = {
        "question": row.pk,
        "state": row.state,
        "text": "" if hidden else row.text,
        "name": "" if hidden or author is None else author.name,
    }
    tell(session, "question", content)


def tell_questions() -> int:
    """Tell rooms that people asked or wanted to know, too; returns how many rooms.

    However many press at once, a room hears of it once each time this runs.
    """
    rows = Question.objects.filter(session__state__in=OPEN).order_by()
    counted = rows.values_list("session", "session__questions_told")
    figures = counted.annotate(figure=Count("pk") + Sum("upvotes"))
    due = figures.exclude(figure=F("session__questions_told"))[:50]
    return sum(_tell_questions(live_id, figure) for live_id, _told_before, figure in due)


@service
def _tell_questions(live_id: int, figure: int) -> int:
    """`questions` {order: [[question, upvotes]]} of what is shown; no moment of the replay, which
    has the questions that were answered.
    """
    session = LiveSession.objects.select_for_update().get(pk=live_id)
    if session.questions_told == figure:
        return 0
    shown = selectors.questions_of(session, SYSTEM)
    order = [[row.pk, row.upvotes] for row in shown]
    rooms.tell(session.room, "questions", {"order": order}, key=f"questions-{figure}")
    LiveSession.objects.filter(pk=session.pk).update(questions_told=figure)
    return 1
