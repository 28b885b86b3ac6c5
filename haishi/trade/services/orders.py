"""Placing orders, and ending those that nobody pays.

Lock order everywhere in trade: spending (`limits`), order, payment, refund, stock.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from haishi.catalogue import selectors as catalogue
from haishi.catalogue.states import ProductKind
from haishi.foundation import audit, clock, once, scarcity
from haishi.foundation.errors import Forbidden, TooMany
from haishi.foundation.money import Money
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.parties import selectors as parties
from haishi.trade import policies, selectors
from haishi.trade.errors import (
    AddressMissing,
    NothingOrdered,
    OneSellerOneKind,
    OwnProduct,
    PriceChanged,
    StockBelowTaken,
    TooManyUnits,
)
from haishi.trade.events import OfferChanged, OrderEnded, OrderPlaced
from haishi.trade.models import Address, Order, OrderLine, Stock
from haishi.trade.services import limits
from haishi.trade.states import ORDER, UNPAID, OrderState
from haishi.trade.types import Wanted

ADDRESS_FIELDS = ("name", "phone", "country", "region", "street", "postcode")
# Without letters and digits that are taken for one another.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
Priced = list[tuple[Any, Wanted, Money]]


def new_number(prefix: str) -> str:
    """A number that people can read to each other: 14 characters after `prefix`."""
    day = clock.local(clock.now(), "Asia/Shanghai").strftime("%y%m%d")
    return prefix + day + "".join(secrets.choice(LETTERS) for _n in range(8))


@service
def set_stock(actor: Actor, product_id: int, total: int) -> None:
    """How many units there are in all, sold ones included; from now on they are counted.

    Raises NotFound, Forbidden, StockBelowTaken.
    """
    product = catalogue.lock_editable(actor, product_id)
    row = Stock.objects.filter(product_id=product_id).first()
    if row is None:
        pool = scarcity.open_pool(f"product:{product_id}", total)
        Stock.objects.create(product_id=product_id, pool_id=pool.pk)
    else:
        taken = selectors.stock_taken(row)
        if total < taken:
            raise StockBelowTaken(taken=taken)
        scarcity.resize(row.pool_id, total)
    audit.record(actor, "product.stocked", product, total=total)
    publish(OfferChanged(organisation_id=product.organisation_id, product_id=product_id))


@service
def place(
    actor: Actor,
    wanted: Sequence[Wanted],
    *,
    key: str,
    address_id: int | None = None,
    firm_id: int | None = None,
    note: str = "",
) -> Order:
    """Order products of one seller and keep their units until the time to pay is over.

    The same `key` answers with the first order. Raises NotFound, Forbidden, NothingOrdered,
    TooManyUnits, NotForSale, BelowMinimum, PriceChanged, OneSellerOneKind, OwnProduct,
    AddressMissing, SoldOut, TooMany (unpaid orders), SpendForbidden, KeyReused. An order for a firm
    that is above the buyer's limit waits for an approval first.
    """
    asked = once.fingerprint([[vars(line) for line in wanted], address_id, firm_id, note])
    made, _again = once.run(
        f"order:{actor.pk}",
        key,
        lambda: _place(actor, wanted, address_id, firm_id, note),
        asked,
    )
    return Order.objects.get(pk=made)


def _place(
    actor: Actor, wanted: Sequence[Wanted], address_id: int | None, firm_id: int | None, note: str
) -> int:
    if not actor.is_authenticated or (firm_id and not parties.is_member(actor, firm_id)):
        raise Forbidden
    unpaid = Order.objects.filter(buyer=actor.pk, state__in=UNPAID).count()
    if unpaid >= policies.MOST_UNPAID:
        raise TooMany(_("未付款的订单太多，请先付款或取消。"))
    priced = _priced(wanted)
    first, line, _price = priced[0]
    if parties.is_member(actor, first.organisation_id):
        raise OwnProduct
    total = sum(price.minor * line.quantity for _product, line, price in priced)
    verdict = limits.judge_for(actor.pk, firm_id, Money(total, line.currency))
    order = Order.objects.create(
        number=new_number("D"),
        buyer_id=actor.pk,
        buyer_firm_id=firm_id,
        seller_id=first.organisation_id,
        kind=first.kind,
        currency=line.currency,
        state=OrderState.AWAITING if verdict.allowed else OrderState.APPROVING,
        total_minor=total,
        fee_points=policies.FEE_POINTS,
        ship_to=_ship_to(actor, first.kind, address_id),
        note=note[:200],
        pay_by=clock.now() + (policies.PAY_WITHIN if verdict.allowed else policies.APPROVE_WITHIN),
    )
    _keep(order, priced)
    audit.record(
        actor, "order.placed", order,
        number=order.number, total=order.total_minor, currency=order.currency,
        fee=order.fee_points, buyer=order.buyer_id, seller=order.seller_id, state=order.state,
        lines=[[line.product_id, line.quantity, price.minor] for _product, line, price in priced],
    )  # fmt: skip
    publish(OrderPlaced(organisation_id=order.seller_id, order_id=order.pk))
    if not verdict.allowed:
        limits.let_wait(actor, order, verdict)
    return order.pk


def _priced(wanted: Sequence[Wanted]) -> Priced:
    """Today's prices beside those the buyer saw."""
    if not wanted or len({line.product_id for line in wanted}) != len(wanted):
        raise NothingOrdered
    priced: Priced = []
    changes = []
    for line in wanted:
        if not 1 <= line.quantity <= policies.MOST_UNITS:
            raise TooManyUnits(most=policies.MOST_UNITS)
        product, price = selectors.unit_price(line.product_id, line.quantity)
        priced.append((product, line, price))
        seen = Money(line.price_minor, line.currency)
        if price != seen:
            changes.append(
                _("“%(name)s”由 %(before)s 变为 %(after)s")
                % {"name": product.title, "before": seen, "after": price}
            )
    if changes:
        raise PriceChanged(changes=_("；").join(changes))
    if len({(p.organisation_id, p.kind, price.currency) for p, _line, price in priced}) > 1:
        raise OneSellerOneKind
    return priced


