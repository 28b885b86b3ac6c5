"""The bidder's desk: quote, look, compare one's versions, withdraw, share with partners."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation import clock
from haishi.foundation.errors import Forbidden, NotFound
from haishi.sourcing import selectors, services
from haishi.sourcing.forms import QuotationForm, SplitForm
from haishi.sourcing.states import RfqState
from haishi.sourcing.views.frame import act, files, page, sent


@login_required
@require_GET
def bids(request: HttpRequest) -> HttpResponse:
    """What my firms offered, and what they are asked for."""
    context = {
        "page": selectors.my_quotations(request.user, request.GET.get("page", "1")),
        "invitations": selectors.invited_to(request.user),
    }
    return page(request, "bids", "bids/mine", context)


@login_required
def quote(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand in a quotation or its next version, for one of my firms."""
    rfq = selectors.get_rfq(request.user, slug)
    if rfq.state == RfqState.DRAFT:
        raise NotFound
    firms = selectors.bidding_firms(request.user, rfq)
    if not firms:
        raise Forbidden
    wanted = request.GET.get("firm", "")
    firm = next((each for each in firms if each.slug == wanted), firms[0])
    known, offer = selectors.own_quotation(request.user, rfq, firm.pk)
    lines = list(rfq.lines.order_by("number"))
    form = QuotationForm(
        sent(request), files(request), actor=request.user, firm_id=firm.pk, rfq=rfq, lines=lines,
        offer=offer,
    )  # fmt: skip

    def send(**values: Any) -> int:
        return services.quote(request.user, rfq.pk, firm.pk, **values).quotation_id

    scope = f"sourcing.quote:{request.user.pk}:{firm.pk}"
    pk = form.apply_once(scope, send) if request.method == "POST" else None
    if pk:
        messages.success(request, _("报价已提交。截止前可以修改或撤回。"))
        return redirect("sourcing:quotation", pk)
    context = {"rfq": rfq, "form": form, "firm": firm, "firms": firms, "known": known}
    context["now"] = clock.now()
    return page(request, "bids", "bids/quote", context, form.status)


@login_required
@require_GET
def quotation(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """A quotation as its bidder or its buyer may see it."""
    number = request.GET.get("version", "")
    shown = selectors.quotation_page(request.user, quotation_id, number)
    current = "bids" if shown.bidder else "mine"
    context = {"shown": shown, "rfq": shown.rfq, "now": clock.now()}
    return page(request, current, "bids/quotation", context)


@login_required
@require_GET
def changes(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """Two versions, field by field and line by line."""
    before, after = request.GET.get("from", ""), request.GET.get("to", "")
    shown, older, rows = selectors.diff_page(request.user, quotation_id, before, after)
    context = {"shown": shown, "rfq": shown.rfq, "older": older, "rows": rows}
    return page(request, "bids" if shown.bidder else "mine", "bids/changes", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """Take a quotation back."""
    row = selectors.get_quotation(request.user, quotation_id)
    target = reverse("sourcing:quotation", args=[row.pk])
    done = _("报价已撤回，对方看不到它了。")
    return act(request, lambda: services.withdraw(request.user, row.pk), done, target)


@login_required
def split(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """Name partners and their shares, before the contract is drawn up."""
    row = selectors.get_winner(request.user, quotation_id)
    form = SplitForm(sent(request), bidder=row.quotation.bidder)
    if request.method == "POST" and form.apply(services.name_partners, request.user, row.pk):
        messages.success(request, _("分账方案已确定，正在起草合同。"))
        return redirect("sourcing:quotation", quotation_id)
    context = {"winner": row, "form": form, "rfq": row.quotation.rfq}
    return page(request, "bids", "bids/split", context, form.status)
