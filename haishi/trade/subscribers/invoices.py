"""What people hear about invoices, and who opens their files."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.foundation.events import subscribe
from haishi.media.selectors import register_reader
from haishi.media.states import Purpose
from haishi.notices.services import register_kind, tell
from haishi.parties import selectors as parties
from haishi.trade import selectors
from haishi.trade.events import InvoiceAnswered, InvoiceRequested, RefundAnswered
from haishi.trade.states import InvoiceState, RefundState

register_kind("invoice", "发票", "Invoices")
register_reader(Purpose.SEALED, selectors.opens_invoice)


def _sellers(row: Any) -> list[int]:
    return parties.member_ids(row.order.seller_id, managing=True)


@subscribe(InvoiceRequested)
def ask_seller(event: InvoiceRequested) -> None:
    """The seller's managers have ten days."""
    row = selectors.request_facts(event.request_id)
    if row is None or row.state != InvoiceState.REQUESTED:
        return
    url = reverse("trade:invoice", args=[row.number])
    values = {"amount": row.amount, "title": row.title, "number": row.order.number}
    subject, body = _("买家申请开票 %(amount)s"), _("订单 %(number)s，抬头：%(title)s。")
    tell(_sellers(row), "invoice", subject, body, url, values=values, important=True)


@subscribe(InvoiceAnswered)
def tell_answer(event: InvoiceAnswered) -> None:
    """The buyer hears what was issued, taken back or refused; the seller that time is over."""
    row = selectors.request_facts(event.request_id)
    if row is None or event.state == InvoiceState.WITHDRAWN:
        return
    url, values = reverse("trade:invoice", args=[row.number]), {"number": row.order.number}
    if event.state == InvoiceState.REQUESTED and row.reminded_at and not row.invoices.exists():
        late = _("开票已逾期：订单 %(number)s")
        tell(_sellers(row), "invoice", late, "", url, values=values, important=True)
        return
    subjects = {
        InvoiceState.REQUESTED: _("收到一张发票：订单 %(number)s"),
        InvoiceState.ISSUED: _("发票有更新：订单 %(number)s"),
        InvoiceState.REFUSED: _("卖家未能开票：订单 %(number)s"),
        InvoiceState.EXPIRED: _("卖家一直没有开票：订单 %(number)s"),
    }
    subject = subjects[InvoiceState(event.state)]
    tell([row.person_id], "invoice", subject, row.answer, url, values=values, important=True)


@subscribe(RefundAnswered)
def ask_for_red(event: RefundAnswered) -> None:
    """Money went back after it was invoiced: the seller takes the invoice back."""
    if event.state != RefundState.INSTRUCTED:
        return
    found = selectors.red_due_of_order(event.order_id)
    if found is None:
        return
    row, amount = found
    url = reverse("trade:invoice", args=[row.number])
    values = {"amount": amount, "number": row.order.number}
    subject, body = _("请开具红字发票 %(amount)s"), _("订单 %(number)s 在开票后有退款。")
    topic = f"red:{row.order_id}"
    tell(_sellers(row), "invoice", subject, body, url, values=values, important=True, topic=topic)