def _ship_to(actor: Actor, kind: str, address_id: int | None) -> dict[str, str]:
    if kind != ProductKind.GOODS:
        return {}
    row = Address.objects.filter(person=actor.pk, pk=address_id or 0).first()
    if row is None:
        raise AddressMissing
    return {name: getattr(row, name) for name in ADDRESS_FIELDS}


def _keep(order: Order, priced: Priced) -> None:
    """The lines, with units kept for those that have a stock."""
    # An order that is approved at the last moment still has its time to pay.
    wait = policies.APPROVE_WITHIN if order.state == OrderState.APPROVING else dt.timedelta(0)
    products = [product.pk for product, _line, _price in priced]
    pools = dict(Stock.objects.filter(product__in=products).values_list("product_id", "pool_id"))
    # In the order of pools, so that two orders never wait for each other.
    for product, line, price in sorted(priced, key=lambda row: pools.get(row[0].pk, 0)):
        hold = None
        if pool := pools.get(product.pk):
            hold = scarcity.reserve(
                pool,
                f"person:{order.buyer_id}",
                f"order:{order.pk}",
                line.quantity,
                wait + policies.PAY_WITHIN + policies.UNITS_GRACE,
            ).hold_id
        OrderLine.objects.create(
            order=order,
            product_id=product.pk,
            name=product.name,
            name_en=product.name_en,
            unit=product.unit,
            price_minor=price.minor,
            quantity=line.quantity,
            hold_id=hold,
        )


def move(actor: Actor, order: Order, action: str, *fields: str, **detail: object) -> None:
    """Take a locked order one step on, with `fields` that were set beside. Raises Conflict."""
    before = order.state
    order.state = ORDER[order.kind].after(order.state, action)
    order.version += 1
    order.save(update_fields=["state", "version", "updated_at", *fields])
    audit.record(actor, f"order.{action}", order, before=before, after=order.state, **detail)


def end(actor: Actor, order: Order, action: str, reason: str = "") -> None:
    """Cancel, expire or refund a locked order as a whole. Raises Conflict."""
    order.ended_at, order.moves_at = clock.now(), None
    move(actor, order, action, "ended_at", "moves_at", reason=reason)
    limits.close_with(order, action)
    publish(
        OrderEnded(
            organisation_id=order.seller_id,
            order_id=order.pk,
            state=order.state,
            origin=order.origin,
        )
    )


def give_back(order: Order) -> None:
    """Units of lines of which nothing was sent may be ordered again."""
    for hold in _holds(order.lines.filter(shipped=0)):
        scarcity.release(hold)


def keep_for_good(order: Order) -> None:
    """The units are sold. Raises HoldGone."""
    for hold in _holds(order.lines.all()):
        scarcity.confirm(hold)


def _holds(lines: Iterable[OrderLine]) -> list[int]:
    return sorted(line.hold_id for line in lines if line.hold_id is not None)


@service
def cancel(actor: Actor, order_id: int) -> Order:
    """The buyer gives up before paying. Raises NotFound, Forbidden, Conflict."""
    order = selectors.lock_as_buyer(actor, order_id)
    end(actor, order, "cancel")
    give_back(order)
    return order


def expire_unpaid(now: dt.datetime | None = None, limit: int = 100) -> int:
    """End orders that were not paid in time; returns how many. Run by the worker.

    Also those that no colleague approved. Each in a transaction of its own: one that gave back
    units of many orders could wait in a circle with buyers.
    """
    due = (now or clock.now()) - policies.NEWS_GRACE
    rows = Order.objects.filter(state__in=UNPAID, pay_by__lte=due).order_by("pay_by")
    return sum(_expire(pk, due) for pk in list(rows.values_list("pk", flat=True)[:limit]))


@service
def _expire(order_id: int, due: dt.datetime) -> bool:
    order = selectors.lock_order(order_id)
    if order.state not in UNPAID or order.pay_by > due:
        return False
    end(SYSTEM, order, "expire")
    give_back(order)
    return True
