"""A milestone's money: an order of trade, followed by its events."""

from haishi.contracts import contents, policies, selectors
from haishi.contracts.events import MilestoneFunded, MilestoneSettled
from haishi.contracts.models import Milestone
from haishi.contracts.services.ending import fulfil
from haishi.contracts.services.moving import facts, move_part
from haishi.contracts.states import MILESTONE, ContractState
from haishi.foundation import clock
from haishi.foundation.errors import Conflict, Forbidden
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.trade import selectors as trade_selectors
from haishi.trade import services as trade
from haishi.trade.types import Agreed, Bill, Share


@service
def fund(actor: Actor, milestone_id: int) -> Milestone:
    """Make the order that the payer pays. Raises NotFound, Forbidden, Conflict."""
    milestone = selectors.lock_milestone(actor, milestone_id)
    contract = milestone.contract
    if not policies.pays(actor, milestone):
        raise Forbidden
    if contract.state != ContractState.CONCLUDED:
        raise Conflict
    MILESTONE.after(milestone.state, "bill")
    milestone.bills += 1
    title = f"{contract.number} {milestone.name}"[:80]
    line = Agreed(title, milestone.amount_minor, name_en=milestone.name_en[:160])
    pairs = milestone.shares or [[milestone.supplier_id, contents.WHOLE]]
    order = trade.bill(
        actor,
        Bill(
            buyer_id=actor.pk,
            buyer_firm_id=contract.payer_id,
            seller_id=milestone.supplier_id,
            kind="service",
            currency=contract.currency,
            lines=(line,),
            pay_by=clock.now() + policies.PAY_WITHIN,
            origin=milestone.origin,
            shares=tuple(Share(*pair) for pair in pairs),
            fee_points=contract.fee_points,
        ),
        key=f"{milestone.origin}:{milestone.bills}",
    )
    milestone.order_id, milestone.order_number = order.pk, order.number
    move_part(actor, milestone, "bill", "order_id", "order_number", "bills", order=order.number)
    return milestone


@service
def follow_order(milestone_id: int, order_id: int, news: str) -> bool:
    """What became of an order: paid, completed, refunded, expired or cancelled.

    Returns whether that moved the milestone; news that comes twice, or of an order that was
    followed by another, moves nothing.
    """
    milestone = selectors.lock_milestone(SYSTEM, milestone_id)
    action = {"paid": "pay", "completed": "settle", "refunded": "refund"}.get(news, "lapse")
    if milestone.order_id != order_id or (milestone.state, action) not in MILESTONE:
        return False
    if action == "pay":
        move_part(SYSTEM, milestone, action)
        publish(MilestoneFunded(**facts(milestone.contract), milestone_id=milestone.pk))
    elif action == "settle":
        return _settled(milestone)
    else:
        milestone.accept_by = None
        move_part(SYSTEM, milestone, action, "accept_by")
    return True


def _settled(milestone: Milestone) -> bool:
    """Write down who got what, as the ledger says; end the contract with its last milestone.

    Returns whether the ledger knows of it.
    """
    lines = trade_selectors.statement(f"order:{milestone.order_id}")
    released: dict[str, int] = {}
    for code, line in lines:
        if line.kind == "release" and (code == "fees" or code.startswith("seller:")):
            name = code.removeprefix("seller:")
            released[name] = released.get(name, 0) - line.amount.minor
    if not released:
        return False
    milestone.released, milestone.settled_at, milestone.accept_by = released, clock.now(), None
    move_part(SYSTEM, milestone, "settle", "released", "settled_at", "accept_by", released=released)
    publish(MilestoneSettled(**facts(milestone.contract), milestone_id=milestone.pk))
    fulfil(milestone.contract)
    return True
