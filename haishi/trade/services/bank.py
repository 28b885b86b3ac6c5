"""The custody account: import what came, say whose it is, carry out what is owed. Two people each.

Money that came counts from the moment it is imported (`unmatched:bank`); a match moves it to the
order it was paid for, what is too much stays unmatched until it is back with the payer.
"""

import hashlib
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from haishi.foundation.money import Money
from haishi.foundation.service import service
from haishi.foundation.sheets import check_rows, read_rows
from haishi.foundation.types import Actor
from haishi.trade import policies
from haishi.trade.errors import LineKnown, SecondPerson, Underpaid
from haishi.trade.models import BankLine, BankTask, Payment
from haishi.trade.services import payments
from haishi.trade.services.ledger import post
from haishi.trade.states import (
    BANK_LINE,
    TASK,
    BankLineState,
    EntryKind,
    NoticeKind,
    PaymentState,
    Side,
    TaskKind,
)
from haishi.trade.types import AccountName, Line, News

COLUMNS = {
    "流水号": "reference",
    "Reference": "reference",
    "记账日": "day",
    "Date": "day",
    "金额": "amount",
    "Amount": "amount",
    "货币": "currency",
    "Currency": "currency",
    "付款人": "payer",
    "Payer": "payer",
    "付款账号": "account",
    "Account": "account",
    "附言": "remark",
    "Remark": "remark",
}


def _operator(actor: Actor) -> None:
    if not policies.can_run_money(actor):
        raise Forbidden


def _accounts(currency: str) -> tuple[AccountName, AccountName]:
    """(the bank, what nobody has been found for)."""
    return (
        AccountName("provider:bank", currency, Side.DEBIT),
        AccountName("unmatched:bank", currency, Side.CREDIT),
    )


@service
def import_bank_statement(actor: Actor, content: bytes) -> tuple[int, int]:
    """Take in credits of a CSV or XLSX statement: (new lines, lines that were known).

    All bad lines are reported and then nothing is imported. A known reference with another amount
    or payer is bad. Raises Forbidden, Invalid, BadSheet.
    """
    _operator(actor)
    rows = check_rows(read_rows(content, COLUMNS), _parse)
    named = [row["bank_reference"] for row in rows]
    known = {
        line.bank_reference: line for line in BankLine.objects.filter(bank_reference__in=named)
    }
    fresh = 0
    for row in rows:
        line = known.get(row["bank_reference"])
        if line is None:
            line = BankLine.objects.create(imported_by_id=actor.pk, **row)
            known[line.bank_reference] = line
            bank, unmatched = _accounts(line.currency)
            lines = [Line(bank, line.amount_minor), Line(unmatched, -line.amount_minor)]
            key = f"bankline:{line.bank_reference}"
            post(key, EntryKind.PAYMENT, f"bankline:{line.pk}", lines)
            fresh += 1
        elif (line.amount_minor, line.currency, line.payer) != _facts(row):
            raise LineKnown(reference=line.bank_reference)
    audit.record(actor, "bank.imported", new=fresh, known=len(rows) - fresh)
    return fresh, len(rows) - fresh


def _facts(row: dict[str, Any]) -> tuple[int, str, str]:
    return row["amount_minor"], row["currency"], row["payer"]


def _parse(row: dict[str, str]) -> dict[str, Any]:
    money = Money.parse(row.get("amount", ""), (row.get("currency") or "CNY").upper())
    day = parse_date(row.get("day", "")[:10].replace("/", "-")) if row.get("day") else None
    if not row.get("reference"):
        raise Invalid(_("缺少流水号"))
    if day is None:
        raise Invalid(_("记账日须写成 2026-11-27"))
    if money.minor <= 0:
        raise Invalid(_("只导入收款，金额须大于零"))
    if not row.get("payer"):
        raise Invalid(_("缺少付款人"))
    return {
        "bank_reference": row["reference"][:64],
        "booked_on": day,
        "amount_minor": money.minor,
        "currency": money.currency,
        "payer": row["payer"][:80],
        "payer_account": row.get("account", "")[:64],
        "remark": row.get("remark", "")[:200],
    }


def _lock(actor: Actor, line_id: int) -> BankLine:
    _operator(actor)
    row = BankLine.objects.select_for_update(of=("self",)).filter(pk=line_id).first()
    if row is None:
        raise NotFound
    return row


@service
def propose_match(actor: Actor, line_id: int, reference: str) -> BankLine:
    """Say that the money is for the payment of this reference; somebody else confirms.

    Raises Forbidden, NotFound, Invalid (no such payment by bank), Conflict, Underpaid.
    """
    line = _lock(actor, line_id)
    payment = Payment.objects.filter(provider="bank", reference=reference.strip().upper()).first()
    if payment is None:
        raise Invalid(_("没有这个附言码对应的银行付款。"), field="reference")
    if payment.state == PaymentState.SUCCEEDED or line.currency != payment.currency:
        raise Conflict(_("这笔付款已经入账，或货币不同。"))
    if line.amount_minor < payment.amount_minor:
        raise Underpaid(came=line.amount, due=payment.amount)
    line.payment, line.proposed_by_id = payment, actor.pk
    _move(actor, line, "propose", "payment", "proposed_by", reference=payment.reference)
    return line


@service
def propose_return(actor: Actor, line_id: int) -> BankLine:
    """Say that the money goes back to its payer; somebody else confirms.

    Raises Forbidden, NotFound, Conflict.
    """
    line = _lock(actor, line_id)
    line.payment, line.proposed_by_id = None, actor.pk
    _move(actor, line, "propose", "payment", "proposed_by")
    return line


