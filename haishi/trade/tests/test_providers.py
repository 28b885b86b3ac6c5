"""One contract for every provider: what is not to be believed changes nothing."""

import base64
import datetime as dt

import pytest

from haishi.foundation import clock
from haishi.foundation.money import Money
from haishi.trade import selectors, services
from haishi.trade.errors import CallbackRefused, ProviderFailed
from haishi.trade.models import Entry, Payment, ProviderNotice, Refund
from haishi.trade.tests.factories import order, product, want
from haishi.trade.tests.fakes.setting import switch_on

pytestmark = pytest.mark.django_db
EVERY = ("alipay", "wechat", "stripe", "sandbox")
REMOTE = ("alipay", "wechat", "stripe")
HOUR = dt.timedelta(hours=1)


class Counter:
    """A provider, an order of ¥128 and its payment, begun."""

    def __init__(self, provider, settings, firm, buyer):
        self.name = provider
        self.fake = switch_on(provider, settings, firm)
        self.order = order(buyer, want(product(firm)))
        self.payment = services.start(buyer, self.order.pk, provider)
        self.fake.opened(self.payment.pay_url)

    @property
    def reference(self):
        return self.payment.reference

    def post(self, headers, body):
        """The way a callback comes in."""
        return services.take_callback(self.name, headers, body)

    def tell(self, event="", reference="", **lies):
        """A genuine message, with `lies`, taken in."""
        return self.post(*self.fake.message(reference or self.reference, event, **lies))

    def state(self):
        """(order, payment, entries, notices)."""
        self.order.refresh_from_db()
        self.payment.refresh_from_db()
        books = (Entry.objects.count(), ProviderNotice.objects.count())
        return self.order.state, self.payment.state, *books


def at(monkeypatch, moment):
    """Set the server's clock."""
    monkeypatch.setattr(clock, "now", lambda: moment)


UNTOUCHED = ("awaiting", "open", 0, 0)
PAID = ("paid", "succeeded", 1, 1)


@pytest.fixture
def counter(request, settings, firm, stranger):
    made = Counter(request.param, settings, firm, stranger)
    yield made
    made.fake.stop()


every = pytest.mark.parametrize("counter", EVERY, indirect=True)
remote = pytest.mark.parametrize("counter", REMOTE, indirect=True)


@every
def test_a_genuine_callback_pays_once_however_often_it_comes(counter):
    counter.fake.pay(counter.reference)
    assert counter.fake.deliver(counter.post, copies=3) == [True, False, False]
    assert (counter.state(), selectors.held(counter.order)) == (PAID, Money(12_800))


@every
def test_a_forged_callback_changes_nothing(counter):
    headers, body = counter.fake.message(counter.reference)
    forged = [(headers, body[1:]), (headers, body + b"&x=1")]
    if counter.name == "alipay":
        forged.append((headers, body.replace(b"sign=", b"sign=A")))
    else:
        name = next(name for name in headers if name.lower().endswith("signature"))
        other = counter.fake.message(counter.reference, "another")[0][name]
        forged += [({**headers, name: other}, body), ({}, body), ({**headers, name: "不是"}, body)]
    for attempt in forged:
        with pytest.raises(CallbackRefused, match="签名不符"):
            counter.post(*attempt)
    assert counter.state() == UNTOUCHED


@every
@pytest.mark.parametrize(("lie", "reason"), [
    ({"amount": 12_799}, "金额或货币不符"),
    ({"amount": 12_801}, "金额或货币不符"),
    ({"amount": 1}, "金额或货币不符"),
    ({"currency": "USD"}, "金额或货币不符"),
    ({"currency": "XXX"}, "内容无法读取"),
    ({"reference": "P000000NOBODY"}, "没有这笔支付"),
], ids=str)  # fmt: skip
def test_signed_news_that_does_not_fit_the_payment_changes_nothing(counter, lie, reason):
    with pytest.raises(CallbackRefused, match=reason):
        counter.tell(**lie)
    assert counter.state() == UNTOUCHED


