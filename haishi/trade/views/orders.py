"""Orders as buyers and sellers see them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.catalogue.states import ProductKind
from haishi.foundation import clock, sheets
from haishi.foundation.errors import NotFound
from haishi.trade import selectors, services
from haishi.trade.forms import ReasonForm, RefundForm, SentBackForm, ShipForm
from haishi.trade.views.frame import PER_PAGE as PER_PAGE
from haishi.trade.views.frame import act as act
from haishi.trade.views.frame import render as render
from haishi.trade.wording import story_lines

FORMS = ("ship", "refund", "call_off")


def _desk(request: HttpRequest, rows: Any) -> Any:
    query = request.GET
    return selectors.order_desk(
        rows, query.get("state", ""), query.get("q", ""), query.get("page", "1")
    )


@login_required
@require_GET
def bought(request: HttpRequest) -> HttpResponse:
    """What the person ordered."""
    desk = _desk(request, selectors.bought_by(request.user))
    context = {"desk": desk, "page": desk.page, "firm": None}
    return render(request, "trade/orders.html", context)


@login_required
@require_GET
def sold(request: HttpRequest, org: str) -> HttpResponse:
    """What a firm sold."""
    firm, rows = selectors.sold_by(request.user, org)
    desk = _desk(request, rows)
    context = {"desk": desk, "page": desk.page, "firm": firm}
    return render(request, "trade/orders.html", context)


def _table(request: HttpRequest, rows: Any, form: str, name: str, *, sold: bool) -> Any:
    if form not in ("csv", "xlsx"):
        raise NotFound
    query = request.GET
    header, lines = selectors.order_sheet(
        rows, query.get("state", ""), query.get("q", ""), sold=sold
    )
    return sheets.table_response(form, name, header, lines)


@login_required
@require_GET
def bought_table(request: HttpRequest, form: str) -> Any:
    """The same list as CSV or XLSX."""
    return _table(request, selectors.bought_by(request.user), form, "orders", sold=False)


@login_required
@require_GET
def sold_table(request: HttpRequest, org: str, form: str) -> Any:
    """The same list as CSV or XLSX."""
    firm, rows = selectors.sold_by(request.user, org)
    return _table(request, rows, form, f"{firm.slug}-orders", sold=True)


@login_required
@require_GET
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order: where it stands, what may be done, where its money is; `?part=state` the first."""
    row = selectors.get_visible(request.user, number)
    if request.GET.get("part") == "state":
        return JsonResponse({"state": row.state})
    return _order(request, row, {})


def _form(name: str, row: Any, sent: Any = None) -> Any:
    """One of the small forms of an order, as sent or as first shown."""
    if name == "ship":
        goods = row.kind == ProductKind.GOODS
        return ShipForm(sent, prefix=name, lines=row.lines.order_by("pk") if goods else ())
    if name == "call_off":
        return ReasonForm(sent, prefix=name)
    first = {"amount_minor": selectors.refundable(row).minor}
    return RefundForm(sent, prefix=name, initial=first, currency=row.currency)


def _order(request: HttpRequest, row: Any, bound: dict[str, Any]) -> HttpResponse:
    shown = selectors.order_page(request.user, row)
    forms = {
        f"{name}_form": bound.get(name) or _form(name, row)
        for name in FORMS
        if name in shown["steps"] or name in bound
    }
    context = {
        **shown,
        "order": row,
        "story": story_lines(row, selectors.order_story(row)),
        "now": clock.now(),
        "dispute": selectors.dispute_of_order(row),
        "sent_back_form": bound.get("sent_back") or SentBackForm(prefix="sent_back"),
        **forms,
    }
    status = next((form.status for form in bound.values()), 200)
    return render(request, "trade/order.html", context, status)


@login_required
@require_POST
def step(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Do what one button or one small form asks."""
    row = selectors.get_visible(request.user, number)
    plain = {"cancel": services.cancel, "receive": services.receive}
    written: dict[str, Callable[..., Any]] = {
        "ship": services.ship,
        "refund": services.ask_refund,
        "call_off": services.call_off,
    }
    if action == "again":
        return _again(request, row)
    if action == "receive" and row.kind == ProductKind.FILE:
        return redirect("trade:downloads")  # the first access has its own confirmation
    if action in written:
        form = _form(action, row, request.POST)
        if form.apply(written[action], request.user, row.pk) is None:
            return _order(request, row, {action: form})
        messages.success(request, _("已办理。"))
    elif action in plain:
        act(request, lambda: plain[action](request.user, row.pk))
    else:
        raise NotFound
    return redirect("trade:order", number)


def _again(request: HttpRequest, row: Any) -> HttpResponse:
    """The same things into the cart, at today's prices."""
    put = services.order_again(request.user, row.pk)
    if put:
        messages.success(request, _("已按今天的价格放回购物车，请核对。"))
        return redirect("trade:cart")
    messages.error(request, _("这些商品现在都不能购买。"))
    return redirect("trade:order", row.number)


@login_required
@require_POST
def answer(request: HttpRequest, number: str, refund_id: int, action: str) -> HttpResponse:
    """The seller answers a refund; the buyer takes it back or sends the goods back."""
    row = selectors.get_visible(request.user, number)
    said = request.POST.get("answer", "").strip()
    known: dict[str, Callable[[], Any]] = {
        "agree": lambda: services.agree(request.user, refund_id, said),
        "refuse": lambda: services.refuse(request.user, refund_id, said),
        "goods": lambda: services.take_goods_back(request.user, refund_id),
        "withdraw": lambda: services.withdraw(request.user, refund_id),
    }
    if refund_id not in {r.pk for r in selectors.refunds_of(row)}:
        raise NotFound
    if action == "sent":
        form = SentBackForm(request.POST, prefix="sent_back")
        if form.apply(services.send_goods_back, request.user, refund_id) is None:
            return _order(request, row, {"sent_back": form})
        messages.success(request, _("已告知卖家，收到退货后会退款。"))
    elif action in known:
        act(request, known[action])
    else:
        raise NotFound
    return redirect("trade:order", number)
