"""/api/v1/trade: disputes and invoices, read by both sides."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema

from haishi.foundation.api import Page, actor, paginate, register_scope
from haishi.trade import selectors
from haishi.trade.states import DisputeKind, DisputeState, InvoiceKind, InvoiceState

router = Router(tags=["trade"])
READ = register_scope("disputes:read", _("查看索赔与发票"))


class DisputeOut(Schema):
    """A dispute. Amounts are minor units of `currency`; `turn` has to answer until `due_at`."""

    number: str
    url: str
    order: str
    kind: DisputeKind
    state: DisputeState
    turn: str
    currency: str
    claimed_minor: int
    wanted_minor: int
    offered_minor: int | None
    held_minor: int | None
    to_buyer_minor: int | None
    to_seller_minor: int | None
    by_rule: bool
    opened_at: dt.datetime
    due_at: dt.datetime | None
    ended_at: dt.datetime | None


class InvoiceOut(Schema):
    """An issued invoice; a red one is negative and names the blue one it takes back."""

    number: str
    blue: str | None
    issued_on: dt.date
    amount_minor: int
    rate_points: int
    tax_minor: int


class RequestOut(Schema):
    """A request for an invoice with what was issued for it."""

    number: str
    url: str
    order: str
    kind: InvoiceKind
    state: InvoiceState
    title: str
    tax_number: str
    currency: str
    amount_minor: int
    created_at: dt.datetime
    answer_by: dt.datetime
    invoices: list[InvoiceOut]


def _dispute(row: Any) -> dict[str, Any]:
    names = set(DisputeOut.model_fields) - {"url", "order", "currency"}
    return {
        **{name: getattr(row, name) for name in names},
        "url": settings.PUBLIC_URL + reverse("trade:dispute", args=[row.number]),
        "order": row.order.number,
        "currency": row.order.currency,
    }


def _requests(rows: list[Any]) -> list[dict[str, Any]]:
    invoices = selectors.invoices_of(rows)
    return [
        {
            **{
                name: getattr(row, name)
                for name in set(RequestOut.model_fields) - {"url", "order", "currency", "invoices"}
            },
            "url": settings.PUBLIC_URL + reverse("trade:invoice", args=[row.number]),
            "order": row.order.number,
            "currency": row.order.currency,
            "invoices": [
                {
                    **{name: getattr(one, name) for name in InvoiceOut.model_fields},
                    "blue": one.blue.number if one.blue else None,
                }
                for one in invoices[row.pk]
            ],
        }
        for row in rows
    ]


@router.get("/disputes", response=Page[DisputeOut], url_name="trade_disputes")
def disputes(
    request: HttpRequest,
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """Disputes of one's purchases and of one's firms' sales, newest first."""
    rows, following = paginate(selectors.disputes_of(actor(request, READ)), cursor, limit)
    return {"items": [_dispute(row) for row in rows], "next": following}


@router.get("/disputes/{number}", response=DisputeOut, url_name="trade_dispute")
def dispute(request: HttpRequest, number: str) -> dict[str, Any]:
    """One dispute."""
    return _dispute(selectors.get_dispute(actor(request, READ), number))


@router.get("/invoices", response=Page[RequestOut], url_name="trade_invoices")
def invoices(
    request: HttpRequest,
    organisation: str = "",
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """Requests for invoices with the invoices issued for them, newest first.

    `organisation`: slug of a selling firm of mine; empty: what I asked for.
    """
    who = actor(request, READ)
    rows = selectors.requests_of_person(who)
    if organisation:
        rows = selectors.requests_of_firm(who, organisation)[1]
    found, following = paginate(rows, cursor, limit)
    return {"items": _requests(found), "next": following}


@router.get("/invoices/{number}", response=RequestOut, url_name="trade_invoice")
def invoice(request: HttpRequest, number: str) -> dict[str, Any]:
    """One request."""
    return _requests([selectors.get_request(actor(request, READ), number)])[0]
