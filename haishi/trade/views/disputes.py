"""Disputes as both sides and mediators see them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo.desks import organiser_desk, organiser_nav
from haishi.expo.selectors import can_moderate
from haishi.foundation import web
from haishi.foundation.errors import NotFound
from haishi.trade import selectors, services
from haishi.trade.forms import DecideForm, DisputeForm, EvidenceForm, OfferForm, WordsForm
from haishi.trade.views.orders import PER_PAGE, act, render

FORMS: dict[str, Any] = {
    "offer": OfferForm,
    "evidence": EvidenceForm,
    "mediate": WordsForm,
    "decide": DecideForm,
}


@login_required
@require_GET
def disputes(request: HttpRequest) -> HttpResponse:
    """Disputes of one's purchases and of one's firms' sales."""
    closed = request.GET.get("of") == "all"
    rows = selectors.disputes_of(request.user, open_only=not closed)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    tabs = [
        {"label": _("处理中"), "url": "?", "current": not closed},
        {"label": _("全部"), "url": "?of=all", "current": closed},
    ]
    return render(request, "trade/disputes/list.html", {"page": page, "tabs": tabs})


@login_required
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """What is wrong with an order, and how much of the money is claimed back."""
    order = selectors.get_claimable(request.user, number)
    form = DisputeForm(
        request.POST or None,
        request.FILES or None,
        actor=request.user,
        firm_id=None,
        currency=order.currency,
        initial={"amount_minor": selectors.held(order).minor},
    )
    if request.method == "POST":
        row = form.apply(services.open_dispute, request.user, order.pk)
        if row is not None:
            messages.success(request, _("索赔已提出，卖家会在期限内答复。"))
            return redirect("trade:dispute", row.number)
    context = {"order": order, "form": form, "held": selectors.held(order)}
    return render(request, "trade/disputes/claim.html", context, form.status)


@login_required
@require_GET
def dispute(request: HttpRequest, number: str) -> HttpResponse:
    """One dispute: the thread, the figures, what may be done, and what silence does."""
    return _dispute(request, selectors.get_dispute(request.user, number), {})


def _form(request: HttpRequest, name: str, row: Any, sent: bool = False) -> Any:
    """One of the forms of a dispute, as sent or as first shown."""
    given = (request.POST, request.FILES) if sent else (None, None)
    if name == "mediate":
        return WordsForm(given[0], prefix=name)
    side = selectors.speaks_for(request.user, row)
    return FORMS[name](
        *given,
        prefix=name,
        actor=request.user,
        firm_id=row.order.seller_id if side == "seller" else None,
        currency=row.order.currency,
    )


def _dispute(request: HttpRequest, row: Any, bound: dict[str, Any]) -> HttpResponse:
    steps = selectors.dispute_steps_for(request.user, row)
    forms = {
        f"{name}_form": bound.get(name) or _form(request, name, row)
        for name in FORMS
        if steps.get(name) or name in bound
    }
    context = {
        "dispute": row,
        "order": row.order,
        "held": selectors.held(row.order),
        "thread": selectors.thread(row),
        "steps": steps,
        "halfway": selectors.halfway(row),
        **forms,
    }
    status = next((form.status for form in bound.values()), 200)
    return render(request, "trade/disputes/dispute.html", context, status)


@login_required
@require_POST
def step(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Do what a button or a form of a dispute asks."""
    row = selectors.get_dispute(request.user, number)
    plain: dict[str, Callable[..., Any]] = {
        "accept": services.accept_offer,
        "withdraw": services.withdraw_dispute,
    }
    written: dict[str, Callable[..., Any]] = {
        "offer": services.offer,
        "evidence": services.add_evidence,
        "mediate": services.ask_mediation,
        "decide": services.decide_dispute,
    }
    if action in plain:
        act(request, lambda: plain[action](request.user, row.pk))
    elif action in written:
        form = _form(request, action, row, sent=True)
        if form.apply(written[action], request.user, row.pk) is None:
            return _dispute(request, row, {action: form})
        messages.success(request, _("已办理。"))
    else:
        raise NotFound
    return redirect("trade:dispute", number)


@login_required
@require_GET
def mediation(request: HttpRequest, edition: str) -> HttpResponse:
    """The mediators' queue of an edition, the soonest deadline first."""
    desk = organiser_desk(request.user, edition, can_moderate)
    queue = request.GET.get("queue", "")
    queue = queue if queue in selectors.QUEUES else "deciding"
    rows, counts = selectors.mediation_queue(desk, queue)
    labels = {"deciding": _("待裁决"), "evidence": _("举证中"), "decided": _("已裁决")}
    context = {
        "edition": desk,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "queue": queue,
        "tabs": [
            {
                "label": label,
                "url": f"?queue={name}",
                "current": name == queue,
                "count": counts[name],
            }
            for name, label in labels.items()
        ],
        "side_nav": organiser_nav(request.user, desk, "disputes"),
    }
    response = web.page(request, "trade/disputes/queue.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
