"""Payments: callbacks may be forged, repeated, late, lost and out of order; money stays right."""

import base64
import datetime as dt
import json
import os
from collections import Counter

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from haishi.foundation import clock
from haishi.foundation.errors import Conflict
from haishi.foundation.money import Money
from haishi.foundation.service import service
from haishi.trade import selectors, services
from haishi.trade.errors import CallbackRefused, PaymentClosed, ProviderUnknown
from haishi.trade.models import Entry, Order, Payment, ProviderNotice, Refund, SandboxCallback
from haishi.trade.providers import sandbox, signatures
from haishi.trade.tests.factories import callback, order, pay, product, want

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def unpaid(firm, stranger):
    """An order of the stranger, ¥128."""
    return order(stranger, want(product(firm)))


def counts():
    return Entry.objects.count(), ProviderNotice.objects.count()


def at(monkeypatch, moment: dt.datetime) -> None:
    """Set the server's clock."""
    monkeypatch.setattr(clock, "now", lambda: moment)


def news(payment: Payment, **changes) -> bytes:
    """A body as the sandbox writes it, with `changes`."""
    body = {
        "id": "e1",
        "type": "payment.succeeded",
        "merchant": "haishi",
        "reference": payment.reference,
        "transaction": payment.transaction,
        "amount": payment.amount_minor,
        "currency": payment.currency,
        "refund": "",
    }
    return json.dumps(body | changes).encode()


def signed(body: bytes) -> tuple[dict[str, str], bytes]:
    return signatures.sign(sandbox._key(), body), body


def test_a_paid_order_holds_the_money_and_says_so_once(unpaid):
    payment = pay(unpaid)
    assert (unpaid.state, payment.state, selectors.held(unpaid)) == (
        "paid",
        "succeeded",
        Money(12_800),
    )
    assert payment.transaction.startswith("SB")
    assert counts() == (1, 1)


def test_starting_twice_is_one_payment(unpaid, stranger):
    first = services.start(stranger, unpaid.pk, "sandbox")
    again = services.start(stranger, unpaid.pk, "sandbox")
    assert (first.pk, first.pay_url) == (again.pk, f"/pay/sandbox/{first.reference}/")
    with pytest.raises(ProviderUnknown):
        services.start(stranger, unpaid.pk, "bank-of-nowhere")
    assert Payment.objects.count() == 1


def test_no_provider_is_asked_inside_a_transaction(unpaid, stranger):
    with pytest.raises(AssertionError):
        service(services.start)(stranger, unpaid.pk, "sandbox")
    assert Payment.objects.count() == 0


def test_a_paid_cancelled_or_overdue_order_takes_no_new_payment(
    unpaid, firm, stranger, monkeypatch
):
    cancelled, overdue = order(stranger, want(product(firm))), order(stranger, want(product(firm)))
    pay(unpaid)
    services.cancel(stranger, cancelled.pk)
    for row in (unpaid, cancelled):
        with pytest.raises(PaymentClosed):
            services.start(stranger, row.pk, "sandbox")
    at(monkeypatch, overdue.pay_by)
    with pytest.raises(PaymentClosed):
        services.start(stranger, overdue.pk, "sandbox")
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": 12_799}, "金额或货币不符"),
        ({"amount": 12_801}, "金额或货币不符"),
        ({"currency": "USD"}, "金额或货币不符"),
        ({"currency": "XXX"}, "内容无法读取"),
        ({"merchant": "somebody"}, "商户号不符"),
        ({"reference": "P000000NOBODY"}, "没有这笔支付"),
        ({"type": "payment.imagined"}, "内容无法读取"),
        ({"amount": "much"}, "内容无法读取"),
        ({"type": "refund.succeeded", "refund": "R1"}, "没有这笔退款，或金额不符"),
    ],
    ids=lambda value: str(value),
)
def test_signed_news_that_does_not_fit_is_refused(unpaid, stranger, changes, reason):
    payment = services.start(stranger, unpaid.pk, "sandbox")
    with pytest.raises(CallbackRefused, match=reason):
        callback(*signed(news(payment, **changes)))
    unpaid.refresh_from_db()
    assert (unpaid.state, counts()) == ("awaiting", (0, 0))