@service
def withdraw_proposal(actor: Actor, line_id: int) -> BankLine:
    """Open a proposed line again. Raises Forbidden, NotFound, Conflict."""
    line = _lock(actor, line_id)
    line.payment = line.proposed_by = None
    _move(actor, line, "withdraw", "payment", "proposed_by")
    return line


@service
def confirm_bank_line(actor: Actor, line_id: int) -> BankLine:
    """The second person agrees: the order is paid, or the money goes back.

    Raises Forbidden, NotFound, Conflict, SecondPerson.
    """
    _operator(actor)
    seen = BankLine.objects.filter(pk=line_id).select_related("payment").first()
    if seen is None:
        raise NotFound
    if seen.payment is not None:  # the lock order of trade: order, payment, then ours
        payments.lock_for_news(seen.payment)
    line = _lock(actor, line_id)
    if line.payment_id != seen.payment_id:
        raise Conflict
    if line.state == BankLineState.PROPOSED and line.proposed_by_id == actor.pk:
        raise SecondPerson
    line.decided_by_id, line.decided_at = actor.pk, clock.now()
    if line.payment is None:
        _move(actor, line, "return", "decided_by", "decided_at")
        _give_back(line, line.amount_minor)
        return line
    _move(actor, line, "match", "decided_by", "decided_at", reference=line.payment.reference)
    _book(line, line.payment)
    return line


def _book(line: BankLine, payment: Payment) -> None:
    due = payment.amount_minor
    if payment.state == PaymentState.SUCCEEDED:
        raise Conflict(_("这笔付款已经入账，或货币不同。"))
    bank, unmatched = _accounts(line.currency)
    key = f"bankmatch:{line.bank_reference}"
    # It was counted when it came in; the payment counts it again, for its order.
    post(key, EntryKind.CORRECTION, f"bankline:{line.pk}", [Line(unmatched, due), Line(bank, -due)])
    facts = f"{line.bank_reference}:{payment.reference}:{due}:{line.currency}"
    payments.believe(
        News(
            provider="bank",
            event_id=f"line.{line.pk}",
            kind=NoticeKind.PAID.value,
            reference=payment.reference,
            transaction=line.bank_reference,
            amount=payment.amount,
            refund_number="",
            digest=hashlib.sha256(facts.encode()).hexdigest(),
        )
    )
    if surplus := line.amount_minor - due:
        _give_back(line, surplus)


def _give_back(line: BankLine, amount: int) -> None:
    BankTask.objects.create(
        number=f"L{line.pk:012d}",
        kind=TaskKind.RETURN,
        amount_minor=amount,
        currency=line.currency,
        holder=line.payer,
        account=line.payer_account,
        line=line,
    )


def _move(actor: Actor, line: BankLine, action: str, *fields: str, **detail: Any) -> None:
    before = line.state
    line.state = BANK_LINE.after(line.state, action)
    line.save(update_fields=["state", *fields])
    audit.record(
        actor, f"bank_line.{action}", line, before=before, after=line.state,
        amount=line.amount_minor, currency=line.currency, **detail,
    )  # fmt: skip


def _lock_task(actor: Actor, task_id: int) -> BankTask:
    _operator(actor)
    row = BankTask.objects.select_for_update(of=("self",)).filter(pk=task_id).first()
    if row is None:
        raise NotFound
    return row


@service
def execute_task(actor: Actor, task_id: int, bank_reference: str) -> BankTask:
    """The instruction was carried out at the bank, which gave it a number.

    Raises Forbidden, NotFound, Conflict.
    """
    task = _lock_task(actor, task_id)
    task.bank_reference, task.executed_by_id = bank_reference[:64], actor.pk
    _advance(actor, task, "execute", "bank_reference", "executed_by")
    return task


@service
def send_task_back(actor: Actor, task_id: int) -> BankTask:
    """It was not carried out after all. Raises Forbidden, NotFound, Conflict."""
    task = _lock_task(actor, task_id)
    task.bank_reference, task.executed_by = "", None
    _advance(actor, task, "send_back", "bank_reference", "executed_by")
    return task


@service
def confirm_task(actor: Actor, task_id: int) -> BankTask:
    """The second person has seen the money leave. A return is booked now; refunds and payouts are
    booked when the worker asks for them again.

    Raises Forbidden, NotFound, Conflict, SecondPerson.
    """
    task = _lock_task(actor, task_id)
    if task.executed_by_id == actor.pk:
        raise SecondPerson
    task.confirmed_by_id, task.confirmed_at = actor.pk, clock.now()
    _advance(actor, task, "confirm", "confirmed_by", "confirmed_at")
    if task.kind == TaskKind.RETURN:
        bank, unmatched = _accounts(task.currency)
        lines = [Line(unmatched, task.amount_minor), Line(bank, -task.amount_minor)]
        post(f"bankreturn:{task.number}", EntryKind.REFUND, f"bankline:{task.line_id}", lines)
    return task


def _advance(actor: Actor, task: BankTask, action: str, *fields: str) -> None:
    before = task.state
    task.state = TASK.after(task.state, action)
    task.save(update_fields=["state", *fields])
    audit.record(
        actor, f"bank_task.{action}", task, number=task.number, amount=task.amount_minor,
        before=before, after=task.state,
    )  # fmt: skip
