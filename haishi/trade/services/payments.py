"""Paying an order, and believing what providers say about it.

A provider is spoken to between transactions, never inside one: write down what is about to be
asked, ask, write down the answer. Killed in between, the next try asks again by the same reference.
"""

import datetime as dt
from collections.abc import Mapping

import structlog
from django.utils.translation import gettext as _

from haishi.catalogue.states import ProductKind
from haishi.foundation import audit, clock
from haishi.foundation.errors import DomainError
from haishi.foundation.outbox import publish
from haishi.foundation.service import inside_service, service
from haishi.foundation.types import SYSTEM, Actor
from haishi.trade import policies, providers, selectors
from haishi.trade.errors import CallbackRefused, PaymentClosed, ProviderRefuses, ProviderUnknown
from haishi.trade.events import OrderPaid
from haishi.trade.models import Order, Payment, ProviderNotice, Refund
from haishi.trade.services import escrow, orders, refunds
from haishi.trade.states import PAYMENT, NoticeKind, PaymentState
from haishi.trade.types import Charge, Created, News

log = structlog.get_logger("haishi.trade")
# The first question to a provider that kept silent, then ever rarer, for three days.
FIRST_QUESTION = dt.timedelta(minutes=1)
LAST_QUESTION = dt.timedelta(days=3)


def start(
    actor: Actor,
    order_id: int,
    provider: str,
    return_url: str = "/",
    *,
    phone: bool = False,
    address: str = "127.0.0.1",
    inside: bool = False,
) -> Payment:
    """Open a payment with a provider; `pay_url` of the answer is where the buyer pays.

    A repetition answers with the same payment. `phone`: the buyer holds one; `address`: of the
    buyer's browser; `inside`: that browser is WeChat's own, where WeChat pays in the page if the
    house can learn openids, else by a code. Raises NotFound, Forbidden, PaymentClosed,
    ProviderUnknown, ProviderRefuses (currency, amount, time, a seller without an account there),
    ProviderFailed.
    """
    assert not inside_service(), "a provider is not asked inside a transaction"
    if provider not in providers.names():
        raise ProviderUnknown
    port = providers.get(provider)
    inside = inside and port.name == providers.WECHAT and providers.openid.offered()
    payment, number = _open(actor, order_id, port.name, inside)
    if payment.pay_url:
        return payment
    charge = Charge(
        payment.reference, payment.amount, number, return_url, payment.payee, phone, address,
        payment.inside,
    )  # fmt: skip
    return _opened(payment.pk, port.create(charge))


@service
def _open(actor: Actor, order_id: int, provider: str, inside: bool) -> tuple[Payment, str]:
    order = selectors.lock_as_buyer(actor, order_id)
    if not policies.takes_money(order):
        raise PaymentClosed
    open_now = order.payments.filter(provider=provider, state=PaymentState.OPEN)
    known = open_now.filter(inside=inside).first()
    if known:
        return known, order.number
    if reasons := selectors.why_not_pay(order, provider):
        raise ProviderRefuses(reasons=_("；").join(reasons))
    payment = Payment.objects.create(
        order=order,
        provider=provider,
        reference=orders.new_number("P"),
        amount_minor=order.total_minor,
        currency=order.currency,
        payee=selectors.payee_of(order.seller_id, provider),
        ask_at=clock.now() + FIRST_QUESTION,
        inside=inside,
    )
    audit.record(actor, "payment.opened", order, reference=payment.reference, provider=provider)
    return payment, order.number


@service
def _opened(payment_id: int, created: Created) -> Payment:
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    payment.transaction = created.transaction
    payment.pay_url = created.pay_url
    payment.save(update_fields=["transaction", "pay_url"])
    return payment


