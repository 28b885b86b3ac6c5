"""Answers to wishes to spend more than one may, and what becomes of the orders that waited."""

import datetime as dt

from haishi.foundation import clock
from haishi.foundation.errors import Conflict
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.trade import policies, selectors
from haishi.trade.errors import ApproverLimit, OwnApproval
from haishi.trade.models import Approval, Order
from haishi.trade.services import limits, orders
from haishi.trade.states import ApprovalState, OrderState


@service
def approve_spending(actor: Actor, approval_id: int) -> Approval:
    """An owner or manager with a limit high enough allows it; it counts for their month.

    Raises NotFound, Forbidden, OwnApproval, ApproverLimit, Conflict (answered or expired).
    """
    asked = selectors.get_approval(actor, approval_id)
    limits.lock_spending(asked.organisation_id, actor.pk)
    order = _lock_order(asked)
    row = selectors.lock_approval(actor, approval_id, own=False)
    if row.person_id == actor.pk:
        raise OwnApproval
    verdict = selectors.verdict_for(actor.pk, row.organisation_id, row.amount)
    if not verdict.allowed:
        raise ApproverLimit(reason=verdict.reason)
    if row.expires_at <= clock.now():
        raise Conflict
    limits.decide(actor, row, "approve")
    if order is not None:
        _let_pay(actor, order)
    return row


def _let_pay(actor: Actor, order: Order) -> None:
    """The time to pay begins; what was agreed elsewhere keeps the time that was agreed."""
    if not order.origin:
        order.pay_by = clock.now() + policies.PAY_WITHIN
    orders.move(actor, order, "approve", "pay_by")


@service
def refuse_spending(actor: Actor, approval_id: int, reason: str) -> Approval:
    """An owner or manager says no and why; an order that waited is cancelled.

    Raises NotFound, Forbidden, OwnApproval, Conflict.
    """
    order = _lock_order(selectors.get_approval(actor, approval_id))
    row = selectors.lock_approval(actor, approval_id, own=False)
    if row.person_id == actor.pk:
        raise OwnApproval
    limits.decide(actor, row, "refuse", reason)
    _give_up(actor, order, reason)
    return row


@service
def withdraw_spending(actor: Actor, approval_id: int) -> Approval:
    """Who asked needs it no longer. Raises NotFound, Forbidden, Conflict."""
    order = _lock_order(selectors.get_approval(actor, approval_id))
    row = selectors.lock_approval(actor, approval_id, own=True)
    limits.decide(actor, row, "withdraw")
    _give_up(actor, order, "")
    return row


def _lock_order(asked: Approval) -> Order | None:
    """The order that waits for this very approval, row locked before the approval."""
    kind, _colon, pk = asked.origin.partition(":")
    return selectors.lock_order(int(pk)) if kind == "order" else None


def _give_up(actor: Actor, order: Order | None, reason: str) -> None:
    if order is not None and order.state == OrderState.APPROVING:
        orders.end(actor, order, "cancel", reason)
        orders.give_back(order)


def expire_approvals(now: dt.datetime | None = None, limit: int = 100) -> int:
    """End wishes that nobody answered in time; returns how many. For the worker.

    Those of orders end with their orders (`expire_unpaid`).
    """
    due = Approval.objects.filter(
        state=ApprovalState.WAITING, expires_at__lte=now or clock.now()
    ).exclude(origin__startswith="order:")
    ids = list(due.order_by("expires_at").values_list("pk", flat=True)[:limit])
    return sum(_expire(pk) for pk in ids)


@service
def _expire(approval_id: int) -> bool:
    row = Approval.objects.select_for_update().get(pk=approval_id)
    if row.state != ApprovalState.WAITING:
        return False
    limits.decide(SYSTEM, row, "expire")
    return True
