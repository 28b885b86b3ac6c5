"""What trade adds to pages of the modules below: offers, desk links, funnel, outcome."""

from django.utils.translation import gettext_lazy as _

from haishi.catalogue.selectors import DeskLink, register_desk_link, register_offer
from haishi.expo.selectors import (
    register_deed,
    register_sales,
    register_stage,
    register_turnover,
)
from haishi.live.selectors import register_outcome
from haishi.live.types import OutcomeKind
from haishi.trade import selectors

register_offer("trade", selectors.product_offer)
register_desk_link("trade", DeskLink(_("库存与交付"), "cart", "trade:goods"))
register_stage("ordered", _("收到订单"), selectors.orders_of_booth)
register_stage("paid", _("已付款订单"), selectors.paid_of_booth)
register_sales("trade", selectors.turnover_of_booth)
register_deed("ordered", _("收到订单"), selectors.orders_by_day)
register_deed("paid", _("已付款订单"), selectors.paid_by_day)
register_turnover("trade", selectors.turnover_in_edition)
register_outcome(OutcomeKind("orders", _("收到订单"), selectors.orders_during_live))
