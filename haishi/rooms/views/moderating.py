"""The moderators' page of a room: pace, people, lines that wait, lines that were said."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haishi.foundation import web
from haishi.foundation.errors import Conflict
from haishi.rooms import selectors, services
from haishi.rooms.forms import SanctionForm, SettingsForm


def _page(request: HttpRequest, room: str, **changed: Any) -> HttpResponse:
    row = selectors.get_moderated(request.user, room)
    initial = {"slow_seconds": row.slow_seconds, "closed": row.closed}
    context = {
        "room": row,
        "title": selectors.title_of(room),
        "settings_form": SettingsForm(initial=initial),
        "sanction_form": SanctionForm(),
        "sanctions": selectors.sanctions(row),
        "held": selectors.held_lines(row),
        "lines": selectors.latest_lines(room),
        "chosen": None,
        "may_words": selectors.may_keep_words(request.user, row),
        **changed,
    }
    forms = (context["settings_form"], context["sanction_form"])
    status = max(form.status for form in forms)
    response = web.page(
        request, "rooms/moderate.html", context, part=request.GET.get("part", ""), status=status
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_safe
def moderate(request: HttpRequest, room: str) -> HttpResponse:
    """Everything on one page; `?part=queue` for its live part; `?epoch=&offset=` chooses a line."""
    line = _chosen(request, room)
    return _page(request, room, chosen=line)


def _chosen(request: HttpRequest, room: str) -> Any:
    place = [request.GET.get(name, "") for name in ("epoch", "offset")]
    if not all(part.isdigit() and len(part) < 16 for part in place):
        return None
    return selectors.get_line(request.user, room, *map(int, place))


@login_required
@require_POST
def change_settings(request: HttpRequest, room: str) -> HttpResponse:
    """The pace of a room."""
    form = SettingsForm(request.POST)
    selectors.check_moderates(request.user, room)
    if form.apply(services.change_settings, request.user, room) is None:
        return _page(request, room, settings_form=form)
    messages.success(request, _("房间设置已生效。"))
    return redirect("rooms:moderate", room)


@login_required
@require_POST
def sanction(request: HttpRequest, room: str, epoch: int, offset: int) -> HttpResponse:
    """Mute or put out the speaker of a line."""
    line = selectors.get_line(request.user, room, epoch, offset)
    form = SanctionForm(request.POST)
    if form.apply(services.sanction, request.user, room, line.person) is None:
        return _page(request, room, sanction_form=form, chosen=line)
    messages.success(request, _("已生效。"))
    return redirect("rooms:moderate", room)


@login_required
@require_POST
def lift(request: HttpRequest, sanction_id: int) -> HttpResponse:
    """End a sanction."""
    row = services.lift(request.user, sanction_id)
    messages.success(request, _("已解除。"))
    return redirect("rooms:moderate", row.room.name)


@login_required
@require_POST
def remove_line(request: HttpRequest, room: str, epoch: int, offset: int) -> HttpResponse:
    """Take a line away."""
    services.remove_line(request.user, room, epoch, offset)
    messages.success(request, _("这句话已撤下。"))
    return redirect("rooms:moderate", room)


@login_required
@require_POST
def decide(request: HttpRequest, line_id: int, action: str) -> HttpResponse:
    """Show or drop a held line."""
    row = selectors.get_held(request.user, line_id)
    try:
        services.decide(request.user, line_id, action)
    except Conflict as error:  # a colleague was quicker: say so on the page they work on
        messages.warning(request, str(error))
    return redirect("rooms:moderate", row.room.name)
