"""Who may do what with an order, and the platform's clocks. Pure questions."""

import datetime as dt

from haishi.catalogue.states import ProductKind
from haishi.foundation import clock
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.trade.models import Order
from haishi.trade.states import OPENS_FILES, OrderState

PAY_WITHIN = dt.timedelta(minutes=30)
# News of a payment made in time may come this much later; units outlive both clocks, so that the
# order decides, under its lock, what became of them.
NEWS_GRACE = dt.timedelta(minutes=2)
UNITS_GRACE = dt.timedelta(minutes=10)
# An order above a limit keeps its units this long, until a colleague answers.
APPROVE_WITHIN = dt.timedelta(hours=24)
SHIP_WITHIN = dt.timedelta(days=15)
RECEIVE_WITHIN = dt.timedelta(days=10)
RETURN_WITHIN = dt.timedelta(days=7)
ANSWER_WITHIN = dt.timedelta(hours=48)
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


def takes_money(order: Order) -> bool:
    """Whether a payment may be started now."""
    return order.state == OrderState.AWAITING and clock.now() < order.pay_by


def still_ours(order: Order) -> bool:
    """Whether a payment that is heard of now still gets the units."""
    return order.state == OrderState.AWAITING and clock.now() < order.pay_by + UNITS_GRACE


def opens_files(order: Order) -> bool:
    """Whether what was paid for may be fetched: the order holds."""
    return order.state in OPENS_FILES
