"""What trade keeps about people: addresses go, orders are books that the law makes us keep."""

from typing import Any

from haishi.foundation.service import service
from haishi.trade.errors import DealsOpen
from haishi.trade.models import Address, Order
from haishi.trade.services.orders import ADDRESS_FIELDS
from haishi.trade.states import HELD, UNPAID


def export_personal(person_id: int) -> dict[str, Any]:
    """Addresses and orders as plain JSON."""
    addresses = Address.objects.filter(person=person_id).order_by("pk")
    orders = Order.objects.filter(buyer=person_id).order_by("pk")
    return {
        "addresses": list(addresses.values(*ADDRESS_FIELDS)),
        "orders": [
            {
                "number": row.number,
                "state": row.state,
                "total_minor": row.total_minor,
                "currency": row.currency,
                "placed_at": row.created_at.isoformat(),
                "ship_to": row.ship_to,
                "note": row.note,
            }
            for row in orders
        ],
    }


@service
def erase_personal(person_id: int) -> None:
    """Forget where somebody lives; amounts and dates stay in the books. Raises DealsOpen."""
    mine = Order.objects.filter(buyer=person_id)
    if count := mine.filter(state__in=(*UNPAID, *HELD)).count():
        raise DealsOpen(count=count)
    Address.objects.filter(person=person_id).delete()
    mine.update(ship_to={}, note="")
