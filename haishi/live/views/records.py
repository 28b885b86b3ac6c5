"""What remains: chapters, captions, the replay, the report; the route of a walk."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation import sheets
from haishi.foundation.errors import NotFound
from haishi.live import selectors, services
from haishi.live.forms import CaptionFileForm, ChapterForm, RouteForm, StationForm
from haishi.live.views.console import frame
from haishi.live.views.desk import act, desk_page, sent
from haishi.live.views.stage import things_of
from haishi.live.views.viewing import viewer_of


def _records(request: HttpRequest, session: Any, **forms: Any) -> HttpResponse:
    whole = {"chapter_form": ChapterForm(), "caption_form": CaptionFileForm(), **forms}
    parts = selectors.recordings_of(session, viewer_of(request), request.get_host())
    recorded = selectors.recorded(session)
    context = {
        **frame(request, session, "records"),
        **whole,
        "parts": parts,
        "seconds": sum(part.seconds for part in parts),
        "chapters": [
            (row, selectors.second_of(recorded, row.at)) for row in selectors.chapters_of(session)
        ],
        "languages": selectors.caption_languages(session),
    }
    return desk_page(request, "records", context, max(form.status for form in whole.values()))


@login_required
@require_GET
def records(request: HttpRequest, public_id: str) -> HttpResponse:
    """The recording and what goes with it."""
    return _records(request, selectors.get_for_host(request.user, public_id))


@login_required
@require_POST
def add_chapter(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more chapter."""
    session = selectors.get_for_host(request.user, public_id)
    form = ChapterForm(request.POST)
    if form.apply(services.add_chapter, request.user, session.pk):
        messages.success(request, _("章节已添加。"))
        return redirect("live:records", public_id)
    return _records(request, session, chapter_form=form)


@login_required
@require_POST
def remove_chapter(request: HttpRequest, public_id: str, chapter_id: int) -> HttpResponse:
    """One chapter less."""
    session = selectors.get_for_host(request.user, public_id)
    target = reverse("live:records", args=[public_id])
    done = _("章节已删除。")
    return act(
        request, lambda: services.remove_chapter(request.user, session.pk, chapter_id), done, target
    )


@login_required
@require_POST
def upload_captions(request: HttpRequest, public_id: str) -> HttpResponse:
    """A WebVTT file."""
    session = selectors.get_for_host(request.user, public_id)
    form = CaptionFileForm(request.POST, request.FILES)
    if form.apply(services.upload_captions, request.user, session.pk):
        messages.success(request, _("字幕已上传。"))
        return redirect("live:records", public_id)
    return _records(request, session, caption_form=form)


@login_required
@require_GET
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Viewers and what they did."""
    session = selectors.get_for_host(request.user, public_id)
    context = {**frame(request, session, "report"), "report": selectors.report_of(session)}
    return desk_page(request, "report", context)


@login_required
@require_GET
def report_file(request: HttpRequest, public_id: str, form: str) -> HttpResponse:
    """The same by minute, as CSV or XLSX."""
    if form not in ("csv", "xlsx"):
        raise NotFound
    session = selectors.get_for_host(request.user, public_id)
    header, rows = selectors.report_sheet(session)
    answer: HttpResponse = sheets.table_response(form, f"live-{public_id}", header, rows)
    return answer


def _route(request: HttpRequest, session: Any, **forms: Any) -> HttpResponse:
    whole = {"route_form": RouteForm(), "station_form": StationForm(things=things_of(session))}
    whole |= forms
    context = {
        **frame(request, session, "route"),
        **whole,
        "route": selectors.route_of(session),
    }
    return desk_page(request, "route", context, max(form.status for form in whole.values()))


@login_required
def route(request: HttpRequest, public_id: str) -> HttpResponse:
    """The way of a walk; a POST takes a GPX file."""
    session = selectors.get_for_host(request.user, public_id)
    if request.method != "POST":
        return _route(request, session)
    form = RouteForm(request.POST, request.FILES)
    if form.apply(services.set_route, request.user, session.pk):
        messages.success(request, _("路线已保存。"))
        return redirect("live:route", public_id)
    return _route(request, session, route_form=form)


@login_required
@require_POST
def add_station(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more stop."""
    session = selectors.get_for_host(request.user, public_id)
    form = StationForm(request.POST, things=things_of(session))
    if form.apply(services.add_station, request.user, session.pk):
        messages.success(request, _("站点已添加。"))
        return redirect("live:route", public_id)
    return _route(request, session, station_form=form)


@login_required
def station(request: HttpRequest, public_id: str, station_id: int) -> HttpResponse:
    """Change a stop."""
    session = selectors.get_for_host(request.user, public_id)
    found = [row for row in selectors.station_rows(session) if row.pk == station_id]
    if not found:
        raise NotFound
    row = found[0]
    initial = {
        name: getattr(row, name) for name in ("name", "name_en", "latitude", "longitude")
    } | {
        "thing": f"{row.kind}:{row.object_id}" if row.kind else "",
        "minutes": None if row.after_seconds is None else row.after_seconds // 60,
    }
    form = StationForm(sent(request), initial=initial, things=things_of(session))
    saved = request.method == "POST" and form.apply(
        services.edit_station, request.user, session.pk, station_id
    )
    if saved:
        messages.success(request, _("站点已保存。"))
        return redirect("live:route", public_id)
    context = {**frame(request, session, "route"), "form": form, "station": row}
    return desk_page(request, "station", context, form.status)


@login_required
@require_POST
def remove_station(request: HttpRequest, public_id: str, station_id: int) -> HttpResponse:
    """One stop less."""
    session = selectors.get_for_host(request.user, public_id)
    target = reverse("live:route", args=[public_id])
    done = _("站点已删除。")
    return act(
        request, lambda: services.remove_station(request.user, session.pk, station_id), done, target
    )
