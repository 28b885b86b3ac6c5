"""The organiser's work with exhibitors: queue, list, one firm, tables in and out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo import desks, policies, selectors, services
from haishi.expo.forms.exhibitors import SORTS, ApproveForm, PlaceForm, ReasonForm, TierChoiceForm
from haishi.expo.forms.floor import ImportForm
from haishi.expo.states import ExhibitorState
from haishi.expo.views.frame import organiser_page
from haishi.foundation import sheets
from haishi.foundation.errors import Invalid, NotFound

PER_PAGE = 50
LISTED = [state for state in ExhibitorState if state != ExhibitorState.DRAFT]


def _filters(request: HttpRequest) -> selectors.Filters:
    def number(name: str) -> int | None:
        value = request.GET.get(name, "")
        return int(value) if value.isdecimal() and len(value) < 18 else None

    state, lack = request.GET.get("state", ""), request.GET.get("lack", "")
    return selectors.Filters(
        query=request.GET.get("q", "").strip()[:80],
        state=state if state in LISTED else "",
        tier=number("tier"),
        hall=number("hall"),
        sort=request.GET.get("sort", ""),
        lack=lack if lack in ("incomplete", "unplaced", "silent", "waiting") else "",
    )


@login_required
@require_GET
def queue(request: HttpRequest, edition: str) -> HttpResponse:
    """Applications that wait, longest waiting first."""
    row = desks.organiser_desk(request.user, edition, policies.can_review)
    filters = _filters(request)
    rows = selectors.review_queue(request.user, row, filters)
    context = _list_context(request, row, rows, filters)
    return organiser_page(request, row, "queue", "expo/floor/queue.html", context, part="list")


def _list_context(
    request: HttpRequest, edition: Any, rows: Any, filters: selectors.Filters
) -> dict[str, Any]:
    return {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "tiers": selectors.tiers_of(edition),
        "halls": selectors.halls_of(edition),
        "states": LISTED,
        "sorts": SORTS,
    }


@login_required
@require_GET
def exhibitors(request: HttpRequest, edition: str) -> HttpResponse:
    """All firms of an edition."""
    row = desks.organiser_desk(request.user, edition)
    filters = _filters(request)
    rows = selectors.exhibitor_rows(request.user, row, filters)
    context = _list_context(request, row, rows, filters)
    return organiser_page(
        request, row, "exhibitors", "expo/floor/exhibitors.html", context, part="list"
    )


@login_required
@require_GET
def export(request: HttpRequest, edition: str, form: str) -> Any:
    """The list as it is filtered, as CSV or XLSX."""
    row = desks.organiser_desk(request.user, edition)
    if form not in ("csv", "xlsx"):
        raise NotFound
    rows = selectors.exhibitor_rows(request.user, row, _filters(request))
    header, lines = selectors.exhibitor_sheet(rows)
    return sheets.table_response(form, f"{edition}-exhibitors", header, lines)


@login_required
@require_GET
def export_booths(request: HttpRequest, edition: str, form: str) -> Any:
    """All booths of all halls, in the form the import takes."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    if form not in ("csv", "xlsx"):
        raise NotFound
    header, lines = selectors.booth_sheet(row)
    return sheets.table_response(form, f"{edition}-booths", header, lines)


DESK = {"booths": "halls", "exhibitors": "exhibitors", "sessions": "timetable"}


def import_page(request: HttpRequest, row: Any, what: str, action: Any, back: str) -> HttpResponse:
    """The page that takes a table of `what`, with all its bad lines; then back to the desk."""
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    bad: list[Any] = []
    if posted and form.is_valid():
        try:
            count = action(request.user, row.pk, form.cleaned_data["file"].read())
        except sheets.BadSheet as error:
            bad = error.lines
            form.add_error("file", _("有 %(n)d 行需要改正，尚未导入任何内容。") % {"n": len(bad)})
        except Invalid as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("已导入 %(n)d 行。") % {"n": count})
            return redirect(back, row.slug)
    context = {"form": form, "bad": bad, "what": what, "back": back}
    return organiser_page(request, row, DESK[what], "expo/floor/import.html", context, form.status)


@login_required
def import_exhibitors(request: HttpRequest, edition: str) -> HttpResponse:
    """Firms from a table: all lines or none."""
    row = desks.organiser_desk(request.user, edition, policies.can_review)
    return import_page(request, row, "exhibitors", services.import_exhibitors, "expo:exhibitors")


