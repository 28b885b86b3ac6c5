"""Comparing, awarding, approving."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation.errors import Conflict
from haishi.foundation.sheets import table_response
from haishi.sourcing import selectors, services
from haishi.sourcing.forms import AwardForm, MarksForm, RateForm
from haishi.sourcing.states import AwardState, RfqState
from haishi.sourcing.views.frame import page, sent


@login_required
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Bidders × lines × criteria; the buyer's marks."""
    rfq = selectors.get_own(request.user, slug)
    shown = selectors.comparison(rfq)
    form = MarksForm(sent(request), page=shown)
    if request.method == "POST" and form.apply(services.mark, request.user, rfq.pk) is not None:
        messages.success(request, _("评分已保存。"))
        return redirect("sourcing:compare", slug)
    return _compare(request, rfq, shown, form, None)


def _compare(request: HttpRequest, rfq: Any, shown: Any, form: Any, rate: Any) -> HttpResponse:
    judging = rfq.state == RfqState.CLOSED
    context = {
        "rfq": rfq,
        "shown": shown,
        "form": form if judging and shown.judged else None,
        "rate_form": rate or (RateForm(missing=shown.missing) if shown.missing else None),
        "judging": judging,
        "award": selectors.award_of(rfq),
    }
    status = max(form.status, rate.status if rate else 200)
    return page(request, "mine", "desk/compare", context, status)


@login_required
@require_GET
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The comparison as CSV or XLSX."""
    rfq = selectors.get_own(request.user, slug)
    header, lines = selectors.comparison_sheet(rfq)
    answer: HttpResponse = table_response(request.GET.get("as", "csv"), rfq.slug, header, lines)
    return answer


@login_required
@require_POST
def rate(request: HttpRequest, slug: str) -> HttpResponse:
    """Freeze a rate that the installation's table lacks."""
    rfq = selectors.get_own(request.user, slug)
    shown = selectors.comparison(rfq)
    form = RateForm(request.POST, missing=shown.missing)
    if form.apply(services.freeze_rate, request.user, rfq.pk) is None:
        return _compare(request, rfq, shown, MarksForm(page=shown), form)
    messages.success(request, _("汇率已冻结。"))
    return redirect("sourcing:compare", slug)


@login_required
def award(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose winners and milestones, or look at what waits for approval."""
    rfq = selectors.get_own(request.user, slug)
    known = selectors.award_of(rfq)
    if known is not None and known.state in (AwardState.AWAITING, AwardState.ISSUED):
        return _award(request, rfq, known)
    if rfq.state != RfqState.CLOSED:
        raise Conflict
    shown = selectors.comparison(rfq)
    form = AwardForm(sent(request), page=shown)

    def decide(**values: Any) -> int:
        return services.award(request.user, rfq.pk, **values).pk

    scope = f"sourcing.award:{request.user.pk}:{rfq.pk}"
    if request.method == "POST" and form.apply_once(scope, decide):
        messages.success(request, _("定标已记录。"))
        return redirect("sourcing:award", slug)
    context = {"rfq": rfq, "shown": shown, "form": form}
    return page(request, "mine", "desk/award", context, form.status)


def _award(request: HttpRequest, rfq: Any, row: Any) -> HttpResponse:
    decision = selectors.decision(rfq, row)
    context = {"rfq": rfq, "award": row, "decision": decision}
    return page(request, "mine", "desk/awarded", context)
