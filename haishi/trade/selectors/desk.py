"""The two order desks: what was bought, what was sold; narrowed, counted, as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from haishi.catalogue.states import ProductKind
from haishi.foundation import audit
from haishi.foundation.types import Actor
from haishi.trade import policies
from haishi.trade.models import Order, Refund
from haishi.trade.selectors.deliveries import downloads_of, entitlement_ids
from haishi.trade.selectors.orders import held, refunds_of, steps_for
from haishi.trade.states import UNANSWERED, OrderState, PaymentState

__all__ = [
    "OrderDesk",
    "SentParcel",
    "order_desk",
    "order_page",
    "order_sheet",
    "order_story",
    "order_tasks",
]
PER_PAGE = 20
# States after which the same things may be ordered once more.
AGAIN = (OrderState.CANCELLED, OrderState.EXPIRED, OrderState.REFUNDED, OrderState.COMPLETED)
# The lists of a desk: states that mean the same to whoever looks.
LISTS: dict[str, tuple[str, ...]] = {
    "awaiting": (OrderState.APPROVING, OrderState.AWAITING),
    "paid": (OrderState.PAID, OrderState.PART_SHIPPED),
    "shipped": (OrderState.SHIPPED,),
    "received": (OrderState.RECEIVED,),
    "completed": (OrderState.COMPLETED,),
    "ended": (OrderState.CANCELLED, OrderState.EXPIRED, OrderState.REFUNDED),
}


def _labels() -> dict[str, Any]:
    return {
        "": _("全部"),
        "awaiting": _("待付款"),
        "paid": _("待发货"),
        "shipped": _("待收货"),
        "received": _("已收货"),
        "completed": _("已完成"),
        "refunding": _("退款中"),
        "ended": _("已结束"),
    }


@dataclass(frozen=True)
class OrderDesk:
    """A page of orders with the lists it can be narrowed to: (key, label, how many)."""

    page: Page[Order]
    tabs: list[tuple[str, Any, int]]
    state: str
    query: str


def _refunding() -> Q:
    waiting = Refund.objects.filter(state__in=UNANSWERED)
    return Q(pk__in=waiting.values("payment__order_id"))


def _narrowed(rows: QuerySet[Order], state: str, query: str) -> QuerySet[Order]:
    if state in LISTS:
        rows = rows.filter(state__in=LISTS[state])
    elif state == "refunding":
        rows = rows.filter(_refunding())
    if query:
        named = Q(number__icontains=query) | Q(lines__name__icontains=query)
        rows = rows.filter(pk__in=rows.filter(named).order_by().values("pk"))
    return rows


def order_desk(rows: QuerySet[Order], state: str, query: str, number: str) -> OrderDesk:
    """`rows` narrowed to a list and by number or name; five queries at any size."""
    query = query.strip()[:40]
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    counts = {name: sum(counted.get(one, 0) for one in of) for name, of in LISTS.items()}
    counts |= {"": sum(counted.values()), "refunding": rows.order_by().filter(_refunding()).count()}
    state = state if state in counts else ""
    pages = Paginator(_narrowed(rows, state, query), PER_PAGE)
    if not query:
        pages.count = counts[state]  # counted already
    return OrderDesk(
        page=pages.get_page(number),
        tabs=[(key, label, counts[key]) for key, label in _labels().items()],
        state=state,
        query=query,
    )


def order_sheet(
    rows: QuerySet[Order], state: str, query: str, *, sold: bool
) -> tuple[list[str], Iterator[Sequence[Any]]]:
    """(header, one line for each order line) of the same list, without its pages."""
    header = [
        _("订单号"), _("下单时间"), _("状态"), _("买家") if sold else _("卖家"), _("商品"),
        _("单价"), _("数量"), _("已发"), _("货币"), _("订单金额"), _("收货人"), _("电话"),
        _("地址"), _("留言"),
    ]  # fmt: skip
    found = _narrowed(rows, state, query.strip()[:40])
    return header, _sheet_lines(found, sold)


def _sheet_lines(rows: QuerySet[Order], sold: bool) -> Iterator[Sequence[Any]]:
    for row in rows.iterator(chunk_size=500):
        other = row.buyer.full_name if sold else row.seller.title
        to = row.ship_to
        where = " ".join(str(to.get(name, "")) for name in ("region", "street", "postcode"))
        for line in row.lines.all():
            line.order = row
            yield (
                row.number, row.created_at, row.get_state_display(), other, line.title,
                line.price.amount, line.quantity, line.shipped, row.currency, row.total.amount,
                to.get("name", ""), to.get("phone", ""), where.strip(), row.note,
            )  # fmt: skip


def order_story(order: Order) -> list[Any]:
    """What happened to it, newest first, from the audit log."""
    return audit.history(order, 60)


def order_tasks(actor: Actor, firm_ids: Sequence[int]) -> dict[str, int]:
    """How many orders wait for this person: {pay, receive, ship, answer}; two queries."""
    rows = Order.objects.filter(Q(buyer=actor.pk) | Q(seller__in=firm_ids))
    mine = rows.aggregate(
        pay=Count("pk", filter=Q(buyer=actor.pk, state=OrderState.AWAITING)),
        receive=Count("pk", filter=Q(buyer=actor.pk, state=OrderState.SHIPPED)),
        ship=Count(
            "pk",
            filter=Q(seller__in=firm_ids, state__in=(OrderState.PAID, OrderState.PART_SHIPPED)),
        ),
    )
    waiting = Refund.objects.filter(
        payment__order__seller__in=firm_ids, state__in=UNANSWERED
    ).count()
    return {**mine, "answer": waiting}


@dataclass(frozen=True)
class SentParcel:
    """A parcel with what is in it: (name, units)."""

    shipment: Any
    content: list[tuple[Any, int]]


def _is_being_paid(order: Order) -> bool:
    """Whether the buyer began to pay: the answer of the provider may come any moment."""
    return order.payments.filter(state=PaymentState.OPEN).exists()


def order_page(actor: Actor, order: Order) -> dict[str, Any]:
    """What the page of an order shows: lines with files and reviews, parcels, money."""
    lines = list(order.lines.select_related("product", "review").order_by("pk"))
    for line in lines:
        line.order = order
    named = {line.pk: line.title for line in lines}
    parcels = [
        SentParcel(row, [(named.get(int(pk), ""), units) for pk, units in row.content.items()])
        for row in order.shipments.order_by("pk")
    ]
    buys = actor.pk == order.buyer_id
    refunds = refunds_of(order)
    filed = order.kind == ProductKind.FILE
    return {
        "lines": lines,
        "parcels": parcels,
        "refunds": refunds,
        "steps": steps_for(actor, order, refunds),
        "held": held(order),
        "buys": buys,
        "reviews": buys and order.state == OrderState.COMPLETED,
        "again": buys and not order.origin and order.state in AGAIN,
        "files": entitlement_ids(order) if filed and buys and policies.opens_files(order) else {},
        "fetched": downloads_of(order) if filed else [],
        "late": any(refund.late for refund in refunds),
        "watched": buys and order.state == OrderState.AWAITING and _is_being_paid(order),
    }
