"""From paid to settled: parcels, receipt, and the sharing of what was held."""

import datetime as dt
from collections.abc import Mapping

from django.db.models import Exists, OuterRef

from haishi.catalogue.states import ProductKind
from haishi.foundation import clock
from haishi.foundation.errors import Conflict
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.trade import policies, selectors
from haishi.trade.errors import AcceptedElsewhere, RefundOpen, ShipsTooMuch
from haishi.trade.events import OrderCompleted, OrderReceived, OrderShipped
from haishi.trade.models import Order, Refund, Shipment
from haishi.trade.services import escrow, orders
from haishi.trade.states import ORDER, UNANSWERED, OrderState


@service
def ship(
    actor: Actor,
    order_id: int,
    content: Mapping[int, int] | None = None,
    carrier: str = "",
    tracking: str = "",
) -> Shipment:
    """Send `content` {line id: units}, or all that is left; a service is handed over the same way.

    Raises NotFound, Forbidden, Conflict, RefundOpen, ShipsTooMuch, AcceptedElsewhere.
    """
    order = selectors.lock_as_seller(actor, order_id)
    if policies.accepted_elsewhere(order):
        raise AcceptedElsewhere
    return hand_over(actor, order, content, carrier, tracking)


@service
def hand_over(
    actor: Actor,
    order: Order,
    content: Mapping[int, int] | None = None,
    carrier: str = "",
    tracking: str = "",
) -> Shipment:
    """The same for a locked order. Raises Conflict, RefundOpen, ShipsTooMuch."""
    if not {"ship", "ship_part"} & set(ORDER[order.kind].actions_from(order.state)):
        raise Conflict
    if Refund.objects.filter(payment__order=order, state__in=UNANSWERED).exists():
        raise RefundOpen
    sent, whole = _pack(order, content)
    shipment = Shipment.objects.create(
        order=order, carrier=carrier[:40], tracking=tracking[:60], content=sent
    )
    order.moves_at = clock.now() + policies.RECEIVE_WITHIN if whole else None
    orders.move(
        actor, order, "ship" if whole else "ship_part", "moves_at",
        carrier=shipment.carrier, tracking=shipment.tracking, content=sent,
    )  # fmt: skip
    publish(
        OrderShipped(
            organisation_id=order.seller_id,
            order_id=order.pk,
            shipment_id=shipment.pk,
            whole=whole,
            origin=order.origin,
        )
    )
    return shipment


def _pack(order: Order, content: Mapping[int, int] | None) -> tuple[dict[str, int], bool]:
    """Count the units as sent: (what is in the parcel, whether nothing is left to send)."""
    lines = {line.pk: line for line in order.lines.order_by("pk")}
    wished = content
    if wished is None:
        wished = {pk: line.quantity - line.shipped for pk, line in lines.items()}
    sent = {pk: units for pk, units in wished.items() if units}
    if not sent or not sent.keys() <= lines.keys() or min(sent.values()) < 0:
        raise ShipsTooMuch
    for pk, units in sent.items():
        line = lines[pk]
        if line.shipped + units > line.quantity:
            raise ShipsTooMuch
        line.shipped += units
        line.save(update_fields=["shipped"])
    whole = all(line.shipped == line.quantity for line in lines.values())
    if not whole and order.kind != ProductKind.GOODS:
        raise ShipsTooMuch  # a service is handed over as a whole
    return {str(pk): units for pk, units in sent.items()}, whole


@service
def receive(actor: Actor, order_id: int) -> Order:
    """The buyer has it: the first access of a file, the acceptance of a service, a parcel.

    Raises NotFound, Forbidden, Conflict, AcceptedElsewhere.
    """
    order = selectors.lock_as_buyer(actor, order_id)
    if policies.accepted_elsewhere(order):
        raise AcceptedElsewhere
    take_over(actor, order)
    return order


@service
def take_over(actor: Actor, order: Order) -> None:
    """The same for a locked order. Raises Conflict."""
    # Goods may be sent back for a while; what was opened or accepted may not.
    again = policies.RETURN_WITHIN if order.kind == ProductKind.GOODS else dt.timedelta(0)
    order.moves_at = clock.now() + again
    orders.move(actor, order, "receive", "moves_at")
    publish(OrderReceived(organisation_id=order.seller_id, order_id=order.pk, origin=order.origin))


@service
def receive_due(now: dt.datetime | None = None, limit: int = 50) -> int:
    """What was sent long ago counts as received; returns how many. For the worker."""
    rows = _due(OrderState.SHIPPED, now, limit)
    for order in rows:
        take_over(SYSTEM, order)
    return len(rows)


@service
def settle_due(now: dt.datetime | None = None, limit: int = 50) -> int:
    """Share what is held for orders past their return period; returns how many. For the worker."""
    rows = _due(OrderState.RECEIVED, now, limit)
    for order in rows:
        settle(SYSTEM, order, "settle")
    return len(rows)


def settle(actor: Actor, order: Order, action: str) -> None:
    """Share what is held for a locked order and end it: its clock, or a mediator's decision."""
    shared = escrow.release(order)
    order.moves_at, order.ended_at = None, clock.now()
    orders.move(
        actor, order, action, "moves_at", "ended_at", shared=shared, currency=order.currency
    )
    if action == "decide":
        orders.give_back(order)
    publish(OrderCompleted(organisation_id=order.seller_id, order_id=order.pk, origin=order.origin))


def _due(state: OrderState, now: dt.datetime | None, limit: int) -> list[Order]:
    """Orders that move by themselves, locked; none with a refund or dispute that is open."""
    waiting = Refund.objects.filter(payment__order=OuterRef("pk"), state__in=UNANSWERED)
    rows = Order.objects.select_for_update(skip_locked=True).filter(
        ~Exists(waiting),
        ~selectors.waits_in_dispute(),
        state=state,
        moves_at__lte=now or clock.now(),
    )
    return list(rows.order_by("moves_at")[:limit])
