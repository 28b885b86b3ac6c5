"""/api/v1/sourcing: requests for quotation, and quotations of one's own firms."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema, Status

from haishi.foundation.api import Page, actor, paginate, register_scope, repeatable
from haishi.foundation.errors import Invalid
from haishi.foundation.text import clean, is_broken
from haishi.media import selectors as media
from haishi.media.states import Kind
from haishi.parties import selectors as parties
from haishi.sourcing import selectors, services
from haishi.sourcing.states import QuotationState, RfqState, Visibility
from haishi.sourcing.types import LineDraft, LineOffer, Offer, Tier

router = Router(tags=["sourcing"])
READ = register_scope("sourcing:read", _("查看询价与本单位的报价"))
WRITE = register_scope("sourcing:write", _("发布询价、提交报价"))
PLAIN = (
    "title", "title_en", "description", "description_en", "kind", "city", "deliver_to",
    "payment_terms", "currency", "currencies", "visibility", "sealed",
)  # fmt: skip


class LineOut(Schema):
    """A line; `target_minor` in minor units of the request's currency."""

    id: int
    number: int
    name: str
    quantity: int
    unit: str
    spec: str
    target_minor: int | None


class RfqOut(Schema):
    """A request. `criteria` are weights that add up to 100."""

    id: int
    slug: str
    url: str
    state: RfqState
    buyer: str
    title: str
    title_en: str
    description: str
    description_en: str
    category: str | None
    kind: str
    city: str
    deliver_to: str
    deliver_by: dt.date | None
    payment_terms: str
    currency: str
    currencies: list[str]
    criteria: dict[str, int]
    visibility: Visibility
    sealed: bool
    revision: int
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    questions_until: dt.datetime | None
    lines: list[LineOut]


class LineIn(Schema):
    """A line of a draft."""

    name: str = Field(min_length=1, max_length=80)
    quantity: int = Field(ge=1, le=10**9)
    unit: str = Field("", max_length=12)
    spec: str = Field("", max_length=400)
    target_minor: int | None = Field(None, ge=0, le=10**14)


class RfqIn(Schema):
    """A draft of the firm with this slug; it is published with a second call."""

    buyer: str
    title: str = Field(min_length=1, max_length=80)
    title_en: str = Field("", max_length=160)
    description: str = Field("", max_length=4000)
    description_en: str = Field("", max_length=8000)
    city: str = Field("", max_length=40)
    deliver_to: str = Field("", max_length=120)
    deliver_by: dt.date | None = None
    payment_terms: str = Field("", max_length=400)
    currency: str = Field("CNY", min_length=3, max_length=3)
    currencies: list[str] = Field([], max_length=8)
    criteria: dict[str, int] = {"price": 70, "lead": 30}
    visibility: Visibility = Visibility.PUBLIC
    sealed: bool = False
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    lines: list[LineIn] = Field(max_length=20)


class TierIn(Schema):
    """From `minimum` units on, one costs `price_minor`."""

    minimum: int = Field(ge=1, le=10**9)
    price_minor: int = Field(ge=1, le=10**14)


class OfferLineIn(Schema):
    """An offer for one line of the request."""

    line: int
    tiers: list[TierIn] = Field(min_length=1, max_length=10)
    note: str = Field("", max_length=200)


class OfferIn(Schema):
    """A version of a firm's quotation; the same one again is the same version."""

    firm: str
    currency: str = Field(min_length=3, max_length=3)
    lead_days: int = Field(ge=0, le=3650)
    valid_until: dt.date
    payment_terms: str = Field("", max_length=400)
    notes: str = Field("", max_length=2000)
    documents: list[str] = Field([], max_length=4)
    lines: list[OfferLineIn] = Field(min_length=1, max_length=20)


class QuotationOut(Schema):
    """A quotation at its latest version, for its bidder and, once it may be read, its buyer."""

    id: int
    rfq: str
    firm: str
    state: QuotationState
    version: int
    digest: str
    at: dt.datetime
    currency: str
    total_minor: int
    lead_days: int
    valid_until: dt.date
    payment_terms: str
    notes: str
    lines: list[OfferLineIn]


def _shown(row: Any) -> dict[str, Any]:
    lines = sorted(row.lines.all(), key=lambda line: line.number)
    names = (*PLAIN, "slug", "state", "criteria", "revision", "deliver_by", "opens_at")
    return {
        **{name: getattr(row, name) for name in (*names, "closes_at", "questions_until")},
        "id": row.pk,
        "url": settings.PUBLIC_URL + row.get_absolute_url(),
        "buyer": row.buyer.slug,
        "category": row.category.slug if row.category else None,
        "lines": [
            {
                "id": line.pk, "number": line.number, "name": line.name, "unit": line.unit,
                "quantity": line.quantity, "spec": line.spec, "target_minor": line.target_minor,
            }
            for line in lines
        ],
    }  # fmt: skip


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    """Texts as the pages keep them. Raises Invalid with the field."""
    for name, value in values.items():
        if isinstance(value, str):
            if is_broken(value):
                raise Invalid(_("含有无法显示的字符，请删除后再试。"), field=name)
            values[name] = clean(value)
    return values


