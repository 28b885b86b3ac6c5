"""Reading invoices: what may still be invoiced, what has to be taken back, and the lists."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.money import Money
from haishi.foundation.types import SYSTEM, Actor
from haishi.media import selectors as media
from haishi.parties import selectors as parties
from haishi.trade import policies
from haishi.trade.models import Invoice, InvoiceRequest, InvoiceTitle, Order, Refund
from haishi.trade.selectors.orders import get_visible, lock_order
from haishi.trade.states import InvoiceState, RefundState

__all__ = [
    "get_invoice_order",
    "get_request",
    "invoice_figures",
    "invoice_files",
    "invoice_steps_for",
    "invoice_titles",
    "invoiceable",
    "invoiced",
    "invoices_of",
    "lines_of",
    "lock_invoice",
    "lock_request",
    "opens_invoice",
    "red_due",
    "red_due_of_firm",
    "red_due_of_order",
    "request_facts",
    "requests_of_firm",
    "requests_of_person",
]
BACK = (RefundState.INSTRUCTED, RefundState.DONE)


def _kept(order: Order) -> int:
    """Minor units that were paid for the order and did not go back."""
    if order.paid_at is None:
        return 0
    gone = Refund.objects.filter(payment__order=order, state__in=BACK, late=False)
    return order.total_minor - (gone.aggregate(sum=Sum("amount_minor"))["sum"] or 0)


def invoiced(order: Order) -> Money:
    """Blue invoices less red ones."""
    sums = Invoice.objects.filter(order=order).aggregate(sum=Sum("amount_minor"))
    return Money(sums["sum"] or 0, order.currency)


def invoiceable(order: Order) -> Money:
    """What may still be invoiced: paid, less refunded, less invoiced; never below zero."""
    return Money(max(0, _kept(order) - invoiced(order).minor), order.currency)


def red_due(order: Order) -> Money:
    """What has to be taken back by red invoices, because it was refunded after it was invoiced."""
    return Money(max(0, invoiced(order).minor - _kept(order)), order.currency)


def invoice_figures(order: Order) -> dict[str, Money]:
    """{paid, refunded, invoiced, left, red}: the page's sums, in two queries."""
    kept, net = _kept(order), invoiced(order).minor
    paid = order.total_minor if order.paid_at else 0
    minor = {
        "paid": paid,
        "refunded": paid - kept,
        "invoiced": net,
        "left": max(0, kept - net),
        "red": max(0, net - kept),
    }
    return {name: Money(value, order.currency) for name, value in minor.items()}


def _requests() -> QuerySet[InvoiceRequest]:
    return InvoiceRequest.objects.select_related("order__seller", "order__buyer", "person")


def get_request(actor: Actor, number: str) -> InvoiceRequest:
    """One for the order's two sides. Raises NotFound."""
    row = _requests().filter(number=number).first()
    if row is None or not policies.can_see(actor, row.order):
        raise NotFound
    return row


def get_invoice_order(actor: Actor, number: str) -> Order:
    """An order for who may ask for its invoice. Raises NotFound, Forbidden."""
    order = get_visible(actor, number)
    if not policies.can_buy(actor, order):
        raise Forbidden
    return order


def lock_request(actor: Actor, request_id: int, *, as_seller: bool) -> tuple[Order, InvoiceRequest]:
    """Order and request, rows locked, for one of the sides. Raises NotFound, Forbidden."""
    known = InvoiceRequest.objects.filter(pk=request_id).values_list("order", flat=True).first()
    order = _lock_side(actor, known, as_seller=as_seller)
    row = InvoiceRequest.objects.select_for_update().get(pk=request_id)
    row.order = order
    return order, row


def lock_invoice(actor: Actor, invoice_id: int) -> tuple[Order, Invoice]:
    """An invoice for the seller's managers, its order locked. Raises NotFound, Forbidden."""
    known = Invoice.objects.filter(pk=invoice_id).values_list("order", flat=True).first()
    order = _lock_side(actor, known, as_seller=True)
    row = Invoice.objects.get(pk=invoice_id)
    row.order = order
    return order, row


def _lock_side(actor: Actor, order_id: int | None, *, as_seller: bool) -> Order:
    if order_id is None:
        raise NotFound
    order = lock_order(order_id)
    if not policies.can_see(actor, order):
        raise NotFound
    if not (policies.can_refund if as_seller else policies.can_buy)(actor, order):
        raise Forbidden
    return order


