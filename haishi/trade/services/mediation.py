"""What an impartial person decides, and what the clock does when somebody keeps silent.

The rule is shown on the page from the first day: silence on a demand or an offer accepts it; a
mediator's silence shares what lies between the last words of both sides, the odd unit to the buyer.
"""

import datetime as dt

from haishi.foundation import clock
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.trade import policies, selectors
from haishi.trade.errors import SplitWrong
from haishi.trade.models import Dispute, Order
from haishi.trade.services import dispute_threads as thread
from haishi.trade.states import DISPUTE, DisputeSide, DisputeState


@service
def decide_dispute(actor: Actor, dispute_id: int, to_buyer_minor: int, verdict: str) -> Dispute:
    """Share exactly what is held between the buyer and the seller's side.

    The seller's part goes by the order's shares. Raises NotFound, Forbidden, NotImpartial, Conflict
    (evidence is still taken, or it is over), SplitWrong.
    """
    order, row = selectors.lock_for_mediator(actor, dispute_id)
    DISPUTE.after(row.state, "decide")
    held = selectors.held(order)
    if not 0 <= to_buyer_minor <= held.minor:
        raise SplitWrong(most=held)
    row.decided_by_id, row.verdict = actor.pk, verdict[:1000]
    thread.say(actor, row, DisputeSide.MEDIATOR, "decided", to_buyer_minor, verdict)
    thread.decide(actor, order, row, to_buyer_minor)
    return row


def disputes_due(now: dt.datetime | None = None, limit: int = 50) -> int:
    """Act for those who kept silent past a deadline; returns how many. For the worker."""
    moment = now or clock.now()
    due = Dispute.objects.filter(due_at__lte=moment).order_by("due_at")
    return sum(_overdue(pk, moment) for pk in list(due.values_list("pk", flat=True)[:limit]))


@service
def _overdue(dispute_id: int, moment: dt.datetime) -> bool:
    order, row = selectors.lock_dispute(dispute_id)
    if row.due_at is None or row.due_at > moment:
        return False
    if row.state == DisputeState.MEDIATION:
        _close_evidence(row)
    elif row.state == DisputeState.DECIDING:
        _halve(order, row)
    else:
        _accept(order, row)
    return True


def _accept(order: Order, row: Dispute) -> None:
    seller = row.turn == DisputeSide.SELLER
    amount = row.wanted_minor if seller else row.offered_minor or 0
    thread.say(SYSTEM, row, DisputeSide.CLOCK, "accepted", amount)
    thread.agree(SYSTEM, order, row, amount, by_rule=True)


def _close_evidence(row: Dispute) -> None:
    row.due_at = clock.now() + policies.DECIDE_WITHIN
    thread.say(SYSTEM, row, DisputeSide.CLOCK, "heard")
    thread.step(SYSTEM, row, "hear", "heard")


def _halve(order: Order, row: Dispute) -> None:
    amount = policies.halfway(row.offered_minor or 0, row.wanted_minor)
    thread.say(SYSTEM, row, DisputeSide.CLOCK, "decided", amount)
    thread.decide(SYSTEM, order, row, amount, by_rule=True)
