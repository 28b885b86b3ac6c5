"""Invoices: asked for by buyers, issued by sellers, taken back by red ones, never deleted."""

import datetime as dt
import re
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, Invalid
from haishi.foundation.money import Money
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.media import selectors as media
from haishi.media.states import Kind
from haishi.parties import selectors as parties
from haishi.trade import policies, selectors
from haishi.trade.errors import (
    InvoiceFileWrong,
    InvoiceNumberTaken,
    InvoiceRequestOpen,
    InvoiceTooMuch,
    RedTooMuch,
)
from haishi.trade.events import InvoiceAnswered, InvoiceRequested
from haishi.trade.models import Invoice, InvoiceRequest, InvoiceTitle, Order
from haishi.trade.services import orders
from haishi.trade.states import INVOICE, RATES, InvoiceKind, InvoiceState, TitleKind
from haishi.trade.types import Issued

# A fully digital invoice (数电票) has 20 digits, those before it 8.
_NUMBER = re.compile(r"[0-9]{8}|[0-9]{20}")


@service
def request_invoice(
    actor: Actor,
    order_id: int,
    *,
    kind: str,
    title_kind: str,
    title: str,
    email: str,
    amount_minor: int,
    tax_number: str = "",
) -> InvoiceRequest:
    """The buyer asks for an invoice over what was paid and not refunded; the title is remembered.

    Raises NotFound, Forbidden, InvoiceRequestOpen, InvoiceTooMuch, Invalid, CreditCodeInvalid.
    """
    order = selectors.lock_as_buyer(actor, order_id)
    if InvoiceRequest.objects.filter(order=order, state=InvoiceState.REQUESTED).exists():
        raise InvoiceRequestOpen
    most = selectors.invoiceable(order)
    if not 0 < amount_minor <= most.minor:
        raise InvoiceTooMuch(most=most)
    number = _tax_number(kind, title_kind, tax_number)
    row = InvoiceRequest.objects.create(
        order=order,
        number=orders.new_number("F"),
        person_id=actor.pk,
        kind=kind,
        title_kind=title_kind,
        title=title[:120],
        tax_number=number,
        email=email,
        amount_minor=amount_minor,
        answer_by=clock.now() + policies.INVOICE_WITHIN,
    )
    InvoiceTitle.objects.update_or_create(
        person_id=actor.pk,
        title=row.title,
        tax_number=number,
        defaults={"title_kind": title_kind, "email": email},
    )
    audit.record(
        actor, "invoice.requested", order, request=row.number, amount=amount_minor, kind=kind,
        currency=order.currency,
    )  # fmt: skip
    publish(InvoiceRequested(organisation_id=order.seller_id, order_id=order.pk, request_id=row.pk))
    return row


def _tax_number(kind: str, title_kind: str, text: str) -> str:
    """The checked number of a firm (GB 32100); a person has none and gets no special invoice."""
    if title_kind == TitleKind.PERSON:
        if kind == InvoiceKind.SPECIAL:
            raise Invalid(_("专用发票只开给单位。"), field="title_kind")
        return ""
    return parties.checked_credit_code(text)


@service
def issue_invoice(actor: Actor, request_id: int, issued: Issued) -> Invoice:
    """The seller issued an invoice over all or a part of what was asked for.

    Raises NotFound, Forbidden, Conflict, InvoiceTooMuch, InvoiceNumberTaken, InvoiceFileWrong,
    Invalid.
    """
    order, row = selectors.lock_request(actor, request_id, as_seller=True)
    INVOICE.after(row.state, "issue")
    covered = sum(each.amount_minor for each in row.invoices.filter(blue=None))
    most = min(row.amount_minor - covered, selectors.invoiceable(order).minor)
    if not 0 < issued.amount_minor <= most:
        raise InvoiceTooMuch(most=Money(most, order.currency))
    if issued.rate_points not in RATES:
        raise Invalid(_("没有这个税率。"), field="rate_points")
    tax = tax_of(issued.amount_minor, issued.rate_points)
    invoice = _write(actor, order, row, issued, issued.amount_minor, tax)
    audit.record(
        actor, "invoice.issued", order, request=row.number, number=invoice.number,
        amount=invoice.amount_minor, tax=tax, rate=invoice.rate_points, currency=order.currency,
    )  # fmt: skip
    if covered + issued.amount_minor == row.amount_minor:
        _end(actor, row, "issue")
    else:
        _tell(row)
    return invoice


def tax_of(amount_minor: int, rate_points: int) -> int:
    """The tax within an amount that includes it, to the nearest minor unit, half up."""
    return Money(amount_minor).rate(Decimal(rate_points) / (10_000 + rate_points)).minor


