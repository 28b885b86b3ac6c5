"""What becomes of quotations when their request ends without an award."""

from haishi.foundation import clock
from haishi.sourcing.models import Award, Quotation, Rfq
from haishi.sourcing.states import AwardState, QuotationState


def end_quotations(rfq: Rfq) -> int:
    """Quotations and a waiting award lapse with their request; returns how many quotations."""
    now = clock.now()
    waiting = Award.objects.filter(rfq=rfq, state=AwardState.AWAITING)
    waiting.update(state=AwardState.LAPSED, decided_at=now)
    rows = Quotation.objects.filter(rfq=rfq, state=QuotationState.SUBMITTED)
    return rows.update(state=QuotationState.LAPSED, decided_at=now)
