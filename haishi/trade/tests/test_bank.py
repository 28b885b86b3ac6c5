"""The custody account: statements come in whole, and two people say whose the money is."""

import datetime as dt
import io

import pytest
from django.db import IntegrityError, transaction
from openpyxl import Workbook

from haishi.foundation import clock
from haishi.foundation.errors import Conflict, Forbidden, Invalid
from haishi.foundation.money import Money
from haishi.foundation.sheets import BadSheet
from haishi.parties.tests.factories import PersonFactory
from haishi.trade import selectors, services
from haishi.trade.errors import LineKnown, ProviderRefuses, SecondPerson, Underpaid
from haishi.trade.models import BankLine, BankTask, Entry, PayoutAccount, Refund
from haishi.trade.services import escrow
from haishi.trade.states import Side
from haishi.trade.tests.factories import order, product, want
from haishi.trade.types import AccountName, Agreed, Bill

pytestmark = pytest.mark.django_db
HEAD = "流水号,记账日,金额,货币,付款人,付款账号,附言\n"


@pytest.fixture(autouse=True)
def _bank(settings):
    settings.PAYMENT_PROVIDERS = ("bank",)
    settings.BANK_HOLDER, settings.BANK_NAME = "海市专户", "海州银行营业部"
    settings.BANK_ACCOUNT, settings.BANK_CURRENCIES = "3700200800001234", ("CNY",)


@pytest.fixture
def anna(db):
    return PersonFactory(name="沈括山", is_staff=True)


@pytest.fixture
def ben(db):
    return PersonFactory(name="卫朴", is_staff=True)


@pytest.fixture
def payment(firm, stranger):
    """¥1,000 to be paid by bank within three days."""
    due = Bill(
        buyer_id=stranger.pk, seller_id=firm.pk, kind="service", currency="CNY",
        lines=(Agreed("里程碑", 100_000),), pay_by=clock.now() + dt.timedelta(days=3), origin="m:1",
    )  # fmt: skip
    row = services.bill(stranger, due, key="bank")
    return services.start(stranger, row.pk, "bank")


def sheet(*rows):
    return (HEAD + "".join(",".join(row) + "\n" for row in rows)).encode()


def credit(actor, payment, amount="1000.00", reference="B1", remark=None):
    words = f"货款 {payment.reference.lower()}" if remark is None else remark
    content = sheet([reference, "2026-11-27", amount, "CNY", "外人", "6222000099998888", words])
    assert services.import_bank_statement(actor, content) == (1, 0)
    return BankLine.objects.get(bank_reference=reference)


def sums():
    """(held at the bank, nobody's yet)."""
    codes = (("provider:bank", Side.DEBIT), ("unmatched:bank", Side.CREDIT))
    return tuple(selectors.balance(AccountName(code, "CNY", side)).minor for code, side in codes)


def test_money_is_found_by_its_remark_proposed_by_one_and_booked_by_another(payment, anna, ben):
    line = credit(anna, payment)
    assert sums() == (100_000, 100_000)
    assert selectors.suggest([line])[line.pk].pk == payment.pk
    services.propose_match(anna, line.pk, payment.reference)
    assert payment.order.state == "awaiting"
    with pytest.raises(SecondPerson):
        services.confirm_bank_line(anna, line.pk)
    payment.order.refresh_from_db()
    assert (payment.order.state, sums()) == ("awaiting", (100_000, 100_000))
    services.confirm_bank_line(ben, line.pk)
    payment.order.refresh_from_db()
    assert (payment.order.state, sums()) == ("paid", (100_000, 0))
    assert selectors.held(payment.order) == Money(100_000)
    assert selectors.trial_balance().balanced


def test_the_database_itself_wants_two_people(payment, anna):
    line = credit(anna, payment)
    with pytest.raises(IntegrityError), transaction.atomic():
        BankLine.objects.filter(pk=line.pk).update(proposed_by=anna, decided_by=anna)
    task = BankTask.objects.create(number="X", kind="return", amount_minor=1, currency="CNY")
    with pytest.raises(IntegrityError), transaction.atomic():
        BankTask.objects.filter(pk=task.pk).update(executed_by=anna, confirmed_by=anna)


def test_too_much_is_booked_and_the_rest_goes_back(payment, anna, ben):
    line = credit(anna, payment, "1000.50")
    services.propose_match(anna, line.pk, payment.reference)
    services.confirm_bank_line(ben, line.pk)
    task = BankTask.objects.get()
    assert (task.kind, task.amount, task.holder) == ("return", Money(50), "外人")
    assert sums() == (100_050, 50)
    services.execute_task(ben, task.pk, "OUT-1")
    with pytest.raises(SecondPerson):
        services.confirm_task(ben, task.pk)
    services.confirm_task(anna, task.pk)
    assert (sums(), selectors.trial_balance().balanced) == ((100_000, 0), True)


def test_too_little_cannot_be_booked_and_goes_back(payment, anna, ben):
    line = credit(anna, payment, "999.99")
    with pytest.raises(Underpaid, match=r"¥999\.99"):
        services.propose_match(anna, line.pk, payment.reference)
    services.propose_return(anna, line.pk)
    services.confirm_bank_line(ben, line.pk)
    task = BankTask.objects.get()
    services.execute_task(anna, task.pk, "OUT-1")
    services.send_task_back(anna, task.pk)
    services.execute_task(anna, task.pk, "OUT-2")
    services.confirm_task(ben, task.pk)
    payment.order.refresh_from_db()
    assert (payment.order.state, sums(), task.amount) == ("awaiting", (0, 0), Money(99_999))


