"""Orders in every state: awaited, paid, under way, received, settled, ended, paid back.

Rows are written as the services leave them, at the time they tell of, with their audit rows; money
goes through the ledger's own entries, so that the trial balance of the demo is a real one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from typing import Any

from haishi.catalogue import selectors as catalogue
from haishi.catalogue.states import PriceMode, ProductKind
from haishi.config.demo import names
from haishi.config.demo.load.encounters import stock
from haishi.config.demo.load.encounters.season import Season, Stand, waking
from haishi.config.demo.load.world import World
from haishi.config.demo.prose import table
from haishi.foundation import scarcity
from haishi.trade import policies, selectors
from haishi.trade.models import (
    Address,
    Download,
    Entitlement,
    Order,
    OrderLine,
    Payment,
    Refund,
    Review,
    SandboxCharge,
    Shipment,
)
from haishi.trade.models import Stock as Counted
from haishi.trade.services import escrow
from haishi.trade.services.orders import LETTERS
from haishi.trade.states import OrderState, PaymentState, RefundState

# How often each fate comes, and how many hours ago such an order was placed.
FATES: dict[str, tuple[int, tuple[float, float]]] = {
    "awaiting": (4, (0.3, 8)),
    "paid": (7, (3, 30)),
    "part_shipped": (3, (20, 70)),
    "shipped": (6, (24, 120)),
    "asked_back": (2, (40, 130)),
    "returning": (1, (90, 150)),
    "received": (4, (100, 190)),
    "completed": (9, (380, 700)),
    "cancelled": (2, (10, 200)),
    "expired": (2, (10, 200)),
    "refunded": (2, (100, 300)),
}
HOUR = dt.timedelta(hours=1)
UNPAID = ("awaiting", "cancelled", "expired")


@dataclass
class Deal:
    """An order under way: rows in the order they came to be, and what was told of it."""

    order: Order
    stand: Stand
    seller: Any
    fate: str
    at: dt.datetime
    lines: list[OrderLine] = field(default_factory=list)
    payment: Payment | None = None
    refund: Refund | None = None
    told: list[tuple[str, dt.datetime]] = field(default_factory=list)


Choice = tuple[Stand, list[tuple[Any, int]]]


@dataclass
class Plan:
    """An order before it is written: what becomes of it, when it was placed, what for."""

    fate: str
    at: dt.datetime
    stand: Stand
    wanted: list[tuple[Any, int]]


class Books:
    """What every order needs: chance, the words, and where to note what happened."""

    def __init__(self, world: World, season: Season) -> None:
        self.world, self.season = world, season
        self.rng = Random(f"{names.SEED}:orders")
        self.words = table("orders")
        self.until = season.until

    def number(self, prefix: str, at: dt.datetime) -> str:
        """As the services give them, by our own chance."""
        return f"{prefix}{at:%y%m%d}" + "".join(self.rng.choice(LETTERS) for _n in range(8))

    def later(self, deal: Deal, share: float) -> dt.datetime:
        """A moment between the last step and now."""
        deal.at += (self.until - deal.at) * share * self.rng.uniform(0.6, 1.4)
        return deal.at

    def note(self, deal: Deal, actor: Any, action: str, **detail: Any) -> None:
        """In the audit log, and for the notices."""
        self.world.ledger.note(deal.at, actor, action, deal.order, **detail)
        deal.told.append((action, deal.at))


def trade(world: World, season: Season) -> list[Deal]:
    """Stock, one digital work, and the orders of the demo accounts and of other visitors."""
    stock.fill(world)
    books = Books(world, season)
    fates = [fate for fate, (times, _ago) in FATES.items() for _n in range(times)]
    plans = [_plan(books, fate, _choose(books, number)) for number, fate in enumerate(fates)]
    if filed := stock.digital_work(world, season.stands):
        stand, film = filed
        for fate in ("paid", "opened", "opened"):
            plans.append(_plan(books, fate, (stand, [(film, 1)])))
    # Buyers take turns in the order of the fates; rows are written in the order of time.
    turns = sorted(enumerate(plans), key=lambda turn: turn[1].at)
    deals = [_deal(books, number, plan) for number, plan in turns if plan.wanted]
    _speak(books, [deal for deal in deals if deal.fate in ("completed", "opened")])
    return deals


def _plan(books: Books, fate: str, choice: Choice) -> Plan:
    """When such an order was placed."""
    least, most = FATES["completed" if fate == "opened" else fate][1]
    placed = waking(books.until - HOUR * books.rng.uniform(least, most))
    stand, wanted = choice
    least_units = 2 if fate == "part_shipped" else 1  # a parcel and one that follows
    return Plan(fate, placed, stand, [(row, max(units, least_units)) for row, units in wanted])


def _choose(books: Books, number: int) -> Choice:
    """Whose works, and how many: each second order goes to the firm of the demo account."""
    stands = books.season.stands
    able = [stand for stand in stands if _goods(stand)]
    if not able:
        return stands[0], []
    first = stands[0] if number % 2 == 0 and _goods(stands[0]) else books.rng.choice(able)
    works = _goods(first)
    chosen = books.rng.sample(works, min(len(works), 1 + (number % 3 == 0)))
    return first, [(row, row.minimum * books.rng.choice((1, 1, 2, 3))) for row in chosen]


def _goods(stand: Stand) -> list[Any]:
    return [
        row
        for row in stand.products
        if row.kind == ProductKind.GOODS and row.price_minor is not None and row.currency == "CNY"
    ]


def _buyer(books: Books, number: int) -> Any:
    """The two demo accounts that buy, and the crowd."""
    accounts = books.world.accounts
    named = (accounts["visitor"], accounts["buyer"])
    return named[number % 4] if number % 4 < 2 else books.rng.choice(books.world.visitors[3:])


def _deal(books: Books, number: int, plan: Plan) -> Deal:
    fate, placed, stand = plan.fate, plan.at, plan.stand
    buyer = _buyer(books, number)
    priced = [(row, units, _price(row, units)) for row, units in plan.wanted]
    kind = plan.wanted[0][0].kind
    order = Order.objects.create(
        number=books.number("D", placed),
        buyer=buyer,
        seller_id=stand.exhibitor.organisation_id,
        kind=kind,
        currency="CNY",
        total_minor=sum(units * price for _row, units, price in priced),
        fee_points=policies.FEE_POINTS,
        ship_to=_home(books, buyer) if kind == ProductKind.GOODS else {},
        note=books.rng.choice(books.words["notes"]),
        # What waits for its money in the demo waits for some days, so that a visitor finds it.
        pay_by=placed + (HOUR * 72 if fate == "awaiting" else policies.PAY_WITHIN),
        created_at=placed,
    )
    deal = Deal(order, stand, stand.staff[0], fate, placed)
    books.note(
        deal, buyer, "order.placed",
        number=order.number, total=order.total_minor, currency="CNY", fee=order.fee_points,
        buyer=buyer.pk, seller=order.seller_id, state="awaiting",
        lines=[[row.pk, units, price] for row, units, price in priced],
    )  # fmt: skip
    deal.lines = [_line(deal, row, units, price) for row, units, price in priced]
    (_unpaid if fate in UNPAID else _paid)(books, deal)
    order.save()
    return deal


def _price(row: Any, units: int) -> int:
    tiers = catalogue.tiers_of(row) if row.price_mode == PriceMode.TIERS else []
    return selectors.price_of(row, tiers, units).minor


def _home(books: Books, person: Any) -> dict[str, str]:
    """The first address of a person; it is in the book as well."""
    known = Address.objects.filter(person=person).first()
    if known is None:
        region, street, postcode = books.rng.choice(books.words["places"])
        known = Address.objects.create(
            person=person, name=person.name, phone=f"1390000{person.pk % 10_000:04d}",
            region=region, street=street, postcode=postcode,
        )  # fmt: skip
    kept = ("name", "phone", "country", "region", "street", "postcode")
    return {name: getattr(known, name) for name in kept}


def _line(deal: Deal, row: Any, units: int, price: int) -> OrderLine:
    """With units kept where they are counted; ended orders have given theirs back."""
    hold = None
    pool = Counted.objects.filter(product=row).values_list("pool_id", flat=True).first()
    if pool and deal.fate not in ("cancelled", "expired", "refunded"):
        key = f"order:{deal.order.pk}"
        wait = deal.order.pay_by - deal.order.created_at + policies.UNITS_GRACE
        hold = scarcity.reserve(pool, f"person:{deal.order.buyer_id}", key, units, wait).hold_id
        if deal.fate not in UNPAID:
            scarcity.confirm(hold)
    return OrderLine.objects.create(
        order=deal.order, product=row, name=row.name, name_en=row.name_en, unit=row.unit,
        price_minor=price, quantity=units, hold_id=hold,
    )  # fmt: skip


def _unpaid(books: Books, deal: Deal) -> None:
    order = deal.order
    if deal.fate == "cancelled":
        deal.at += HOUR / 3
        order.state, order.ended_at = OrderState.CANCELLED, deal.at
        books.note(deal, order.buyer, "order.cancel", before="awaiting", after="cancelled")
    elif deal.fate == "expired":
        deal.at = order.pay_by + policies.NEWS_GRACE
        order.state, order.ended_at = OrderState.EXPIRED, deal.at
        books.note(deal, None, "order.expire", before="awaiting", after="expired")


def _paid(books: Books, deal: Deal) -> None:
    """The money came some minutes later and is held."""
    order = deal.order
    deal.at += dt.timedelta(minutes=books.rng.uniform(2, 25))
    reference = books.number("P", deal.at)
    charge = SandboxCharge.objects.create(
        reference=reference, merchant="haishi", amount=order.total_minor, currency="CNY",
        state="paid",
    )  # fmt: skip
    deal.payment = Payment.objects.create(
        order=order, provider="sandbox", reference=reference, amount_minor=order.total_minor,
        currency="CNY", state=PaymentState.SUCCEEDED, transaction=f"SB{charge.pk:012d}",
        paid_at=deal.at, created_at=deal.at,
    )  # fmt: skip
    order.state, order.paid_at = OrderState.PAID, deal.at
    if order.kind == ProductKind.GOODS:
        order.moves_at = deal.at + policies.SHIP_WITHIN
    escrow.money_came(order, deal.payment)
    books.note(deal, None, "payment.succeeded", reference=reference, amount=order.total_minor)
    books.note(deal, None, "order.pay", before="awaiting", after="paid")
    if order.kind == ProductKind.FILE:
        _files(books, deal)
    elif deal.fate not in ("paid", "refunded"):
        _sent(books, deal)
    elif deal.fate == "refunded":
        _refund(books, deal, order.total_minor, RefundState.DONE)
        order.state, order.ended_at, order.moves_at = OrderState.REFUNDED, deal.at, None
        books.note(deal, None, "order.refund", before="paid", after="refunded")


def _sent(books: Books, deal: Deal) -> None:
    """A parcel, or the first of two; then what the fate says."""
    order = deal.order
    part = deal.fate == "part_shipped" and max(line.quantity for line in deal.lines) > 1
    content = {}
    for line in deal.lines:
        line.shipped = max(1, line.quantity // 2) if part else line.quantity
        line.save(update_fields=["shipped"])
        content[str(line.pk)] = line.shipped
    carrier, prefix = books.rng.choice(books.words["carriers"])
    tracking = f"{prefix}{books.rng.randrange(10**11, 10**12)}"
    at = books.later(deal, 0.3)
    Shipment.objects.create(
        order=order, carrier=carrier, tracking=tracking, content=content, shipped_at=at
    )
    order.state = OrderState.PART_SHIPPED if part else OrderState.SHIPPED
    order.moves_at = None if part else at + policies.RECEIVE_WITHIN
    action = "order.ship_part" if part else "order.ship"
    books.note(
        deal, deal.seller, action, carrier=carrier, tracking=tracking, content=content,
        before="paid", after=str(order.state),
    )  # fmt: skip
    if deal.fate == "asked_back":
        _refund(books, deal, order.total_minor // 4, RefundState.REQUESTED)
    elif deal.fate == "returning":
        _refund(books, deal, deal.lines[0].price_minor, RefundState.RETURNING)
    elif deal.fate in ("received", "completed"):
        _received(books, deal)


def _received(books: Books, deal: Deal) -> None:
    order = deal.order
    again = policies.RETURN_WITHIN if order.kind == ProductKind.GOODS else dt.timedelta(0)
    at = books.later(deal, 0.3)
    if deal.fate == "received":
        at = deal.at = max(at, books.until - again + HOUR * 20)
        at = deal.at = min(at, books.until - HOUR / 4)
    order.state, order.moves_at = OrderState.RECEIVED, at + again
    books.note(deal, order.buyer, "order.receive", before="shipped", after="received")
    if deal.fate in ("completed", "opened"):
        deal.at = min(at + again, books.until - HOUR)
        shared = escrow.release(order)
        order.state, order.moves_at, order.ended_at = OrderState.COMPLETED, None, deal.at
        books.note(
            deal, None, "order.settle", shared=shared, currency="CNY",
            before="received", after="completed",
        )  # fmt: skip


def _refund(books: Books, deal: Deal, amount: int, state: RefundState) -> None:
    """Asked for by the buyer; answered, or waiting for somebody."""
    payment, rng = deal.payment, books.rng
    assert payment is not None
    at = books.later(deal, 0.2)
    refund = deal.refund = Refund.objects.create(
        payment=payment, number=books.number("R", at), amount_minor=amount, state=state,
        reason=rng.choice(books.words["reasons"]), created_at=at,
        returns_goods=state == RefundState.RETURNING,
        answer_by=max(at, books.until - HOUR * 20) + policies.ANSWER_WITHIN,
    )  # fmt: skip
    books.note(deal, deal.order.buyer, "refund.requested", number=refund.number, amount=amount)
    if state == RefundState.RETURNING:
        books.later(deal, 0.2)
        refund.answer, refund.answer_by = books.words["answers"][1], books.until + HOUR * 24 * 10
        told = {"number": refund.number, "amount": amount, "before": "requested"}
        books.note(deal, deal.seller, "refund.await_goods", **told, after="returning")
    elif state == RefundState.DONE:
        refund.answer = books.words["answers"][0]
        books.later(deal, 0.2)
        told = {"number": refund.number, "amount": amount}
        books.note(deal, deal.seller, "refund.agree", **told, after="instructed")
        escrow.refund_left(deal.order, refund)
        escrow.refund_arrived(deal.order, refund)
        refund.done_at = books.later(deal, 0.05)
        books.note(deal, None, "refund.arrive", **told, before="instructed", after="done")
        SandboxCharge.objects.filter(reference=payment.reference).update(
            refunded=amount, refunds={refund.number: amount}
        )
    refund.save()


def _files(books: Books, deal: Deal) -> None:
    """The right to fetch, and for some the first access with its download."""
    (line,) = deal.lines
    row = Entitlement.objects.create(
        line=line, person=deal.order.buyer, most=policies.MOST_DOWNLOADS, granted_at=deal.at
    )
    books.note(deal, None, "files.granted", lines=[line.pk])
    if deal.fate != "opened":
        return
    row.opened_at, row.used = books.later(deal, 0.1), 1
    row.save(update_fields=["opened_at", "used"])
    books.note(deal, deal.order.buyer, "files.opened")
    (asset_id,) = selectors.deliverable_ids(line.product_id or 0)
    name = f"{line.name}.pdf"
    Download.objects.create(entitlement=row, asset_id=asset_id, name=name, at=deal.at)
    books.note(deal, deal.order.buyer, "files.fetched", asset=asset_id)
    _received(books, deal)


def _speak(books: Books, deals: list[Deal]) -> None:
    """What buyers said of settled orders, and what sellers answered."""
    for deal, (rating, text, answer) in zip(deals, books.words["reviews"] * 2, strict=False):
        written = deal.at + (books.until - deal.at) * 0.2
        answered = written + (books.until - written) * 0.3
        Review.objects.create(
            line=deal.lines[0], product_id=deal.lines[0].product_id or 0, author=deal.order.buyer,
            rating=rating, text=text, written_at=written, answer=answer,
            answered_at=answered if answer else None,
        )  # fmt: skip
        deal.at = written
        books.note(deal, deal.order.buyer, "review.written", line=deal.lines[0].pk, rating=rating)
        if answer:
            deal.at = answered
            books.note(deal, deal.seller, "review.answered", line=deal.lines[0].pk)
