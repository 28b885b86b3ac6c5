"""Bought claims as what they are: orders that were billed, paid, and partly sent.

Rows are written in bulk as the services leave them, with their audit rows; the money goes through
the ledger's own entries, so that pages of finance, organiser and firms add up to the fen.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from haishi.catalogue.states import ProductKind
from haishi.config.demo import names
from haishi.config.demo.load.world import World
from haishi.config.demo.prose import table
from haishi.launches.models import Claim
from haishi.launches.states import ClaimState
from haishi.trade import policies
from haishi.trade.models import Order, OrderLine, Payment, SandboxCharge, Shipment
from haishi.trade.services import escrow
from haishi.trade.services.orders import LETTERS
from haishi.trade.states import OrderState, PaymentState

MINUTE = dt.timedelta(minutes=1)
# Firms send the morning after; by now two of three parcels of such a sale are on their way.
SENT_AFTER = dt.timedelta(hours=14)


@dataclass
class _Sold:
    """A claim with what follows from it, and when it was checked out, paid, sent."""

    claim: Claim
    ordered: dt.datetime
    paid: dt.datetime
    sent: dt.datetime | None
    order: Order | None = None
    payment: Payment | None = None


class _Numbers:
    """As the services give them, by our own chance."""

    def __init__(self) -> None:
        self.rng = Random(f"{names.SEED}:sold")

    def new(self, prefix: str, at: dt.datetime) -> str:
        return f"{prefix}{at:%y%m%d}" + "".join(self.rng.choice(LETTERS) for _n in range(8))


def orders(world: World, claims: list[Claim]) -> None:
    """An order with its payment behind each claim that is bought; the claim knows it."""
    numbers = _Numbers()
    sold = [_when(world, claim, n) for n, claim in enumerate(_bought(claims))]
    sold.sort(key=lambda each: each.ordered)
    _bill(world, sold, numbers)
    lines = _lines(sold)
    _pay(sold, numbers)
    _send(world, sold, lines, numbers)
    for each in sold:
        assert each.order is not None
        each.claim.order = each.order
        _note(world, each, lines[each.order.pk])
    Claim.objects.bulk_update([each.claim for each in sold], ["order"], batch_size=1_000)


def _bought(claims: list[Claim]) -> list[Claim]:
    return [claim for claim in claims if claim.state == ClaimState.BOUGHT]


def _when(world: World, claim: Claim, number: int) -> _Sold:
    """Checked out soon after the unit was won, and paid within the time there was."""
    won = claim.allotment.decided_at or claim.created_at
    ordered = min(won + (1 + number % 7) * MINUTE, world.now - 4 * MINUTE)
    paid = min(ordered + (1 + number % 5) * MINUTE, world.now - 2 * MINUTE)
    sent = paid + SENT_AFTER + (number % 50) * 4 * MINUTE
    return _Sold(claim, ordered, paid, sent if sent < world.now and number % 3 else None)


def _bill(world: World, sold: list[_Sold], numbers: _Numbers) -> None:
    places = table("orders")["places"]
    firms = {row.pk: row for row in world.firms.values()}
    rows = []
    for each in sold:
        sale, person = each.claim.allotment, each.claim.person
        region, street, postcode = places[person.pk % len(places)]
        state = OrderState.SHIPPED if each.sent else OrderState.PAID
        waits = each.sent + policies.RECEIVE_WITHIN if each.sent else None
        each.order = Order(
            number=numbers.new("D", each.ordered),
            buyer=person,
            seller=firms[sale.launch.exhibitor.organisation_id],
            kind=ProductKind.GOODS,
            state=state,
            currency=sale.currency,
            total_minor=sale.price_minor,
            fee_points=policies.FEE_POINTS,
            origin=f"claim:{each.claim.pk}",
            ship_to={
                "name": person.name, "phone": f"1390000{person.pk % 10_000:04d}", "country": "CN",
                "region": region, "street": street, "postcode": postcode,
            },
            pay_by=each.ordered + sale.pay_minutes * MINUTE,
            paid_at=each.paid,
            moves_at=waits or each.paid + policies.SHIP_WITHIN,
            created_at=each.ordered,
        )  # fmt: skip
        rows.append(each.order)
    Order.objects.bulk_create(rows, batch_size=1_000)


def _lines(sold: list[_Sold]) -> dict[int, OrderLine]:
    made = []
    for each in sold:
        launch = each.claim.allotment.launch
        assert each.order is not None
        line = OrderLine(
            order=each.order, name=launch.name, name_en=launch.name_en, unit="件", quantity=1,
            price_minor=each.order.total_minor, hold_id=each.claim.hold_id,
            shipped=1 if each.sent else 0,
        )  # fmt: skip
        made.append(line)
    OrderLine.objects.bulk_create(made, batch_size=1_000)
    return {line.order_id: line for line in made}


def _pay(sold: list[_Sold], numbers: _Numbers) -> None:
    """At the sandbox, as the services would have heard of it; the ledger holds each sum."""
    references = [numbers.new("P", each.paid) for each in sold]
    charges = SandboxCharge.objects.bulk_create(
        SandboxCharge(
            reference=reference, merchant="haishi", amount=_order(each).total_minor,
            currency=_order(each).currency, state="paid",
            moves=[["payment", reference, _order(each).total_minor, each.paid.isoformat()]],
        )
        for reference, each in zip(references, sold, strict=True)
    )  # fmt: skip
    for each, charge in zip(sold, charges, strict=True):
        each.payment = Payment(
            order=_order(each), provider="sandbox", reference=charge.reference,
            transaction=f"SB{charge.pk:012d}", pay_url=f"/pay/sandbox/{charge.reference}/",
            amount_minor=charge.amount, currency=charge.currency, state=PaymentState.SUCCEEDED,
            created_at=each.ordered, paid_at=each.paid,
        )  # fmt: skip
    payments = [each.payment for each in sold if each.payment]
    Payment.objects.bulk_create(payments, batch_size=1_000)
    for payment in payments:
        escrow.money_came(payment.order, payment)


def _order(each: _Sold) -> Order:
    assert each.order is not None
    return each.order


def _send(world: World, sold: list[_Sold], lines: dict[int, OrderLine], numbers: _Numbers) -> None:
    carriers = table("orders")["carriers"]
    keys = {row.pk: key for key, row in world.firms.items()}
    made = []
    for each in sold:
        if each.sent is None:
            continue
        order = _order(each)
        carrier, prefix = numbers.rng.choice(carriers)
        tracking = f"{prefix}{numbers.rng.randrange(10**11, 10**12)}"
        content = {str(lines[order.pk].pk): 1}
        made.append(
            Shipment(
                order=order, carrier=carrier, tracking=tracking, content=content,
                shipped_at=each.sent,
            )
        )  # fmt: skip
        seller = world.people[keys[order.seller_id]][0]
        world.ledger.note(
            each.sent, seller, "order.ship", order, carrier=carrier, tracking=tracking,
            content=content, before="paid", after="shipped",
        )  # fmt: skip
    Shipment.objects.bulk_create(made, batch_size=1_000)


def _note(world: World, each: _Sold, line: OrderLine) -> None:
    """The audit rows of such a purchase, as the services write them."""
    note, order, claim = world.ledger.note, _order(each), each.claim
    assert each.payment is not None
    note(
        each.ordered, order.buyer, "order.billed", order,
        number=order.number, total=order.total_minor, currency=order.currency,
        origin=order.origin, fee=order.fee_points, buyer=order.buyer_id, seller=order.seller_id,
        state="awaiting", lines=[[line.name, 1, line.price_minor]], shares=[],
    )  # fmt: skip
    note(each.ordered, order.buyer, "claim.ordered", claim, order=order.number)
    note(
        each.paid, None, "payment.succeeded", order, reference=each.payment.reference,
        amount=order.total_minor, currency=order.currency,
    )  # fmt: skip
    note(each.paid, None, "order.pay", order, before="awaiting", after="paid")
    note(each.paid, None, "claim.bought", claim)
