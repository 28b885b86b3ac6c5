"""What trade tells the modules below it about itself, and what people hear of their orders."""

from haishi.parties.services import register_personal
from haishi.trade import services
from haishi.trade.subscribers import (
    deliveries,
    disputes,
    invoices,
    money,
    orders,
    refunds,
    reviews,
    shop,
    spending,
)

register_personal("trade", services.export_personal, services.erase_personal)

__all__ = [
    "deliveries",
    "disputes",
    "invoices",
    "money",
    "orders",
    "refunds",
    "reviews",
    "shop",
    "spending",
]
