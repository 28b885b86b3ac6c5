"""A provider's statement beside our books: every difference is found, explained and ended."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from haishi.foundation import clock
from haishi.foundation.errors import Conflict, Forbidden, Invalid
from haishi.foundation.money import Money
from haishi.parties.tests.factories import PersonFactory
from haishi.trade import health, selectors, services, statements
from haishi.trade.errors import (
    AlreadyReconciled,
    NothingToWriteOff,
    SecondPerson,
    StatementUnreadable,
)
from haishi.trade.models import Difference, Entry, Payment, Reconciliation
from haishi.trade.providers import sandbox
from haishi.trade.statements import plain
from haishi.trade.states import Side
from haishi.trade.tests.factories import order, pay, product, want
from haishi.trade.types import AccountName

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(db):
    return PersonFactory(name="沈括山", is_staff=True)


@pytest.fixture
def ben(db):
    return PersonFactory(name="卫朴", is_staff=True)


@pytest.fixture
def today():
    return clock.local(clock.now(), "Asia/Shanghai").date()


def paid(firm, buyer):
    return pay(order(buyer, want(product(firm))))


def written(today, *rows):
    """A statement of (kind, reference, minor)."""
    return plain.write((kind, number, Money(minor), today) for kind, number, minor in rows)


def compared(actor, content, day=None):
    """{reference: (kind, reason, ours, theirs)} of a sandbox statement."""
    made = services.reconcile(actor, "sandbox", content, "s.csv", day)
    found = {
        row.reference: (row.kind, row.reason, row.ours_minor, row.theirs_minor)
        for row in made.differences.all()
    }
    return made, found


def books():
    code = AccountName("provider:sandbox", "CNY", Side.DEBIT)
    return selectors.balance(code).minor


def test_what_the_sandbox_tells_agrees_with_our_books(firm, lin, stranger, anna, today):
    payments = [paid(firm, stranger), paid(firm, stranger)]
    services.call_off(lin, payments[1].order_id, "缺货")
    services.send_due()
    sandbox.deliver_due(lambda headers, body: services.take_callback("sandbox", headers, body))
    made, found = compared(anna, sandbox.statement(today, "Asia/Shanghai"))
    assert (made.day, made.rows, made.matched, found) == (today, 3, 3, {})


def test_every_kind_of_difference_is_told_apart(firm, stranger, anna, today):
    agreed, other, forgotten = (paid(firm, stranger) for _n in range(3))
    unheard = services.start(stranger, order(stranger, want(product(firm))).pk, "sandbox")
    made, found = compared(
        anna,
        written(
            today,
            ("payment", agreed.reference, 12_800),
            ("payment", agreed.reference, 12_800),
            ("payment", other.reference, 12_700),
            ("payment", unheard.reference, 12_800),
            ("payment", "P0", 5),
            ("refund", "R0", 7),
        ),
    )
    assert (made.rows, made.matched) == (6, 1)
    assert found == {
        agreed.reference: ("duplicate", "twice", None, 12_800),
        other.reference: ("amount", "other_sum", 12_800, 12_700),
        unheard.reference: ("missing_here", "unheard", None, 12_800),
        "P0": ("missing_here", "unknown", None, 5),
        "R0": ("missing_here", "unknown", None, 7),
        forgotten.reference: ("missing_there", "not_yet", 12_800, None),
    }
    assert [row.gap.minor for row in made.differences.order_by("pk")] == [
        {"duplicate": 12_800, "amount": -100}.get(row.kind)
        or {"P0": 5, "R0": -7, forgotten.reference: -12_800}.get(row.reference, 12_800)
        for row in made.differences.order_by("pk")
    ]


def test_lost_news_is_found_and_taken_in_by_asking(firm, stranger, anna, today):
    row = order(stranger, want(product(firm)))
    payment = services.start(stranger, row.pk, "sandbox")
    sandbox.pay(payment.reference, sandbox.Faults(copies=0))
    made, _found = compared(anna, sandbox.statement(today, "Asia/Shanghai"))
    difference = made.differences.get()
    assert (difference.reason, selectors.open_differences()) == ("unheard", 1)
    assert services.ask_about_difference(anna, difference.pk) is True
    difference.refresh_from_db()
    row.refresh_from_db()
    assert (difference.state, row.state, books()) == ("resolved", "paid", 12_800)
    with pytest.raises(Conflict):
        services.ask_about_difference(anna, difference.pk)


def test_what_was_booked_the_next_day_over_there_ends_by_itself(firm, stranger, anna, today):
    payment = paid(firm, stranger)
    compared(anna, written(today), today)
    assert selectors.open_differences() == 1
    tomorrow = today + dt.timedelta(days=1)
    made, found = compared(anna, written(tomorrow, ("payment", payment.reference, 12_800)))
    assert (made.matched, found, selectors.open_differences()) == (1, {}, 0)


def test_a_write_off_needs_a_reason_and_a_second_person_and_corrects_the_books(
    firm, stranger, anna, ben, today
):
    payment = paid(firm, stranger)
    made, _found = compared(anna, written(today, ("payment", payment.reference, 12_700)))
    row = made.differences.get()
    with pytest.raises(Invalid, match="请写明原因"):
        services.propose_difference(anna, row.pk, "  ", corrects=True)
    services.propose_difference(anna, row.pk, "渠道少结一元，不再追讨", corrects=True)
    with pytest.raises(SecondPerson):
        services.confirm_difference(anna, row.pk)
    assert (books(), Entry.objects.filter(kind="correction").count()) == (12_800, 0)
    services.confirm_difference(ben, row.pk)
    row.refresh_from_db()
    off = selectors.balance(AccountName("writeoff:sandbox", "CNY", Side.CREDIT))
    assert (row.state, books(), off.minor) == ("written_off", 12_700, -100)
    assert selectors.trial_balance().balanced


def test_two_people_may_agree_that_nothing_is_wrong(firm, stranger, anna, ben, today):
    made, _found = compared(anna, written(today, ("payment", "P0", 5)))
    row = made.differences.get()
    services.propose_difference(anna, row.pk, "另一平台的收款")
    services.withdraw_difference(ben, row.pk)
    services.propose_difference(anna, row.pk, "另一平台的收款")
    services.confirm_difference(ben, row.pk)
    row.refresh_from_db()
    assert (row.state, books()) == ("resolved", 0)


def test_where_both_amounts_agree_there_is_nothing_to_write_off(anna, today):
    made, _found = compared(anna, written(today, ("payment", "P0", 5)))
    row = made.differences.get()
    Difference.objects.filter(pk=row.pk).update(theirs_minor=0)
    with pytest.raises(NothingToWriteOff):
        services.propose_difference(anna, row.pk, "x", corrects=True)


def test_the_same_file_is_compared_once_and_by_operators_only(lin, anna, today):
    content = written(today, ("payment", "P0", 5))
    with pytest.raises(Forbidden):
        compared(lin, content)
    compared(anna, content)
    with pytest.raises(AlreadyReconciled):
        compared(anna, content)
    assert Reconciliation.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "缺少列"),
        (b"\xff\xfe\x00\xd8", "编码或格式不符|缺少列"),
        (
            b"kind,reference,amount,currency,day\npayment,P1,1.001,CNY,2026-11-27\n",
            "第 2 行“1.001”",
        ),
        (b"kind,reference,amount,currency,day\ngift,P1,1,CNY,2026-11-27\n", "第 2 行“gift"),
        (b"kind,reference,amount,currency,day\npayment,P1,1,XXX,2026-11-27\n", "第 2 行“XXX”"),
        (b"kind,reference,amount,currency,day\npayment,P1,1,CNY,27.11.\n", "第 2 行“27.11.”"),
        (
            b"kind,reference,amount,currency,day\npayment,P1,1,CNY,2026-11-26\n"
            b"payment,P2,1,CNY,2026-11-27\n",
            "请指明对账单是哪一天的",
        ),
    ],
)
def test_a_statement_that_cannot_be_read_changes_nothing(anna, content, why):
    with pytest.raises(StatementUnreadable, match=why):
        services.reconcile(anna, "sandbox", content, "x.csv")
    assert Reconciliation.objects.count() == 0


ALIPAY = """#支付宝业务明细查询
#账号：[20880000000000010156]
#起始日期：[2026年11月27日 00:00:00]   终止日期：[2026年11月28日 00:00:00]
#-----------------------------------------业务明细列表----------------------------------------
支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,退款批次号/请求号,服务费（元）,备注
2026112722001401\t,P261127AAAAAAAA\t,交易,海市 订单,2026-11-27 09:00:00,2026-11-27 09:00:09,,,,,*林(lin***@x),128.00,128.00,\t,-0.77,
2026112722001401\t,P261127AAAAAAAA\t,退款,海市 订单,2026-11-27 09:00:00,2026-11-27 10:00:00,,,,,*林(lin***@x),-28.00,-28.00,R261127BBBBBBBB\t,0.17,
2026112722001402\t,P261127CCCCCCCC\t,分账,海市 订单,2026-11-27 09:00:00,2026-11-27 11:00:00,,,,,*林(lin***@x),-30.00,-30.00,T261127DDDDDDDD\t,0.00,
#-----------------------------------------业务明细列表结束------------------------------------
#交易合计：1笔，退款合计：1笔
#导出时间：[2026年11月28日 09:00:00]
"""  # noqa: E501 - lines as the providers write them
WECHAT = """\ufeff交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注
`2026-11-27 09:00:09,`wx01,`1900000001,`1900000002,`,`4200001,`P261127AAAAAAAA,`o1,`NATIVE,`SUCCESS,`OTHERS,`CNY,`128.00,`0.00,`0,`0,`0.00,`0.00,`,`,`海市,`,`0.77000,`0.60%,`128.00,`0.00,`
`2026-11-27 10:00:00,`wx01,`1900000001,`1900000002,`,`4200001,`P261127AAAAAAAA,`o1,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`500001,`R261127BBBBBBBB,`28.00,`0.00,`ORIGINAL,`SUCCESS,`海市,`,`-0.17000,`0.60%,`0.00,`28.00,`
总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额
`2,`128.00,`28.00,`0.00,`0.60000,`128.00,`28.00
"""  # noqa: E501 - lines as the providers write them


def test_the_bill_of_alipay_is_read_in_gbk_with_its_lines_around():
    rows = statements.read("alipay", ALIPAY.encode("gbk"))
    day = dt.date(2026, 11, 27)
    assert [(row.kind, row.reference, row.amount, row.day) for row in rows] == [
        ("payment", "P261127AAAAAAAA", Money(12_800), day),
        ("refund", "R261127BBBBBBBB", Money(2_800), day),
        ("payout", "T261127DDDDDDDD", Money(3_000), day),
    ]
    with pytest.raises(StatementUnreadable, match="没有支付宝账单的表头"):
        statements.read("alipay", WECHAT.replace("商户订单号", "").encode())


def test_the_bill_of_wechat_is_read_without_backticks_and_sums():
    rows = statements.read("wechat", WECHAT.encode())
    assert [(row.kind, row.reference, row.amount) for row in rows] == [
        ("payment", "P261127AAAAAAAA", Money(12_800)),
        ("refund", "R261127BBBBBBBB", Money(2_800)),
    ]
    with pytest.raises(StatementUnreadable, match="第 2 行“HALF”"):
        statements.read("wechat", WECHAT.replace("`SUCCESS,`OTHERS", "`HALF,`OTHERS").encode())


def test_the_command_compares_and_lists(firm, stranger, today, tmp_path, capsys):
    payment = paid(firm, stranger)
    path = Path(tmp_path) / "sandbox.csv"
    path.write_bytes(written(today, ("payment", payment.reference, 12_700)))
    call_command("reconcile", str(path), provider="sandbox")
    told = capsys.readouterr().out
    assert f"sandbox {today}: 0/1" in told
    assert f"{payment.reference} 金额不一致  ¥128.00 / ¥127.00  同一编号两边金额不同" in told
    with pytest.raises(CommandError, match="已核对过"):
        call_command("reconcile", str(path), provider="sandbox")
    with pytest.raises(CommandError, match="没有这种支付方式"):
        call_command("reconcile", str(path), provider="cheque")


def test_the_doctor_asks_for_yesterdays_statement_and_for_old_differences(
    firm, stranger, anna, today, settings, monkeypatch
):
    settings.PAYMENT_PROVIDERS = ("alipay", "sandbox")
    assert health.reconciliation().ok
    payment = paid(firm, stranger)
    Payment.objects.filter(pk=payment.pk).update(provider="alipay")
    later = clock.now() + dt.timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    finding = health.reconciliation()
    assert (finding.ok, "alipay" in finding.detail) == (True, False)
    monkeypatch.setattr(clock, "now", lambda: later - dt.timedelta(days=1))
    finding = health.reconciliation()
    assert (finding.ok, "alipay" in finding.detail) == (False, True)
    monkeypatch.undo()
    compared(anna, written(today, ("payment", "P0", 5)))
    settings.PAYMENT_PROVIDERS = ("sandbox",)
    assert health.reconciliation().ok
    old = clock.now() - dt.timedelta(days=4)
    Difference.objects.update(created_at=old)
    assert not health.reconciliation().ok
