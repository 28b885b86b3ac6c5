"""The programme's editor."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo import desks, policies, selectors, services, timetable_pages
from haishi.expo.forms.timetable import (
    PlaceForm,
    ReleaseForm,
    SessionEditForm,
    SessionForm,
    SpeakerEditForm,
    SpeakerForm,
)
from haishi.expo.views.frame import organiser_page, sent
from haishi.expo.views.review import import_page
from haishi.foundation import sheets
from haishi.foundation.errors import NotFound


def _desk(request: HttpRequest, edition: str) -> Any:
    return desks.organiser_desk(request.user, edition, policies.can_programme)


@login_required
def timetable(request: HttpRequest, edition: str) -> HttpResponse:
    """The draft by day, what is not placed, its clashes; release it."""
    row = _desk(request, edition)
    form = ReleaseForm(sent(request))
    if request.method == "POST" and (version := form.apply(services.release, request.user, row.pk)):
        messages.success(request, _("第 %(number)s 版日程已发布。") % {"number": version.number})
        return redirect("expo:timetable", row.slug)
    context = {"form": form, "draft": timetable_pages.draft(row)}
    context["speakers"] = selectors.speakers_of(row)
    return organiser_page(
        request, row, "timetable", "expo/timetable/timetable.html", context, form.status
    )


@login_required
def speaker_new(request: HttpRequest, edition: str) -> HttpResponse:
    """Somebody who will speak."""
    row = _desk(request, edition)
    form = SpeakerForm(sent(request))
    if request.method == "POST" and form.apply(services.create_speaker, request.user, row.pk):
        messages.success(request, _("已保存。"))
        return redirect("expo:timetable", row.slug)
    context = {"form": form, "heading": _("新增嘉宾"), "back": "expo:timetable"}
    return organiser_page(
        request, row, "timetable", "expo/timetable/form.html", context, form.status
    )


@login_required
def speaker_edit(request: HttpRequest, edition: str, speaker_id: int) -> HttpResponse:
    """A speaker's name, office and words."""
    row = _desk(request, edition)
    speaker = selectors.get_draft_speaker(row, speaker_id)
    texts = [f"{name}{end}" for name in ("name", "title", "firm", "bio") for end in ("", "_en")]
    known = {name: getattr(speaker, name) for name in (*texts, "version")}
    form = SpeakerEditForm(sent(request), initial=known)
    if request.method == "POST" and form.apply(services.edit_speaker, request.user, speaker.pk):
        messages.success(request, _("已保存。"))
        return redirect("expo:timetable", row.slug)
    context = {"form": form, "heading": speaker.full_name, "back": "expo:timetable"}
    return organiser_page(
        request, row, "timetable", "expo/timetable/form.html", context, form.status
    )


def _choices(row: Any) -> dict[str, Any]:
    return {"tracks": selectors.tracks_of(row), "speakers": selectors.speakers_of(row)}


@login_required
def session_new(request: HttpRequest, edition: str) -> HttpResponse:
    """A session; placing it comes next."""
    row = _desk(request, edition)
    form = SessionForm(sent(request), **_choices(row))
    if request.method == "POST" and (
        made := form.apply(services.create_session, request.user, row.pk)
    ):
        return redirect("expo:session_edit", row.slug, made.pk)
    context = {"form": form, "heading": _("新增场次"), "back": "expo:timetable"}
    return organiser_page(
        request, row, "timetable", "expo/timetable/form.html", context, form.status
    )


@login_required
def session_edit(request: HttpRequest, edition: str, session_id: int) -> HttpResponse:
    """Texts and speakers, its place, whether it takes place."""
    row = _desk(request, edition)
    session = selectors.get_draft_session(row, session_id)
    placing = "stage_id" in request.POST
    form = SessionEditForm(
        None if placing else sent(request), initial=_known(session), **_choices(row)
    )
    place = PlaceForm(
        sent(request) if placing else None,
        stages=selectors.stages_of(row),
        zone=row.time_zone,
        initial=_known(session),
        auto_id="place_%s",
    )
    used, service = (place, services.place) if placing else (form, services.edit_session)
    if request.method == "POST" and used.apply(service, request.user, session.pk):
        messages.success(request, _("已保存。"))
        return redirect("expo:session_edit", row.slug, session.pk)
    context = {
        "form": form,
        "place": place,
        "session": session,
        "clashes": timetable_pages.clashes_of(row, session.pk),
    }
    status = max(form.status, place.status)
    return organiser_page(request, row, "timetable", "expo/timetable/session.html", context, status)


def _known(session: Any) -> dict[str, Any]:
    texts = ("title", "title_en", "kind", "track_id", "language", "abstract", "abstract_en")
    known = {name: getattr(session, name) for name in (*texts, "version", "stage_id", "starts_at")}
    if session.starts_at and session.ends_at:
        known["minutes"] = int((session.ends_at - session.starts_at).total_seconds() // 60)
    known["speakers"] = selectors.speaker_ids(session)
    return known


@login_required
@require_POST
def session_decide(
    request: HttpRequest, edition: str, session_id: int, action: str
) -> HttpResponse:
    """Confirm, cancel or restore."""
    row = _desk(request, edition)
    session = selectors.get_draft_session(row, session_id)
    services.decide(request.user, session.pk, action)
    return redirect("expo:session_edit", row.slug, session.pk)


@login_required
@require_GET
def export_sessions(request: HttpRequest, edition: str, form: str) -> Any:
    """The draft, in the form the import takes."""
    row = _desk(request, edition)
    if form not in ("csv", "xlsx"):
        raise NotFound
    header, lines = selectors.session_sheet(row)
    return sheets.table_response(form, f"{edition}-sessions", header, lines)


@login_required
def import_sessions(request: HttpRequest, edition: str) -> HttpResponse:
    """Sessions from a table: all lines or none."""
    return import_page(
        request, _desk(request, edition), "sessions", services.import_sessions, "expo:timetable"
    )
