"""Money that goes back: asked for by buyers, answered by sellers, sent by the worker."""

import datetime as dt

import structlog

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.trade import policies, providers, selectors
from haishi.trade.errors import DisputeOpen, ProviderFailed, RefundOpen, RefundTooMuch
from haishi.trade.events import RefundAnswered, RefundRequested, RefundSentBack
from haishi.trade.models import Order, Payment, Refund
from haishi.trade.services import escrow, orders
from haishi.trade.states import HELD, REFUND, UNANSWERED, OrderState, PaymentState, RefundState

log = structlog.get_logger("haishi.trade")
# An instruction is repeated until the provider confirms it; it knows the number again.
SEND_AGAIN = dt.timedelta(minutes=5)


@service
def ask_refund(
    actor: Actor, order_id: int, amount_minor: int, reason: str, *, returns_goods: bool = False
) -> Refund:
    """The buyer wants some or all of the held money back; `returns_goods` sends things back first.

    Raises NotFound, Forbidden, Conflict (nothing is held), RefundOpen, DisputeOpen, RefundTooMuch.
    """
    order = selectors.lock_as_buyer(actor, order_id)
    if order.state not in HELD:
        raise Conflict
    _alone(order)
    most = selectors.refundable(order)
    if not 0 < amount_minor <= most.minor:
        raise RefundTooMuch(most=most)
    refund = Refund.objects.create(
        payment=_paid_by(order),
        number=orders.new_number("R"),
        amount_minor=amount_minor,
        reason=reason[:200],
        # Nothing to send back before something was sent.
        returns_goods=returns_goods and order.state != OrderState.PAID,
        answer_by=clock.now() + policies.ANSWER_WITHIN,
    )
    audit.record(actor, "refund.requested", order, number=refund.number, amount=amount_minor)
    publish(
        RefundRequested(organisation_id=order.seller_id, order_id=order.pk, refund_id=refund.pk)
    )
    return refund


def _unanswered(order: Order) -> bool:
    return Refund.objects.filter(payment__order=order, state__in=UNANSWERED).exists()


def _alone(order: Order) -> None:
    """One thing about an order's money at a time. Raises RefundOpen, DisputeOpen."""
    if _unanswered(order):
        raise RefundOpen
    if selectors.has_open_dispute(order):
        raise DisputeOpen


def _paid_by(order: Order) -> Payment:
    """The payment that the order lives on: the first that succeeded."""
    rows = order.payments.select_for_update().filter(state=PaymentState.SUCCEEDED)
    return rows.earliest("paid_at", "pk")


@service
def agree(actor: Actor, refund_id: int, answer: str = "") -> Refund:
    """The seller agrees: money goes back, or waits for the goods. Raises NotFound, Forbidden."""
    order, refund = _lock_for_seller(actor, refund_id)
    refund.answer = answer[:200]
    _agree(actor, order, refund)
    return refund


def _agree(actor: Actor, order: Order, refund: Refund) -> None:
    if refund.returns_goods:
        refund.answer_by = clock.now() + policies.SEND_BACK_WITHIN
        _step(actor, order, refund, "await_goods", "answer", "answer_by")
    else:
        _instruct(actor, order, refund, "answer")


@service
def refuse(actor: Actor, refund_id: int, answer: str) -> Refund:
    """The seller does not agree and says why. Raises NotFound, Forbidden, Conflict."""
    order, refund = _lock_for_seller(actor, refund_id)
    refund.answer = answer[:200]
    _step(actor, order, refund, "refuse", "answer")
    return refund


@service
def take_goods_back(actor: Actor, refund_id: int) -> Refund:
    """The seller has the returned goods: the money goes back.

    Raises NotFound, Forbidden, Conflict.
    """
    order, refund = _lock_for_seller(actor, refund_id)
    if refund.state != RefundState.RETURNING:
        raise Conflict
    _instruct(actor, order, refund)
    return refund