@login_required
def import_booths(request: HttpRequest, edition: str) -> HttpResponse:
    """Booths from a table: all lines or none."""
    row = desks.organiser_desk(request.user, edition, policies.can_run)
    return import_page(request, row, "booths", services.import_booths, "expo:halls")


@login_required
@require_GET
def review(request: HttpRequest, edition: str, exhibitor_id: int) -> HttpResponse:
    """One firm: what it asks for, what it was told, what may be decided."""
    row, exhibitor = _firm(request, edition, exhibitor_id)
    return _review_page(request, row, exhibitor)


def _firm(request: HttpRequest, edition: str, exhibitor_id: int) -> tuple[Any, Any]:
    row = desks.organiser_desk(request.user, edition)
    exhibitor = selectors.get_exhibitor(request.user, exhibitor_id)
    if exhibitor.edition_id != row.pk or exhibitor.state == ExhibitorState.DRAFT:
        raise NotFound
    return row, exhibitor


def _review_page(
    request: HttpRequest, row: Any, exhibitor: Any, status: int = 200, **forms: Any
) -> HttpResponse:
    booths = selectors.free_booths(row, keep=exhibitor.booth_id)
    tiers = selectors.tiers_of(row)
    start = {"tier_id": exhibitor.tier_id, "booth_id": exhibitor.booth_id}
    context = {
        "exhibitor": exhibitor,
        "checklist": selectors.checklist(exhibitor),
        "history": selectors.exhibitor_history(exhibitor),
        "may_review": policies.can_review(request.user, row),
        "may_moderate": policies.can_moderate(request.user, row),
        "states": ExhibitorState,
        "approve_form": ApproveForm(
            tiers=tiers, booths=booths, initial=start, auto_id="approve_%s"
        ),
        "return_form": ReasonForm(auto_id="return_%s"),
        "suspend_form": ReasonForm(with_templates=False, auto_id="suspend_%s"),
        "place_form": PlaceForm(booths=booths, initial=start, auto_id="place_%s"),
        "tier_form": TierChoiceForm(tiers=tiers, initial=start, auto_id="tier_%s"),
        **forms,
    }
    return organiser_page(request, row, "exhibitors", "expo/floor/review.html", context, status)


@login_required
@require_POST
def decide(request: HttpRequest, edition: str, exhibitor_id: int, action: str) -> HttpResponse:
    """approve, return, suspend, reinstate, place or tier: each its own form on the firm's page."""
    row, exhibitor = _firm(request, edition, exhibitor_id)
    if action == "reinstate":
        services.reinstate(request.user, exhibitor.pk)
        messages.success(request, _("展位已恢复展示。"))
        return redirect("expo:review", edition, exhibitor.pk)
    name, form, work, words = _decision(request, row, exhibitor, action)
    if form.apply(work, request.user, exhibitor.pk):
        messages.success(request, words)
        if action in ("approve", "return"):
            return redirect("expo:queue", edition)
        return redirect("expo:review", edition, exhibitor.pk)
    exhibitor = selectors.get_exhibitor(request.user, exhibitor_id)
    return _review_page(request, row, exhibitor, form.status, **{name: form})


def _decision(
    request: HttpRequest, row: Any, exhibitor: Any, action: str
) -> tuple[str, Any, Any, str]:
    """(name in the page, bound form, service, words of success)."""
    typed = request.POST
    booths = selectors.free_booths(row, keep=exhibitor.booth_id)
    tiers = selectors.tiers_of(row)
    if action == "approve":
        form: Any = ApproveForm(typed, tiers=tiers, booths=booths, auto_id="approve_%s")
        return "approve_form", form, services.approve, _("申请已通过，对方会收到消息。")
    if action == "return":
        form = ReasonForm(typed, auto_id="return_%s")
        return "return_form", form, services.return_, _("申请已退回，对方会看到原因。")
    if action == "suspend":
        form = ReasonForm(typed, with_templates=False, auto_id="suspend_%s")
        return "suspend_form", form, services.suspend, _("展位已暂停展示。")
    if action == "place":
        form = PlaceForm(typed, booths=booths, auto_id="place_%s")
        return "place_form", form, services.assign_booth, _("展位已更新。")
    if action == "tier":
        form = TierChoiceForm(typed, tiers=tiers, auto_id="tier_%s")
        return "tier_form", form, services.change_tier, _("参展级别已更新。")
    raise NotFound
