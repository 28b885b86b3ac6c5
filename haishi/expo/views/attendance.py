"""Registration, badges, gates."""

import datetime as dt
import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haishi.expo import desks, policies, selectors, services
from haishi.expo.forms.attendance import BadgeForm, ConsentForm, GateForm, RegisterForm
from haishi.expo.services import Entry
from haishi.expo.states import VisitorKind
from haishi.expo.views.frame import organiser_page, sent, visitor_page
from haishi.foundation import clock, qr, sheets
from haishi.foundation.errors import Invalid, NotFound

PER_PAGE = 50


@login_required
def register(request: HttpRequest, edition: str) -> HttpResponse:
    """Register; who is registered sees the badge."""
    row = selectors.get_edition(request.user, edition)
    if request.method == "GET" and selectors.registration_of(request.user, row):
        return redirect("expo:badge", row.slug)
    form = RegisterForm(sent(request))
    if request.method == "POST" and form.apply(services.register, request.user, row.slug):
        messages.success(request, _("登记好了，这是你的胸牌。"))
        return redirect("expo:badge", row.slug)
    context = {"form": form, "edition": row}
    return render(request, "expo/attendance/register.html", context, status=form.status)


@login_required
def badges(request: HttpRequest) -> HttpResponse:
    """All my badges."""
    context = {"badges": selectors.badges_of(request.user), "current": selectors.current_edition()}
    return visitor_page(request, "badges", "expo/attendance/badges.html", context)


@login_required
def badge(request: HttpRequest, edition: str) -> HttpResponse:
    """My badge, to show and to print."""
    row = selectors.get_edition(request.user, edition)
    registration = selectors.registration_of(request.user, row)
    if registration is None:
        raise NotFound
    form = ConsentForm(sent(request), initial={"shares_card": registration.shares_card})
    if request.method == "POST" and form.apply(services.share_card, request.user, row.slug):
        messages.success(request, _("已保存。"))
        return redirect("expo:badge", row.slug)
    code = qr.svg(selectors.badge_token(registration.code), _("胸牌二维码"), scale=6)
    context = {"registration": registration, "edition": row, "qr": code, "form": form}
    return visitor_page(request, "badges", "expo/attendance/badge.html", context, form.status)


@login_required
@require_POST
def cancel(request: HttpRequest, edition: str) -> HttpResponse:
    """No longer come."""
    services.cancel_registration(request.user, edition)
    messages.success(request, _("登记已取消，胸牌不再有效。"))
    return redirect("expo:badges")


@login_required
def registrations(request: HttpRequest, edition: str) -> Any:
    """Who registered, as a page or a table."""
    row = desks.organiser_desk(request.user, edition)
    filters = selectors.RegistrationFilters(
        query=request.GET.get("q", "").strip()[:60], kind=request.GET.get("kind", "")
    )
    rows = selectors.registrations(row, filters)
    form = request.GET.get("as", "")
    if form in ("csv", "xlsx"):
        header = [
            _("编号"),
            _("姓名"),
            _("身份"),
            _("单位"),
            _("职务"),
            _("登记时间"),
            _("入场次数"),
            _("取消时间"),
        ]
        return sheets.table_response(
            form, "registrations", header, selectors.registration_sheet(rows)
        )
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "kinds": VisitorKind.choices,
        "gates": selectors.checkin_lists(row),
    }
    return organiser_page(
        request, row, "registrations", "expo/attendance/registrations.html", context
    )


@login_required
def gates(request: HttpRequest, edition: str) -> HttpResponse:
    """Gates; add one."""
    row = desks.organiser_desk(request.user, edition, policies.can_review)
    form = GateForm(sent(request))
    if request.method == "POST" and form.apply(services.add_checkin_list, request.user, row.pk):
        return redirect("expo:gates", row.slug)
    context = {"form": form, "gates": selectors.checkin_lists(row)}
    return organiser_page(request, row, "gates", "expo/attendance/gates.html", context, form.status)


@login_required
def gate_edit(request: HttpRequest, edition: str, list_id: int) -> HttpResponse:
    """Rename a gate, or remove one that nobody passed."""
    row = desks.organiser_desk(request.user, edition, policies.can_review)
    found = _gate(request, row, list_id)
    form = GateForm(sent(request), initial={"name": found.name, "name_en": found.name_en})
    if request.method == "POST" and form.apply(
        services.rename_checkin_list, request.user, found.pk
    ):
        messages.success(request, _("已保存。"))
        return redirect("expo:gates", row.slug)
    context = {"form": form, "gate": found}
    return organiser_page(
        request, row, "gates", "expo/attendance/gate_edit.html", context, form.status
    )


@login_required
@require_POST
def gate_remove(request: HttpRequest, edition: str, list_id: int) -> HttpResponse:
    """Remove a gate that nobody passed."""
    row = desks.organiser_desk(request.user, edition, policies.can_review)
    services.remove_checkin_list(request.user, _gate(request, row, list_id).pk)
    messages.success(request, _("签到口已删除。"))
    return redirect("expo:gates", row.slug)


def _gate(request: HttpRequest, edition: Any, list_id: int) -> Any:
    found = selectors.get_checkin_list(request.user, list_id)
    if found.edition_id != edition.pk:
        raise NotFound
    return found


@login_required
def gate(request: HttpRequest, edition: str, list_id: int) -> HttpResponse:
    """A gate at work: type or scan badges; the island goes on without a network."""
    row = desks.organiser_desk(request.user, edition)
    found = _gate(request, row, list_id)
    form, answer = BadgeForm(sent(request)), None
    if request.method == "POST" and form.is_valid():
        entry = Entry(form.cleaned_data["badge"], clock.now(), uuid.uuid4())
        answer = services.check_in(request.user, found.pk, [entry])[0]
        form = BadgeForm()
    context = {
        "form": form,
        "gate": found,
        "answer": answer,
        "recent": selectors.recent_checkins(found),
        "count": next(g.entries for g in selectors.checkin_lists(row) if g.pk == found.pk),  # type: ignore[attr-defined]
    }
    return organiser_page(request, row, "gates", "expo/attendance/gate.html", context, form.status)


@require_safe
def gate_worker(request: HttpRequest, edition: str) -> HttpResponse:
    """The program that keeps the gates' pages on a device; it lies beside them, so it reaches no
    other page. The same for everybody: it holds nothing of the edition."""
    script = render_to_string("expo/attendance/gate_worker.js")
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@login_required
def gate_badges(request: HttpRequest, list_id: int) -> HttpResponse:
    """All valid badges of the edition, for a device that will lose its network."""
    found = selectors.get_checkin_list(request.user, list_id)
    return JsonResponse({"badges": selectors.offline_badges(found.edition)})


@login_required
@require_POST
def gate_sync(request: HttpRequest, list_id: int) -> HttpResponse:
    """Entries a device noted, as often as it sends them."""
    entries = _entries(request.body)
    answers = services.check_in(request.user, list_id, entries)
    return JsonResponse(
        {
            "answers": [
                {"key": str(a.key), "result": a.result, "name": a.name, "at": a.at, "by": a.by}
                for a in answers
            ]
        }
    )


def _entries(body: bytes) -> list[Entry]:
    """[{badge, at, key}] as entries. Raises Invalid."""
    try:
        rows = json.loads(body)["entries"]
        return [
            Entry(str(row["badge"])[:60], _moment(row["at"]), uuid.UUID(row["key"]))
            for row in rows[:500]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid(_("无法读取签到记录。")) from None


def _moment(text: str) -> dt.datetime:
    moment = parse_datetime(text)
    if moment is None or moment.tzinfo is None:
        raise ValueError(text)
    return moment
