"""The cart: putting in, changing, taking out, and ordering what the page showed."""

import datetime as dt
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from haishi.catalogue.states import ProductState
from haishi.foundation import clock, once
from haishi.foundation.errors import DomainError, Forbidden
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.trade import policies, selectors
from haishi.trade.errors import CartFull, CartMoved, NotEnoughLeft, NothingOrdered, TooManyUnits
from haishi.trade.models import CartLine, Order
from haishi.trade.services.orders import place
from haishi.trade.types import Seen, Wanted


@service
def put_in_cart(
    actor: Actor, product_id: int, quantity: int, *, key: str, instead: bool = False
) -> CartLine:
    """Add to the cart, or make it exactly this many (`instead`). The same `key` counts once.

    Raises Forbidden, NotFound, NotForSale, OwnProduct, NothingToDeliver, BelowMinimum,
    TooManyUnits, NotEnoughLeft, CartFull.
    """
    if not actor.is_authenticated:
        raise Forbidden
    put = partial(_put, actor, product_id, quantity, instead)
    made, _again = once.run(f"cart:{actor.pk}", key, put)
    found = CartLine.objects.filter(person=actor.pk, pk=made).first()
    # What this very request put there may have been ordered or taken out since.
    return found or CartLine(pk=made, person_id=actor.pk, product_id=product_id)


def _put(actor: Actor, product_id: int, quantity: int, instead: bool) -> int:
    rows = CartLine.objects.select_for_update()
    known = rows.filter(person=actor.pk, product=product_id).first()
    total = quantity if instead or known is None else known.quantity + quantity
    values = _checked(actor, product_id, total)
    if known is not None:
        return _keep(known, total, values)
    if CartLine.objects.filter(person=actor.pk).count() >= policies.MOST_CART_LINES:
        raise CartFull(most=policies.MOST_CART_LINES)
    row, made = CartLine.objects.get_or_create(
        person_id=actor.pk, product_id=product_id, defaults={"quantity": total, **values}
    )
    # Another window was quicker by a moment: its number and this one count together.
    return row.pk if made else _put(actor, product_id, quantity, instead)


def _keep(row: CartLine, quantity: int, values: dict[str, object]) -> int:
    row.quantity = quantity
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=["quantity", *values])
    return row.pk


def _checked(actor: Actor, product_id: int, quantity: int) -> dict[str, object]:
    """The fields of a line of so many, if they may be bought."""
    if not 1 <= quantity <= policies.MOST_UNITS:
        raise TooManyUnits(most=policies.MOST_UNITS)
    product, price, left = selectors.get_buyable(actor, product_id, quantity)
    if left is not None and quantity > left:
        raise NotEnoughLeft(name=product.title, left=left)
    until = clock.now() + dt.timedelta(days=policies.CART_DAYS)
    return {"price_minor": price.minor, "currency": price.currency, "kept_until": until}


@service
def set_quantity(actor: Actor, line_id: int, quantity: int) -> None:
    """Make it exactly so many, at today's price for so many.

    Raises NotFound (of the line or of its product), and what `put_in_cart` raises.
    """
    row = selectors.lock_cart_line(actor, line_id)
    _keep(row, quantity, _checked(actor, row.product_id, quantity))


@service
def take_out_of_cart(actor: Actor, line_id: int) -> bool:
    """Remove a line; returns whether it was still there."""
    return bool(CartLine.objects.filter(person=actor.pk, pk=line_id).delete()[0])


@service
def check_out(
    actor: Actor,
    seen: Sequence[Seen],
    *,
    key: str,
    address_id: int | None = None,
    firm_id: int | None = None,
    note: str = "",
) -> Order:
    """Order the lines as the page showed them, and take them out of the cart.

    The same `key` answers with the first order. Raises CartMoved when the cart is another by now,
    and what `place` raises; then nothing was ordered and the cart is as it was.
    """
    order = partial(_order, actor, seen, key, address_id, firm_id, note)
    asked = once.fingerprint([[vars(line) for line in seen], address_id, firm_id, note])
    made, _again = once.run(f"checkout:{actor.pk}", key, order, asked)
    return Order.objects.get(pk=made)


def _order(
    actor: Actor,
    seen: Sequence[Seen],
    key: str,
    address_id: int | None,
    firm_id: int | None,
    note: str,
) -> int:
    if not seen:
        raise NothingOrdered
    lines = selectors.lock_cart(actor, [line.line_id for line in seen])
    _compare(seen, lines)
    wanted = [
        Wanted(lines[one.line_id].product_id, one.quantity, one.price_minor, one.currency)
        for one in seen
    ]
    for one in seen:  # what the shop itself refuses: files that are not there, one's own goods
        selectors.get_buyable(actor, lines[one.line_id].product_id, one.quantity)
    order = place(actor, wanted, key=key, address_id=address_id, firm_id=firm_id, note=note)
    CartLine.objects.filter(pk__in=lines).delete()
    return order.pk


def _compare(seen: Sequence[Seen], lines: dict[int, CartLine]) -> None:
    changes = []
    for one in seen:
        line = lines.get(one.line_id)
        if line is None:
            changes.append(_("有商品已移出或已下单"))
        elif line.product.state != ProductState.LISTED:
            changes.append(_("“%(name)s”已下架") % {"name": line.product.title})
        elif line.quantity != one.quantity:
            values = {"name": line.product.title, "before": one.quantity, "after": line.quantity}
            changes.append(_("“%(name)s”由 %(before)s 件变为 %(after)s 件") % values)
    if changes:
        raise CartMoved(changes=_("；").join(dict.fromkeys(changes)))


def order_again(actor: Actor, order_id: int) -> int:
    """Put what an order was for back into the cart; returns how many lines found their way.

    Lines that cannot be bought any more stay out. Raises NotFound, Forbidden.
    """
    order = _own(actor, order_id)
    put = 0
    for line in order.lines.exclude(product=None).order_by("pk"):
        assert line.product_id is not None
        key = f"again:{order.pk}:{line.pk}:{once.new_key()}"
        try:
            put_in_cart(actor, line.product_id, line.quantity, key=key, instead=True)
        except DomainError:
            continue
        put += 1
    return put


def _own(actor: Actor, order_id: int) -> Order:
    with transaction.atomic():
        return selectors.lock_as_buyer(actor, order_id)


@service
def drop_old_cart_lines(now: dt.datetime | None = None, limit: int = 500) -> int:
    """Forget wishes that nobody touched for long; returns how many. For the worker."""
    due = CartLine.objects.filter(kept_until__lte=now or clock.now()).order_by("kept_until")
    return CartLine.objects.filter(pk__in=list(due.values_list("pk", flat=True)[:limit])).delete()[
        0
    ]
