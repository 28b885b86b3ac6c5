"""After settlement each firm's part goes to its account, once, and is booked when confirmed."""

import datetime as dt

import pytest

from haishi.foundation import clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.models import AuditEntry
from haishi.foundation.money import Money
from haishi.parties.tests.factories import OrganisationFactory
from haishi.trade import selectors, services
from haishi.trade.errors import AccountWrong, ProviderUnknown
from haishi.trade.models import Entry, Payout, PayoutAccount, SandboxCharge
from haishi.trade.providers import sandbox
from haishi.trade.services import escrow
from haishi.trade.states import PayoutState, Side
from haishi.trade.tests.factories import callback
from haishi.trade.tests.fakes.setting import switch_on
from haishi.trade.types import AccountName, Agreed, Bill, Share

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def account(firm, number="6222000011112222", provider="sandbox"):
    return PayoutAccount.objects.create(
        organisation=firm, provider=provider, account=number, holder=firm.name
    )


def settled(buyer, seller, shares=(), provider="sandbox", minor=100_000, fake=None):
    """A paid order whose money was released to its firms."""
    due = Bill(
        buyer_id=buyer.pk, seller_id=seller.pk, kind="service", currency="CNY",
        lines=(Agreed("里程碑", minor),), pay_by=clock.now() + HOUR, origin="test:1",
        shares=tuple(shares),
    )  # fmt: skip
    row = services.bill(buyer, due, key=f"k{Payout.objects.count()}")
    payment = services.start(buyer, row.pk, provider)
    if fake is None:
        sandbox.pay(payment.reference)
        sandbox.deliver_due(callback)
    else:
        fake.opened(payment.pay_url)
        fake.pay(payment.reference)
        fake.deliver(lambda headers, body: services.take_callback(provider, headers, body))
    escrow.release(row)
    return row


def turn(monkeypatch, times=1):
    """The worker looks, an hour apart."""
    for _n in range(times):
        services.send_payouts_due()
        later = clock.now() + HOUR
        monkeypatch.setattr(clock, "now", lambda at=later: at)


def owed(firm):
    return selectors.balance(AccountName(f"seller:{firm.pk}", "CNY", Side.CREDIT))


def at_provider(name="sandbox"):
    return selectors.balance(AccountName(f"provider:{name}", "CNY", Side.DEBIT))


def states():
    return dict(Payout.objects.order_by("pk").values_list("amount_minor", "state"))


def test_each_firm_gets_its_part_and_the_ledger_says_so(firm, lin, stranger, monkeypatch):
    other = OrganisationFactory(name="登州动画")
    account(firm), account(other)
    settled(stranger, firm, [Share(firm.pk, 8_000), Share(other.pk, 2_000)])
    assert states() == {77_600: "sent", 19_400: "sent"}
    assert (owed(firm), owed(other)) == (Money(77_600), Money(19_400))
    turn(monkeypatch)
    assert states() == {77_600: "sent", 19_400: "sent"}
    turn(monkeypatch)
    assert states() == {77_600: "done", 19_400: "done"}
    assert (owed(firm), owed(other), at_provider()) == (Money(0), Money(0), Money(3_000))
    assert selectors.trial_balance().balanced


def test_an_instruction_is_repeated_without_paying_twice(firm, stranger, monkeypatch):
    account(firm)
    settled(stranger, firm)
    turn(monkeypatch, 4)
    assert list(SandboxCharge.objects.get().transfers.values()) == [97_000]
    assert Entry.objects.filter(kind="payout").count() == 1
    assert services.send_payouts_due() == 0


def test_without_an_account_the_part_waits_for_one(firm, lin, stranger, monkeypatch):
    settled(stranger, firm)
    turn(monkeypatch)
    assert states() == {97_000: "waiting"}
    services.set_payout_account(lin, "penglai", "sandbox", "6222 0000 1111 2222", "蓬莱影业")
    assert states() == {97_000: "sent"}
    turn(monkeypatch, 2)
    assert (states(), owed(firm)) == ({97_000: "done"}, Money(0))


def test_a_refused_payout_says_why_and_may_be_sent_again(firm, lin, stranger, monkeypatch):
    account(firm, "6222000011110000")
    settled(stranger, firm)
    turn(monkeypatch)
    row = Payout.objects.get()
    assert (row.state, row.reason, owed(firm)) == ("failed", "收款账户不存在", Money(97_000))
    first = row.number
    with pytest.raises(NotFound):
        services.retry_payout(stranger, row.pk)
    services.set_payout_account(lin, "penglai", "sandbox", "6222000011112222", "蓬莱影业")
    services.retry_payout(lin, row.pk)
    with pytest.raises(Conflict):
        services.retry_payout(lin, row.pk)
    turn(monkeypatch, 2)
    row.refresh_from_db()
    assert (row.state, row.reason, row.number != first) == ("done", "", True)