def invoices_of(rows: Iterable[InvoiceRequest]) -> dict[int, list[Invoice]]:
    """{request id: its invoices in the order they were issued}, in one query."""
    known = {row.pk: row for row in rows}
    found: dict[int, list[Invoice]] = {pk: [] for pk in known}
    invoices = Invoice.objects.filter(request__in=[*known]).select_related("blue", "issued_by")
    for invoice in invoices.order_by("pk"):
        invoice.order = known[invoice.request_id].order
        found[invoice.request_id].append(invoice)
    return found


def invoice_files(rows: Iterable[Invoice]) -> dict[int, Any]:
    """{asset id: file at a signed address}; the reader is admitted."""
    ids = [row.asset_id for row in rows]
    return media.private_attachments(SYSTEM, ids) if ids else {}


def opens_invoice(actor: Actor, asset: Any) -> bool:
    """Whether a sealed file is an invoice of an order that the person may see."""
    rows = Invoice.objects.filter(asset_id=asset.pk).select_related("order")
    return any(policies.can_see(actor, row.order) for row in rows)


def invoice_steps_for(actor: Actor, row: InvoiceRequest) -> dict[str, bool]:
    """{what the person may do with the request now: True}."""
    open_, sells = row.state == InvoiceState.REQUESTED, policies.can_refund(actor, row.order)
    may = {
        "issue": open_ and sells,
        "refuse": open_ and sells,
        "withdraw": open_ and policies.can_buy(actor, row.order),
        "red": sells,
    }
    return {name: True for name, allowed in may.items() if allowed}


def requests_of_person(actor: Actor) -> QuerySet[InvoiceRequest]:
    """What the person and the firms they manage asked for, newest first."""
    mine = Q(person=actor.pk) | Q(order__buyer_firm__in=parties.managed_by(actor))
    return _requests().filter(mine).order_by("-pk")


def requests_of_firm(actor: Actor, slug: str) -> tuple[Any, QuerySet[InvoiceRequest]]:
    """(firm, what was asked of it), for its members; newest first. Raises NotFound."""
    firm = parties.get_desk(actor, slug)
    return firm, _requests().filter(order__seller=firm).order_by("-pk")


_RED = """
SELECT o.id, v.net - o.total_minor + coalesce(b.gone, 0) FROM trade_order o
  JOIN LATERAL (SELECT sum(i.amount_minor) AS net FROM trade_invoice i WHERE i.order_id = o.id) v
    ON v.net > 0
  LEFT JOIN LATERAL (SELECT sum(r.amount_minor) AS gone FROM trade_refund r
    JOIN trade_payment p ON p.id = r.payment_id
   WHERE p.order_id = o.id AND r.state IN ('instructed', 'done') AND NOT r.late) b ON true
 WHERE o.seller_id = %s AND v.net > o.total_minor - coalesce(b.gone, 0)
"""


def red_due_of_firm(firm: Any) -> list[tuple[InvoiceRequest, Money]]:
    """(latest request, what to take back) of a firm's orders that need red invoices."""
    with connection.cursor() as cursor:
        cursor.execute(_RED, [firm.pk])
        due = dict(cursor.fetchall())
    if not due:
        return []
    rows = _requests().filter(order__in=[*due]).order_by("order", "-pk").distinct("order")
    return [(row, Money(int(due[row.order_id]), row.order.currency)) for row in rows]


def red_due_of_order(order_id: int) -> tuple[InvoiceRequest, Money] | None:
    """(latest request, what to take back) of an order, when there is something."""
    row = _requests().filter(order=order_id).order_by("-pk").first()
    amount = red_due(row.order) if row else None
    return (row, amount) if row and amount and amount.minor else None


def invoice_titles(actor: Actor) -> list[InvoiceTitle]:
    """Titles the person used, the latest first."""
    return list(InvoiceTitle.objects.filter(person=actor.pk).order_by("-used_at")[:10])


def lines_of(order: Order) -> list[Any]:
    """The lines of an order, which is at hand with each."""
    lines = list(order.lines.order_by("pk"))
    for line in lines:
        line.order = order
    return lines


def request_facts(request_id: int) -> InvoiceRequest | None:
    """One with its order, for notices."""
    return _requests().filter(pk=request_id).first()
