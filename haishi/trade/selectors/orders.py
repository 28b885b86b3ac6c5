"""Reading orders. What a person may not see does not exist."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from haishi.catalogue import selectors as catalogue
from haishi.catalogue.states import PriceMode
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.models import Pool
from haishi.foundation.money import Money
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.trade import policies
from haishi.trade.errors import BelowMinimum, NotForSale
from haishi.trade.models import (
    Account,
    Address,
    Dispute,
    Order,
    Payment,
    Refund,
    Shipment,
    Stock,
)
from haishi.trade.policies import accept_elsewhere as accept_elsewhere  # part of the front door
from haishi.trade.states import DISPUTED, HELD, ORDER, UNANSWERED, Side
from haishi.trade.types import AccountName

__all__ = [
    "accept_elsewhere",
    "addresses_of",
    "bought_by",
    "escrow",
    "get_payable",
    "get_payable_order",
    "get_visible",
    "held",
    "held_by",
    "least_of",
    "lock_as_buyer",
    "lock_as_seller",
    "lock_order",
    "number_of",
    "order_facts",
    "price_of",
    "refund_facts",
    "refundable",
    "refunds_of",
    "shipment_text",
    "sold_by",
    "steps_for",
    "stock_left",
    "stock_taken",
    "unit_price",
    "visible_to",
]


def visible_to(actor: Actor) -> QuerySet[Order]:
    """One's own purchases, those of firms one manages, and sales of one's firms."""
    rows = Order.objects.select_related("seller", "buyer_firm")
    if actor.is_staff:
        return rows
    mine = Q(buyer=actor.pk) | Q(seller__in=parties.roles_of(actor))
    return rows.filter(mine | Q(buyer_firm__in=parties.managed_by(actor)))


def get_visible(actor: Actor, number: str) -> Order:
    """One by its number. Raises NotFound."""
    if found := visible_to(actor).filter(number=number).first():
        return found
    raise NotFound


def number_of(order_id: int) -> str:
    """The number of an order, "" when there is none; the caller has checked who asks."""
    rows = Order.objects.filter(pk=order_id)
    return rows.values_list("number", flat=True).first() or ""


def bought_by(actor: Actor) -> QuerySet[Order]:
    """What the person ordered, newest first."""
    rows = Order.objects.filter(buyer=actor.pk).select_related("seller")
    return rows.prefetch_related("lines").order_by("-pk")


def sold_by(actor: Actor, slug: str) -> tuple[Any, QuerySet[Order]]:
    """A firm and its sales, newest first, for its members. Raises NotFound."""
    firm = parties.get_desk(actor, slug)
    rows = Order.objects.filter(seller=firm).select_related("buyer")
    return firm, rows.prefetch_related("lines").order_by("-pk")


def get_payable(actor: Actor, provider: str, reference: str) -> Payment:
    """A payment with its order, for who may pay it; none by a way that is switched off.

    Operators see the sandbox's cashier as well. Raises NotFound.
    """
    if provider not in settings.PAYMENT_PROVIDERS:
        raise NotFound
    rows = Payment.objects.select_related("order__seller")
    found = rows.filter(provider=provider, reference=reference).first()
    practises = provider == "sandbox" and policies.can_run_money(actor)
    if found is None or not (practises or policies.can_buy(actor, found.order)):
        raise NotFound
    return found


def get_payable_order(actor: Actor, number: str) -> Order:
    """An order for who may pay it. Raises NotFound, Forbidden."""
    order = get_visible(actor, number)
    if not policies.can_buy(actor, order):
        raise Forbidden
    return order


def steps_for(
    actor: Actor, order: Order, refunds: Sequence[Refund] | None = None
) -> dict[str, bool]:
    """{what the person may do with the order now: True}; `refunds` when they are at hand."""
    state, steps = order.state, ORDER[order.kind].actions_from(order.state)
    buys, ships = policies.can_buy(actor, order), policies.can_ship(actor, order)
    waiting = any(
        refund.state in UNANSWERED for refund in (refunds_of(order) if refunds is None else refunds)
    )
    free = not waiting and not Dispute.objects.filter(order=order, state__in=DISPUTED).exists()
    elsewhere = policies.accepted_elsewhere(order)
    may = {
        "pay": buys and policies.takes_money(order),
        "cancel": buys and "cancel" in steps,
        "receive": buys and "receive" in steps and not elsewhere,
        "refund": buys and state in HELD and free,
        "dispute": buys and state in HELD and free,
        "invoice": buys and order.paid_at is not None,
        "ship": ships and "ship" in steps and not waiting and not elsewhere,
        "call_off": policies.can_refund(actor, order) and state == "paid" and free,
        "answer": policies.can_refund(actor, order),
        "withdraw": buys,
    }
    return {name: True for name, allowed in may.items() if allowed}


def lock_order(order_id: int) -> Order:
    """Row locked, for the platform's own work. Raises NotFound."""
    if found := Order.objects.select_for_update().filter(pk=order_id).first():
        return found
    raise NotFound


