"""Questions and answers that all bidders read; who asked is known to the buyer alone."""

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.limits import limit
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.sourcing import policies, selectors
from haishi.sourcing.errors import OwnRfq, QuestionsClosed, ReasonMissing
from haishi.sourcing.events import QuestionAnswered, QuestionAsked
from haishi.sourcing.models import Question
from haishi.sourcing.services.quoting import eligible
from haishi.sourcing.states import RfqState
from haishi.sourcing.wording import instant_text


@service
def ask(actor: Actor, rfq_id: int, firm_id: int, body: str) -> Question:
    """Ask the buyer something on behalf of a firm.

    Raises NotFound, Forbidden, OwnRfq, NotInvited, QuestionsClosed, TooMany.
    """
    rfq = selectors.lock_seen(actor, rfq_id)
    if firm_id == rfq.buyer_id:
        raise OwnRfq
    if not parties.is_member(actor, firm_id):
        raise Forbidden
    eligible(rfq, firm_id)
    if not policies.takes_questions(rfq):
        raise QuestionsClosed(
            until=instant_text(rfq.questions_until) if rfq.questions_until else "—"
        )
    limit(f"rfq-question:{actor.pk}", 20, 3600)
    row = Question.objects.create(
        rfq=rfq, organisation_id=firm_id, person_id=actor.pk, body=body.strip()
    )
    # The log of the question, not of the request: the request's history does not name who asked.
    audit.record(actor, "question.asked", row)
    publish(QuestionAsked(rfq.pk, row.pk))
    return row


@service
def answer(actor: Actor, question_id: int, text: str) -> Question:
    """Answer once, for everybody. Raises NotFound, Forbidden, Conflict, ReasonMissing."""
    row = Question.objects.filter(pk=question_id).first()
    if row is None:
        raise NotFound
    rfq = selectors.lock_editable(actor, row.rfq_id)
    row.refresh_from_db()
    if rfq.state != RfqState.OPEN or row.answered_at is not None:
        raise Conflict
    if not text.strip():
        raise ReasonMissing(field="text")
    row.answer, row.answered_at, row.answered_by_id = text.strip(), clock.now(), actor.pk
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record(actor, "question.answered", row)
    publish(QuestionAnswered(rfq.pk, row.pk))
    return row
