"""Money over HTTP: the choice of a way to pay, payouts, the custody account, reconciliation."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haishi.foundation import clock, outbox
from haishi.foundation.money import Money
from haishi.notices import selectors as notices
from haishi.parties.tests.factories import PersonFactory
from haishi.trade import selectors, services
from haishi.trade.models import BankLine, BankTask, Payment, Payout, PayoutAccount, SandboxCallback
from haishi.trade.providers import sandbox
from haishi.trade.services import escrow
from haishi.trade.statements import plain
from haishi.trade.tests.factories import order, pay, product, want
from haishi.trade.tests.fakes.setting import switch_on
from haishi.trade.types import Agreed, Bill

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(db):
    return PersonFactory(name="沈括山", is_staff=True)


@pytest.fixture
def ben(db):
    return PersonFactory(name="卫朴", is_staff=True)


@pytest.fixture
def deal(firm, stranger):
    """An agreed order of ¥1,000, to be paid within three days."""
    due = Bill(
        buyer_id=stranger.pk, seller_id=firm.pk, kind="service", currency="CNY",
        lines=(Agreed("里程碑", 100_000),), pay_by=clock.now() + dt.timedelta(days=3), origin="m:1",
    )  # fmt: skip
    return services.bill(stranger, due, key="page")


def test_the_choice_shows_every_way_and_why_one_cannot_be_used(client, deal, stranger, settings):
    settings.PAYMENT_PROVIDERS = ("alipay", "wechat", "bank", "sandbox")
    client.force_login(stranger)
    page = client.get(f"/orders/{deal.number}/pay/")
    text = page.content.decode()
    assert [way.provider for way in page.context["ways"] if way.ok] == ["bank", "sandbox"]
    assert text.count("卖家还没有登记这个渠道的收款账户") == 2
    assert ('value="bank" checked' in text, 'value="wechat"' in text) == (True, False)
    assert client.post(f"/orders/{deal.number}/pay/").status_code == 200
    assert Payment.objects.count() == 0


def test_the_last_way_is_remembered(client, deal, firm, stranger, settings):
    settings.PAYMENT_PROVIDERS = ("bank", "sandbox")
    pay(order(stranger, want(product(firm))))
    client.force_login(stranger)
    assert 'value="sandbox" checked' in client.get(f"/orders/{deal.number}/pay/").content.decode()


def test_a_way_that_cannot_carry_the_order_is_refused_with_its_reason(
    client, deal, stranger, settings
):
    settings.PAYMENT_PROVIDERS = ("wechat", "sandbox")
    client.force_login(stranger)
    answer = client.post(f"/orders/{deal.number}/pay/", {"provider": "wechat"}, follow=True)
    assert "卖家还没有登记这个渠道的收款账户" in answer.content.decode()
    assert Payment.objects.count() == 0
    paid = services.start(stranger, deal.pk, "sandbox")
    sandbox.pay(paid.reference)
    sandbox.deliver_due(lambda headers, body: services.take_callback("sandbox", headers, body))
    assert client.get(f"/orders/{deal.number}/pay/").url == f"/orders/{deal.number}/"


def test_the_page_of_a_transfer_says_where_how_much_and_with_which_remark(
    client, deal, stranger, settings
):
    settings.PAYMENT_PROVIDERS = ("bank",)
    settings.BANK_HOLDER, settings.BANK_NAME = "海市专户", "海州银行营业部"
    settings.BANK_ACCOUNT = "3700200800001234"
    client.force_login(stranger)
    address = client.post(f"/orders/{deal.number}/pay/").url
    text = client.get(address).content.decode()
    reference = Payment.objects.get().reference
    assert all(
        f'value="{one}"' in text for one in (reference, "1000.00", "海市专户", "3700200800001234")
    )


def test_wechat_is_a_code_on_a_desk_and_an_address_on_a_phone(
    client, deal, firm, stranger, settings
):
    fake = switch_on("wechat", settings, firm)
    client.force_login(stranger)
    url = f"/orders/{deal.number}/pay/"
    scan = client.post(url, {"provider": "wechat"}).url
    page = client.get(scan).content.decode()
    assert ("<svg" in page, "¥1,000.00" in page) == (True, True)
    Payment.objects.all().delete()
    phone = client.post(url, {"provider": "wechat"}, headers={"User-Agent": "Mozilla (iPhone)"})
    fake.stop()
    assert 'content="0;url=https://wx.tenpay.com/' in phone.content.decode()


def test_alipay_hears_success_in_plain_words(client, deal, firm, stranger, settings):
    fake = switch_on("alipay", settings, firm)
    client.force_login(stranger)
    page = client.post(f"/orders/{deal.number}/pay/", {"provider": "alipay"})
    fake.opened(page.context["address"])
    fake.pay(Payment.objects.get().reference)
    client.logout()

    def post(headers, body):
        kind = "application/x-www-form-urlencoded"
        return client.post("/pay/callback/alipay/", body, content_type=kind, headers=headers)

    answers = fake.deliver(post, copies=2)
    fake.stop()
    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"success")] * 2
    deal.refresh_from_db()
    assert deal.state == "paid"


def test_operators_let_the_news_of_the_sandbox_go_wrong(client, deal, stranger, anna, settings):
    payment = services.start(stranger, deal.pk, "sandbox")
    client.force_login(stranger)
    assert "让通知出错" not in client.get(payment.pay_url).content.decode()
    client.post(payment.pay_url, {"answer": "decline", "copies": "0", "delay": "300"})
    assert SandboxCallback.objects.count() == 1
    client.force_login(anna)
    assert "让通知出错" in client.get(payment.pay_url).content.decode()
    faults = {"answer": "pay", "copies": "3", "delay": "30", "stale": "on"}
    client.post(payment.pay_url, faults)
    told = [row.body["type"] for row in SandboxCallback.objects.order_by("due_at", "pk")]
    assert told == ["payment.failed", *["payment.succeeded"] * 3, "payment.failed"]


def test_a_firm_enters_its_account_and_hears_of_the_change(client, firm, lin, zhou, deal, stranger):
    payment = services.start(stranger, deal.pk, "sandbox")
    sandbox.pay(payment.reference)
    sandbox.deliver_due(lambda headers, body: services.take_callback("sandbox", headers, body))
    escrow.release(deal)
    client.force_login(lin)
    url = "/orders/sold/penglai/payouts/"
    assert "待登记收款账户" in client.get(url).content.decode()
    bad = client.post(url, {"provider": "sandbox", "account": "1 2", "holder": "蓬莱影业"})
    assert (bad.status_code, PayoutAccount.objects.count()) == (422, 0)
    good = {"provider": "sandbox", "account": "6222000011112222", "holder": "蓬莱影业"}
    assert client.post(url, good).url == url
    page = client.get(url).content.decode()
    assert ("•••• 2222" in page, "6222000011112222" in page, "划付中" in page) == (
        True, False, True,
    )  # fmt: skip
    outbox.drain()
    subjects = {notice.subject for notice in notices.inbox(lin)}
    assert "蓬莱影业的收款账户已改为 •••• 2222" in subjects
    assert notices.inbox(zhou, kind="payout_account").count() == 0


def test_a_refused_payout_is_shown_to_operators_and_sent_again(
    client, firm, lin, deal, stranger, anna
):
    PayoutAccount.objects.create(
        organisation=firm, provider="sandbox", account="6222000000000000", holder="蓬莱影业"
    )
    payment = services.start(stranger, deal.pk, "sandbox")
    sandbox.pay(payment.reference)
    sandbox.deliver_due(lambda headers, body: services.take_callback("sandbox", headers, body))
    escrow.release(deal)
    services.send_payouts_due()
    outbox.drain()
    assert notices.inbox(anna, kind="payout").count() == 1
    client.force_login(lin)
    assert "收款账户不存在" in client.get("/orders/sold/penglai/payouts/").content.decode()
    client.force_login(anna)
    assert "收款账户不存在" in client.get("/money/").content.decode()
    row = Payout.objects.get()
    assert client.post(f"/money/payouts/{row.pk}/retry/").url == "/money/"
    row.refresh_from_db()
    assert row.state == "sent"


def test_two_operators_book_a_transfer_over_http(client, deal, stranger, anna, ben, settings):
    settings.PAYMENT_PROVIDERS = ("bank",)
    payment = services.start(stranger, deal.pk, "bank")
    content = (
        "流水号,记账日,金额,货币,付款人,付款账号,附言\n"
        f"B1,2026-11-27,1000.50,CNY,外人,6222,货款{payment.reference}\n"
    )
    client.force_login(anna)
    broken = SimpleUploadedFile("b.csv", content.replace("1000.50", "viel").encode())
    assert client.post("/money/bank/", {"file": broken}).status_code == 422
    assert BankLine.objects.count() == 0
    upload = SimpleUploadedFile("b.csv", content.encode())
    assert client.post("/money/bank/", {"file": upload}).url == "/money/bank/"
    page = client.get("/money/bank/").content.decode()
    assert f'value="{payment.reference}"' in page
    line = BankLine.objects.get()
    where = f"/money/bank/lines/{line.pk}"
    client.post(f"{where}/match/", {"reference": payment.reference})
    alone = client.post(f"{where}/confirm/")
    assert alone.status_code == 403
    assert "等另一人复核" in client.get("/money/bank/").content.decode()
    client.force_login(ben)
    client.post(f"{where}/confirm/")
    deal.refresh_from_db()
    task = BankTask.objects.get()
    assert (deal.state, task.amount) == ("paid", Money(50))
    client.post(f"/money/bank/tasks/{task.pk}/execute/", {"bank_reference": "OUT-1"})
    client.force_login(anna)
    client.post(f"/money/bank/tasks/{task.pk}/confirm/")
    task.refresh_from_db()
    assert task.state == "confirmed"
    assert "OUT-1" in client.get("/money/bank/?of=done").content.decode()
    assert client.post(f"{where}/imagine/").status_code == 404


def test_a_day_is_compared_and_a_difference_ended_over_http(client, firm, stranger, anna, ben):
    payment = pay(order(stranger, want(product(firm))))
    today = clock.local(clock.now(), "Asia/Shanghai").date()
    client.force_login(anna)
    own = client.get(f"/money/sandbox/{today.isoformat()}.csv").content
    assert payment.reference.encode() in own
    content = plain.write([("payment", payment.reference, Money(12_700), today)])
    upload = SimpleUploadedFile("s.csv", content)
    where = client.post("/money/days/", {"provider": "sandbox", "file": upload}).url
    page = client.get(where).content.decode()
    assert ("¥128.00" in page, "¥127.00" in page, "同一编号两边金额不同" in page) == (
        True, True, True,
    )  # fmt: skip
    again = SimpleUploadedFile("s.csv", content)
    known = client.post("/money/days/", {"provider": "sandbox", "file": again})
    assert (known.status_code, "已核对过" in known.content.decode()) == (422, True)
    row = selectors.get_reconciliation(anna, int(where.split("/")[-2])).differences.get()
    client.post(f"{where}{row.pk}/ask/")
    client.post(f"{where}{row.pk}/propose/", {"note": "少结一元", "corrects": "on"})
    client.force_login(ben)
    assert "核销并更正 −¥1.00" in client.get(where).content.decode()
    client.post(f"{where}{row.pk}/confirm/")
    row.refresh_from_db()
    assert row.state == "written_off"
    assert "已处理" in client.get("/money/days/").content.decode()


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("/money/", "anna"), ("/money/bank/", "anna"), ("/money/days/", "anna"),
        ("/orders/sold/penglai/payouts/", "lin"), ("pay", "stranger"),
    ],
)  # fmt: skip
def test_no_page_of_money_costs_more_than_twelve_queries(
    request, client, deal, lin, stranger, anna, settings, address, who
):
    settings.PAYMENT_PROVIDERS = ("alipay", "wechat", "bank", "sandbox")
    client.force_login(request.getfixturevalue(who))
    url = f"/orders/{deal.number}/pay/" if address == "pay" else address
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    assert len(queries) <= 12, [one["sql"][:90] for one in queries]


def test_the_page_of_an_order_renews_itself_while_its_payment_is_under_way(
    client, deal, stranger, settings
):
    client.force_login(stranger)
    here = f"/orders/{deal.number}/"
    assert "<hs-renew" not in client.get(here).text  # nobody began to pay
    services.start(stranger, deal.pk, "sandbox")
    assert f'<hs-renew src="{here}?part=state" state="awaiting">' in client.get(here).text
    assert client.get(f"{here}?part=state").json() == {"state": "awaiting"}
    pay(deal)
    assert client.get(f"{here}?part=state").json() == {"state": "paid"}
    assert "<hs-renew" not in client.get(here).text
    client.force_login(PersonFactory())
    assert client.get(f"{here}?part=state").status_code == 404