def _lock_seen(actor: Actor, order_id: int) -> Order:
    order = lock_order(order_id)
    if not policies.can_see(actor, order):
        raise NotFound
    return order


def lock_as_buyer(actor: Actor, order_id: int) -> Order:
    """Row locked, for its buyer. Raises NotFound, Forbidden."""
    order = _lock_seen(actor, order_id)
    if not policies.can_buy(actor, order):
        raise Forbidden
    return order


def lock_as_seller(actor: Actor, order_id: int, *, money: bool = False) -> Order:
    """Row locked, for the selling firm; its managers when it is about money.

    Raises NotFound, Forbidden.
    """
    order = _lock_seen(actor, order_id)
    if not (policies.can_refund if money else policies.can_ship)(actor, order):
        raise Forbidden
    return order


def escrow(order: Order) -> AccountName:
    """The account that holds this order's money; it never falls below zero."""
    return AccountName(f"escrow:order:{order.pk}", order.currency, Side.CREDIT, floor=0)


def held(order: Order) -> Money:
    """What is held for the order now, from the ledger."""
    rows = Account.objects.filter(code=escrow(order).code, currency=order.currency)
    return Money(rows.values_list("balance", flat=True).first() or 0, order.currency)


def held_by(order_ids: Iterable[int]) -> dict[int, int]:
    """{order id: minor units held now} of those that hold something. One query."""
    codes = {f"escrow:order:{pk}": pk for pk in order_ids}
    rows = Account.objects.filter(code__in=codes, balance__gt=0)
    return {codes[code]: held or 0 for code, held in rows.values_list("code", "balance")}


def refundable(order: Order) -> Money:
    """What may still be asked back: what is held less what was asked for already."""
    asked = Refund.objects.filter(payment__order=order, state__in=UNANSWERED)
    waiting = asked.aggregate(total=Sum("amount_minor"))["total"] or 0
    return Money(held(order).minor - waiting, order.currency)


def refunds_of(order: Order) -> list[Refund]:
    """All refunds of an order, newest first."""
    return list(
        Refund.objects.filter(payment__order=order).select_related("payment").order_by("-pk")
    )


def addresses_of(actor: Actor) -> list[Address]:
    """The person's address book, newest first."""
    return list(Address.objects.filter(person=actor.pk).order_by("-pk"))


def unit_price(product_id: int, quantity: int) -> tuple[Any, Money]:
    """A listed product and what one of `quantity` costs.

    Raises NotFound, NotForSale, BelowMinimum.
    """
    product = catalogue.product_by_id(product_id)
    if product is None or product.state != "listed":
        raise NotFound
    tiers = catalogue.tiers_of(product) if product.price_mode == PriceMode.TIERS else []
    return product, price_of(product, tiers, quantity)


def price_of(product: Any, tiers: Sequence[tuple[int, int]], quantity: int) -> Money:
    """What one of `quantity` costs; `tiers` as in `catalogue.tiers_of`.

    Raises NotForSale, BelowMinimum.
    """
    price = product.price_minor
    if product.price_mode == PriceMode.REQUEST or price is None:
        raise NotForSale(name=product.title)
    least = least_of(product, tiers)
    if tiers:
        reached = [cost for minimum, cost in tiers if minimum <= quantity]
        price = reached[-1] if reached else tiers[0][1]
    if quantity < least:
        raise BelowMinimum(name=product.title, minimum=least)
    return Money(price, product.currency)


def least_of(product: Any, tiers: Sequence[tuple[int, int]]) -> int:
    """The smallest number that may be ordered."""
    return max(product.minimum, tiers[0][0]) if tiers else int(product.minimum)


def stock_left(product_ids: Iterable[int]) -> dict[int, int]:
    """{product id: units that may still be ordered} of those that keep a stock."""
    pools = dict(
        Stock.objects.filter(product__in=[*product_ids]).values_list("pool_id", "product_id")
    )
    rows = Pool.objects.filter(pk__in=pools).values_list("pk", "capacity", "taken")
    return {pools[pk]: capacity - taken for pk, capacity, taken in rows}


def stock_taken(stock: Stock) -> int:
    """Units of a stock that are kept or sold."""
    return Pool.objects.values_list("taken", flat=True).get(pk=stock.pool_id)


def order_facts(order_id: int) -> Order | None:
    """One with its seller, for work that no person asked for."""
    return Order.objects.select_related("seller").filter(pk=order_id).first()


def refund_facts(refund_id: int) -> Refund | None:
    """One with its order, for work that no person asked for."""
    rows = Refund.objects.select_related("payment__order__seller")
    return rows.filter(pk=refund_id).first()


def shipment_text(shipment_id: int) -> str:
    """Carrier and number of a parcel."""
    row = Shipment.objects.filter(pk=shipment_id).first()
    return f"{row.carrier} {row.tracking}".strip() if row else ""
