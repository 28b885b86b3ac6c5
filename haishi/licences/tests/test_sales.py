"""Approval before sales; reports and statements; bills, corrections, suspension."""

import datetime as dt

import pytest

from haishi.foundation import clock, outbox
from haishi.foundation.errors import Conflict, Forbidden
from haishi.foundation.money import Money
from haishi.foundation.sheets import BadSheet
from haishi.licences import columns, policies, selectors, services
from haishi.licences.errors import (
    AlreadyReported,
    ApprovalWaits,
    ChannelUnknown,
    GoodTwice,
    GoodUnknown,
    NotApproved,
    NothingToCorrect,
    PeriodOpen,
    PeriodWrong,
    ReasonMissing,
    StageWrong,
)
from haishi.licences.models import Approval, Licence, Report, SalesLine, Statement
from haishi.licences.tests import factories
from haishi.licences.types import Sale, add_months
from haishi.notices import selectors as notices
from haishi.trade import selectors as trade
from haishi.trade import services as money

pytestmark = pytest.mark.django_db


@pytest.fixture
def good(licence, su, lin):
    """A product whose stages were approved, under a licence ten months old."""
    row = factories.cleared(licence, su, lin)
    factories.began(licence, 10)
    licence.refresh_from_db()
    return row


def sold(good, amount, channel="online", units=1, currency="CNY", rate="1"):
    return Sale(good.pk, channel, units, amount, currency, rate)


def quarter(licence, number):
    return add_months(licence.starts_on, 3 * number)


def report(person, licence, number, *sales, corrects=False):
    return services.report(
        person, licence.number, quarter(licence, number), sales, corrects=corrects
    )


# Approval


def test_stages_go_one_after_the_other_and_rounds_are_counted(licence, su, lin):
    good = services.add_good(su, licence.number, "摆件")
    with pytest.raises(StageWrong):
        services.hand_in(su, licence.number, good.pk, stage="production")
    with pytest.raises(StageWrong):
        services.hand_in(su, licence.number, good.pk, stage="sample")
    first = services.hand_in(su, licence.number, good.pk, stage="concept", note="线稿")
    with pytest.raises(ApprovalWaits):
        services.hand_in(su, licence.number, good.pk, stage="concept")
    with pytest.raises(ReasonMissing):
        services.answer_approval(lin, licence.number, first.pk, approves=False)
    services.answer_approval(lin, licence.number, first.pk, approves=False, answer="色彩偏暖")
    second = services.hand_in(su, licence.number, good.pk, stage="concept")
    services.answer_approval(lin, licence.number, second.pk, approves=True)
    assert list(Approval.objects.order_by("pk").values_list("round", "state", "answer")) == [
        (1, "returned", "色彩偏暖"),
        (2, "approved", ""),
    ]
    with pytest.raises(Conflict):
        services.answer_approval(lin, licence.number, second.pk, approves=True)


def test_each_side_keeps_to_its_part_of_the_approval(licence, su, lin):
    good = services.add_good(su, licence.number, "摆件")
    with pytest.raises(GoodTwice):
        services.add_good(su, licence.number, "摆件")
    with pytest.raises(Forbidden):
        services.add_good(lin, licence.number, "别的")
    row = services.hand_in(su, licence.number, good.pk, stage="concept")
    with pytest.raises(Forbidden):
        services.answer_approval(su, licence.number, row.pk, approves=True)
    assert Approval.objects.get().state == "submitted"


def test_silence_is_told_on_once_and_approves_nothing(licence, su, lin):
    good = services.add_good(su, licence.number, "摆件")
    row = services.hand_in(su, licence.number, good.pk, stage="concept")
    assert row.answer_by - row.submitted_at > dt.timedelta(days=9)
    assert services.escalate_due(row.answer_by - dt.timedelta(seconds=1)) == 0
    assert services.escalate_due(row.answer_by) == 1
    assert services.escalate_due(row.answer_by) == 0
    outbox.drain(rounds=20)
    assert Approval.objects.get().state == "submitted"
    told = "“摆件”的监修已逾期未答复"
    assert told in [note.subject for note in notices.inbox(lin)]
    assert told in [note.subject for note in notices.inbox(su)]


