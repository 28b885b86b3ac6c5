"""Leads and the funnel of a booth."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from haishi.expo import desks, selectors, services
from haishi.expo.errors import TierForbids
from haishi.expo.forms.contacts import LeadForm, ScanForm
from haishi.expo.states import LeadSource
from haishi.expo.views.frame import exhibitor_page, organiser_page, sent
from haishi.foundation import sheets
from haishi.foundation.errors import NotFound

PER_PAGE, TOP = 40, 20


@login_required
def leads(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """The booth's leads; scan a badge to add one."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id)
    form = ScanForm(sent(request))
    if request.method == "POST" and (
        lead := form.apply(services.scan_badge, request.user, exhibitor.pk)
    ):
        messages.success(request, _("已加入线索。"))
        return redirect("expo:lead", exhibitor.pk, lead.pk)
    filters = _filters(request)
    rows = selectors.leads_of(exhibitor, **filters)
    context = {
        "form": form,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "sources": LeadSource.choices,
        "stars": range(1, 6),
        "may_export": exhibitor.tier.may_export_leads,
    }
    return exhibitor_page(
        request, exhibitor, "leads", "expo/leads/leads.html", context, form.status
    )


def _filters(request: HttpRequest) -> dict[str, Any]:
    rating = request.GET.get("rating", "")
    source = request.GET.get("source", "")
    return {
        "rating": int(rating) if rating in "12345" and rating else 0,
        "source": source if source in LeadSource.values else "",
        "query": request.GET.get("q", "").strip()[:60],
    }


@login_required
def leads_table(request: HttpRequest, exhibitor_id: int, form: str) -> Any:
    """The leads as a table, where the tier includes it."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id)
    if form not in ("csv", "xlsx"):
        raise NotFound
    if not exhibitor.tier.may_export_leads:
        raise TierForbids(what=_("导出线索"))
    header = [
        _("姓名"),
        _("职务"),
        _("单位"),
        _("电话"),
        _("邮箱"),
        _("来源"),
        _("评级"),
        _("负责人"),
        _("时间"),
    ]
    rows = selectors.lead_sheet(selectors.leads_of(exhibitor))
    return sheets.table_response(form, "leads", header, rows)


@login_required
def lead(request: HttpRequest, exhibitor_id: int, lead_id: int) -> HttpResponse:
    """One lead: card while granted, rating, notes."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id)
    row = selectors.get_lead(request.user, lead_id)
    if row.exhibitor_id != exhibitor.pk:
        raise NotFound
    known = {"rating": row.rating, "owner_id": row.owner_id}
    form = LeadForm(sent(request), people=selectors.colleagues(exhibitor), initial=known)
    if request.method == "POST" and form.apply(services.update_lead, request.user, row.pk):
        messages.success(request, _("线索已更新。"))
        return redirect("expo:lead", exhibitor.pk, row.pk)
    context = {
        "form": form,
        "lead": row,
        "card": selectors.lead_contact(row),
        "notes": selectors.lead_notes(row),
    }
    return exhibitor_page(request, exhibitor, "leads", "expo/leads/lead.html", context, form.status)


@login_required
def funnel_page(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """View → card → enquiry → answered, by day and beside the hall."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id)
    context = {
        "funnel": selectors.funnel_of_booth(exhibitor),
        "exhibits": selectors.exhibit_outcomes(exhibitor)[:TOP],
    }
    return exhibitor_page(request, exhibitor, "funnel", "expo/leads/funnel.html", context)


@login_required
def funnel_table(request: HttpRequest, exhibitor_id: int, form: str) -> Any:
    """What came of each exhibit, as a table."""
    exhibitor = desks.exhibitor_desk(request.user, exhibitor_id)
    if form not in ("csv", "xlsx"):
        raise NotFound
    header, lines = selectors.exhibit_sheet(exhibitor)
    return sheets.table_response(form, f"funnel-{exhibitor.pk}", header, lines)


@login_required
def outcome(request: HttpRequest, edition: str) -> HttpResponse:
    """Registered → entered → cards → enquiries → answered, and who is asked most."""
    row = desks.organiser_desk(request.user, edition)
    context = {
        "outcome": selectors.outcome(row),
        "booths": selectors.booth_outcomes(row)[:TOP],
    }
    return organiser_page(request, row, "outcome", "expo/leads/outcome.html", context)


@login_required
def outcome_table(request: HttpRequest, edition: str, what: str, form: str) -> Any:
    """The same by day, or for every booth, as a table."""
    row = desks.organiser_desk(request.user, edition)
    if form not in ("csv", "xlsx") or what not in ("days", "booths"):
        raise NotFound
    header, lines = selectors.outcome_sheet(row, what)
    return sheets.table_response(form, f"{edition}-{what}", header, lines)
