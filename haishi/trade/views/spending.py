"""What people may spend for a firm, and what waits for an approval."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation.errors import NotFound
from haishi.parties import selectors as parties
from haishi.trade import selectors, services
from haishi.trade.forms import DecisionForm, LimitForm
from haishi.trade.views.orders import PER_PAGE, act, render


@login_required
@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """Wishes of colleagues that wait for this person, and the person's own."""
    mine = request.GET.get("of") == "mine"
    rows = selectors.approvals_asked_by if mine else selectors.approvals_for
    page = Paginator(rows(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return _list(request, page, mine)


def _list(request: HttpRequest, page: Any, mine: bool, form: Any = None) -> HttpResponse:
    context = {
        "page": page,
        "mine": mine,
        "form": form,
        "waiting": selectors.approvals_waiting(request.user),
        "tabs": [
            {"label": _("待我审批"), "url": "?", "current": not mine},
            {"label": _("我提出的"), "url": "?of=mine", "current": mine},
        ],
    }
    return render(request, "trade/spending/approvals.html", context)


@login_required
def approval(request: HttpRequest, approval_id: int) -> HttpResponse:
    """One wish: what it is for, why it waits, what may be answered."""
    row = selectors.get_approval(request.user, approval_id)
    return _approval(request, row, DecisionForm())


def _approval(request: HttpRequest, row: Any, form: DecisionForm) -> HttpResponse:
    verdict = selectors.spend_verdict(request.user, row.organisation_id, row.amount)
    answers = row.state == "waiting" and row.person_id != request.user.pk
    manages = row.organisation_id in parties.managed_by(request.user)
    context = {
        "approval": row,
        "form": form,
        "answers": answers and manages,
        "too_low": "" if verdict.allowed else verdict.reason,
        "withdraws": row.state == "waiting" and row.person_id == request.user.pk,
    }
    return render(request, "trade/spending/approval.html", context, form.status)


@login_required
@require_POST
def decide(request: HttpRequest, approval_id: int, action: str) -> HttpResponse:
    """Approve, refuse with a reason, or withdraw one's own wish."""
    row = selectors.get_approval(request.user, approval_id)
    if action == "refuse":
        form = DecisionForm(request.POST)
        if form.apply(services.refuse_spending, request.user, row.pk) is None:
            return _approval(request, row, form)
        messages.success(request, _("已答复，对方会收到理由。"))
        return redirect("trade:approval", row.pk)
    plain: dict[str, Callable[..., Any]] = {
        "approve": services.approve_spending,
        "withdraw": services.withdraw_spending,
    }
    if action not in plain:
        raise NotFound
    act(request, lambda: plain[action](request.user, row.pk))
    return redirect("trade:approval", row.pk)


@login_required
def limits(request: HttpRequest, org: str) -> HttpResponse:
    """What people of a firm may spend without asking; its owners set it."""
    firm, rows, owns = selectors.get_limits(request.user, org)
    people = [(row.person_id, str(row.person)) for row in parties.members(firm.pk)]
    form = LimitForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        services.set_limit(request.user, firm.pk, **form.values())
        messages.success(request, _("额度已保存。"))
        return redirect("trade:limits", org)
    context = {
        "firm": firm,
        "limits": rows,
        "owns": owns,
        "form": form,
        "spent": selectors.spent_by_people(firm.pk),
    }
    return render(request, "trade/spending/limits.html", context, form.status)