def test_sales_of_what_was_not_approved_are_refused(licence, su):
    good = services.add_good(su, licence.number, "摆件")
    row = factories.began(licence, 4)
    with pytest.raises(NotApproved):
        report(su, row, 0, sold(good, 100))
    assert (Report.objects.count(), Statement.objects.count()) == (0, 0)


# Statements


def test_royalties_are_recouped_from_the_guarantee_then_billed_and_shared(licence, good, su):
    first = report(su, licence, 0, sold(good, 1_000_050), sold(good, 300_000, "wholesale"))
    # 10,000.50 × 8 % + 3,000 × 5 % = 950.04 of a guarantee of 1,000.00
    assert (first.earned, first.before, first.due, first.after, first.state) == (
        Money(95_004),
        Money(100_000),
        Money(0),
        Money(4_996),
        "clear",
    )
    second = report(su, licence, 1, sold(good, 100_000))
    assert (second.earned, second.due, second.after, second.state) == (
        Money(8_000),
        Money(3_004),
        Money(0),
        "billed",
    )
    order = factories.order_of(licence, second.order_id)
    assert (order.total, order.origin) == (Money(3_004), f"royalty:{second.pk}")
    factories.pay(licence, second.order_id)
    second.refresh_from_db()
    order.refresh_from_db()
    assert (second.state, order.state) == ("paid", "received")


def test_holders_get_their_parts_to_the_fen(shown, firm, studio, su, lin):
    painter = factories.studio("画师工作室")[0]
    shown.shares.create(organisation=firm, points=6_667)
    shown.shares.create(organisation=painter, points=3_333)
    row = factories.active(shown, studio, su, lin)
    good = factories.cleared(row, su, lin)
    row = factories.began(row, 4)
    found = report(su, row, 0, sold(good, 10_000_125))
    assert found.due == Money(700_010)
    parts = selectors.split_of(row, found.due)
    assert [part.minor for _firm, part in parts] == [466_697, 233_313]
    factories.pay(row, found.order_id)
    money.settle_due()
    order = factories.order_of(row, found.order_id)
    assert (order.state, trade.held(order)) == ("completed", Money(0))


def test_a_correction_is_another_statement_and_the_first_stays(licence, good, su):
    report(su, licence, 0, sold(good, 2_000_000))
    second = report(su, licence, 0, sold(good, 1_500_000), corrects=True)
    assert (second.earned_minor, second.before_minor, second.due_minor, second.after_minor) == (
        -40_000,
        0,
        0,
        40_000,
    )
    third = report(su, licence, 1, sold(good, 1_000_000))
    assert (third.before_minor, third.due_minor) == (40_000, 40_000)
    assert list(Statement.objects.order_by("number").values_list("due_minor", flat=True)) == [
        60_000,
        0,
        40_000,
    ]
    with pytest.raises(Exception, match="is not changed afterwards"):
        Statement.objects.filter(number=1).update(due_minor=1)


def test_sales_in_another_currency_are_turned_at_the_rate_given(licence, good, su):
    found = report(su, licence, 0, sold(good, 100_000, currency="USD", rate="7.1234"))
    assert SalesLine.objects.get().worth_minor == 712_340
    assert found.earned == Money(56_987)


@pytest.mark.parametrize(
    ("number", "error"), [(-1, PeriodWrong), (3, PeriodOpen), (40, PeriodWrong)]
)
def test_only_periods_of_the_licence_that_are_over_are_reported(licence, good, su, number, error):
    with pytest.raises(error):
        report(su, licence, number)
    assert Report.objects.count() == 0