def take_callback(provider: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Believe a callback if it is to be believed; returns whether it changed anything.

    May come twice, late or before its elders. Raises ProviderUnknown, CallbackRefused.
    """
    try:
        news = providers.get(provider).verify(headers, body)
        return news is not None and believe(news)
    except CallbackRefused as refused:
        log.warning("callback_refused", provider=provider, reason=str(refused.values["reason"]))
        raise


def heard(provider: str) -> tuple[str, str]:
    """(content type, words) with which a provider is told that its callback was believed."""
    return providers.get(provider).heard


def lock_for_news(payment: Payment) -> None:
    """Lock a payment and its order, in this order, before rows that lead to them."""
    selectors.lock_order(payment.order_id)
    Payment.objects.select_for_update().get(pk=payment.pk)


@service
def believe(news: News) -> bool:
    """Act on checked news once; returns whether anything changed. Raises CallbackRefused."""
    found = Payment.objects.filter(provider=news.provider, reference=news.reference).first()
    if found is None:
        raise CallbackRefused(reason=_("没有这笔支付"))
    order = selectors.lock_order(found.order_id)
    payment = Payment.objects.select_for_update().get(pk=found.pk)
    notice, new = ProviderNotice.objects.get_or_create(
        provider=news.provider,
        event_id=news.event_id,
        defaults={"kind": news.kind, "payment": payment, "digest": news.digest},
    )
    if not new and notice.digest != news.digest:
        raise CallbackRefused(reason=_("同一通知编号内容不同"))
    if not new:
        return False
    if news.kind == NoticeKind.REFUNDED:
        return _refunded(order, payment, news)
    if news.amount != payment.amount:
        raise CallbackRefused(reason=_("金额或货币不符"))
    if news.kind == NoticeKind.FAILED:
        return _failed(order, payment)
    return _paid(order, payment, news)


def _failed(order: Order, payment: Payment) -> bool:
    if payment.state != PaymentState.OPEN:
        return False  # older news than what we know
    payment.state = PAYMENT.after(payment.state, "fail")
    payment.save(update_fields=["state"])
    audit.record(SYSTEM, "payment.failed", order, reference=payment.reference)
    return True


def _paid(order: Order, payment: Payment, news: News) -> bool:
    if payment.state == PaymentState.SUCCEEDED:
        return False  # the same fact under another event id
    payment.state = PAYMENT.after(payment.state, "succeed")
    payment.transaction = news.transaction
    payment.paid_at, payment.ask_at = clock.now(), None
    payment.save(update_fields=["state", "transaction", "paid_at", "ask_at"])
    escrow.money_came(order, payment)
    audit.record(
        SYSTEM, "payment.succeeded", order, reference=payment.reference,
        amount=payment.amount_minor, currency=payment.currency,
    )  # fmt: skip
    if not policies.still_ours(order):
        refunds.send_late_money_back(order, payment)
        return True
    orders.keep_for_good(order)
    order.paid_at = clock.now()
    if order.kind == ProductKind.GOODS:
        order.moves_at = order.paid_at + policies.SHIP_WITHIN
    orders.move(SYSTEM, order, "pay", "paid_at", "moves_at")
    publish(OrderPaid(organisation_id=order.seller_id, order_id=order.pk, origin=order.origin))
    return True


def _refunded(order: Order, payment: Payment, news: News) -> bool:
    refund = (
        Refund.objects.select_for_update()
        .filter(payment=payment, number=news.refund_number)
        .first()
    )
    if refund is None or refund.amount != news.amount:
        raise CallbackRefused(reason=_("没有这笔退款，或金额不符"))
    return refunds.arrived(order, refund)


def ask_due(limit: int = 50) -> int:
    """Ask providers about payments whose news may be lost; returns how many. For the worker."""
    taken = _take_to_ask(limit)
    for payment in taken:
        ask_about(payment)
    return len(taken)


def ask_about(payment: Payment) -> None:
    """Ask the provider of one payment now. It may keep silent."""
    try:
        for news in providers.get(payment.provider).query(payment.known):
            believe(news)
    except DomainError:
        log.warning("provider_silent", provider=payment.provider, reference=payment.reference)


@service
def _take_to_ask(limit: int) -> list[Payment]:
    now = clock.now()
    due = Payment.objects.select_for_update(skip_locked=True).filter(ask_at__lte=now)
    rows = list(due.order_by("ask_at")[:limit])
    for row in rows:
        age = now - row.created_at
        # Next time when it is twice as old as now.
        row.ask_at = now + max(age, FIRST_QUESTION) if age < LAST_QUESTION else None
        row.save(update_fields=["ask_at"])
    return rows
