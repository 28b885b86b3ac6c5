"""What buyer and seller hear of an order. One unread notice an order and side."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.catalogue.states import ProductKind
from haishi.foundation.events import subscribe
from haishi.notices.services import register_kind, tell
from haishi.notices.types import Words
from haishi.parties import selectors as parties
from haishi.trade import selectors
from haishi.trade.events import (
    OrderCompleted,
    OrderEnded,
    OrderPaid,
    OrderPlaced,
    OrderReceived,
    OrderShipped,
)
from haishi.trade.models import Order
from haishi.trade.states import OrderState

register_kind("order", "我的订单", "My orders", push="now")
register_kind("sale", "销售订单", "Sales", push="now")


def _values(order: Order, **more: Any) -> dict[str, Any]:
    return {"number": order.number, "total": order.total, "firm": order.seller.name, **more}


def tell_buyer(
    order: Order, subject: Words, body: Words, *, important: bool = False, **more: Any
) -> None:
    """Who ordered; the notice leads to the order."""
    url = reverse("trade:order", args=[order.number])
    tell(
        [order.buyer_id], "order", subject, body, url,
        values=_values(order, **more), topic=f"order:{order.pk}", important=important,
    )  # fmt: skip


def tell_seller(
    order: Order,
    subject: Words,
    body: Words,
    *,
    managing: bool = False,
    important: bool = False,
    **more: Any,
) -> None:
    """Members of the selling firm, or only those who answer for its money."""
    url = reverse("trade:order", args=[order.number])
    tell(
        parties.member_ids(order.seller_id, managing=managing), "sale", subject, body, url,
        values=_values(order, **more), topic=f"order:{order.pk}", important=important,
    )  # fmt: skip


@subscribe(OrderPlaced)
def placed(event: OrderPlaced) -> None:
    """Ordered and not paid. What was agreed elsewhere is told of by who agreed it."""
    order = selectors.order_facts(event.order_id)
    if order is None or order.origin or order.state != OrderState.AWAITING:
        return
    tell_buyer(
        order, _("订单 %(number)s 等待付款"), _("请在时限内付款 %(total)s，逾期订单会自动关闭。")
    )
    tell_seller(
        order, _("新订单 %(number)s，等待付款"), _("金额 %(total)s。买家付款后会再通知你。")
    )


@subscribe(OrderPaid)
def paid(event: OrderPaid) -> None:
    """The money is held: the seller may deliver."""
    order = selectors.order_facts(event.order_id)
    if order is None:
        return
    if order.kind == ProductKind.FILE:
        tell_buyer(order, _("订单 %(number)s 已付款"), _("文件已经可以下载。"), important=True)
        tell_seller(order, _("订单 %(number)s 已付款"), _("买家可以下载文件了，无需发货。"))
        return
    tell_buyer(order, _("订单 %(number)s 已付款"), _("货款由平台托管，%(firm)s会尽快交付。"))
    tell_seller(
        order, _("订单 %(number)s 已付款，请发货"), _("货款 %(total)s 已托管，请尽快交付。"),
        important=True,
    )  # fmt: skip


@subscribe(OrderShipped)
def shipped(event: OrderShipped) -> None:
    """A parcel, or a service that was handed over."""
    order = selectors.order_facts(event.order_id)
    if order is None:
        return
    parcel = selectors.shipment_text(event.shipment_id)
    if order.kind != ProductKind.GOODS:
        subject, body = _("订单 %(number)s 已交付"), _("%(firm)s已交付，请查看并验收。")
    elif event.whole:
        subject, body = _("订单 %(number)s 已全部发货"), _("运单：%(parcel)s")
    else:
        subject, body = _("订单 %(number)s 发出一部分"), _("运单：%(parcel)s。其余会另行发出。")
    tell_buyer(order, subject, body, important=True, parcel=parcel or "—")
    tell_seller(order, _("订单 %(number)s 已登记发货"), _("运单：%(parcel)s"), parcel=parcel or "—")


@subscribe(OrderReceived)
def received(event: OrderReceived) -> None:
    """The buyer has it, or the time to say otherwise is over."""
    if order := selectors.order_facts(event.order_id):
        tell_buyer(order, _("订单 %(number)s 已收货"), _("如有问题，请在结算前申请退款。"))
        tell_seller(order, _("订单 %(number)s 已收货"), _("退货期过后，货款会自动结算。"))


@subscribe(OrderCompleted)
def completed(event: OrderCompleted) -> None:
    """The held money was shared."""
    if order := selectors.order_facts(event.order_id):
        tell_buyer(order, _("订单 %(number)s 已完成"), _("欢迎写下评价，给后来的买家参考。"))
        tell_seller(order, _("订单 %(number)s 已结算"), _("货款已按约定结算。"))


ENDS: dict[str, tuple[Words, Words]] = {
    OrderState.CANCELLED: (_("订单 %(number)s 已取消"), _("没有发生扣款，为它保留的商品已放回。")),
    OrderState.EXPIRED: (
        _("订单 %(number)s 逾期未付款，已关闭"),
        _("为它保留的商品已放回。需要的话可以再次下单。"),
    ),
    OrderState.REFUNDED: (_("订单 %(number)s 已全额退款"), _("托管的 %(total)s 已退回买家。")),
}


@subscribe(OrderEnded)
def ended(event: OrderEnded) -> None:
    """Cancelled, expired or refunded as a whole."""
    order = selectors.order_facts(event.order_id)
    if order is None or event.state not in ENDS:
        return
    subject, body = ENDS[event.state]
    refunded = event.state == OrderState.REFUNDED
    tell_buyer(order, subject, body, important=refunded)
    tell_seller(order, subject, body)
