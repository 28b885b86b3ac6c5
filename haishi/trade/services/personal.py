"""What trade keeps about people: addresses go, orders are books that the law makes us keep."""

from typing import Any

from haishi.foundation.service import service
from haishi.trade.errors import DealsOpen
from haishi.trade.models import Address, DisputeStep, InvoiceTitle, Order
from haishi.trade.services.orders import ADDRESS_FIELDS
from haishi.trade.states import HELD, UNPAID


def export_personal(person_id: int) -> dict[str, Any]:
    """Addresses and orders as plain JSON."""
    titles = InvoiceTitle.objects.filter(person=person_id).order_by("pk")
    addresses = Address.objects.filter(person=person_id).order_by("pk")
    orders = Order.objects.filter(buyer=person_id).order_by("pk")
    return {
        "invoice_titles": list(titles.values("title_kind", "title", "tax_number", "email")),
        "disputes": _disputes(person_id),
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


def _disputes(person_id: int) -> list[dict[str, Any]]:
    """What the person said in disputes; it stays with the deal, as evidence of both sides."""
    steps = DisputeStep.objects.filter(person=person_id).order_by("pk")
    return [
        {
            "dispute": step.dispute.number,
            "what": step.kind,
            "amount_minor": step.amount_minor,
            "words": step.words,
            "at": step.at.isoformat(),
        }
        for step in steps.select_related("dispute")
    ]


@service
def erase_personal(person_id: int) -> None:
    """Forget where somebody lives; amounts and dates stay in the books. Raises DealsOpen."""
    mine = Order.objects.filter(buyer=person_id)
    if count := mine.filter(state__in=(*UNPAID, *HELD)).count():
        raise DealsOpen(count=count)
    Address.objects.filter(person=person_id).delete()
    InvoiceTitle.objects.filter(person=person_id).delete()
    mine.update(ship_to={}, note="")
