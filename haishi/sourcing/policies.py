"""Who may do what with a request and its quotations, and what the clock allows."""

import datetime as dt

from haishi.foundation import clock
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.sourcing.models import Quotation, Rfq
from haishi.sourcing.states import QuotationState, RfqState, Visibility

SECRET = (RfqState.DRAFT,)
ENDED = (RfqState.AWARDED, RfqState.CANCELLED, RfqState.FAILED)


def can_edit(actor: Actor, rfq: Rfq) -> bool:
    """Owners and managers of the buying firm."""
    return parties.can_manage(actor, rfq.buyer_id)


def can_bid(actor: Actor, rfq: Rfq, firm_id: int) -> bool:
    """Owners and managers of another firm."""
    return firm_id != rfq.buyer_id and parties.can_manage(actor, firm_id)


def is_taking(rfq: Rfq, now: dt.datetime | None = None) -> bool:
    """Whether quotations are taken at `now`: the interval is half-open, the instant is late."""
    now = now or clock.now()
    if rfq.state != RfqState.OPEN or rfq.opens_at is None or rfq.closes_at is None:
        return False
    return rfq.opens_at <= now < rfq.closes_at


def is_over(rfq: Rfq) -> bool:
    """Whether the deadline has come. The instant decides, not the worker that records it."""
    if rfq.state == RfqState.OPEN:
        return rfq.closes_at is not None and rfq.closes_at <= clock.now()
    return rfq.state in (RfqState.CLOSED, *ENDED)


def is_upcoming(rfq: Rfq) -> bool:
    """Whether it is published but does not take quotations yet."""
    return rfq.state == RfqState.OPEN and rfq.opens_at is not None and clock.now() < rfq.opens_at


def takes_questions(rfq: Rfq) -> bool:
    """Whether questions are taken now."""
    until = rfq.questions_until
    return rfq.state == RfqState.OPEN and until is not None and clock.now() < until


def is_public(rfq: Rfq) -> bool:
    """Whether everybody may know of the request."""
    return rfq.visibility == Visibility.PUBLIC and rfq.published_at is not None


def is_readable(rfq: Rfq) -> bool:
    """Whether the buyer may read offers: at once, or for sealed ones once the seal is opened."""
    if not rfq.sealed:
        return True
    return rfq.closed_at is not None and rfq.state in (RfqState.CLOSED, RfqState.AWARDED)


def can_read_offer(actor: Actor, quotation: Quotation) -> bool:
    """The bidder's members always; the buyer's managers and operators once it may be read."""
    if parties.is_member(actor, quotation.bidder_id):
        return True
    if quotation.state == QuotationState.WITHDRAWN or not is_readable(quotation.rfq):
        return False
    return can_edit(actor, quotation.rfq)