@service
def send_goods_back(actor: Actor, refund_id: int, parcel: str) -> Refund:
    """The buyer has sent the goods back; `parcel` names carrier and number.

    Raises NotFound, Forbidden, Conflict (nothing is to be sent back).
    """
    order = selectors.lock_as_buyer(actor, _order_of(refund_id))
    refund = _lock(refund_id)
    if refund.state != RefundState.RETURNING:
        raise Conflict
    refund.sent_back, refund.answer_by = parcel[:100], clock.now() + policies.LOOK_WITHIN
    refund.save(update_fields=["sent_back", "answer_by"])
    audit.record(actor, "refund.sent_back", order, number=refund.number, parcel=refund.sent_back)
    publish(RefundSentBack(order.seller_id, order_id=order.pk, refund_id=refund.pk))
    return refund


@service
def withdraw(actor: Actor, refund_id: int) -> Refund:
    """The buyer thinks better of it. Raises NotFound, Forbidden, Conflict."""
    order = selectors.lock_as_buyer(actor, _order_of(refund_id))
    refund = _lock(refund_id)
    _step(actor, order, refund, "withdraw")
    return refund


@service
def call_off(actor: Actor, order_id: int, reason: str) -> Order:
    """The seller cannot deliver what was paid: all that is held goes back.

    Raises NotFound, Forbidden, RefundOpen, DisputeOpen, Conflict (not paid, or something was sent
    already).
    """
    order = selectors.lock_as_seller(actor, order_id, money=True)
    _call_off(actor, order, reason)
    return order


def _call_off(actor: Actor, order: Order, reason: str) -> None:
    if order.state != OrderState.PAID:
        raise Conflict
    _alone(order)
    refund = Refund.objects.create(
        payment=_paid_by(order),
        number=orders.new_number("R"),
        amount_minor=selectors.held(order).minor,
        reason=reason[:200],
    )
    _instruct(actor, order, refund)


@service
def send_back(actor: Actor, order: Order, amount_minor: int, reason: str) -> Refund:
    """A part of what is held goes back, as two sides agreed or a mediator decided."""
    refund = Refund.objects.create(
        payment=_paid_by(order),
        number=orders.new_number("R"),
        amount_minor=amount_minor,
        reason=reason[:200],
    )
    _instruct(actor, order, refund)
    return refund


@service
def send_late_money_back(order: Order, payment: Payment) -> Refund:
    """The order cannot take this payment any more: all of it goes back, nobody has to agree."""
    refund = Refund.objects.create(
        payment=payment,
        number=orders.new_number("R"),
        amount_minor=payment.amount_minor,
        late=True,
    )
    _instruct(SYSTEM, order, refund)
    return refund


def _step(actor: Actor, order: Order, refund: Refund, action: str, *fields: str) -> None:
    before = refund.state
    refund.state = REFUND.after(refund.state, action)
    refund.save(update_fields=["state", *fields])
    audit.record(
        actor, f"refund.{action}", order, number=refund.number, amount=refund.amount_minor,
        before=before, after=refund.state,
    )  # fmt: skip
    publish(
        RefundAnswered(
            organisation_id=order.seller_id,
            order_id=order.pk,
            refund_id=refund.pk,
            state=refund.state,
        )
    )


def _instruct(actor: Actor, order: Order, refund: Refund, *fields: str) -> None:
    """Take the money out of what is held; the worker tells the provider after the commit."""
    refund.send_at = clock.now()
    _step(actor, order, refund, "agree", "send_at", *fields)
    escrow.refund_left(order, refund)
    if order.state in HELD and not selectors.held(order).minor:
        orders.end(actor, order, "refund", refund.reason)
        orders.give_back(order)


@service
def arrived(order: Order, refund: Refund) -> bool:
    """The provider confirms (row locked); returns whether that was new."""
    if refund.state == RefundState.DONE:
        return False
    refund.done_at, refund.send_at = clock.now(), None
    _step(SYSTEM, order, refund, "arrive", "done_at", "send_at")
    escrow.refund_arrived(order, refund)
    return True


