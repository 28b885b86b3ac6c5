"""Orders that were agreed outside the shop: a won claim, a milestone, a royalty.

They live on like every other order: paid, delivered, received, refunded, settled by the same
clocks and in the same ledger. Whoever bills has checked who may.
"""

from functools import partial

from haishi.foundation import audit, once
from haishi.foundation.errors import Conflict
from haishi.foundation.money import Money
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.trade import policies, selectors
from haishi.trade.errors import NothingOrdered, SharesWrong
from haishi.trade.events import OrderPlaced
from haishi.trade.models import Order, OrderLine, OrderShare
from haishi.trade.services import fulfilment, limits
from haishi.trade.services.orders import new_number
from haishi.trade.states import OrderState
from haishi.trade.types import Bill


@service
def bill(actor: Actor, due: Bill, *, key: str) -> Order:
    """Make an agreed order that waits for its money until `due.pay_by`.

    Above the buyer's limit for the firm it waits for an approval first, unless `due.approval_id`
    covers it. The same `key` answers with the first order. Raises NothingOrdered, SharesWrong,
    SpendForbidden, ApprovalMismatch, KeyReused.
    """
    asked = once.fingerprint([str(due)])
    made, _again = once.run("bill", key, partial(_bill, actor, due), asked)
    return Order.objects.get(pk=made)


def _total(due: Bill) -> int:
    """Minor units of all lines. Raises NothingOrdered, SharesWrong."""
    total = sum(line.price_minor * line.quantity for line in due.lines)
    if total <= 0:
        raise NothingOrdered
    points = [share.points for share in due.shares]
    firms = {share.organisation_id for share in due.shares}
    if due.shares and (sum(points) != 10_000 or min(points) <= 0 or len(firms) != len(points)):
        raise SharesWrong
    return total


def _bill(actor: Actor, due: Bill) -> int:
    total = _total(due)
    asks = due.buyer_firm_id if due.approval_id is None else None
    verdict = limits.judge_for(due.buyer_id, asks, Money(total, due.currency))
    order = Order.objects.create(
        number=new_number("D"),
        buyer_id=due.buyer_id,
        buyer_firm_id=due.buyer_firm_id,
        seller_id=due.seller_id,
        kind=due.kind,
        state=OrderState.AWAITING if verdict.allowed else OrderState.APPROVING,
        currency=due.currency,
        total_minor=total,
        fee_points=policies.FEE_POINTS if due.fee_points is None else due.fee_points,
        ship_to=dict(due.ship_to),
        note=due.note[:200],
        origin=due.origin,
        pay_by=due.pay_by,
    )
    OrderLine.objects.bulk_create(OrderLine(order=order, **vars(line)) for line in due.lines)
    OrderShare.objects.bulk_create(OrderShare(order=order, **vars(share)) for share in due.shares)
    audit.record(
        actor, "order.billed", order,
        number=order.number, total=total, currency=order.currency, origin=order.origin,
        fee=order.fee_points, buyer=order.buyer_id, seller=order.seller_id, state=order.state,
        lines=[[line.name, line.quantity, line.price_minor] for line in due.lines],
        shares=[[share.organisation_id, share.points] for share in due.shares],
    )  # fmt: skip
    publish(OrderPlaced(organisation_id=order.seller_id, order_id=order.pk, origin=order.origin))
    if due.approval_id is not None:
        limits.cover(order, due.approval_id)
    elif not verdict.allowed:
        limits.let_wait(actor, order, verdict)
    return order.pk


@service
def accept_agreed(actor: Actor, order_id: int, origin: str) -> Order:
    """What was agreed elsewhere was accepted there: handed over and received in one step.

    Whoever calls has checked who may; `origin` must be the order's own. Raises NotFound, Conflict,
    RefundOpen.
    """
    order = selectors.lock_order(order_id)
    if order.origin != origin:
        raise Conflict
    fulfilment.hand_over(actor, order)
    fulfilment.take_over(actor, order)
    return order
