"""The host's console: how it goes, cuts, doors, the end. Works by reload; fragments renew it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from haishi.foundation.errors import NotFound
from haishi.foundation.pagecache import always_fresh
from haishi.live import selectors, services
from haishi.live.views.desk import act, desk_page, nav_of
from haishi.live.views.viewer import playback_json
from haishi.live.views.viewing import viewer_of


def tabs(session: Any, current: str) -> list[dict[str, Any]]:
    """Pages of a session's console."""
    rows = [
        ("console", _("控制台")),
        ("gear", _("机位与推流")),
        ("stage", _("互动")),
        ("people", _("人员")),
        ("records", _("回放")),
        ("report", _("报告")),
    ]
    if session.form == "walk":
        rows.insert(3, ("route", _("路线")))
    return [
        {
            "label": label,
            "url": reverse(f"live:{name}", args=[session.public_id]),
            "current": name == current,
        }
        for name, label in rows
    ]


def frame(request: HttpRequest, session: Any, current: str) -> dict[str, Any]:
    """What every page of the console shows around its content."""
    return {
        "session": session,
        "side_nav": nav_of(request, session),
        "tabs": tabs(session, current),
        "hosts": selectors.can_host(request.user, session),
    }


def _player(request: HttpRequest, session: Any) -> dict[str, Any] | None:
    """The JSON of the player island: all cameras, also in a rehearsal; None before a signal."""
    if session.began_at is None or session.state == "ended":
        return None
    found = selectors.preview_of(session, viewer_of(request), request.get_host())
    return {"live": True, "playback": playback_json(found), "refresh": found.refresh_url}


@login_required
@require_GET
def console(request: HttpRequest, public_id: str) -> HttpResponse:
    """How the session does; the state alone as a fragment."""
    session = selectors.get_live(request.user, public_id)
    if not selectors.can_stop(request.user, session):
        selectors.get_for_host(request.user, public_id)  # says why not
    context = {
        **frame(request, session, "console"),
        "state": selectors.console_state(request.user, session),
        "player": _player(request, session),
        "shelf": selectors.shelf_rows(session),
        "pinned": selectors.pinned_of(session),
        "story": selectors.story_of(session),
    }
    return desk_page(request, "console", context, part="state")


@always_fresh
@login_required
@require_GET
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """Fresh signed addresses of all cameras, for the console."""
    session = selectors.get_for_host(request.user, public_id)
    found = selectors.preview_of(session, viewer_of(request), request.get_host())
    response = JsonResponse({"state": session.state, "playback": playback_json(found)})
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def step(request: HttpRequest, public_id: str, action: str) -> HttpResponse:
    """One button of the session's way."""
    session = selectors.get_live(request.user, public_id)
    known = {
        "announce": (services.announce, _("直播已公布，观众可以看到预告。")),
        "withdraw": (services.withdraw, _("已收回为草稿。")),
        "cancel": (services.cancel, _("直播已取消。")),
        "open": (services.open_doors, _("已开播，观众看到画面了。")),
        "publish-replay": (services.publish_replay, _("回放已发布。")),
        "withdraw-replay": (services.withdraw_replay, _("回放已撤下。")),
    }
    if action not in known:
        raise NotFound
    service, done = known[action]
    page = "live:records" if "replay" in action else "live:console"
    target = reverse(page, args=[public_id])
    return act(request, lambda: service(request.user, session.pk), done, target)


@login_required
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asks first: an ended session does not come back."""
    session = selectors.get_live(request.user, public_id)
    if not selectors.can_stop(request.user, session):
        selectors.get_for_host(request.user, public_id)  # says why not
    if request.method == "POST":
        target = reverse("live:console", args=[public_id])
        done = _("直播已结束。")
        return act(request, lambda: services.end(request.user, session.pk), done, target)
    return desk_page(request, "end", frame(request, session, "console"))


@login_required
@require_POST
def order(request: HttpRequest, public_id: str, action: str, number: int) -> HttpResponse:
    """Put a camera on the programme (0: the slate), or send its publisher away."""
    session = selectors.get_live(request.user, public_id)
    known = {"cut": (services.cut, ""), "kick": (services.kick, _("已断开这一路推流。"))}
    if action not in known:
        raise NotFound
    service, done = known[action]
    target = reverse("live:console", args=[public_id])
    return act(request, lambda: service(request.user, session.pk, number), done, target)
