"""Lists of sessions on the desks of booths and organisers; a session's plan."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from haishi.expo.desks import exhibitor_desk, exhibitor_nav, organiser_desk, organiser_nav
from haishi.expo.selectors import can_enter, can_moderate, can_set_up, works_for
from haishi.foundation import web
from haishi.foundation.errors import DomainError, Forbidden, NotFound
from haishi.live import selectors, services
from haishi.live.forms import EditLiveForm, NewLiveForm

FIELDS = (
    "title", "title_en", "summary", "summary_en", "form", "starts_at", "ends_at",
    "poster_asset_id", "programme_id", "delay_seconds", "record", "srt", "version",
)  # fmt: skip


def sent(request: HttpRequest) -> Any:
    """What a form was sent with; None before."""
    return request.POST if request.method == "POST" else None


def files(request: HttpRequest) -> Any:
    """Files a form was sent with; None before."""
    return request.FILES if request.method == "POST" else None


def nav_of(request: HttpRequest, session: Any) -> Any:
    """The side navigation of the desk a session belongs to; none for invited helpers."""
    if session.exhibitor and can_enter(request.user, session.exhibitor):
        return exhibitor_nav(request.user, session.exhibitor, "lives")
    if works_for(request.user, session.edition):
        return organiser_nav(request.user, session.edition, "lives")
    return []


def desk_page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200, part: str = ""
) -> HttpResponse:
    """A page of the desk, never kept by caches."""
    response = web.page(request, f"live/desk/{name}.html", context, status=status, part=part)
    response.headers["Cache-Control"] = "no-store"
    return response


def act(request: HttpRequest, action: Callable[[], Any], done: str, target: str) -> HttpResponse:
    """Do what a single button asks and go to `target`, where a refusal is told, too."""
    try:
        action()
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        if done:
            messages.success(request, done)
    return redirect(target)


@login_required
@require_GET
def exhibitor_lives(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """All sessions of a booth."""
    row = exhibitor_desk(request.user, exhibitor_id, can_enter)
    context = {
        "lives": selectors.at_exhibitor(row),
        "manages": can_set_up(request.user, row),
        "new_url": reverse("live:new", args=[row.pk]),
        "side_nav": exhibitor_nav(request.user, row, "lives"),
    }
    return desk_page(request, "list", context)


@login_required
@require_GET
def organiser_lives(request: HttpRequest, edition: str) -> HttpResponse:
    """Sessions of an edition: the organiser's own and, for its moderators, those of all firms."""
    row = organiser_desk(request.user, edition, works_for)
    context = {
        "lives": selectors.of_organiser(row, all_firms=True)[:200],
        "manages": can_moderate(request.user, row),
        "new_url": reverse("live:new_own", args=[row.slug]),
        "side_nav": organiser_nav(request.user, row, "lives"),
        "with_firms": True,
    }
    return desk_page(request, "list", context)


def _setting(request: HttpRequest, edition: Any, exhibitor: Any | None) -> dict[str, Any]:
    firm = exhibitor.organisation_id if exhibitor else edition.series.organiser_id
    return {
        "actor": request.user,
        "organisation_id": firm,
        "zone": edition.time_zone,
        "sessions": selectors.programme_sessions(edition, exhibitor),
        "subjects": selectors.offered_subjects(exhibitor),
    }


def _new(
    request: HttpRequest, edition: Any, exhibitor: Any | None, nav: Any, back: str
) -> HttpResponse:
    form = NewLiveForm(sent(request), files(request), **_setting(request, edition, exhibitor))

    def make(**values: Any) -> str:
        exhibitor_id = exhibitor.pk if exhibitor else None
        return services.draft(request.user, edition.pk, exhibitor_id, **values).public_id

    scope = f"live.draft:{request.user.pk}"
    public_id = form.apply_once(scope, make) if request.method == "POST" else None
    if public_id:
        messages.success(request, _("直播已保存为草稿。准备好机位和橱窗，再公布。"))
        return redirect("live:console", public_id)
    context = {"form": form, "side_nav": nav, "back": back}
    return desk_page(request, "new", context, form.status)


@login_required
def new(request: HttpRequest, exhibitor_id: int) -> HttpResponse:
    """Plan a session of a booth."""
    row = exhibitor_desk(request.user, exhibitor_id, can_set_up)
    nav = exhibitor_nav(request.user, row, "lives")
    return _new(request, row.edition, row, nav, reverse("live:desk", args=[row.pk]))


@login_required
def new_own(request: HttpRequest, edition: str) -> HttpResponse:
    """Plan a session of the organiser."""
    row = organiser_desk(request.user, edition, can_moderate)
    nav = organiser_nav(request.user, row, "lives")
    return _new(request, row, None, nav, reverse("live:organise", args=[row.slug]))


@login_required
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change the plan of a session."""
    session = selectors.get_for_host(request.user, public_id)
    initial = {name: getattr(session, name) for name in FIELDS}
    if session.subject_kind:
        initial["subject"] = f"{session.subject_kind}:{session.subject_id}"
    setting = _setting(request, session.edition, session.exhibitor)
    form = EditLiveForm(sent(request), files(request), initial=initial, **setting)
    if request.method == "POST" and form.apply(services.edit, request.user, session.pk):
        messages.success(request, _("直播已保存。"))
        return redirect("live:console", public_id)
    context = {"form": form, "session": session, "side_nav": nav_of(request, session)}
    return desk_page(request, "edit", context, form.status)