@pytest.mark.parametrize("counter", ["alipay", "wechat", "sandbox"], indirect=True)
def test_news_for_another_merchant_changes_nothing(counter):
    with pytest.raises(CallbackRefused, match="商户号不符"):
        counter.tell(merchant="2088999999999999")
    assert counter.state() == UNTOUCHED


@every
def test_a_replay_after_its_time_changes_nothing(counter):
    old = clock.now() - (26 * HOUR if counter.name == "alipay" else dt.timedelta(seconds=301))
    local = clock.local(old, "Asia/Shanghai").strftime("%Y-%m-%d %H:%M:%S")
    stamp = local if counter.name == "alipay" else str(int(old.timestamp()))
    with pytest.raises(CallbackRefused, match="已超过有效时间"):
        counter.tell(stamp=stamp)
    assert counter.state() == UNTOUCHED


@every
def test_the_same_event_with_another_content_is_refused(counter):
    assert counter.tell("one") is True
    with pytest.raises(CallbackRefused, match="同一通知编号内容不同"):
        counter.tell("one", amount=12_801)
    assert counter.state() == PAID


@every
def test_the_same_fact_under_another_event_pays_once(counter):
    assert [counter.tell("one"), counter.tell("two")] == [True, False]
    assert counter.state() == ("paid", "succeeded", 1, 2)


@every
def test_lost_news_is_asked_for(counter, monkeypatch):
    counter.fake.pay(counter.reference)
    assert counter.fake.deliver(counter.post, lose=True) == []
    assert counter.state() == UNTOUCHED
    at(monkeypatch, counter.payment.ask_at)
    assert services.ask_due() == 1
    assert counter.state() == PAID


@remote
def test_an_unpaid_charge_is_asked_for_and_nothing_happens(counter, monkeypatch):
    at(monkeypatch, counter.payment.ask_at)
    assert (services.ask_due(), counter.state()) == (1, UNTOUCHED)


@remote
def test_a_provider_that_is_down_takes_no_money_and_is_asked_again(
    counter, firm, stranger, monkeypatch
):
    counter.fake.pay(counter.reference)
    counter.fake.broken = 1
    at(monkeypatch, counter.payment.ask_at)
    services.ask_due()
    assert counter.state() == UNTOUCHED
    counter.payment.refresh_from_db()
    at(monkeypatch, counter.payment.ask_at)
    services.ask_due()
    assert counter.state() == PAID


@pytest.mark.parametrize("counter", ["wechat", "stripe"], indirect=True)
def test_a_charge_that_failed_on_the_way_is_asked_for_again_by_the_same_number(
    counter, firm, stranger
):
    row = order(stranger, want(product(firm)))
    counter.fake.broken = 1
    with pytest.raises(ProviderFailed):
        services.start(stranger, row.pk, counter.name)
    waiting = Payment.objects.get(order=row)
    again = services.start(stranger, row.pk, counter.name)
    assert (waiting.pay_url, again.pk, bool(again.pay_url)) == ("", waiting.pk, True)


@every
def test_a_refund_goes_back_once_and_is_confirmed(counter, lin, monkeypatch):
    counter.fake.pay(counter.reference)
    counter.fake.deliver(counter.post)
    services.call_off(lin, counter.order.pk, "缺货")
    for _turn in range(3):
        services.send_due()
        at(monkeypatch, clock.now() + HOUR)
    refund = Refund.objects.get()
    assert (refund.state, selectors.held(counter.order)) == ("done", Money(0))
    assert counter.state()[:3] == ("refunded", "succeeded", 3)
    assert selectors.trial_balance().balanced


@remote
def test_every_request_of_ours_was_signed_as_the_provider_wants_it(counter, lin):
    counter.fake.pay(counter.reference)
    counter.fake.deliver(counter.post)
    services.call_off(lin, counter.order.pk, "缺货")
    services.send_due()
    assert (counter.fake.refused, len(counter.fake.seen) > 1) == ([], True)


def test_a_bank_sends_no_callbacks(db):
    with pytest.raises(CallbackRefused, match="银行转账没有回调"):
        services.take_callback("bank", {}, base64.b64encode(b"x"))