def send_due(limit: int = 50) -> int:
    """Hand instructions to providers until they are confirmed; returns how many. For the worker."""
    taken = _take_to_send(limit)
    for refund in taken:
        port = providers.get(refund.payment.provider)
        try:
            news = port.refund(refund.payment.known, refund.number, refund.amount)
        except ProviderFailed:
            log.warning("refund_not_taken", number=refund.number, tries=refund.tries)
            continue
        if news is not None:
            _confirm(refund.pk)
    return len(taken)


@service
def _take_to_send(limit: int) -> list[Refund]:
    due = Refund.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state=RefundState.INSTRUCTED, send_at__lte=clock.now()
    )
    rows = list(due.select_related("payment").order_by("send_at")[:limit])
    for row in rows:
        row.tries = min(row.tries + 1, 1_000)
        row.send_at = clock.now() + SEND_AGAIN * min(row.tries, 12)
        row.save(update_fields=["tries", "send_at"])
    return rows


@service
def _confirm(refund_id: int) -> None:
    order = selectors.lock_order(_order_of(refund_id))
    arrived(order, _lock(refund_id))


def agree_for_silent_sellers(now: dt.datetime | None = None, limit: int = 50) -> int:
    """A wish that nobody answered in time is agreed to; returns how many. For the worker."""
    due = Refund.objects.filter(
        state=RefundState.REQUESTED, answer_by__lte=now or clock.now()
    ).order_by("answer_by")
    return sum(_agree_silently(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


@service
def _agree_silently(refund_id: int) -> bool:
    order, refund = selectors.lock_order(_order_of(refund_id)), _lock(refund_id)
    if refund.state != RefundState.REQUESTED:
        return False
    _agree(SYSTEM, order, refund)
    return True


def end_returns(now: dt.datetime | None = None, limit: int = 50) -> int:
    """Goods that were never sent back end the wish; goods that nobody looked at count as taken
    back. Returns how many. For the worker.
    """
    due = Refund.objects.filter(
        state=RefundState.RETURNING, answer_by__lte=now or clock.now()
    ).order_by("answer_by")
    return sum(_end_return(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


@service
def _end_return(refund_id: int) -> bool:
    order, refund = selectors.lock_order(_order_of(refund_id)), _lock(refund_id)
    if refund.state != RefundState.RETURNING:
        return False
    if refund.sent_back:
        _instruct(SYSTEM, order, refund)
    else:
        _step(SYSTEM, order, refund, "withdraw")
    return True


def call_off_unshipped(now: dt.datetime | None = None, limit: int = 50) -> int:
    """Paid and never sent: the buyer gets the money back; returns how many. For the worker."""
    due = Order.objects.filter(
        ~selectors.waits_in_dispute(), state=OrderState.PAID, moves_at__lte=now or clock.now()
    )
    ids = list(due.order_by("moves_at").values_list("pk", flat=True)[:limit])
    return sum(_call_off_unshipped(pk) for pk in ids)


@service
def _call_off_unshipped(order_id: int) -> bool:
    order = selectors.lock_order(order_id)
    waits = _unanswered(order) or selectors.has_open_dispute(order)
    if order.state != OrderState.PAID or waits:
        return False
    _call_off(SYSTEM, order, "")
    return True


def _order_of(refund_id: int) -> int:
    found = Refund.objects.filter(pk=refund_id).values_list("payment__order_id", flat=True).first()
    if found is None:
        raise NotFound
    return found


def _lock(refund_id: int) -> Refund:
    rows = Refund.objects.select_for_update(of=("self",)).select_related("payment")
    return rows.get(pk=refund_id)


def _lock_for_seller(actor: Actor, refund_id: int) -> tuple[Order, Refund]:
    order = selectors.lock_as_seller(actor, _order_of(refund_id), money=True)
    return order, _lock(refund_id)
