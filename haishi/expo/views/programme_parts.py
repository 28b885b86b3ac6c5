"""Stages and tracks of the programme: their list, one of them, its place, its end."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.expo import desks, policies, selectors, services
from haishi.expo.forms.timetable import (
    ACCENTS,
    StageEditForm,
    StageForm,
    TrackEditForm,
    TrackForm,
)
from haishi.expo.views.frame import organiser_page, sent
from haishi.foundation.forms import Form
from haishi.foundation.types import Actor

NEW: dict[str, type[Form]] = {"stage": StageForm, "track": TrackForm}
EDIT: dict[str, type[Form]] = {"stage": StageEditForm, "track": TrackEditForm}
SAVE: dict[str, Any] = {"stage": services.save_stage, "track": services.save_track}
FIELDS = {
    "stage": ("name", "name_en", "hall_id", "capacity"),
    "track": ("name", "name_en", "colour"),
}


def _desk(request: HttpRequest, edition: str) -> Any:
    return desks.organiser_desk(request.user, edition, policies.can_programme)


@login_required
@require_GET
def parts(request: HttpRequest, edition: str) -> HttpResponse:
    """All stages and tracks in their order, with how many sessions have them."""
    row = _desk(request, edition)
    tracks = selectors.programme_parts(row, "track")
    context = {
        "stages": selectors.programme_parts(row, "stage"),
        "tracks": [(track, ACCENTS[track.colour]) for track in tracks],
    }
    return organiser_page(request, row, "parts", "expo/timetable/parts.html", context)


@login_required
def part_new(request: HttpRequest, edition: str, what: str) -> HttpResponse:
    """A stage or a track, the last in the order."""
    row = _desk(request, edition)
    form = NEW[what](sent(request), edition=row)

    def create(actor: Actor, **values: Any) -> int:
        return int(SAVE[what](actor, row.pk, **values).pk)

    scope = f"expo.{what}:{row.pk}:{request.user.pk}"
    if request.method == "POST" and form.apply_once(scope, create, request.user):
        messages.success(request, _("已保存。"))
        return redirect("expo:programme_parts", row.slug)
    headings = {"stage": _("新增场地"), "track": _("新增分类")}
    context = {"form": form, "heading": headings[what], "back": "expo:programme_parts"}
    return organiser_page(request, row, "parts", "expo/timetable/form.html", context, form.status)


@login_required
def part_edit(request: HttpRequest, edition: str, what: str, part_id: int) -> HttpResponse:
    """Names in both languages; the hall and seats of a stage, the colour of a track."""
    row = _desk(request, edition)
    part = selectors.programme_part(row, what, part_id)
    known = {name: getattr(part, name) for name in (*FIELDS[what], "version")}
    form = EDIT[what](sent(request), edition=row, initial=known)
    if request.method == "POST" and form.apply(SAVE[what], request.user, row.pk, part.pk):
        messages.success(request, _("已保存。"))
        return redirect("expo:programme_parts", row.slug)
    context = {"form": form, "heading": part.title, "back": "expo:programme_parts"}
    return organiser_page(request, row, "parts", "expo/timetable/form.html", context, form.status)


@login_required
@require_POST
def part_move(request: HttpRequest, edition: str, what: str, part_id: int) -> HttpResponse:
    """One place up or down in the order."""
    row = _desk(request, edition)
    up = request.POST.get("way") == "up"
    services.move_part(request.user, row.pk, what, part_id, up=up)
    return redirect("expo:programme_parts", row.slug)


@login_required
def part_remove(request: HttpRequest, edition: str, what: str, part_id: int) -> HttpResponse:
    """Say what uses it, or ask and remove it."""
    row = _desk(request, edition)
    part = selectors.programme_part(row, what, part_id)
    if request.method == "POST":
        services.remove_part(request.user, row.pk, what, part.pk)
        messages.success(request, _("已删除。"))
        return redirect("expo:programme_parts", row.slug)
    context = {"part": part, "uses": selectors.uses_of_part(row, part)}
    return organiser_page(request, row, "parts", "expo/timetable/part_remove.html", context)
