"""After the deadline: the buyer's marks, and rates that the installation's table lacks."""

from decimal import Decimal

from haishi.foundation import audit
from haishi.foundation.errors import Conflict, Invalid, NotFound
from haishi.foundation.money import EXPONENTS
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.sourcing import selectors
from haishi.sourcing.errors import NotClosedYet, RateFrozen
from haishi.sourcing.models import Mark, Quotation, Rate, Rfq
from haishi.sourcing.states import RECKONED, QuotationState, RfqState
from haishi.sourcing.wording import instant_text


def _judged(actor: Actor, rfq_id: int) -> Rfq:
    rfq = selectors.lock_editable(actor, rfq_id)
    if rfq.state == RfqState.OPEN and rfq.closes_at:
        raise NotClosedYet(closes=instant_text(rfq.closes_at))
    if rfq.state != RfqState.CLOSED:
        raise Conflict
    return rfq


@service
def mark(actor: Actor, rfq_id: int, marks: dict[tuple[int, str], int]) -> int:
    """Set marks {(quotation id, criterion): 0…100}; returns how many changed.

    Raises NotFound, Forbidden, NotClosedYet, Conflict, Invalid.
    """
    rfq = _judged(actor, rfq_id)
    bids = Quotation.objects.filter(rfq=rfq, state=QuotationState.SUBMITTED)
    known = {
        (row.quotation_id, row.criterion): row for row in Mark.objects.filter(quotation__rfq=rfq)
    }
    allowed = {name for name in rfq.criteria if name not in RECKONED}
    ids = set(bids.values_list("pk", flat=True))
    changed = {}
    for (quotation_id, name), points in sorted(marks.items()):
        if quotation_id not in ids or name not in allowed:
            raise NotFound
        if not 0 <= points <= 100:
            raise Invalid
        row = known.get((quotation_id, name)) or Mark(quotation_id=quotation_id, criterion=name)
        if row.pk is None or row.points != points:
            row.points = points
            row.save()
            changed[f"{quotation_id}:{name}"] = points
    if changed:
        audit.record(actor, "rfq.marked", rfq, marks=changed)
    return len(changed)


@service
def freeze_rate(actor: Actor, rfq_id: int, currency: str, rate: Decimal, source: str) -> Rate:
    """Say what one unit of `currency` is in the request's; for good.

    Raises NotFound, Forbidden, NotClosedYet, Conflict, Invalid, RateFrozen.
    """
    rfq = _judged(actor, rfq_id)
    if currency not in EXPONENTS or currency == rfq.currency or rate <= 0 or not source.strip():
        raise Invalid(field="rate")
    if Rate.objects.filter(rfq=rfq, currency=currency).exists():
        raise RateFrozen
    row = Rate.objects.create(
        rfq=rfq, currency=currency, rate=rate, source=source.strip()[:120], author_id=actor.pk
    )
    audit.record(actor, "rfq.rate_frozen", rfq, currency=currency, rate=str(rate), source=source)
    return row
