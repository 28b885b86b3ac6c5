"""Who opens orders, cashiers and callbacks."""

import datetime as dt
from typing import Any

from haishi.foundation import clock
from haishi.foundation.money import Money
from haishi.foundation.tests.access import Row, World
from haishi.trade import services
from haishi.trade.tests.factories import order, pay, product, want


def deal(world: World) -> dict[str, Any]:
    """An order of the stranger at the firm, not paid."""
    return {"number": order(world.stranger, want(product(world.firm))).number}


def shelf(world: World) -> dict[str, Any]:
    """The firm."""
    return {"org": world.firm.slug}


def cashier(world: World) -> dict[str, Any]:
    """A payment that was begun."""
    row = order(world.stranger, want(product(world.firm)))
    return {"reference": services.start(world.stranger, row.pk, "sandbox").reference}


def step(name: str) -> Any:
    """A step of an unpaid order."""
    return lambda world: {**deal(world), "action": name}


def paid_step(world: World) -> dict[str, Any]:
    """Sending what was paid."""
    row = order(world.stranger, want(product(world.firm)))
    pay(row)
    return {"number": row.number, "action": "ship"}


def wish(world: World) -> dict[str, Any]:
    """A refund that waits for the firm."""
    row = order(world.stranger, want(product(world.firm)))
    pay(row)
    refund = services.ask_refund(world.stranger, row.pk, 100, "")
    return {"number": row.number, "refund_id": refund.pk, "action": "agree"}


def wish_to_spend(world: World) -> dict[str, Any]:
    """The colleague wants to spend more than allowed."""
    services.set_limit(world.lin, world.firm.pk, "role:staff", "CNY", 1, None)
    until = clock.now() + dt.timedelta(days=1)
    row = services.ask_approval(
        world.zhou, world.firm.pk, Money(2), origin="award:1", title="样片", expires_at=until
    )
    return {"approval_id": row.pk}


def decision(name: str) -> Any:
    """An answer to it."""
    return lambda world: {**wish_to_spend(world), "action": name}


ROWS = [
    #                     nobody 外人 周 林 陈 operator
    Row("trade:bought", "302 200 200 200 200 200"),
    Row("trade:sold", "302 404 200 200 404 200", shelf),
    Row("trade:order", "302 200 200 200 404 200", deal),
    Row("trade:pay", "302 302 403 403 404 403", deal, "post"),
    Row("trade:step", "302 302 403 403 404 403", step("cancel"), "post"),
    Row("trade:step", "302 403 302 302 404 403", paid_step, "post"),
    Row("trade:answer", "302 403 403 302 404 302", wish, "post"),
    Row("trade:approvals", "302 200 200 200 200 200"),
    Row("trade:approval", "302 404 200 200 404 200", wish_to_spend),
    Row("trade:decide", "302 404 403 302 404 403", decision("approve"), "post"),
    Row("trade:decide", "302 404 302 403 404 403", decision("withdraw"), "post"),
    Row("trade:limits", "302 404 403 200 404 200", shelf),
    Row("trade:sandbox", "302 200 404 404 404 404", cashier),
    # Signatures decide, not people.
    Row("trade:callback", "403", lambda world: {"provider": "sandbox"}, "post"),
]
