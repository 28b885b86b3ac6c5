"""The custody account as operators see it, and how a buyer pays into it."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from haishi.foundation.errors import Forbidden
from haishi.foundation.types import Actor
from haishi.trade import policies
from haishi.trade.models import BankLine, BankTask, Payment
from haishi.trade.states import BankLineState, PaymentState, TaskState

__all__ = ["BankAccount", "bank_account", "bank_lines", "bank_tasks", "suggest"]
# A remark code is a payment's reference; people add spaces, small letters and words of their own.
CODE = re.compile(r"P\d{6}[2-9A-HJ-NP-Z]{8}")


@dataclass(frozen=True)
class BankAccount:
    """Where buyers send money."""

    holder: str
    bank: str
    account: str


def bank_account() -> BankAccount:
    """The custody account of this installation."""
    return BankAccount(settings.BANK_HOLDER, settings.BANK_NAME, settings.BANK_ACCOUNT)


def bank_lines(actor: Actor, *, waiting: bool = True) -> QuerySet[BankLine]:
    """Credits, newest first: those that wait for people, or those that are done.

    Raises Forbidden.
    """
    if not policies.can_run_money(actor):
        raise Forbidden
    states = (BankLineState.OPEN, BankLineState.PROPOSED)
    rows = BankLine.objects.select_related("payment__order", "proposed_by", "decided_by")
    rows = rows.filter(state__in=states) if waiting else rows.exclude(state__in=states)
    return rows.order_by("-pk")


def suggest(lines: list[BankLine]) -> dict[int, Payment]:
    """{line id: the payment it is probably for}: by remark, else by amount and currency alone.

    By amount only when exactly one open bank payment has it.
    """
    wanted = {line.pk: _codes(line.remark) for line in lines if line.state == BankLineState.OPEN}
    opened = Payment.objects.filter(
        provider="bank", state__in=(PaymentState.OPEN, PaymentState.FAILED)
    ).select_related("order")
    by_code = {
        row.reference: row
        for row in opened.filter(
            reference__in={code for codes in wanted.values() for code in codes}
        )
    }
    sums = {(line.amount_minor, line.currency) for line in lines}
    same: dict[tuple[int, str], list[Payment]] = {}
    for row in opened.filter(amount_minor__in={minor for minor, _currency in sums})[:500]:
        same.setdefault((row.amount_minor, row.currency), []).append(row)
    found = {}
    for line in lines:
        named = [by_code[code] for code in wanted.get(line.pk, ()) if code in by_code]
        alike = same.get((line.amount_minor, line.currency), [])
        if line.pk in wanted and (named or len(alike) == 1):
            found[line.pk] = (named or alike)[0]
    return found


def _codes(remark: str) -> list[str]:
    return CODE.findall("".join(remark.split()).upper().replace("-", ""))


def bank_tasks(actor: Actor, *, waiting: bool = True) -> QuerySet[BankTask]:
    """Instructions to carry out at the bank: oldest first while they wait, else newest first.

    Raises Forbidden.
    """
    if not policies.can_run_money(actor):
        raise Forbidden
    rows = BankTask.objects.select_related("executed_by", "confirmed_by")
    if waiting:
        return rows.exclude(state=TaskState.CONFIRMED).order_by("pk")
    return rows.filter(state=TaskState.CONFIRMED).order_by("-pk")
