"""Spending for a firm: within limits at once, above them with a colleague's approval."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.models import Hold, Outbox
from haishi.foundation.money import Money
from haishi.foundation.outbox import drain
from haishi.notices import selectors as notices
from haishi.parties.tests.factories import MembershipFactory, PersonFactory
from haishi.trade import policies, selectors, services
from haishi.trade.errors import (
    ApprovalMismatch,
    ApproverLimit,
    OwnApproval,
    PaymentClosed,
    SpendForbidden,
)
from haishi.trade.models import Order, SpendLimit
from haishi.trade.tests.factories import pay
from haishi.trade.tests.spenders import buy, due, kite_in_stock, limit, verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def kite(db):
    """Something for ¥100 of another firm, three in stock."""
    return kite_in_stock()


@pytest.fixture
def wu(firm):
    """吴: manager of the firm."""
    person = PersonFactory(name="吴")
    MembershipFactory(person=person, organisation=firm, role="manager")
    return person


def test_without_limits_every_member_spends_and_nobody_else(firm, lin, zhou, stranger):
    assert verdict(zhou, firm, 10**12) == ("allowed", "", ())
    assert verdict(stranger, firm, 1) == ("forbidden", "你不是这个单位的成员", ())


def test_a_role_limits_each_of_its_people_and_a_person_has_an_own_limit(firm, lin, zhou, wu):
    limit(firm, lin, "role:staff", single=5_000)
    assert verdict(zhou, firm, 5_000) == ("allowed", "", ())
    assert verdict(zhou, firm, 5_001) == (
        "approval",
        "超过单笔上限 ¥50.00",
        (lin.pk, wu.pk),
    )
    limit(firm, lin, f"person:{zhou.pk}", single=9_000)
    assert verdict(zhou, firm, 9_000) == ("allowed", "", ())
    limit(firm, lin, "role:manager", single=9_000)
    assert verdict(zhou, firm, 9_001)[2] == (lin.pk,)


def test_another_currency_is_no_way_around_a_limit(firm, lin, zhou, wu):
    limit(firm, lin, "role:staff", single=5_000)
    limit(firm, lin, "role:manager", single=5_000)
    assert verdict(zhou, firm, 1, "USD") == ("approval", "没有为 USD 设定额度", (lin.pk,))


def test_where_nobody_may_approve_it_is_forbidden_and_nothing_is_ordered(firm, lin, kite):
    limit(firm, lin, "role:owner", single=5_000)
    assert verdict(lin, firm, 5_001) == (
        "forbidden",
        "超过单笔上限 ¥50.00，也没有人有足够的额度审批",
        (),
    )
    with pytest.raises(SpendForbidden):
        buy(lin, firm, kite)
    with pytest.raises(SpendForbidden):
        services.bill(lin, due(lin, firm, kite.organisation, 5_001), key="a")
    assert (Order.objects.count(), selectors.stock_left([kite.pk])) == (0, {kite.pk: 3})


def test_only_owners_set_limits_and_each_change_is_on_record(firm, lin, wu, zhou, stranger):
    for who, error in ((wu, Forbidden), (zhou, Forbidden), (stranger, NotFound)):
        with pytest.raises(error):
            limit(firm, who, "role:staff", single=1)
    with pytest.raises(NotFound):
        limit(firm, lin, f"person:{stranger.pk}", single=1)
    with pytest.raises(NotFound):
        limit(firm, lin, "role:king", single=1)
    assert SpendLimit.objects.count() == 0
    limit(firm, lin, "role:staff", single=1)
    limit(firm, lin, "role:staff", single=1)
    limit(firm, lin, "role:staff", month=7)
    limit(firm, lin, "role:staff")
    details = [entry.detail for entry in reversed(audit.history(firm))]
    assert [(row["before"], row["after"]) for row in details] == [
        (None, [1, None]),
        ([1, None], [None, 7]),
        ([None, 7], None),
    ]
    assert SpendLimit.objects.count() == 0


def test_a_limit_of_nothing_or_of_two_is_refused_by_the_database(firm, zhou):
    for wrong in (
        {"role": "staff"},
        {"role": "staff", "person": zhou, "single_minor": 1},
        {"single_minor": 1},
        {"role": "staff", "month_minor": -1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SpendLimit.objects.create(organisation=firm, currency="CNY", **wrong)


def test_an_order_above_the_limit_keeps_its_units_and_waits(firm, lin, zhou, kite):
    limit(firm, lin, "role:staff", single=15_000)
    row = buy(zhou, firm, kite, 2)
    assert (row.state, row.approval.state, row.approval.amount) == (
        "approving",
        "waiting",
        Money(20_000),
    )
    assert selectors.stock_left([kite.pk]) == {kite.pk: 1}
    with pytest.raises(PaymentClosed):
        services.start(zhou, row.pk, "sandbox")
    hold = Hold.objects.get(pk=row.lines.get().hold_id)
    assert hold.expires_at - row.pay_by >= policies.PAY_WITHIN


def test_a_colleague_approves_and_the_order_is_paid_and_counts_for_the_colleague(
    firm, lin, zhou, wu, kite
):
    limit(firm, lin, "role:staff", single=15_000, month=20_000)
    limit(firm, lin, "role:manager", month=25_000)
    row = buy(zhou, firm, kite, 2)
    services.approve_spending(wu, row.approval_id)
    row.refresh_from_db()
    assert (row.state, row.approval.decided_by, row.approval.state) == ("awaiting", wu, "approved")
    assert row.pay_by - clock.now() <= policies.PAY_WITHIN
    pay(row)
    assert row.state == "paid"
    assert selectors.spent_this_month(firm.pk, "CNY") == {wu.pk: 20_000}
    assert verdict(zhou, firm, 15_000)[0] == "allowed"
    assert verdict(wu, firm, 5_001)[1] == "本月已用 ¥200.00，加上这笔超过每月上限 ¥250.00"
    with pytest.raises(Conflict):
        services.refuse_spending(lin, row.approval_id, "太贵")


def test_nobody_approves_what_they_asked_for_or_above_their_own_limit(
    firm, lin, zhou, wu, stranger, kite
):
    limit(firm, lin, "role:manager", single=5_000)
    row = buy(wu, firm, kite)
    asked = row.approval_id
    with pytest.raises(OwnApproval):
        services.approve_spending(wu, asked)
    other = PersonFactory()
    MembershipFactory(person=other, organisation=firm, role="manager")
    with pytest.raises(ApproverLimit):
        services.approve_spending(other, asked)
    for who, error in ((zhou, NotFound), (stranger, NotFound)):
        with pytest.raises(error):
            services.approve_spending(who, asked)
        with pytest.raises(error):
            services.refuse_spending(who, asked, "不")
    with pytest.raises(Forbidden):
        services.withdraw_spending(lin, asked)
    row.refresh_from_db()
    assert (row.state, row.approval.state) == ("approving", "waiting")


def test_a_refusal_says_why_and_gives_the_units_back(firm, lin, zhou, kite):
    limit(firm, lin, "role:staff", single=1)
    row = buy(zhou, firm, kite)
    services.refuse_spending(lin, row.approval_id, "预算用完了")
    row.refresh_from_db()
    assert (row.state, row.approval.state, row.approval.answer) == (
        "cancelled",
        "refused",
        "预算用完了",
    )
    assert selectors.stock_left([kite.pk]) == {kite.pk: 3}
    drain()
    told = [notice.subject for notice in notices.inbox(zhou, kind="spending")]
    assert told == ["采购未获批准：沙燕风筝"]


def test_silence_ends_with_the_hold_and_withdrawal_and_cancelling_are_one(firm, lin, zhou, kite):
    limit(firm, lin, "role:staff", single=1)
    silent, withdrawn, cancelled = (buy(zhou, firm, kite) for _n in range(3))
    services.withdraw_spending(zhou, withdrawn.approval_id)
    services.cancel(zhou, cancelled.pk)
    late = silent.pay_by + policies.NEWS_GRACE
    assert services.expire_unpaid(late - dt.timedelta(microseconds=1)) == 0
    assert services.expire_unpaid(late) == 1
    states = {row.pk: (row.state, row.approval.state) for row in Order.objects.all()}
    assert states == {
        silent.pk: ("expired", "expired"),
        withdrawn.pk: ("cancelled", "withdrawn"),
        cancelled.pk: ("cancelled", "withdrawn"),
    }
    assert selectors.stock_left([kite.pk]) == {kite.pk: 3}
    with pytest.raises(Conflict):
        services.approve_spending(lin, silent.approval_id)


def test_a_late_approval_is_refused_before_the_clock_has_come_by(
    firm, lin, zhou, kite, monkeypatch
):
    limit(firm, lin, "role:staff", single=1)
    row = buy(zhou, firm, kite)
    monkeypatch.setattr(clock, "now", lambda: row.pay_by)
    with pytest.raises(Conflict):
        services.approve_spending(lin, row.approval_id)
    row.refresh_from_db()
    assert (row.state, row.approval.state) == ("approving", "waiting")


def test_the_month_counts_what_was_spent_and_not_what_came_back(firm, lin, zhou, kite):
    limit(firm, lin, "role:staff", month=30_000)
    first, second = buy(zhou, firm, kite), buy(zhou, firm, kite)
    pay(first)
    assert selectors.spent_this_month(firm.pk, "CNY") == {zhou.pk: 20_000}
    seller = kite.organisation.memberships.get().person
    services.agree(seller, services.ask_refund(zhou, first.pk, 4_000, "划痕").pk)
    services.cancel(zhou, second.pk)
    assert selectors.spent_this_month(firm.pk, "CNY") == {zhou.pk: 6_000}
    assert verdict(zhou, firm, 24_000)[0] == "allowed"
    assert verdict(zhou, firm, 24_001)[0] == "approval"


def test_a_month_begins_at_midnight_in_the_zone_of_the_edition(firm, lin, zhou, kite, monkeypatch):
    limit(firm, lin, "role:staff", month=10_000)
    row = buy(zhou, firm, kite)
    # 1 November, 00:00 in Shanghai is 31 October, 16:00 in UTC.
    border = dt.datetime(2026, 10, 31, 16, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: border + dt.timedelta(hours=1))
    Order.objects.filter(pk=row.pk).update(created_at=border - dt.timedelta(seconds=1))
    assert verdict(zhou, firm, 10_000)[0] == "allowed"
    Order.objects.filter(pk=row.pk).update(created_at=border)
    assert verdict(zhou, firm, 1)[0] == "approval"


def test_a_bill_above_the_limit_waits_and_keeps_the_time_that_was_agreed(firm, lin, zhou, kite):
    limit(firm, lin, "role:staff", single=1)
    agreed = due(zhou, firm, kite.organisation, 5_000)
    row = services.bill(lin, agreed, key="a")
    assert (row.state, row.approval.person, row.approval.title) == ("approving", zhou, "样品")
    services.approve_spending(lin, row.approval_id)
    row.refresh_from_db()
    assert (row.state, row.pay_by) == ("awaiting", agreed.pay_by)


def test_what_was_approved_beforehand_covers_its_bills_and_no_more(firm, lin, zhou, kite):
    limit(firm, lin, "role:staff", single=1)
    until = clock.now() + dt.timedelta(days=2)
    asked = services.ask_approval(
        zhou, firm.pk, Money(9_000), origin="award:4", title="样片制作", expires_at=until
    )
    seller = kite.organisation
    with pytest.raises(ApprovalMismatch):
        services.bill(zhou, due(zhou, firm, seller, 1, approval_id=asked.pk), key="early")
    services.approve_spending(lin, asked.pk)
    assert selectors.spent_this_month(firm.pk, "CNY") == {lin.pk: 9_000}
    first = services.bill(zhou, due(zhou, firm, seller, 5_000, approval_id=asked.pk), key="a")
    assert first.state == "awaiting"
    with pytest.raises(ApprovalMismatch):
        services.bill(zhou, due(zhou, firm, seller, 4_001, approval_id=asked.pk), key="b")
    services.cancel(zhou, first.pk)
    services.bill(zhou, due(zhou, firm, seller, 9_000, approval_id=asked.pk), key="c")
    assert selectors.spent_this_month(firm.pk, "CNY") == {lin.pk: 9_000}
    assert Order.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        services.ask_approval(
            zhou, firm.pk, Money(9_000), origin="award:4", title="样片制作", expires_at=until
        )


def test_a_wish_nobody_answers_ends_and_says_so(firm, lin, zhou):
    limit(firm, lin, "role:staff", single=1)
    until = clock.now() + dt.timedelta(days=2)
    row = services.ask_approval(
        zhou, firm.pk, Money(9_000), origin="award:4", title="样片制作", expires_at=until
    )
    assert services.expire_approvals(until - dt.timedelta(microseconds=1)) == 0
    assert services.expire_approvals(until) == 1
    row.refresh_from_db()
    assert row.state == "expired"
    decided = Outbox.objects.filter(label="trade.ApprovalDecided").get().payload
    assert decided == {
        "organisation_id": firm.pk,
        "approval_id": row.pk,
        "origin": "award:4",
        "state": "expired",
    }


def test_those_who_may_approve_hear_of_it(firm, lin, zhou, wu, kite):
    limit(firm, lin, "role:staff", single=1)
    limit(firm, lin, "role:manager", single=1)
    buy(zhou, firm, kite)
    drain()
    assert [notice.subject for notice in notices.inbox(lin)] == ["有采购待你审批：沙燕风筝"]
    assert list(notices.inbox(wu)) == []
