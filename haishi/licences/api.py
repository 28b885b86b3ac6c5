"""/api/v1/licences: offers for everybody, licences and statements for their parties. Read only."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema

from haishi.foundation.api import Page, actor, paginate, register_scope
from haishi.licences import odrl, selectors
from haishi.licences.states import Exclusivity, LicenceState, OfferState, Right, StatementState
from haishi.licences.types import TERM_FIELDS

router = Router(tags=["licences"])
READ = register_scope("licences:read", _("查看授权条款、授权与版税结算单"))


class TermsOut(Schema):
    """Terms. `rates` are basis points by channel, amounts minor units of `currency`.

    The term is [`starts_on`, `starts_on` + `months`); an offer may leave the first day open.
    """

    rights: list[Right]
    exclusivity: Exclusivity
    territories: list[str]
    media: list[str]
    languages: list[str]
    starts_on: dt.date | None
    months: int
    sell_off_months: int
    sublicensing: bool
    guarantee_minor: int
    currency: str
    rates: dict[str, int]
    base: str
    period: str
    audit: bool
    stages: list[str]
    review_days: int
    seats: int


class OfferOut(Schema):
    """An offer of a licence."""

    id: int
    number: str
    url: str
    state: OfferState
    product: str
    organisation: str
    title_verified: bool
    summary: str
    summary_en: str
    terms: TermsOut
    policy: dict[str, Any]


class LicenceOut(Schema):
    """A licence of one's firms. `recoup_minor`: what royalties have still to earn first.

    `contract`: the number of the contract that is signed for it, "" before there is one.
    """

    id: int
    number: str
    url: str
    state: LicenceState
    product: str
    licensor: str
    licensee: str
    contract: str
    recoup_minor: int
    activated_at: dt.datetime | None
    ended_at: dt.datetime | None
    terms: TermsOut
    policy: dict[str, Any]


class StatementOut(Schema):
    """What a report came to. due = earned − before + after, in minor units of `currency`."""

    id: int
    number: int
    state: StatementState
    starts_on: dt.date
    ends_on: dt.date
    revision: int
    currency: str
    earned_minor: int
    before_minor: int
    due_minor: int
    after_minor: int
    pay_by: dt.datetime | None
    issued_at: dt.datetime


def _terms(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in TERM_FIELDS}


def _offer(row: Any) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in ("number", "state", "summary", "summary_en")},
        "id": row.pk,
        "url": settings.PUBLIC_URL + row.get_absolute_url(),
        "product": row.product.slug,
        "organisation": row.organisation.slug,
        "title_verified": row.title.state == "verified",
        "terms": _terms(row),
        "policy": odrl.offer(row),
    }


def _licence(row: Any) -> dict[str, Any]:
    names = ("number", "state", "contract", "recoup_minor", "activated_at", "ended_at")
    return {
        **{name: getattr(row, name) for name in names},
        "id": row.pk,
        "url": settings.PUBLIC_URL + row.get_absolute_url(),
        "product": row.product.slug,
        "licensor": row.licensor.slug,
        "licensee": row.licensee.slug,
        "terms": _terms(row),
        "policy": odrl.agreement(row),
    }


def _statement(row: Any) -> dict[str, Any]:
    names = (
        "number", "state", "currency", "earned_minor", "before_minor", "due_minor", "after_minor",
        "pay_by", "issued_at",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in names},
        "id": row.pk,
        "starts_on": row.report.starts_on,
        "ends_on": row.report.ends_on,
        "revision": row.report.revision,
    }


@router.get(
    "/offers",
    response=Page[OfferOut],
    url_name="licence_offers",
    summary="Offers of licences, newest first",
)
def offers(
    request: HttpRequest,
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
    organisation: str = "",
    right: Right | None = None,
    territory: str = "",
) -> Any:
    """Open ones, and in every state those of one's own firms. Scope `licences:read`."""
    rows = selectors.offers_visible_to(actor(request, READ))
    if organisation:
        rows = rows.filter(organisation__slug=organisation)
    if right:
        rows = rows.filter(rights__contains=[right])
    if territory:
        rows = rows.filter(territories__overlap=[territory, "001"])
    items, following = paginate(rows, cursor, limit)
    return {"items": [_offer(row) for row in items], "next": following}


@router.get("/offers/{number}", response=OfferOut, url_name="licence_offer", summary="One offer")
def offer(request: HttpRequest, number: str) -> Any:
    """With its ODRL policy. Scope `licences:read`."""
    return _offer(selectors.get_offer(actor(request, READ), number))


@router.get(
    "/licences",
    response=Page[LicenceOut],
    url_name="licences",
    summary="Licences that one's firms gave or took, newest first",
)
def licences(
    request: HttpRequest,
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
    state: LicenceState | None = None,
) -> Any:
    """Scope `licences:read`."""
    rows = selectors.licences_visible_to(actor(request, READ))
    if state:
        rows = rows.filter(state=state)
    items, following = paginate(rows, cursor, limit)
    return {"items": [_licence(row) for row in items], "next": following}


@router.get("/licences/{number}", response=LicenceOut, url_name="licence", summary="One licence")
def licence(request: HttpRequest, number: str) -> Any:
    """With its ODRL policy. Scope `licences:read`. 404 when it is not one's to see."""
    return _licence(selectors.get_licence(actor(request, READ), number))


@router.get(
    "/licences/{number}/statements",
    response=list[StatementOut],
    url_name="licence_statements",
    summary="Royalty statements of a licence, newest first",
)
def statements(request: HttpRequest, number: str) -> Any:
    """Scope `licences:read`. 404 when it is not one's to see."""
    row = selectors.get_licence(actor(request, READ), number)
    return [_statement(each) for each in selectors.statements_of(row)]
