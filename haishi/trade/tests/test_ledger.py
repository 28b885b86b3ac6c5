"""The ledger: what is posted balances, stays, and is posted once."""

import threading

import pytest
from django.db import Error, IntegrityError, connection, connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from haishi.foundation import health
from haishi.foundation.money import Money, split
from haishi.trade import selectors, services
from haishi.trade.errors import AccountDiffers, KeyReused, NotEnoughHeld, Unbalanced
from haishi.trade.models import Account, Entry, Posting
from haishi.trade.states import Side
from haishi.trade.types import AccountName, Line

pytestmark = pytest.mark.django_db
PROVIDER = AccountName("provider:sandbox", "CNY", Side.DEBIT)
FEES = AccountName("fees", "CNY", Side.CREDIT)


def escrow(order: int, currency: str = "CNY") -> AccountName:
    return AccountName(f"escrow:order:{order}", currency, Side.CREDIT, floor=0)


def pay(order: int, amount: int, key: str = ""):
    lines = [Line(PROVIDER, amount), Line(escrow(order), -amount)]
    return services.post(key or f"pay:{order}", "payment", f"order:{order}", lines)


def counts():
    return Entry.objects.count(), Posting.objects.count()


@transaction.atomic
def add_by_hand(entry_id, account_id, *amounts):
    """Past the service, and up to the checks that a commit makes."""
    if entry_id is None:
        entry_id = Entry.objects.create(key="raw", kind="payment", subject="o", lines=1).pk
    for amount in amounts:
        Posting.objects.create(entry_id=entry_id, account_id=account_id, amount=amount)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_entry_moves_money_between_accounts_that_open_by_themselves():
    pay(17, 12_800)
    services.post("fee:17", "fee", "order:17", [Line(escrow(17), 384), Line(FEES, -384)], "3%")
    assert selectors.balance(escrow(17)) == Money(12_416)
    assert selectors.balance(PROVIDER) == Money(12_800)
    assert selectors.balance(FEES) == Money(384)
    assert [(code, line.amount.minor) for code, line in selectors.statement("order:17")] == [
        ("provider:sandbox", 12_800),
        ("escrow:order:17", -12_800),
        ("escrow:order:17", 384),
        ("fees", -384),
    ]


@pytest.mark.parametrize(
    "amounts", [[100, -99], [100], [], [0, 0], [100, -100, 0]], ids=lambda a: str(a)
)
def test_what_does_not_balance_is_refused_and_changes_nothing(amounts):
    with pytest.raises(Unbalanced):
        services.post("k", "payment", "order:1", [Line(PROVIDER, amount) for amount in amounts])
    assert counts() == (0, 0)


def test_each_currency_balances_by_itself():
    lines = [Line(PROVIDER, 100), Line(escrow(1, "USD"), -100)]
    with pytest.raises(Unbalanced):
        services.post("k", "payment", "order:1", lines)
    assert Account.objects.count() == 0


def test_the_same_key_answers_with_the_first_entry():
    first = pay(1, 500)
    again = pay(1, 500)
    assert (again.entry_id, again.repeated) == (first.entry_id, True)
    with pytest.raises(KeyReused):
        pay(1, 501)
    assert counts() == (1, 2)
    assert selectors.balance(escrow(1)) == Money(500)


def test_an_account_never_falls_below_its_floor():
    pay(1, 500)
    with pytest.raises(NotEnoughHeld):
        services.post("out", "refund", "order:1", [Line(escrow(1), 501), Line(PROVIDER, -501)])
    assert counts() == (1, 2)
    assert Account.objects.get(code="escrow:order:1").balance == 500


def test_an_account_stays_what_it_was_opened_as():
    pay(1, 500)
    other = AccountName("escrow:order:1", "CNY", Side.DEBIT, floor=0)
    with pytest.raises(AccountDiffers):
        services.post("k", "refund", "order:1", [Line(other, 5), Line(PROVIDER, -5)])
    assert counts() == (1, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trade_entry SET memo = 'x'",
        "DELETE FROM trade_entry",
        "UPDATE trade_posting SET amount = amount * 2",
        "DELETE FROM trade_posting",
        "UPDATE trade_account SET balance = 0 WHERE balance IS NOT NULL",
        "UPDATE trade_account SET side = -side",
        "DELETE FROM trade_account",
    ],
)
def test_the_database_refuses_to_rewrite_history(statement):
    pay(1, 500)
    with pytest.raises(Error, match=r"append-only|do not change"), transaction.atomic():
        connection.cursor().execute(statement)
    assert selectors.trial_balance().balanced
    assert selectors.balance(escrow(1)) == Money(500)


def test_the_database_refuses_balanced_lines_added_to_an_old_entry():
    entry = pay(1, 500).entry_id
    account = Account.objects.get(code="provider:sandbox").pk
    with pytest.raises(IntegrityError, match="has 2 lines, not 4"):
        add_by_hand(entry, account, 70, -70)
    assert counts() == (1, 2)


def test_the_database_refuses_an_entry_that_does_not_balance():
    pay(1, 500)
    account = Account.objects.get(code="provider:sandbox").pk
    with pytest.raises(IntegrityError, match="does not balance"):
        add_by_hand(None, account, 70)
    assert counts() == (1, 2)


def test_a_rolled_back_opening_is_not_remembered():
    name = AccountName("clearing:new", "CNY", Side.DEBIT)
    with pytest.raises(NotEnoughHeld):
        services.post("k", "payment", "x", [Line(name, -5), Line(escrow(1), 5)])
    services.post("k", "payment", "x", [Line(name, 5), Line(escrow(1), -5)])
    assert selectors.balance(name) == Money(5)


def test_the_doctor_sees_a_balance_that_was_tampered_with():
    pay(1, 500)
    assert health.CHECKS["ledger"]().ok
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trade_account DISABLE TRIGGER account_stays")
        cursor.execute("UPDATE trade_account SET balance = 900 WHERE code = 'escrow:order:1'")
        cursor.execute("ALTER TABLE trade_account ENABLE TRIGGER account_stays")
    finding = health.CHECKS["ledger"]()
    assert (finding.ok, "escrow:order:1" in finding.detail) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_pay_once_and_never_overdraw():
    pay(1, 1_000)
    barrier, answers = threading.Barrier(20), []

    def work(number: int) -> None:
        barrier.wait()
        try:
            lines = [Line(escrow(1), 100), Line(PROVIDER, -100)]
            # Two of each key: twenty tries, ten different refunds of a tenth, five too many.
            answers.append(services.post(f"r{number % 15}", "refund", "order:1", lines).repeated)
        except NotEnoughHeld:
            answers.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(False) == 10
    assert Account.objects.get(code="escrow:order:1").balance == 0
    assert selectors.trial_balance().balanced


@given(
    st.integers(min_value=1, max_value=10**12),
    st.lists(st.integers(min_value=0, max_value=10_000), min_size=1, max_size=9).filter(any),
    st.data(),
)
@settings(max_examples=300, deadline=None)
def test_splits_sum_to_the_fen_and_nobody_is_off_by_more_than_one(total, weights, data):
    receiver = data.draw(st.integers(min_value=0, max_value=len(weights) - 1))
    shares = split(total, weights, receiver)
    assert sum(shares) == total
    whole = sum(weights)
    assert all(
        total * w // whole <= s <= -(-total * w // whole)
        for s, w in zip(shares, weights, strict=True)
    )
