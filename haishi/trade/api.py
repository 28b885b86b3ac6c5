"""/api/v1/trade: carts read, orders placed, read and moved on by both sides."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema, Status

from haishi.catalogue.states import ProductKind
from haishi.foundation import once
from haishi.foundation.api import Page, actor, paginate, register_scope, repeatable
from haishi.foundation.errors import Invalid
from haishi.foundation.text import clean, is_broken
from haishi.foundation.types import Actor
from haishi.trade import selectors, services
from haishi.trade.states import OrderState, RefundState
from haishi.trade.types import Wanted

router = Router(tags=["trade"])
READ = register_scope("trade:read", _("查看买入和卖出的订单"))
WRITE = register_scope("trade:write", _("下单、发货、收货和申请退款"))


class LineOut(Schema):
    """A line of an order. `price_minor` is minor units of the order's currency for one."""

    id: int
    product: int | None
    name: str
    name_en: str
    price_minor: int
    quantity: int
    shipped: int


class ShipmentOut(Schema):
    """A parcel. `content`: {order line id: units}."""

    id: int
    carrier: str
    tracking: str
    content: dict[str, int]
    shipped_at: dt.datetime


class RefundOut(Schema):
    """Money that goes back."""

    id: int
    number: str
    amount_minor: int
    state: RefundState
    reason: str
    answer: str
    returns_goods: bool
    late: bool
    created_at: dt.datetime


class OrderOut(Schema):
    """An order in a list. Amounts are minor units of `currency`."""

    id: int
    number: str
    url: str
    state: OrderState
    kind: ProductKind
    seller: str
    buyer: int
    buyer_organisation: str | None
    currency: str
    total_minor: int
    origin: str
    pay_by: dt.datetime
    paid_at: dt.datetime | None
    created_at: dt.datetime
    lines: list[LineOut]


class OrderWhole(OrderOut):
    """One order with parcels, refunds and the money that is held for it."""

    held_minor: int
    note: str
    ship_to: dict[str, str]
    shipments: list[ShipmentOut]
    refunds: list[RefundOut]


class CartLineOut(Schema):
    """A line of one's cart. `seen_minor` was the price when it was put there, `price_minor` is
    today's; `trouble` says why it cannot be ordered now.
    """

    id: int
    product: int
    seller: str
    kind: ProductKind
    name: str
    quantity: int
    seen_minor: int
    price_minor: int | None
    currency: str
    left: int | None
    trouble: str


class WantedIn(Schema):
    """A product, how many, and the price of one that the buyer has seen."""

    product: int
    quantity: int = Field(ge=1, le=100_000)
    price_minor: int = Field(ge=0, le=10**14)
    currency: str = Field("CNY", min_length=3, max_length=3)


class OrderNew(Schema):
    """Lines of one seller, kind and currency; goods need one of one's own addresses."""

    lines: list[WantedIn] = Field(min_length=1, max_length=100)
    address: int | None = None
    organisation: int | None = Field(None, description="Id of the firm it is bought for")
    note: str = Field("", max_length=200)


class ShipIn(Schema):
    """A parcel; without `content` everything that is left."""

    content: dict[int, int] | None = None
    carrier: str = Field("", max_length=40)
    tracking: str = Field("", max_length=60)


class ReceiveIn(Schema):
    """`ends_withdrawal`: for files, that the right of withdrawal ends with the first access."""

    ends_withdrawal: bool = False


class RefundIn(Schema):
    """How much of what is held, and why."""

    amount_minor: int = Field(ge=1, le=10**14)
    reason: str = Field("", max_length=200)
    returns_goods: bool = False


def _brief(row: Any) -> dict[str, Any]:
    plain = ("id", "number", "state", "kind", "currency", "total_minor", "origin", "pay_by")
    return {
        **{name: getattr(row, name) for name in plain},
        "url": f"{settings.PUBLIC_URL}/orders/{row.number}/",
        "seller": row.seller.slug,
        "buyer": row.buyer_id,
        "buyer_organisation": row.buyer_firm.slug if row.buyer_firm else None,
        "pay_by": row.pay_by.isoformat(),
        "paid_at": row.paid_at.isoformat() if row.paid_at else None,
        "created_at": row.created_at.isoformat(),
        "lines": [
            {
                "id": line.pk, "product": line.product_id, "name": line.name,
                "name_en": line.name_en, "price_minor": line.price_minor,
                "quantity": line.quantity, "shipped": line.shipped,
            }
            for line in row.lines.all()
        ],
    }  # fmt: skip


def _whole(person: Actor, number: str) -> dict[str, Any]:
    row = selectors.get_visible(person, number)
    return {
        **_brief(row),
        "held_minor": selectors.held(row).minor,
        "note": row.note,
        "ship_to": row.ship_to,
        "shipments": [
            {
                "id": each.pk, "carrier": each.carrier, "tracking": each.tracking,
                "content": each.content, "shipped_at": each.shipped_at.isoformat(),
            }
            for each in row.shipments.order_by("pk")
        ],
        "refunds": [_refund(each) for each in selectors.refunds_of(row)],
    }  # fmt: skip