@service
def issue_red(actor: Actor, invoice_id: int, issued: Issued, reason: str) -> Invoice:
    """Take back all or a part of a blue invoice: refunded afterwards, or written wrongly.

    `issued.amount_minor` is positive; its rate is the blue one's. Raises NotFound, Forbidden,
    Conflict (a red one), RedTooMuch, InvoiceNumberTaken, InvoiceFileWrong, Invalid.
    """
    order, blue = selectors.lock_invoice(actor, invoice_id)
    if blue.blue_id is not None:
        raise Conflict
    family = [blue, *blue.reds.all()]
    left = sum(each.amount_minor for each in family)
    if not 0 < issued.amount_minor <= left:
        raise RedTooMuch(most=Money(left, order.currency))
    whole = issued.amount_minor == left
    left_tax = sum(each.tax_minor for each in family)
    # The last one takes what is left of the tax, so that nothing remains by rounding.
    tax = left_tax if whole else min(left_tax, tax_of(issued.amount_minor, blue.rate_points))
    red = _write(
        actor, order, blue.request, issued, -issued.amount_minor, -tax, blue=blue, reason=reason
    )
    audit.record(
        actor, "invoice.red", order, number=red.number, blue=blue.number, amount=red.amount_minor,
        tax=red.tax_minor, rate=red.rate_points, currency=order.currency, reason=red.reason,
    )  # fmt: skip
    _tell(blue.request)
    return red


def _write(
    actor: Actor,
    order: Order,
    row: InvoiceRequest,
    issued: Issued,
    amount: int,
    tax: int,
    blue: Invoice | None = None,
    reason: str = "",
) -> Invoice:
    if not _NUMBER.fullmatch(issued.number):
        raise Invalid(_("发票号码为 20 位数字，旧版发票为 8 位。"), field="number")
    if issued.issued_on > clock.now().date() + dt.timedelta(days=1):
        raise Invalid(_("开票日期不能晚于今天。"), field="issued_on")
    if Invoice.objects.filter(seller=order.seller_id, number=issued.number).exists():
        raise InvoiceNumberTaken
    asset = media.assets([issued.asset_id]).get(issued.asset_id)
    if (
        asset is None
        or not asset.private
        or asset.kind != Kind.DOCUMENT
        or asset.organisation_id != order.seller_id
    ):
        raise InvoiceFileWrong
    return Invoice.objects.create(
        order=order,
        request=row,
        seller_id=order.seller_id,
        blue=blue,
        number=issued.number,
        issued_on=issued.issued_on,
        amount_minor=amount,
        rate_points=blue.rate_points if blue else issued.rate_points,
        tax_minor=tax,
        reason=reason[:200],
        asset_id=issued.asset_id,
        issued_by_id=actor.pk,
    )


@service
def refuse_invoice(actor: Actor, request_id: int, reason: str) -> InvoiceRequest:
    """The seller cannot issue it and says why. Raises NotFound, Forbidden, Conflict."""
    _order, row = selectors.lock_request(actor, request_id, as_seller=True)
    row.answer = reason[:200]
    _end(actor, row, "refuse", "answer")
    return row


@service
def withdraw_invoice(actor: Actor, request_id: int) -> InvoiceRequest:
    """The buyer needs it no longer, or wrote it wrongly. Raises NotFound, Forbidden, Conflict."""
    _order, row = selectors.lock_request(actor, request_id, as_seller=False)
    _end(actor, row, "withdraw")
    return row


def _end(actor: Actor, row: InvoiceRequest, action: str, *fields: str) -> None:
    before = row.state
    row.state, row.ended_at = INVOICE.after(row.state, action), clock.now()
    row.save(update_fields=["state", "ended_at", *fields])
    audit.record(
        actor, f"invoice_request.{action}", row.order, request=row.number,
        before=before, after=row.state,
    )  # fmt: skip
    _tell(row)


def _tell(row: InvoiceRequest) -> None:
    publish(
        InvoiceAnswered(
            organisation_id=row.order.seller_id,
            order_id=row.order_id,
            request_id=row.pk,
            state=row.state,
        )
    )


def invoice_requests_due(now: dt.datetime | None = None, limit: int = 100) -> int:
    """Remind sellers of requests past their time; end those that nobody answered for a month.

    Returns how many. For the worker.
    """
    moment = now or clock.now()
    rows = InvoiceRequest.objects.filter(state=InvoiceState.REQUESTED, answer_by__lte=moment)
    ids = list(rows.order_by("answer_by").values_list("pk", flat=True)[:limit])
    return sum(_overdue(pk, moment) for pk in ids)


@service
def _overdue(request_id: int, moment: dt.datetime) -> bool:
    known = InvoiceRequest.objects.values_list("order_id", flat=True).get(pk=request_id)
    order = selectors.lock_order(known)
    row = InvoiceRequest.objects.select_for_update().get(pk=request_id)
    row.order = order
    if row.state != InvoiceState.REQUESTED:
        return False
    if row.reminded_at is not None:
        _end(SYSTEM, row, "expire")
        return True
    row.reminded_at, row.answer_by = moment, moment + policies.INVOICE_AT_LAST
    row.save(update_fields=["reminded_at", "answer_by"])
    _tell(row)
    return True
