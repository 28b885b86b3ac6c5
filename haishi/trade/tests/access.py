"""Who opens orders, cashiers and callbacks."""

import datetime as dt
from typing import Any

from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import clock
from haishi.foundation.money import Money
from haishi.foundation.tests.access import Row, World
from haishi.media.tests.factories import ready_asset
from haishi.trade import services
from haishi.trade.tests.factories import order, pay, product, want
from haishi.trade.types import Issued


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


def bought(world: World) -> Any:
    """A paid order of the stranger at the firm, which shows at the organiser's edition."""
    edition = ShownExhibitorFactory(
        organisation=world.firm, edition__series__organiser=world.organiser
    ).edition
    row = order(world.stranger, want(product(world.firm)))
    pay(row)
    return edition, row


def paid(world: World) -> dict[str, Any]:
    """The same, by its number."""
    return {"number": bought(world)[1].number}


def claimed(world: World) -> Any:
    """The stranger claims some of it."""
    edition, row = bought(world)
    return edition, services.open_dispute(world.stranger, row.pk, "late", 100, "迟了")


def dispute(world: World) -> dict[str, Any]:
    """A dispute that the firm has not answered."""
    return {"number": claimed(world)[1].number}


def mediated(world: World) -> Any:
    """A dispute in which evidence is taken."""
    edition, row = claimed(world)
    services.offer(world.lin, row.pk, 0, "不同意")
    return edition, services.ask_mediation(world.stranger, row.pk)


def in_mediation(world: World) -> dict[str, Any]:
    """The same, by its number."""
    return {"number": mediated(world)[1].number}


def to_decide(world: World) -> dict[str, Any]:
    """The same, when evidence is taken no more."""
    row = mediated(world)[1]
    services.disputes_due(clock.now() + dt.timedelta(days=6))
    return {"number": row.number, "action": "decide"}


def dispute_step(name: str) -> Any:
    """A step of a dispute that the firm has not answered."""
    return lambda world: {**dispute(world), "action": name}


def to_invoice(world: World) -> Any:
    """The stranger asks for an invoice of a paid order."""
    row = order(world.stranger, want(product(world.firm)))
    pay(row)
    return services.request_invoice(
        world.stranger, row.pk, kind="plain", title_kind="person", title="外人",
        email="stranger@elsewhere.example", amount_minor=100,
    )  # fmt: skip


def invoice(world: World) -> dict[str, Any]:
    """The request by its number."""
    return {"number": to_invoice(world).number}


def invoiced(world: World) -> dict[str, Any]:
    """The same with an invoice that is issued."""
    row = to_invoice(world)
    file = ready_asset(world.firm, "document", private=True).pk
    values = Issued("12345678", clock.now().date(), 100, file, 600)
    one = services.issue_invoice(world.lin, row.pk, values)
    return {"number": row.number, "invoice_id": one.pk}


def red(world: World) -> dict[str, Any]:
    """A red invoice over all of it, its file chosen before."""
    file = ready_asset(world.firm, "document", private=True)
    today = clock.now().date().isoformat()
    return {
        "red-number": "12345679", "red-issued_on": today, "red-amount_minor": "1.00",
        "red-reason": "开票有误", "red-asset_id-token": file.token,
    }  # fmt: skip


ROWS = [
    #                     nobody 外人 周 林 陈 operator
    Row("trade:bought", "302 200 200 200 200 200"),
    Row("trade:sold", "302 404 200 200 404 200", shelf),
    Row("trade:order", "302 200 200 200 404 200", deal),
    Row("trade:pay", "302 302 403 403 404 403", deal, "post"),
    Row("trade:step", "302 302 403 403 404 403", step("cancel"), "post"),
    Row("trade:step", "302 403 302 302 404 403", paid_step, "post"),
    Row("trade:answer", "302 403 403 302 404 302", wish, "post"),
    Row("trade:claim", "302 409 403 403 404 403", deal),
    Row("trade:claim", "302 200 403 403 404 403", paid),
    Row(
        "trade:claim",
        "302 302 403 403 404 403",
        paid,
        "post",
        body=lambda world: {"kind": "late", "amount_minor": "1.00", "reason": "迟了"},
    ),
    Row("trade:disputes", "302 200 200 200 200 200"),
    Row("trade:dispute", "302 200 200 200 404 200", dispute),
    Row("trade:dispute", "302 200 200 200 200 200", in_mediation),
    Row("trade:dispute_step", "302 302 403 302 404 403", dispute_step("accept"), "post"),
    Row("trade:dispute_step", "302 302 403 403 404 403", dispute_step("withdraw"), "post"),
    Row(
        "trade:dispute_step",
        "302 403 403 403 302 302",
        to_decide,
        "post",
        body=lambda world: {"decide-to_buyer_minor": "0.50", "decide-verdict": "各半"},
    ),
    Row(
        "trade:mediation",
        "302 404 404 404 200 200",
        lambda world: {"edition": mediated(world)[0].slug},
    ),
    Row("api:trade_disputes", "401 200 200 200 200 200"),
    Row("api:trade_dispute", "401 200 200 200 404 200", dispute),
    Row("api:trade_invoices", "401 200 200 200 200 200"),
    Row("api:trade_invoice", "401 200 200 200 404 200", invoice),
    Row("trade:invoices", "302 200 200 200 200 200"),
    Row("trade:firm_invoices", "302 404 200 200 404 200", shelf),
    Row("trade:invoice_ask", "302 200 403 403 404 403", deal),
    Row("trade:invoice", "302 200 200 200 404 200", invoice),
    Row("trade:invoice_paper", "302 200 200 200 404 200", invoice),
    Row(
        "trade:invoice_step",
        "302 302 403 403 404 403",
        lambda world: {**invoice(world), "action": "withdraw"},
        "post",
    ),
    Row(
        "trade:invoice_step",
        "302 403 403 302 404 302",
        lambda world: {**invoice(world), "action": "refuse"},
        "post",
        body=lambda world: {"refuse-reason": "税号有误"},
    ),
    Row("trade:invoice_red", "302 422 403 302 404 302", invoiced, "post", body=red),
    Row("trade:approvals", "302 200 200 200 200 200"),
    Row("trade:approval", "302 404 200 200 404 200", wish_to_spend),
    Row("trade:decide", "302 404 403 302 404 403", decision("approve"), "post"),
    Row("trade:decide", "302 404 302 403 404 403", decision("withdraw"), "post"),
    Row("trade:limits", "302 404 403 200 404 200", shelf),
    Row("trade:sandbox", "302 200 404 404 404 404", cashier),
    # Signatures decide, not people.
    Row("trade:callback", "403", lambda world: {"provider": "sandbox"}, "post"),
]