def _refund(row: Any) -> dict[str, Any]:
    plain = (
        "number", "amount_minor", "state", "reason", "answer", "returns_goods", "late",
    )  # fmt: skip
    found = {name: getattr(row, name) for name in plain}
    return {**found, "id": row.pk, "created_at": row.created_at.isoformat()}


def _text(value: str, field: str) -> str:
    if is_broken(value):
        raise Invalid(_("含有无法显示的字符，请删除后再试。"), field=field)
    return clean(value)


@router.get("/cart", response=list[CartLineOut], url_name="trade_cart", summary="One's own cart")
def cart(request: HttpRequest) -> Any:
    """At today's prices. Scope `trade:read`."""
    return [
        {
            "id": item.id, "product": item.product.pk, "seller": group.seller.slug,
            "kind": group.kind, "name": item.product.name, "quantity": item.quantity,
            "seen_minor": item.seen.minor,
            "price_minor": None if item.price is None else item.price.minor,
            "currency": group.currency, "left": item.left, "trouble": str(item.trouble),
        }
        for group in selectors.cart_of(actor(request, READ))
        for item in group.items
    ]  # fmt: skip


@router.get(
    "/orders", response=Page[OrderOut], url_name="trade_orders", summary="Orders, newest first"
)
def orders(
    request: HttpRequest,
    cursor: str = "",
    limit: int = Query(50, ge=1, le=100),  # type: ignore[type-arg]
    sold_by: str = "",
    state: OrderState | None = None,
) -> Any:
    """What one bought, or with `sold_by` (a slug) what one's firm sold. Scope `trade:read`."""
    person = actor(request, READ)
    rows = selectors.sold_by(person, sold_by)[1] if sold_by else selectors.bought_by(person)
    rows = rows.select_related("seller", "buyer_firm")
    if state:
        rows = rows.filter(state=state)
    items, following = paginate(rows, cursor, limit)
    return {"items": [_brief(row) for row in items], "next": following}


@router.post(
    "/orders", response={201: OrderWhole}, url_name="trade_orders", summary="Place an order"
)
def place(request: HttpRequest, payload: OrderNew) -> Any:
    """Keeps the units until `pay_by`. Scope `trade:write`. 409 when a price is another than the
    one sent, or nothing is left; then nothing was ordered.
    """
    person = actor(request, WRITE)
    wanted = [
        Wanted(line.product, line.quantity, line.price_minor, line.currency)
        for line in payload.lines
    ]
    note = _text(payload.note, "note")

    def make() -> Any:
        for line in wanted:
            selectors.get_buyable(person, line.product_id, line.quantity)
        row = services.place(
            person, wanted, key=f"api:{once.new_key()}", address_id=payload.address,
            firm_id=payload.organisation, note=note,
        )  # fmt: skip
        return _whole(person, row.number)

    return Status(201, repeatable(request, payload.dict(), make))


@router.get("/orders/{number}", response=OrderWhole, url_name="trade_order", summary="One order")
def order(request: HttpRequest, number: str) -> Any:
    """Scope `trade:read`. 404 when there is none, or it is not one's to see."""
    return _whole(actor(request, READ), number)


@router.post(
    "/orders/{number}/ship", response=OrderWhole, url_name="trade_ship", summary="Send a parcel"
)
def ship(request: HttpRequest, number: str, payload: ShipIn) -> Any:
    """For members of the selling firm. Scope `trade:write`. 422 when it holds more than is left."""
    person = actor(request, WRITE)
    row = selectors.get_visible(person, number)
    carrier, tracking = _text(payload.carrier, "carrier"), _text(payload.tracking, "tracking")

    def send() -> Any:
        services.ship(person, row.pk, payload.content, carrier, tracking)
        return _whole(person, number)

    return repeatable(request, payload.dict(), send)


@router.post(
    "/orders/{number}/receive", response=OrderWhole, url_name="trade_receive",
    summary="Say that it arrived",
)  # fmt: skip
def receive(request: HttpRequest, number: str, payload: ReceiveIn) -> Any:
    """For the buyer. Scope `trade:write`. Files need `ends_withdrawal`, or the answer is 422."""
    person = actor(request, WRITE)
    row = selectors.get_visible(person, number)
    if row.kind == ProductKind.FILE and not payload.ends_withdrawal:
        raise Invalid(_("请先确认再打开文件。"), field="ends_withdrawal")

    def take() -> Any:
        services.receive(person, row.pk)
        return _whole(person, number)

    return repeatable(request, payload.dict(), take)


@router.post(
    "/orders/{number}/refunds", response={201: RefundOut}, url_name="trade_refunds",
    summary="Ask for money back",
)  # fmt: skip
def ask_refund(request: HttpRequest, number: str, payload: RefundIn) -> Any:
    """For the buyer, of what is held. Scope `trade:write`. 422 for more, 409 while one waits."""
    person = actor(request, WRITE)
    row = selectors.get_visible(person, number)
    reason = _text(payload.reason, "reason")

    def ask() -> Any:
        return _refund(
            services.ask_refund(
                person, row.pk, payload.amount_minor, reason, returns_goods=payload.returns_goods
            )
        )

    return Status(201, repeatable(request, payload.dict(), ask))
