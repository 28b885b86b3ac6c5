"""Orders as buyers and sellers see them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo.desks import visitor_nav
from haishi.foundation import web
from haishi.foundation.errors import DomainError, Forbidden, NotFound
from haishi.parties import selectors as parties
from haishi.trade import selectors, services
from haishi.trade.forms import ReasonForm, RefundForm, ShipForm

PER_PAGE = 20
FORMS = ("ship", "refund", "call_off")


def _side_nav(request: HttpRequest) -> list[dict[str, Any]]:
    """One's purchases, the sales of one's firms, and the rest of one's things at expos."""

    def item(label: Any, icon: str, url: str) -> dict[str, Any]:
        return {"label": label, "icon": icon, "url": url, "current": request.path == url}

    firms = list(parties.organisations_of(request.user)[:12])
    items = [item(_("我的订单"), "cart", reverse("trade:bought"))]
    items += [
        item(_("%s的销售") % firm.title, "org", reverse("trade:sold", args=[firm.slug]))
        for firm in firms
    ]
    items.append(item(_("索赔与争议"), "gavel", reverse("trade:disputes")))
    items.append(item(_("我的发票"), "file", reverse("trade:invoices")))
    items += [
        item(_("%s的开票") % firm.title, "file", reverse("trade:firm_invoices", args=[firm.slug]))
        for firm in firms
    ]
    count = selectors.approvals_waiting(request.user)
    items.append({**item(_("采购审批"), "check", reverse("trade:approvals")), "count": count})
    items += [
        item(_("%s的采购额度") % firm.title, "settings", reverse("trade:limits", args=[firm.slug]))
        for firm in firms
        if parties.can_manage(request.user, firm.pk)
    ]
    return [{"label": _("订单"), "items": items}, *visitor_nav()]


def render(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page among one's orders; never kept by a cache on the way."""
    whole = {"side_nav": _side_nav(request), **context}
    response = web.page(request, template, whole, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def bought(request: HttpRequest) -> HttpResponse:
    """What the person ordered."""
    rows = Paginator(selectors.bought_by(request.user), PER_PAGE)
    page = rows.get_page(request.GET.get("page"))
    return render(request, "trade/orders.html", {"page": page, "firm": None})


@login_required
@require_GET
def sold(request: HttpRequest, org: str) -> HttpResponse:
    """What a firm sold."""
    firm, rows = selectors.sold_by(request.user, org)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "trade/orders.html", {"page": page, "firm": firm})


@login_required
@require_GET
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order: where it stands, what may be done, where its money is."""
    return _order(request, selectors.get_visible(request.user, number), {})


def _form(name: str, row: Any, sent: Any = None) -> Any:
    """One of the small forms of an order, as sent or as first shown."""
    if name == "ship":
        return ShipForm(sent, prefix=name)
    if name == "call_off":
        return ReasonForm(sent, prefix=name)
    first = {"amount_minor": selectors.refundable(row).minor}
    return RefundForm(sent, prefix=name, initial=first, currency=row.currency)


def _order(request: HttpRequest, row: Any, bound: dict[str, Any]) -> HttpResponse:
    steps = selectors.steps_for(request.user, row)
    forms = {f"{name}_form": bound.get(name) or _form(name, row) for name in FORMS}
    context = {
        "order": row,
        "lines": row.lines.order_by("pk"),
        "shipments": row.shipments.order_by("pk"),
        "refunds": selectors.refunds_of(row),
        "held": selectors.held(row),
        "steps": steps,
        "dispute": selectors.dispute_of_order(row),
        **forms,
    }
    status = next((form.status for form in bound.values()), 200)
    return render(request, "trade/order.html", context, status)


@login_required
@require_POST
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """To the provider's cashier."""
    row = selectors.get_visible(request.user, number)
    back = reverse("trade:order", args=[number])
    try:
        payment = services.start(request.user, row.pk, services.default_provider(), back)
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(back)
    return redirect(payment.pay_url)


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


@login_required
@require_POST
def answer(request: HttpRequest, number: str, refund_id: int, action: str) -> HttpResponse:
    """The seller answers a refund, or the buyer takes it back."""
    row = selectors.get_visible(request.user, number)
    said = request.POST.get("answer", "").strip()
    known: dict[str, Callable[[], Any]] = {
        "agree": lambda: services.agree(request.user, refund_id, said),
        "refuse": lambda: services.refuse(request.user, refund_id, said),
        "goods": lambda: services.take_goods_back(request.user, refund_id),
        "withdraw": lambda: services.withdraw(request.user, refund_id),
    }
    if action not in known or refund_id not in {r.pk for r in selectors.refunds_of(row)}:
        raise NotFound
    act(request, known[action])
    return redirect("trade:order", number)


def act(request: HttpRequest, action: Callable[[], Any]) -> None:
    """Do it and say so; a refusal is told on the page that follows."""
    try:
        action()
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已办理。"))
