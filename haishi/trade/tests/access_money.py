"""Who opens pages about money: ways to pay, payouts, the custody account, reconciliation."""

import datetime as dt
from typing import Any

from haishi.foundation import clock
from haishi.foundation.money import Money
from haishi.foundation.tests.access import Row, World
from haishi.parties.tests.factories import PersonFactory
from haishi.trade import services
from haishi.trade.models import BankLine, BankTask, Difference, Payout
from haishi.trade.statements import plain
from haishi.trade.tests.factories import order, pay, product, want


def _operator() -> Any:
    return PersonFactory(is_staff=True)


def refused(world: World) -> dict[str, Any]:
    """A payout that the provider refused."""
    row = order(world.stranger, want(product(world.firm)))
    payment = pay(row)
    made = Payout.objects.create(
        order=row, payment=payment, organisation=world.firm, number="T1", amount_minor=5,
        state="failed", reason="?",
    )  # fmt: skip
    return {"payout_id": made.pk}


def line(world: World) -> dict[str, Any]:
    """Money that came and has no owner."""
    row = BankLine.objects.create(
        bank_reference="B1", booked_on=dt.date(2026, 11, 27), amount_minor=5, currency="CNY",
        payer="甲", imported_by=_operator(),
    )  # fmt: skip
    return {"line_id": row.pk, "action": "return"}


def task(world: World) -> dict[str, Any]:
    """Money to send."""
    row = BankTask.objects.create(number="L1", kind="return", amount_minor=5, currency="CNY")
    return {"task_id": row.pk, "action": "execute"}


def day(world: World) -> dict[str, Any]:
    """A compared day with one difference."""
    today = clock.local(clock.now(), "Asia/Shanghai").date()
    content = plain.write([("payment", "P0", Money(5), today)])
    made = services.reconcile(_operator(), "sandbox", content, "s.csv")
    return {"pk": made.pk}


def difference(world: World) -> dict[str, Any]:
    """That difference."""
    found = day(world)
    row = Difference.objects.get(reconciliation=found["pk"])
    return {**found, "difference_id": row.pk, "action": "withdraw"}


def deal(world: World) -> dict[str, Any]:
    """An order of the stranger at the firm, not paid."""
    return {"number": order(world.stranger, want(product(world.firm))).number}


def shelf(world: World) -> dict[str, Any]:
    """The firm."""
    return {"org": world.firm.slug}


def nothing(world: World) -> dict[str, Any]:
    """A payment that does not exist."""
    return {"reference": "P0"}


ROWS = [
    #                     nobody 外人 周 林 陈 operator
    Row("trade:pay", "302 200 403 403 404 403", deal),
    Row("trade:transfer", "302 404 404 404 404 404", nothing),
    Row("trade:scan", "302 404 404 404 404 404", nothing),
    Row("trade:inside", "302 404 404 404 404 404", nothing),
    Row("trade:inside", "302 404 404 404 404 404", nothing, "post"),
    Row("trade:payouts", "302 404 403 200 404 200", shelf),
    Row("trade:payouts", "302 404 403 422 404 422", shelf, "post"),
    Row("trade:payout_retry", "302 404 404 302 404 302", refused, "post"),
    Row("trade:money", "302 403 403 403 403 200"),
    Row("trade:bank", "302 403 403 403 403 200"),
    Row("trade:bank", "302 403 403 403 403 422", method="post"),
    Row("trade:bank_line", "302 403 403 403 403 302", line, "post"),
    Row("trade:bank_task", "302 403 403 403 403 302", task, "post"),
    Row("trade:reconciliations", "302 403 403 403 403 200"),
    Row("trade:reconciliations", "302 403 403 403 403 422", method="post"),
    Row("trade:reconciliation", "302 403 403 403 403 200", day),
    Row("trade:difference", "302 403 403 403 403 302", difference, "post"),
    Row("trade:sandbox_statement", "302 403 403 403 403 200", lambda world: {"day": "2026-11-27"}),
]
