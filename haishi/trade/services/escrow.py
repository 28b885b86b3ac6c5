"""The money of an order, in entries. Each fact has a key, so that a repetition posts nothing."""

from haishi.foundation.money import split
from haishi.foundation.service import service
from haishi.trade import selectors
from haishi.trade.models import Order, Payment, Refund
from haishi.trade.services import payouts
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
def release(order: Order) -> dict[str, int]:
    """Share all that is held; {account code: minor units} of those who get something.

    One exact split over the firms' parts and the platform's: each firm's points count for what
    the platform's fee leaves. Units that cannot be shared go to the largest remainders, on
    a tie to the seller first.
    """
    amount = selectors.held(order).minor
    parts = list(order.shares.order_by("pk").values_list("organisation_id", "points"))
    firms = dict(parts) if parts else {order.seller_id: 10_000}
    weights = [points * (10_000 - order.fee_points) for points in firms.values()]
    named = [*firms].index(order.seller_id) if order.seller_id in firms else 0
    sums = split(amount, [*weights, order.fee_points * 10_000], remainder_to=named)
    shared = {
        code: share
        for code, share in zip([*(f"seller:{pk}" for pk in firms), "fees"], sums, strict=True)
        if share
    }
    lines = [Line(selectors.escrow(order), amount)]
    lines += [
        Line(AccountName(code, order.currency, Side.CREDIT), -share)
        for code, share in shared.items()
    ]
    post(f"release:{order.number}", EntryKind.RELEASE, _subject(order), lines)
    payouts.plan(order, shared)
    return shared
