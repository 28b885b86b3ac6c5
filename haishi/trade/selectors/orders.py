"""Reading orders. What a person may not see does not exist."""

from collections.abc import Iterable
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
from haishi.trade.models import Account, Address, Dispute, Order, Payment, Refund, Stock
from haishi.trade.states import DISPUTED, HELD, ORDER, UNANSWERED, Side
from haishi.trade.types import AccountName

__all__ = [
    "addresses_of",
    "bought_by",
    "escrow",
    "get_payable",
    "get_visible",
    "held",
    "lock_as_buyer",
    "lock_as_seller",
    "lock_order",
    "refundable",
    "refunds_of",
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

    Raises NotFound.
    """
    if provider not in settings.PAYMENT_PROVIDERS:
        raise NotFound
    rows = Payment.objects.select_related("order__seller")
    found = rows.filter(provider=provider, reference=reference).first()
    if found is None or not policies.can_buy(actor, found.order):
        raise NotFound
    return found


def steps_for(actor: Actor, order: Order) -> dict[str, bool]:
    """{what the person may do with the order now: True}."""
    state, steps = order.state, ORDER[order.kind].actions_from(order.state)
    buys, ships = policies.can_buy(actor, order), policies.can_ship(actor, order)
    waiting = any(refund.state in UNANSWERED for refund in refunds_of(order))
    disputed = Dispute.objects.filter(order=order, state__in=DISPUTED).exists()
    free = not waiting and not disputed
    may = {
        "pay": buys and policies.takes_money(order),
        "cancel": buys and "cancel" in steps,
        "receive": buys and "receive" in steps,
        "refund": buys and state in HELD and free,
        "dispute": buys and state in HELD and free,
        "invoice": buys and order.paid_at is not None,
        "ship": ships and "ship" in steps and not waiting,
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
    price = product.price_minor
    if product.price_mode == PriceMode.REQUEST or price is None:
        raise NotForSale(name=product.title)
    least = product.minimum
    if product.price_mode == PriceMode.TIERS:
        tiers = list(product.price_tiers.order_by("minimum"))
        least = max(least, tiers[0].minimum)
        reached = [tier for tier in tiers if tier.minimum <= quantity]
        price = (reached or tiers)[-1 if reached else 0].price_minor
    if quantity < least:
        raise BelowMinimum(name=product.title, minimum=least)
    return product, Money(price, product.currency)


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
