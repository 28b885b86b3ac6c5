"""Who may do what with an order, and the platform's clocks. Pure questions."""

import datetime as dt

from haishi.catalogue.states import ProductKind
from haishi.foundation import clock
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.parties.states import Duty, Role
from haishi.trade.models import Dispute, Order
from haishi.trade.states import OPENS_FILES, OrderState

PAY_WITHIN = dt.timedelta(minutes=30)
# News of a payment made in time may come this much later; units outlive both clocks, so that the
# order decides, under its lock, what became of them.
NEWS_GRACE = dt.timedelta(minutes=2)
UNITS_GRACE = dt.timedelta(minutes=10)
# A transfer between banks is booked within one working day.
BANK_NEEDS = dt.timedelta(hours=24)
# An order above a limit keeps its units this long, until a colleague answers.
APPROVE_WITHIN = dt.timedelta(hours=24)
# A difference between a statement and our books is explained within this time.
DIFFERENCE_WITHIN = dt.timedelta(days=3)
SHIP_WITHIN = dt.timedelta(days=15)
RECEIVE_WITHIN = dt.timedelta(days=10)
RETURN_WITHIN = dt.timedelta(days=7)
ANSWER_WITHIN = dt.timedelta(hours=48)
# Disputes: each answer, the evidence of both sides, the decision.
OFFER_WITHIN = dt.timedelta(hours=72)
EVIDENCE_WITHIN = dt.timedelta(days=5)
DECIDE_WITHIN = dt.timedelta(days=5)
MOST_OFFERS = 12
MOST_FILES = 8
# An invoice is due ten days after it was asked for; a reminder later it ends as overdue.
INVOICE_WITHIN = dt.timedelta(days=10)
INVOICE_AT_LAST = dt.timedelta(days=20)
# 3 % in basis points.
FEE_POINTS = 300
MOST_UNITS = 100_000
MOST_UNPAID = 20
MOST_ADDRESSES = 20
# What a shop sells without talking first; a licence begins with its terms.
SHOP_KINDS = (ProductKind.GOODS, ProductKind.FILE, ProductKind.SERVICE)
CART_DAYS, MOST_CART_LINES = 60, 100
# Goods that come back: sent within the first, looked at within the second.
SEND_BACK_WITHIN = dt.timedelta(days=14)
LOOK_WITHIN = dt.timedelta(days=10)
# Fetching the files of one purchase, and how long one link lives.
MOST_DOWNLOADS = 20
LINK_LIVES = dt.timedelta(minutes=10)
REVIEW_DAYS = 30

# Kinds of `origin` whose handing over and acceptance happen in the module they come from.
_elsewhere: set[str] = set()


def accept_elsewhere(kind: str) -> None:
    """Orders of this origin (`milestone`) are accepted by `services.accept_agreed` alone."""
    _elsewhere.add(kind)


def accepted_elsewhere(order: Order) -> bool:
    """Whether the module that billed the order decides on its acceptance."""
    return order.origin.partition(":")[0] in _elsewhere


def can_see(actor: Actor, order: Order) -> bool:
    """The buyer, managers of the buying firm, members of the selling firm, operators."""
    return (
        actor.is_staff
        or actor.pk == order.buyer_id
        or parties.is_member(actor, order.seller_id)
        or (order.buyer_firm_id is not None and parties.can_manage(actor, order.buyer_firm_id))
    )


def can_buy(actor: Actor, order: Order) -> bool:
    """Act as the buyer: who placed it, and managers of the buying firm."""
    firm = order.buyer_firm_id
    return actor.pk == order.buyer_id or (firm is not None and parties.can_manage(actor, firm))


def can_ship(actor: Actor, order: Order) -> bool:
    """Every member of the selling firm sends parcels."""
    return parties.is_member(actor, order.seller_id)


def can_refund(actor: Actor, order: Order) -> bool:
    """Owners and managers of the selling firm answer for its money."""
    return parties.can_manage(actor, order.seller_id)


def can_run_money(actor: Actor) -> bool:
    """Operators of the installation look after statements, instructions and differences."""
    return bool(actor.is_authenticated and actor.is_staff)


def can_own_money(actor: Actor, organisation_id: int) -> bool:
    """Owners of a firm, and nobody else, say where its money goes."""
    return bool(parties.role_of(actor, organisation_id) == Role.OWNER)


def takes_money(order: Order) -> bool:
    """Whether a payment may be started now."""
    return order.state == OrderState.AWAITING and clock.now() < order.pay_by


def still_ours(order: Order) -> bool:
    """Whether a payment that is heard of now still gets the units."""
    return order.state == OrderState.AWAITING and clock.now() < order.pay_by + UNITS_GRACE


def opens_files(order: Order) -> bool:
    """Whether what was paid for may be fetched: the order holds."""
    return order.state in OPENS_FILES


def halfway(offered: int, wanted: int) -> int:
    """What a mediator's silence gives the buyer, in minor units; the odd one is the buyer's."""
    return (offered + wanted + 1) // 2


def is_party(actor: Actor, order: Order) -> bool:
    """Whether the person stands on one side: then they judge nothing here."""
    firms = {order.seller_id, order.buyer_firm_id} - {None}
    return actor.pk == order.buyer_id or bool(firms & parties.roles_of(actor).keys())


def has_mediators_duty(actor: Actor, dispute: Dispute) -> bool:
    """Reviewers and moderators of the organiser where the seller exhibits, and operators."""
    if dispute.organiser_id is None:
        return bool(actor.is_staff)
    return parties.has_duty(actor, dispute.organiser_id, (Duty.REVIEWER, Duty.MODERATOR))


def can_mediate(actor: Actor, dispute: Dispute) -> bool:
    """Those of them who stand on no side; `dispute.order` must be at hand."""
    return has_mediators_duty(actor, dispute) and not is_party(actor, dispute.order)