def test_a_period_is_reported_once_and_corrected_only_after_that(licence, good, su, lin):
    with pytest.raises(NothingToCorrect):
        report(su, licence, 0, corrects=True)
    report(su, licence, 0)
    with pytest.raises(AlreadyReported):
        report(su, licence, 0)
    with pytest.raises(Forbidden):
        report(lin, licence, 1)
    with pytest.raises(ChannelUnknown):
        report(su, licence, 1, sold(good, 1, "digital"))
    with pytest.raises(GoodUnknown):
        report(su, licence, 1, Sale(0, "online", 1, 1, "CNY"))
    assert (Report.objects.count(), Statement.objects.get().due_minor) == (1, 0)


def test_after_the_end_sales_of_the_sell_off_are_still_reported(licence, good, su, lin):
    services.revoke(lin, licence.number, "违约")
    assert report(su, licence, 0, sold(good, 100)).earned == Money(8)


def test_unpaid_royalties_stop_the_use_and_paying_lets_it_go_on(licence, good, su):
    found = report(su, licence, 0, sold(good, 2_000_000))
    assert services.remind_unpaid(found.pay_by - dt.timedelta(days=2)) == 1
    assert services.remind_unpaid(found.pay_by - dt.timedelta(days=1)) == 0
    trade.visible_to(su).filter(pk=found.order_id).update(
        pay_by=clock.now() - dt.timedelta(hours=1)
    )
    assert money.expire_unpaid() == 1
    outbox.drain(rounds=20)
    row = Licence.objects.get()
    found.refresh_from_db()
    assert (row.state, row.owes, found.state) == ("suspended", True, "overdue")
    services.bill_again(su, licence.number, found.number)
    found.refresh_from_db()
    assert (found.state, found.bills) == ("billed", 2)
    factories.pay(licence, found.order_id)
    row.refresh_from_db()
    found.refresh_from_db()
    assert (row.state, row.owes, found.state) == ("active", False, "paid")


def test_reports_are_reminded_of_before_and_told_to_both_when_late(licence, good, su, lin):
    services.report(su, licence.number, licence.starts_on, [])
    row = Licence.objects.get()
    assert row.report_by == quarter(licence, 2) + policies.REPORT_WITHIN
    near = dt.datetime.combine(row.report_by - dt.timedelta(days=3), dt.time(12), dt.UTC)
    late = near + dt.timedelta(days=5)
    counts = [services.remind_reports(at) for at in (near, near, late, late)]
    assert counts == [1, 0, 1, 0]
    outbox.drain(rounds=20)
    assert "《海市蜃楼》的销售报告已逾期" in [note.subject for note in notices.inbox(lin)]


# Tables


def table(*lines):
    return ("\n".join([",".join(columns.header()), *lines]) + "\n").encode()


def test_a_table_is_read_in_either_language_with_rates_and_empty_lines(licence, good):
    english = table("蜃楼摆件,线上零售,CN,3,100.50,CNY,1", "蜃楼摆件,批发,HK,0,0,CNY,1").decode()
    head = "Product,Channel,Territory,Units,Amount,Currency,Exchange rate"
    other = english.replace(",".join(columns.header()), head)
    for text in (english, other):
        assert columns.read(licence, text.encode()) == [sold(good, 10_050, units=3)]


def test_every_bad_line_of_a_table_is_named_and_none_is_taken(licence, good, su):
    content = table(
        "蜃楼摆件,线上零售,CN,3,100.50,CNY,1",
        "别的,线上零售,CN,3,100,CNY,1",
        "蜃楼摆件,地摊,CN,3,100,CNY,1",
        "蜃楼摆件,线上零售,CN,三,100,CNY,1",
        "蜃楼摆件,线上零售,CN,3,100,CNY,2",
        "蜃楼摆件,线上零售,XX,3,100,CNY,1",
        "蜃楼摆件,线上零售,CN,3,1.001,CNY,1",
        "蜃楼摆件,线上零售,CN,3,100,ABC,1",
    )
    with pytest.raises(BadSheet) as refused:
        columns.read(licence, content)
    assert [line.line for line in refused.value.lines] == [3, 4, 5, 6, 7, 8, 9]
    assert Report.objects.count() == 0
