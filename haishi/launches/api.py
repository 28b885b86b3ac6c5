"""/api/v1/launches: what is announced, and one's own claims."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema

from haishi.foundation.api import Page, actor, paginate, register_scope, repeatable
from haishi.foundation.errors import NotFound
from haishi.foundation.types import Actor
from haishi.launches import selectors, services

router = Router(tags=["launches"])
READ = register_scope("launches:read", _("查看新品发布与自己的首发"))
BUY = register_scope("launches:buy", _("参与首发，或放弃"))


class SaleOut(Schema):
    """A first sale. `price_minor` (minor units of `currency`) is null before the unveiling.

    `commitment` is the SHA-256 of the seed of a draw, null when nothing is drawn.
    """

    rule: str
    quota: int
    price_minor: int | None
    currency: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    open_now: bool
    asked: int
    won: int
    bought: int
    waiting: int
    commitment: str | None
    decided_at: dt.datetime | None


class LaunchOut(Schema):
    """A launch as visitors see it now: before the unveiling `name` is the teaser.

    `stage` is soon, live or over.
    """

    id: int
    slug: str
    url: str
    stage: str
    name: str
    name_en: str
    organisation: str
    organisation_en: str
    unveil_at: dt.datetime
    reservations: int


class LaunchDetail(LaunchOut):
    """One launch with its story (empty before the unveiling) and its sale."""

    story: str
    sale: SaleOut | None


class ClaimOut(Schema):
    """One's own claim. `place` is that of the draw; a won unit is kept until `pay_by`."""

    id: int
    launch: str
    ticket: str
    state: str
    place: int | None
    pay_by: dt.datetime | None
    order: str | None


def _launch(shown: Any) -> dict[str, Any]:
    return {
        "id": shown.pk,
        "slug": shown.slug,
        "url": settings.PUBLIC_URL + shown.url,
        "stage": shown.stage,
        "name": shown.title.zh,
        "name_en": shown.title.en,
        "organisation": shown.firm.zh,
        "organisation_en": shown.firm.en,
        "unveil_at": shown.unveil_at.isoformat(),
        "reservations": shown.reservations,
    }


def _sale(sale: Any) -> dict[str, Any]:
    numbers = sale.numbers
    return {
        "rule": sale.kind,
        "quota": sale.quota,
        "price_minor": sale.amount.minor if sale.amount else None,
        "currency": sale.currency,
        "opens_at": sale.opens_at.isoformat(),
        "closes_at": sale.closes_at.isoformat(),
        "open_now": sale.open_now,
        "asked": numbers.asked,
        "won": numbers.won,
        "bought": numbers.bought,
        "waiting": numbers.waiting,
        "commitment": sale.commitment or None,
        "decided_at": sale.decided_at.isoformat() if sale.decided_at else None,
    }


def _claim(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "launch": row.allotment.launch.slug,
        "ticket": row.ticket,
        "state": row.state,
        "place": row.place,
        "pay_by": row.pay_by.isoformat() if row.pay_by else None,
        "order": row.order.number if row.order else None,
    }


@router.get(
    "/launches",
    response=Page[LaunchOut],
    url_name="launches_launches",
    summary="Announced launches, newest first",
)
def launches(
    request: HttpRequest,
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
) -> Any:
    """What everybody may know of. Scope `launches:read`."""
    actor(request, READ)
    items, following = paginate(selectors.announced(), cursor, limit)
    return {"items": [_launch(each) for each in selectors.shown(items)], "next": following}


@router.get(
    "/launches/{slug}", response=LaunchDetail, url_name="launches_launch", summary="One launch"
)
def launch(request: HttpRequest, slug: str) -> Any:
    """Before the instant the teaser, from then on everything. Scope `launches:read`."""
    page = selectors.launch_page(actor(request, READ), slug)
    if page.shown.stage == "secret":  # the API shows what visitors see, to the firm as well
        raise NotFound
    sale = _sale(page.sale) if page.sale else None
    return {**_launch(page.shown), "story": page.story, "sale": sale}


@router.get(
    "/claims", response=Page[ClaimOut], url_name="launches_claims", summary="One's own claims"
)
def claims(
    request: HttpRequest,
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
) -> Any:
    """Newest first. Scope `launches:read`."""
    items, following = paginate(selectors.own_claims(actor(request, READ)), cursor, limit)
    return {"items": [_claim(row) for row in items], "next": following}


@router.post(
    "/launches/{slug}/{action}",
    response=ClaimOut,
    url_name="launches_ask",
    summary="Claim, request or wait",
)
def ask(request: HttpRequest, slug: str, action: Literal["claim", "request", "wait"]) -> Any:
    """`claim` keeps a unit of a first-come sale, `request` takes part in a window or draw, `wait`
    stands in the waiting list. A person asks once: a repetition answers with the first claim.
    409 when sold out or not open. Scope `launches:buy`.
    """
    person = actor(request, BUY)
    row = selectors.get_launch(person, slug)
    sale = selectors.allotment_of(row)
    if sale is None:
        raise NotFound
    known: dict[str, Callable[[Actor, int], Any]] = {
        "claim": services.claim,
        "request": services.request,
        "wait": services.wait,
    }

    def put_down() -> Any:
        made = known[action](person, sale.pk)
        return _claim(selectors.own_claim(person, made.pk))

    return repeatable(request, [slug, action], put_down)


@router.post(
    "/claims/{claim_id}/cancel",
    response=ClaimOut,
    url_name="launches_cancel",
    summary="Give a claim up",
)
def cancel(request: HttpRequest, claim_id: int) -> Any:
    """The unit goes to the waiting list. 409 when it is paid or ended. Scope `launches:buy`."""
    person = actor(request, BUY)

    def give_up() -> Any:
        services.cancel(person, claim_id)
        return _claim(selectors.own_claim(person, claim_id))

    return repeatable(request, claim_id, give_up)
