"""Words about what was bought: after completion, once a line, answered once, hidden with reason."""

import datetime as dt

from haishi.catalogue import selectors as catalogue
from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.trade import policies, selectors
from haishi.trade.errors import AnsweredAlready, NotCompleted, ReviewFixed
from haishi.trade.events import ReviewAnswered, ReviewHidden, ReviewWritten
from haishi.trade.models import Review
from haishi.trade.states import OrderState


@service
def write_review(actor: Actor, line_id: int, rating: int, text: str) -> Review:
    """Say something about a line of one's completed order, or change it for a while.

    Raises NotFound, NotCompleted, ReviewFixed.
    """
    line = selectors.lock_bought_line(actor, line_id)
    assert line.product_id is not None
    if line.order.state != OrderState.COMPLETED:
        raise NotCompleted
    known = Review.objects.select_for_update().filter(line=line).first()
    if known is not None:
        return _edit(actor, known, rating, text)
    row = Review.objects.create(
        line=line, product_id=line.product_id, author_id=actor.pk, rating=rating, text=text
    )
    audit.record(actor, "review.written", line.order, line=line.pk, rating=rating)
    publish(ReviewWritten(organisation_id=line.order.seller_id, review_id=row.pk))
    return row


def _edit(actor: Actor, row: Review, rating: int, text: str) -> Review:
    if clock.now() >= row.written_at + dt.timedelta(days=policies.REVIEW_DAYS):
        raise ReviewFixed(days=policies.REVIEW_DAYS)
    if (row.rating, row.text) == (rating, text):
        return row
    row.rating, row.text, row.edited_at = rating, text, clock.now()
    row.save(update_fields=["rating", "text", "edited_at"])
    audit.record(actor, "review.edited", row.line.order, line=row.line_id, rating=rating)
    return row


@service
def answer_review(actor: Actor, review_id: int, answer: str) -> Review:
    """The seller's one answer. Raises NotFound, Forbidden, AnsweredAlready."""
    row = selectors.lock_review_as_seller(actor, review_id)
    if row.answered_at is not None:
        raise AnsweredAlready
    row.answer, row.answered_at = answer, clock.now()
    row.save(update_fields=["answer", "answered_at"])
    audit.record(actor, "review.answered", row.line.order, line=row.line_id)
    publish(ReviewAnswered(organisation_id=row.line.order.seller_id, review_id=row.pk))
    return row


@service
def hide_review(actor: Actor, review_id: int, reason: str) -> Review:
    """Take it off the product's page and say why. For moderators and operators.

    Raises NotFound, Forbidden, Conflict (hidden already).
    """
    row = selectors.lock_review(review_id)
    catalogue.lock_for_moderation(actor, row.product_id)
    if row.hidden_at is not None:
        raise Conflict
    row.hidden_reason, row.hidden_at = reason, clock.now()
    row.save(update_fields=["hidden_reason", "hidden_at"])
    audit.record(actor, "review.hidden", row.line.order, line=row.line_id, reason=reason)
    publish(ReviewHidden(organisation_id=row.line.order.seller_id, review_id=row.pk))
    return row


@service
def show_review(actor: Actor, review_id: int) -> Review:
    """Put a hidden one back. Raises NotFound, Forbidden, Conflict (not hidden)."""
    row = selectors.lock_review(review_id)
    catalogue.lock_for_moderation(actor, row.product_id)
    if row.hidden_at is None:
        raise Conflict
    row.hidden_reason, row.hidden_at = "", None
    row.save(update_fields=["hidden_reason", "hidden_at"])
    audit.record(actor, "review.shown", row.line.order, line=row.line_id)
    return row