def test_only_owners_say_where_the_money_goes(firm, lin, zhou, stranger, chen):
    for actor, refusal in ((zhou, Forbidden), (stranger, NotFound), (chen, NotFound)):
        with pytest.raises(refusal):
            services.set_payout_account(actor, "penglai", "sandbox", "6222000011112222", "x")
    for bad in ("", "1 2", "账号", "x" * 65):
        with pytest.raises(AccountWrong):
            services.set_payout_account(lin, "penglai", "sandbox", bad, "x")
    with pytest.raises(ProviderUnknown):
        services.set_payout_account(lin, "penglai", "cheque", "6222000011112222", "x")
    assert PayoutAccount.objects.count() == 0


def test_a_changed_account_is_audited_by_its_end_only(firm, lin):
    services.set_payout_account(lin, "penglai", "sandbox", "6222000011112222", "蓬莱影业")
    services.set_payout_account(lin, "penglai", "sandbox", "6222000033334444", "蓬莱影业")
    rows = AuditEntry.objects.filter(action="payout_account.set").order_by("pk")
    assert [(row.detail["before"], row.detail["after"]) for row in rows] == [
        ("", "•••• 2222"),
        ("•••• 2222", "•••• 4444"),
    ]
    assert all("6222" not in str(row.detail) for row in rows)


@pytest.mark.parametrize("provider", ["alipay", "wechat"])
def test_where_the_seller_collects_others_come_first_and_the_rest_ends_it(
    firm, stranger, settings, monkeypatch, provider
):
    fake = switch_on(provider, settings, firm)
    other = OrganisationFactory(name="登州动画")
    account(other, "2088999911112222", provider)
    shares = [Share(firm.pk, 8_000), Share(other.pk, 2_000)]
    order = settled(stranger, firm, shares, provider, fake=fake)
    reference = order.payments.get().reference
    turn(monkeypatch)
    done = "sent" if provider == "wechat" else "done"
    assert states() == {77_600: "sent", 19_400: done, 3_000: done}
    turn(monkeypatch, 2)
    fake.stop()
    assert states() == {77_600: "done", 19_400: "done", 3_000: "done"}
    numbers = dict(Payout.objects.values_list("amount_minor", "number"))
    if provider == "wechat":
        assert fake.finished == [numbers[77_600]]
        told = fake.shared[numbers[19_400]]
        assert told["transaction_id"] == f"42000{reference}"
        assert told["receivers"][0]["receiver_account"] == "2088999911112222"
        assert fake.shared[numbers[3_000]]["receivers"][0]["receiver_account"] == "1900000001"
    else:
        assert fake.settled[numbers[19_400]]["royalty_parameters"][0]["amount"] == "194.00"
        assert "settle_info" in fake.settled[numbers[77_600]]
    own = selectors.balance(AccountName(f"own:{provider}", "CNY", Side.DEBIT))
    assert (at_provider(provider), own, owed(firm)) == (Money(0), Money(3_000), Money(0))


@pytest.mark.parametrize("provider", ["alipay", "wechat"])
def test_a_provider_that_refuses_a_part_keeps_the_rest_back(
    firm, stranger, settings, monkeypatch, provider
):
    fake = switch_on(provider, settings, firm)
    settled(stranger, firm, provider=provider, fake=fake)
    fake.refuses_settling = fake.closes_sharing = "分账比例超限"
    turn(monkeypatch, 2)
    fake.stop()
    assert states() == {97_000: "sent", 3_000: "failed"}
    left = "（剩余可分 ¥12.34）" if provider == "alipay" else ""
    assert Payout.objects.get(rest=False).reason == f"分账比例超限{left}"
    assert owed(firm) == Money(97_000)


def test_a_provider_that_is_down_is_asked_again(firm, stranger, settings, monkeypatch):
    fake = switch_on("stripe", settings, firm)
    settled(stranger, firm, provider="stripe", fake=fake)
    fake.broken = 1
    turn(monkeypatch)
    assert (states(), Payout.objects.get().tries) == ({97_000: "sent"}, 1)
    turn(monkeypatch)
    fake.stop()
    assert (states(), fake.seen[-1]) == ({97_000: "done"}, ("POST", "/v1/transfers"))


def test_a_firm_sees_its_payouts_by_state(firm, lin, zhou, stranger, monkeypatch):
    account(firm)
    settled(stranger, firm)
    _firm, rows = selectors.payouts_of(lin, "penglai")
    assert [row.amount for row in rows] == [Money(97_000)]
    assert selectors.paid_out_sums(firm.pk) == {PayoutState.SENT: [Money(97_000)]}
    with pytest.raises(Forbidden):
        selectors.payouts_of(zhou, "penglai")
    assert selectors.payout_places(firm.pk, ("bank",))[-1].masked == "•••• 2222"
