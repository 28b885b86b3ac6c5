"""The money of an order, in entries. Each fact has a key, so that a repetition posts nothing."""

from haishi.foundation.money import split
from haishi.foundation.service import service
from haishi.trade import selectors
from haishi.trade.models import Order, Payment, Refund
from haishi.trade.services.ledger import post
from haishi.trade.states import EntryKind, Side
from haishi.trade.types import AccountName, Line


def _provider(payment: Payment) -> AccountName:
    return AccountName(f"provider:{payment.provider}", payment.currency, Side.DEBIT)


def _on_the_way(payment: Payment) -> AccountName:
    return AccountName(f"refunding:{payment.provider}", payment.currency, Side.CREDIT)


def _subject(order: Order) -> str:
    return f"order:{order.pk}"


@service
def money_came(order: Order, payment: Payment) -> None:
    """The provider has the buyer's money; it is held for the order."""
    amount = payment.amount_minor
    lines = [Line(_provider(payment), amount), Line(selectors.escrow(order), -amount)]
    post(f"payment:{payment.reference}", EntryKind.PAYMENT, _subject(order), lines)


@service
def refund_left(order: Order, refund: Refund) -> None:
    """A refund was instructed: its money is held no more. Raises NotEnoughHeld."""
    amount = refund.amount_minor
    lines = [Line(selectors.escrow(order), amount), Line(_on_the_way(refund.payment), -amount)]
    post(f"refund:{refund.number}", EntryKind.REFUND, _subject(order), lines)


@service
def refund_arrived(order: Order, refund: Refund) -> None:
    """The provider has sent the money to the buyer."""
    amount = refund.amount_minor
    lines = [Line(_on_the_way(refund.payment), amount), Line(_provider(refund.payment), -amount)]
    post(f"refunded:{refund.number}", EntryKind.REFUND, _subject(order), lines)


@service
def release(order: Order) -> tuple[int, int]:
    """Share all that is held between seller and platform; (seller's, platform's) minor units.

    Exact to the minor unit; what cannot be shared goes to the seller.
    """
    amount = selectors.held(order).minor
    points = order.fee_points
    seller, fee = split(amount, [10_000 - points, points], remainder_to=0)
    shares = [
        (AccountName(f"seller:{order.seller_id}", order.currency, Side.CREDIT), seller),
        (AccountName("fees", order.currency, Side.CREDIT), fee),
    ]
    lines = [Line(selectors.escrow(order), amount)]
    lines += [Line(account, -share) for account, share in shares if share]
    post(f"release:{order.number}", EntryKind.RELEASE, _subject(order), lines)
    return seller, fee
