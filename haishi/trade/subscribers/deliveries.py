"""Paid files open, refunded ones close."""

from haishi.foundation.events import subscribe
from haishi.trade import services
from haishi.trade.events import OrderEnded, OrderPaid
from haishi.trade.states import OrderState


@subscribe(OrderPaid)
def open_for_buyer(event: OrderPaid) -> None:
    """The buyer may fetch what was paid."""
    services.grant(event.order_id)


@subscribe(OrderEnded)
def close_for_buyer(event: OrderEnded) -> None:
    """Money came back, so nothing is to be fetched any more."""
    if event.state == OrderState.REFUNDED:
        services.revoke(event.order_id)