def test_a_forged_callback_is_refused(unpaid, stranger):
    payment = services.start(stranger, unpaid.pk, "sandbox")
    headers, body = signed(news(payment))
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    flipped = bytearray(base64.b64decode(headers[signatures.SIGNATURE]))
    flipped[0] ^= 1
    forged = [
        (headers, body + b" "),
        (headers, news(payment, id="e2")),
        ({**headers, signatures.NONCE: "x"}, body),
        ({**headers, signatures.TIMESTAMP: str(int(headers[signatures.TIMESTAMP]) + 1)}, body),
        ({**headers, signatures.SIGNATURE: base64.b64encode(flipped).decode()}, body),
        ({**headers, signatures.SIGNATURE: "不是"}, body),
        ({}, body),
        (signatures.sign(other, body), body),
    ]
    for attempt in forged:
        with pytest.raises(CallbackRefused, match="签名不符"):
            callback(*attempt)
    assert counts() == (0, 0)
    assert callback(headers, body) is True


@pytest.mark.parametrize(
    ("seconds", "believed"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)]
)
def test_a_callback_is_believed_for_three_hundred_seconds(
    unpaid, stranger, monkeypatch, seconds, believed
):
    payment = services.start(stranger, unpaid.pk, "sandbox")
    now = clock.now().replace(microsecond=0)
    at(monkeypatch, now)
    sent = signed(news(payment))
    at(monkeypatch, now + dt.timedelta(seconds=seconds))
    if believed:
        assert callback(*sent) is True
    else:
        with pytest.raises(CallbackRefused, match="已超过有效时间"):
            callback(*sent)
    assert counts() == ((1, 1) if believed else (0, 0))


def test_a_replayed_event_changes_nothing_and_may_not_say_something_else(unpaid, stranger):
    payment = services.start(stranger, unpaid.pk, "sandbox")
    sent = signed(news(payment))
    assert [callback(*sent), callback(*sent), callback(*signed(news(payment)))] == [
        True,
        False,
        False,
    ]
    assert callback(*signed(news(payment, id="another"))) is False
    with pytest.raises(CallbackRefused, match="同一通知编号内容不同"):
        callback(*signed(news(payment, type="payment.failed")))
    assert counts() == (1, 2)
    assert selectors.held(unpaid) == Money(12_800)


def test_delayed_repeated_and_reversed_callbacks_end_the_same(unpaid, stranger, monkeypatch):
    payment = services.start(stranger, unpaid.pk, "sandbox")
    sandbox.decline(payment.reference, sandbox.Faults(copies=2))
    sandbox.pay(payment.reference, sandbox.Faults(copies=3, delay=dt.timedelta(minutes=5)))
    started = clock.now()
    at(monkeypatch, started + dt.timedelta(minutes=5))
    assert sandbox.deliver_due(callback, reverse=True) == 5
    payment.refresh_from_db()
    unpaid.refresh_from_db()
    assert (payment.state, unpaid.state, counts()) == ("succeeded", "paid", (1, 2))


def test_a_declined_payment_may_still_succeed_and_two_payments_pay_once(unpaid, stranger):
    first = services.start(stranger, unpaid.pk, "sandbox")
    sandbox.decline(first.reference)
    sandbox.deliver_due(callback)
    second = services.start(stranger, unpaid.pk, "sandbox")
    assert second.pk != first.pk
    sandbox.pay(second.reference)
    sandbox.pay(first.reference)
    sandbox.deliver_due(callback)
    unpaid.refresh_from_db()
    refund = Refund.objects.get()
    assert (unpaid.state, selectors.held(unpaid)) == ("paid", Money(12_800))
    assert (refund.payment_id, refund.late, refund.amount) == (first.pk, True, Money(12_800))
    services.send_due()
    sandbox.deliver_due(callback)
    refund.refresh_from_db()
    assert (refund.state, selectors.held(unpaid)) == ("done", Money(12_800))


