"""Settled deals with their payouts, the custody account, and a reconciled day.

Written through the ledger's own services; only moments and numbers are set, so that the same `now`
gives the same rows. What is on its way is paid out by the worker, like everything else.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from haishi.config.demo.load.world import ZONE, World
from haishi.foundation import clock
from haishi.foundation.money import Money
from haishi.trade import selectors, services
from haishi.trade.models import (
    Order,
    OrderLine,
    OrderShare,
    Payment,
    Payout,
    PayoutAccount,
    Reconciliation,
    SandboxCharge,
)
from haishi.trade.services import escrow
from haishi.trade.statements import plain
from haishi.trade.states import OrderState

# (what was agreed, yuan, settled, minutes after nine yesterday); sellers are the first firms.
DEALS = (
    ("非遗纹样授权样稿", "Pattern licence, samples", 8_800, True, 4),
    ("展馆数字导览制作", "Digital guide of a hall", 46_000, True, 51),
    ("短片配乐与混音", "Score and mix of a short film", 12_600, True, 97),
    ("皮影动作库首期", "Shadow puppet motions, first part", 23_500, False, 160),
    ("年画色彩修复", "Restoring the colours of prints", 5_400, False, 238),
    ("风筝造型三维扫描", "Scans of kite forms", 9_900, False, 301),
)
CREDITS = (
    ("BK20261", "46000.00", "海州文旅投资有限公司", "6222800011112222", "展馆导览 尾款"),
    ("BK20262", "880.00", "程见山", "6222800033334444", "货款"),
)


@dataclass(frozen=True)
class _Deal:
    """One of `DEALS` with its parties and its instant."""

    place: int
    seller: Any
    partner: Any
    at: dt.datetime


def settle(world: World) -> None:
    """Accounts of four firms, six paid deals (three settled), a day with one open difference."""
    firms = [world.firms[firm.key] for firm in world.cast[:4]]
    _accounts(firms)
    day = clock.local(world.now, ZONE).date() - dt.timedelta(days=1)
    deals = [
        _Deal(place, firms[place % 4], firms[(place + 1) % 4], world.at(0, 9 * 60 + deal[4]))
        for place, deal in enumerate(DEALS)
    ]
    paid = [_pay(world, deal) for deal in deals]
    _credits(world, day)
    _compare(world, day, paid)


def _accounts(firms: list[Any]) -> None:
    """The fourth firm has none yet: its money waits for one."""
    PayoutAccount.objects.bulk_create(
        PayoutAccount(
            organisation=firm,
            provider=provider,
            account=f"62228000{place}{number}1234",
            holder=firm.name,
            bank="海州银行营业部" if provider == "bank" else "",
        )
        for place, firm in enumerate(firms[:3])
        for number, provider in enumerate(("sandbox", "bank"))
    )


def _number(prefix: str, at: dt.datetime, place: int) -> str:
    return f"{prefix}{clock.local(at, ZONE):%y%m%d}DEMK{place:04d}".replace("0", "A").replace(
        "1", "B"
    )


def _pay(world: World, deal: _Deal) -> Payment:
    zh, en, yuan, settled, _minutes = DEALS[deal.place]
    minor = yuan * 100
    order = Order.objects.create(
        number=_number("D", deal.at, deal.place),
        buyer=world.accounts["buyer"],
        seller=deal.seller,
        kind="service",
        state=OrderState.COMPLETED if settled else OrderState.PAID,
        currency="CNY",
        total_minor=minor,
        fee_points=300,
        pay_by=deal.at + dt.timedelta(days=1),
        paid_at=deal.at,
        ended_at=deal.at + dt.timedelta(hours=6) if settled else None,
    )
    Order.objects.filter(pk=order.pk).update(created_at=deal.at - dt.timedelta(minutes=9))
    OrderLine.objects.create(order=order, name=zh, name_en=en, price_minor=minor, quantity=1)
    if deal.place == 1:
        parts = ((deal.seller, 7_500), (deal.partner, 2_500))
        OrderShare.objects.bulk_create(
            OrderShare(order=order, organisation=firm, points=points) for firm, points in parts
        )
    payment = _payment(order, deal)
    escrow.money_came(order, payment)
    shared = escrow.release(order) if settled else {}
    if settled:
        _date(order, deal)
    _note(world, order, payment, shared)
    return payment


def _note(world: World, order: Order, payment: Payment, shared: dict[str, int]) -> None:
    """The audit rows of such a deal, as the services write them."""
    note, paid = world.ledger.note, payment.paid_at
    note(
        payment.created_at, order.buyer, "order.billed", order,
        number=order.number, total=order.total_minor, currency="CNY", origin="",
        fee=order.fee_points, buyer=order.buyer_id, seller=order.seller_id, state="awaiting",
        lines=[[line.name, line.quantity, line.price_minor] for line in order.lines.all()],
        shares=[[share.organisation_id, share.points] for share in order.shares.all()],
    )  # fmt: skip
    money = {"reference": payment.reference, "amount": payment.amount_minor, "currency": "CNY"}
    note(paid, None, "payment.succeeded", order, **money)
    note(paid, None, "order.pay", order, before="awaiting", after="paid")
    if shared:
        told = {"before": "received", "after": "completed", "shared": shared, "currency": "CNY"}
        note(order.ended_at, None, "order.settle", order, **told)


def _payment(order: Order, deal: _Deal) -> Payment:
    reference = _number("P", deal.at, deal.place)
    charge = SandboxCharge.objects.create(
        reference=reference,
        merchant="haishi",
        amount=order.total_minor,
        currency="CNY",
        state="paid",
        moves=[["payment", reference, order.total_minor, deal.at.isoformat()]],
    )
    return Payment.objects.create(
        order=order,
        provider="sandbox",
        reference=reference,
        transaction=f"SB{charge.pk:012d}",
        pay_url=f"/pay/sandbox/{reference}/",
        amount_minor=order.total_minor,
        currency="CNY",
        state="succeeded",
        created_at=deal.at - dt.timedelta(minutes=1),
        paid_at=deal.at,
    )


def _date(order: Order, deal: _Deal) -> None:
    """Its payouts get the numbers and moments of this day."""
    for place, row in enumerate(Payout.objects.filter(order=order).order_by("pk")):
        row.number = _number("T", deal.at, deal.place * 10 + place + 1)
        row.created_at = order.ended_at or deal.at
        row.save(update_fields=["number", "created_at"])


def _credits(world: World, day: dt.date) -> None:
    """Two credits of the custody account that nobody has claimed."""
    lines = ["流水号,记账日,金额,货币,付款人,付款账号,附言"]
    lines += [
        ",".join((number, day.isoformat(), amount, "CNY", payer, account, remark))
        for number, amount, payer, account, remark in CREDITS
    ]
    services.import_bank_statement(world.accounts["operator"], "\n".join(lines).encode())


def _compare(world: World, day: dt.date, paid: list[Payment]) -> None:
    """The sandbox's statement of that day; it books one of the deals a yuan lower than we do."""
    wrong = paid[-1].reference
    rows = [
        (kind, reference, booked.amount - Money(100 if reference == wrong else 0), day)
        for (kind, reference), booked in sorted(selectors.booked_on("sandbox", day, ZONE).items())
    ]
    content = plain.write(rows)
    name = f"sandbox-{day.isoformat()}.csv"
    made = services.reconcile(world.accounts["finance"], "sandbox", content, name, day)
    Reconciliation.objects.filter(pk=made.pk).update(made_at=world.now - dt.timedelta(minutes=40))
