"""What trade keeps about people: addresses go, orders are books that the law makes us keep."""

from typing import Any

from haishi.foundation.service import service
from haishi.trade.errors import DealsOpen
from haishi.trade.models import (
    Address,
    CartLine,
    DisputeStep,
    Download,
    InvoiceTitle,
    Order,
    Review,
)
from haishi.trade.services.orders import ADDRESS_FIELDS
from haishi.trade.states import HELD, UNPAID


def export_personal(person_id: int) -> dict[str, Any]:
    """Addresses, cart, orders, reviews, downloads and disputes as plain JSON."""
    titles = InvoiceTitle.objects.filter(person=person_id).order_by("pk")
    addresses = Address.objects.filter(person=person_id).order_by("pk")
    orders = Order.objects.filter(buyer=person_id).order_by("pk")
    reviews = Review.objects.filter(author=person_id).order_by("pk")
    fetched = Download.objects.filter(entitlement__person=person_id).order_by("pk")
    return {
        "cart": [
            {"name": row.product.name, "quantity": row.quantity, "put_at": row.put_at.isoformat()}
            for row in CartLine.objects.filter(person=person_id).select_related("product")
        ],
        "reviews": [
            {"rating": row.rating, "text": row.text, "written_at": row.written_at.isoformat()}
            for row in reviews
        ],
        "downloads": [{"name": row.name, "at": row.at.isoformat()} for row in fetched],
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
    """Forget where somebody lives and what was wished for; amounts and dates stay in the books,
    a review stays without its author's name. Raises DealsOpen.
    """
    mine = Order.objects.filter(buyer=person_id)
    if count := mine.filter(state__in=(*UNPAID, *HELD)).count():
        raise DealsOpen(count=count)
    Address.objects.filter(person=person_id).delete()
    CartLine.objects.filter(person=person_id).delete()
    InvoiceTitle.objects.filter(person=person_id).delete()
    mine.update(ship_to={}, note="")