def test_money_after_the_end_goes_back_and_nothing_is_oversold(firm, lin, stranger):
    kite = product(firm)
    services.set_stock(lin, kite.pk, 1)
    row = order(stranger, want(kite))
    payment = services.start(stranger, row.pk, "sandbox")
    services.expire_unpaid(row.pay_by + HOUR)
    other = order(stranger, want(kite))
    pay(other)
    sandbox.pay(payment.reference)
    sandbox.deliver_due(callback)
    row.refresh_from_db()
    assert (row.state, selectors.held(row)) == ("expired", Money(0))
    assert Refund.objects.get().late
    assert selectors.stock_left([kite.pk]) == {kite.pk: 0}
    services.send_due()
    sandbox.deliver_due(callback)
    assert Counter(Order.objects.values_list("state", flat=True)) == {"expired": 1, "paid": 1}
    assert (Refund.objects.get().state, selectors.trial_balance().balanced) == ("done", True)


def test_news_within_the_grace_of_the_units_still_pays(firm, lin, stranger, monkeypatch):
    kite = product(firm)
    services.set_stock(lin, kite.pk, 1)
    rows = [order(stranger, want(kite)), order(stranger, want(product(firm)))]
    payments = [services.start(stranger, row.pk, "sandbox") for row in rows]
    grace = dt.timedelta(minutes=10)
    at(monkeypatch, rows[0].pay_by + grace - dt.timedelta(seconds=1))
    assert callback(*signed(news(payments[0])))
    at(monkeypatch, rows[1].pay_by + grace)
    assert callback(*signed(news(payments[1], id="e2")))
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == ["paid", "awaiting"]
    assert [selectors.held(row).minor for row in rows] == [12_800, 0]


def test_lost_news_is_asked_for(unpaid, stranger, monkeypatch):
    payment = services.start(stranger, unpaid.pk, "sandbox")
    sandbox.pay(payment.reference, sandbox.Faults(copies=0))
    assert (sandbox.deliver_due(callback), services.ask_due()) == (0, 0)
    at(monkeypatch, payment.ask_at)
    assert services.ask_due() == 1
    unpaid.refresh_from_db()
    assert unpaid.state == "paid"
    at(monkeypatch, payment.ask_at + HOUR)
    assert services.ask_due() == 0


def test_a_refund_is_instructed_again_until_it_is_confirmed(unpaid, lin, stranger, monkeypatch):
    pay(unpaid)
    services.call_off(lin, unpaid.pk, "缺货")
    assert services.send_due() == 1
    SandboxCallback.objects.filter(delivered_at=None).delete()
    assert services.send_due() == 0
    at(monkeypatch, clock.now() + HOUR)
    assert services.send_due() == 1
    refund = Refund.objects.get()
    assert (refund.state, refund.tries) == ("done", 2)
    assert sandbox.SandboxCharge.objects.get().refunded == 12_800
    assert services.send_due() == 0


def test_news_of_a_refund_that_nobody_instructed_changes_nothing(unpaid, stranger):
    payment = pay(unpaid)
    refund = services.ask_refund(stranger, unpaid.pk, 100, "")
    told = news(payment, id="r", type="refund.succeeded", refund=refund.number, amount=100)
    with pytest.raises(Conflict):
        callback(*signed(told))
    refund.refresh_from_db()
    assert (refund.state, counts()) == ("requested", (1, 1))


def test_the_key_of_the_sandbox_is_its_owners_alone(settings, tmp_path):
    settings.HAISHI_HOME = tmp_path
    key = sandbox._key()
    path = tmp_path / "secrets" / "sandbox_provider.pem"
    assert (os.stat(path).st_mode & 0o777, key.key_size) == (0o600, 2048)
    assert [file.name for file in path.parent.iterdir()] == ["sandbox_provider.pem"]