def test_a_payment_is_booked_once_and_a_proposal_may_be_withdrawn(payment, anna, ben):
    first, second = credit(anna, payment), credit(anna, payment, reference="B2")
    services.propose_match(anna, first.pk, payment.reference)
    services.withdraw_proposal(ben, first.pk)
    services.propose_match(anna, first.pk, payment.reference)
    services.propose_match(anna, second.pk, payment.reference)
    services.confirm_bank_line(ben, first.pk)
    for attempt in (services.confirm_bank_line, services.confirm_bank_line):
        with pytest.raises(Conflict):
            attempt(ben, second.pk)
    second.refresh_from_db()
    assert (second.state, sums()) == ("proposed", (200_000, 100_000))


def test_a_bad_line_keeps_the_whole_statement_out(payment, anna):
    content = sheet(
        ["B1", "2026-11-27", "10.00", "CNY", "甲", "", ""],
        ["", "2026-11-27", "10.00", "CNY", "甲", "", ""],
        ["B3", "27.11.2026", "10.00", "CNY", "甲", "", ""],
        ["B4", "2026-11-27", "-10.00", "CNY", "甲", "", ""],
        ["B5", "2026-11-27", "10.001", "CNY", "甲", "", ""],
        ["B6", "2026-11-27", "10.00", "CNY", "", "", ""],
    )
    with pytest.raises(BadSheet) as refused:
        services.import_bank_statement(anna, content)
    assert [line.line for line in refused.value.lines] == [3, 4, 5, 6, 7]
    assert (BankLine.objects.count(), Entry.objects.count()) == (0, 0)


def test_a_statement_taken_in_twice_counts_once_and_may_not_change(anna):
    row = ["B1", "2026/11/27", "10.00", "CNY", "甲", "", ""]
    assert services.import_bank_statement(anna, sheet(row)) == (1, 0)
    assert services.import_bank_statement(anna, sheet(row, ["B2", *row[1:]])) == (1, 1)
    with pytest.raises(LineKnown):
        services.import_bank_statement(anna, sheet(["B1", "2026-11-27", "11.00", *row[3:]]))
    assert sums() == (2_000, 2_000)


def test_a_spreadsheet_is_read_as_well(anna):
    book, out = Workbook(), io.BytesIO()
    book.active.append(["Reference", "Date", "Amount", "Currency", "Payer", "Account", "Remark"])
    book.active.append(["B1", dt.date(2026, 11, 27), 10.5, "CNY", "甲", "", ""])
    book.save(out)
    assert services.import_bank_statement(anna, out.getvalue()) == (1, 0)
    row = BankLine.objects.get()
    assert (row.amount, row.booked_on) == (Money(1_050), dt.date(2026, 11, 27))


def test_without_a_remark_the_only_payment_of_that_amount_is_suggested(
    payment, anna, firm, stranger
):
    line = credit(anna, payment, remark="")
    other = credit(anna, payment, "7.00", "B2", remark="")
    assert {pk: row.pk for pk, row in selectors.suggest([line, other]).items()} == {
        line.pk: payment.pk
    }


def test_only_operators_touch_the_custody_account(payment, lin, stranger, anna):
    line = credit(anna, payment)
    attempts = [
        lambda who: services.import_bank_statement(who, sheet()),
        lambda who: services.propose_match(who, line.pk, payment.reference),
        lambda who: services.propose_return(who, line.pk),
        lambda who: services.confirm_bank_line(who, line.pk),
        lambda who: services.execute_task(who, 1, "x"),
        lambda who: services.confirm_task(who, 1),
        lambda who: selectors.bank_lines(who),
        lambda who: selectors.bank_tasks(who),
    ]
    for attempt in attempts:
        for who in (lin, stranger):
            with pytest.raises(Forbidden):
                attempt(who)
    with pytest.raises(Invalid):
        services.propose_match(anna, line.pk, "P000000NOBODY00")
    line.refresh_from_db()
    assert line.state == "open"


def test_refunds_and_payouts_are_instructions_for_two_people(
    payment, anna, ben, lin, firm, monkeypatch
):
    line = credit(anna, payment)
    services.propose_match(anna, line.pk, payment.reference)
    services.confirm_bank_line(ben, line.pk)
    services.ask_refund(payment.order.buyer, payment.order_id, 30_000, "少一页")
    services.agree(lin, Refund.objects.get().pk)
    PayoutAccount.objects.create(
        organisation=firm, provider="bank", account="6222000011112222", holder=firm.name
    )
    escrow.release(payment.order)
    services.send_due(), services.send_payouts_due()
    tasks = {task.kind: task for task in BankTask.objects.all()}
    assert (tasks["refund"].account, tasks["payout"].account) == (
        "6222000099998888",
        "6222000011112222",
    )
    for task in tasks.values():
        services.execute_task(anna, task.pk, "OUT")
        services.confirm_task(ben, task.pk)
    later = clock.now() + dt.timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    services.send_due(), services.send_payouts_due()
    assert Refund.objects.get().state == "done"
    assert (sums(), selectors.trial_balance().balanced) == ((2_100, 0), True)


def test_an_order_that_must_be_paid_within_minutes_is_not_offered_a_transfer(firm, stranger):
    row = order(stranger, want(product(firm)))
    with pytest.raises(ProviderRefuses, match="一个工作日"):
        services.start(stranger, row.pk, "bank")
    assert row.payments.count() == 0