@router.get("/rfqs", response=Page[RfqOut], url_name="sourcing_rfqs", summary="Requests")
def rfqs(
    request: HttpRequest,
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
    state: RfqState | None = None,
    mine: bool = False,
) -> Any:
    """Those one may see, newest first: public, invited, own. Scope `sourcing:read`."""
    person = actor(request, READ)
    rows = selectors.rfqs_visible_to(person).prefetch_related("lines")
    if state is not None:
        rows = rows.filter(state=state)
    if mine:
        rows = rows.filter(buyer__in=[*parties.roles_of(person)])
    items, following = paginate(rows, cursor, limit)
    return {"items": [_shown(row) for row in items], "next": following}


@router.post(
    "/rfqs", response={201: RfqOut}, url_name="sourcing_rfqs", summary="Write a draft of a request"
)
def write_rfq(request: HttpRequest, payload: RfqIn) -> Any:
    """For a firm one manages. Scope `sourcing:write`; 422 with the field."""
    person = actor(request, WRITE)
    firm = parties.get_managed(person, payload.buyer)
    values = _clean(payload.dict(exclude={"buyer", "lines"}))
    lines = [LineDraft(**_clean(line.dict())) for line in payload.lines]

    def make() -> str:
        return services.draft(person, firm.pk, lines=lines, **values).slug

    slug = repeatable(request, payload.dict(), make)
    return Status(201, _shown(selectors.get_rfq(person, slug)))


@router.get(
    "/rfqs/{slug}", response=RfqOut, url_name="sourcing_rfq", summary="One request with its lines"
)
def rfq(request: HttpRequest, slug: str) -> Any:
    """404 for who may not know of it. Scope `sourcing:read`."""
    return _shown(selectors.get_rfq(actor(request, READ), slug))


@router.post(
    "/rfqs/{slug}/publish", response=RfqOut, url_name="sourcing_publish", summary="Open a draft"
)
def publish(request: HttpRequest, slug: str) -> Any:
    """Quotations are taken from now on. Scope `sourcing:write`; 409 when it is no draft."""
    person = actor(request, WRITE)
    row = selectors.get_own(person, slug)
    return _shown(services.publish(person, row.pk))


@router.get(
    "/rfqs/{slug}/quotations",
    response=list[QuotationOut],
    url_name="sourcing_quotations",
    summary="Quotations one may read",
)
def quotations(request: HttpRequest, slug: str) -> Any:
    """One's own; as the buyer's manager all, of a sealed request after its instant only."""
    person = actor(request, READ)
    row = selectors.get_rfq(person, slug)
    found = selectors.quotations_visible_to(person).filter(rfq=row).order_by("pk")
    return [_quotation(each) for each in found]


def _quotation(row: Any) -> dict[str, Any]:
    version = selectors.latest_version(row)
    offer = selectors.offer_of(version, row.rfq)
    quantities = dict(row.rfq.lines.values_list("pk", "quantity"))
    return {
        "id": row.pk,
        "rfq": row.rfq.slug,
        "firm": row.bidder.slug,
        "state": row.state,
        "version": version.number,
        "digest": version.digest,
        "at": version.at,
        "currency": offer.currency,
        "total_minor": offer.total(quantities),
        "lead_days": offer.lead_days,
        "valid_until": offer.valid_until,
        "payment_terms": offer.payment_terms,
        "notes": offer.notes,
        "lines": [
            {"line": line.line_id, "tiers": [vars(tier) for tier in line.tiers], "note": line.note}
            for line in offer.lines
        ],
    }


@router.post(
    "/rfqs/{slug}/quotations",
    response={201: QuotationOut},
    url_name="sourcing_quotations",
    summary="Hand in a version of a quotation",
)
def quote(request: HttpRequest, slug: str, payload: OfferIn) -> Any:
    """For a firm one manages. Scope `sourcing:write`; 409 after the deadline, with the instants."""
    person = actor(request, WRITE)
    row = selectors.get_rfq(person, slug)
    firm = parties.get_managed(person, payload.firm)
    offer = _offer(person, firm.pk, payload)

    def send() -> int:
        return services.quote(person, row.pk, firm.pk, offer).quotation_id

    pk = repeatable(request, payload.dict(), send)
    return Status(201, _quotation(selectors.get_quotation(person, pk)))


def _offer(person: Any, firm_id: int, payload: OfferIn) -> Offer:
    files = media.choosable(person, firm_id, payload.documents, (Kind.IMAGE, Kind.DOCUMENT))
    if len(files) != len(set(payload.documents)):
        raise Invalid(_("有文件已不可用，请重新上传。"), field="documents")
    values = _clean(payload.dict(exclude={"firm", "documents", "lines"}))
    lines = tuple(
        LineOffer(
            line.line,
            tuple(Tier(**tier.dict()) for tier in line.tiers),
            _clean(line.dict())["note"],
        )
        for line in payload.lines
    )
    return Offer(**values, document_ids=tuple(row.pk for row in files), lines=lines)


@router.post(
    "/quotations/{quotation_id}/withdraw",
    response=dict[str, str],
    url_name="sourcing_withdraw",
    summary="Take a quotation back",
)
def withdraw(request: HttpRequest, quotation_id: int) -> Any:
    """Until the deadline. Scope `sourcing:write`; 404 for others, 409 afterwards."""
    person = actor(request, WRITE)
    return {"state": services.withdraw(person, quotation_id).state}
