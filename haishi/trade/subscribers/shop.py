"""What trade adds to the modules below: offers, what can be bought now, funnel, outcome."""

from django.utils.translation import gettext_lazy as _

from haishi.catalogue import services as catalogue
from haishi.catalogue.selectors import (
    DeskLink,
    register_buyable,
    register_desk_link,
    register_offer,
)
from haishi.expo.selectors import (
    register_deed,
    register_sales,
    register_stage,
    register_turnover,
)
from haishi.foundation.events import subscribe
from haishi.live.selectors import register_outcome
from haishi.live.types import OutcomeKind
from haishi.trade import selectors
from haishi.trade.events import OfferChanged, OrderCompleted, OrderEnded, OrderPlaced

register_offer("trade", selectors.product_offer)
register_buyable("trade", selectors.open_offers)
register_desk_link("trade", DeskLink(_("库存与交付"), "cart", "trade:goods"))
register_stage("ordered", _("收到订单"), selectors.orders_of_booth)
register_stage("paid", _("已付款订单"), selectors.paid_of_booth)
register_sales("trade", selectors.turnover_of_booth)
register_deed("ordered", _("收到订单"), selectors.orders_by_day)
register_deed("paid", _("已付款订单"), selectors.paid_by_day)
register_turnover("trade", selectors.turnover_in_edition)
register_outcome(OutcomeKind("orders", _("收到订单"), selectors.orders_during_live))


@subscribe(OfferChanged)
def index_offer(event: OfferChanged) -> None:
    """Found as something that can be bought now, or no longer."""
    catalogue.index_products([event.product_id])


@subscribe(OrderPlaced, OrderEnded, OrderCompleted)
def index_counted(event: OrderPlaced | OrderEnded | OrderCompleted) -> None:
    """An order that took the last unit, or gave units back; what is not counted stays as it was."""
    if counted := selectors.counted_in(event.order_id):
        catalogue.index_products(counted)
