"""What a viewer does in the room, and the small answers its scripts fetch."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haishi.foundation import web
from haishi.foundation.errors import DomainError, Forbidden, NotFound
from haishi.foundation.limits import limit
from haishi.foundation.pagecache import always_fresh
from haishi.live import calendars, selectors, services
from haishi.live.forms import QuestionForm
from haishi.live.types import Playback
from haishi.live.views.viewing import viewer_of


def playback_json(found: Playback | None) -> dict[str, Any]:
    """{until, refresh, delay, angles: [{stream, label, sources: [{kind, url}]}]}; {}: nothing."""
    if found is None:
        return {}
    return {
        "until": found.until.isoformat() if found.until else None,
        "refresh": found.refresh_url,
        "delay": found.delay_seconds,
        "angles": [
            {
                "stream": angle.stream,
                "label": str(angle.label),
                "sources": [{"kind": each.kind, "url": each.url} for each in angle.sources],
            }
            for angle in found.angles
        ],
    }


@always_fresh
@require_GET
def playback(request: HttpRequest, public_id: str) -> HttpResponse:
    """Fresh signed addresses, asked for before the old ones end; `state` says what to expect."""
    session = selectors.get_live(request.user, public_id)
    limit(f"live-playback:{web.client_address(request)}", 240, 60)
    found = selectors.playback_of(session, viewer_of(request), request.get_host())
    answer = {"state": session.state, "viewers": session.viewers, "playback": playback_json(found)}
    response = JsonResponse(answer)
    response["Cache-Control"] = "no-store"
    return response


@always_fresh
@require_GET
def panel(request: HttpRequest, public_id: str, kind: str, pk: int) -> HttpResponse:
    """What one can do with a thing of the shelf: buy, enquire, claim."""
    session = selectors.get_live(request.user, public_id)
    panels = selectors.panels_of(request.user, session, kind, pk)
    thing = selectors.read_things([(kind, pk)])[kind, pk]
    context = {"session": session, "thing": thing, "panels": panels}
    return web.page(request, "live/panel.html", context, part="panel")


def _act(
    request: HttpRequest, public_id: str, action: Callable[[Any], Any], done: str
) -> HttpResponse:
    """Do what a button asks; a script gets JSON, a form goes back to the room with a message."""
    session = selectors.get_live(request.user, public_id)
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        answer = action(session)
    except NotFound:
        raise
    except DomainError as error:
        if wants_json:
            raise
        messages.error(request, str(error))
    else:
        if wants_json:
            return JsonResponse({"done": True, **answer})
        messages.success(request, done)
    return redirect(session.get_absolute_url())


@login_required
@require_POST
def vote(request: HttpRequest, public_id: str, poll_id: int, number: int) -> HttpResponse:
    """One vote."""

    def act(session: Any) -> dict[str, Any]:
        return {"fresh": services.vote(request.user, session.pk, poll_id, number)}

    return _act(request, public_id, act, _("已投票。"))


@login_required
@require_POST
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """A question; what cannot be accepted comes back with the reason."""
    session = selectors.get_live(request.user, public_id)
    form = QuestionForm(request.POST)

    def put(text: str) -> int:
        return services.ask(request.user, session.pk, text=text).pk

    made = form.apply_once(f"live.ask:{request.user.pk}:{session.pk}", put)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(
            {"done": bool(made), "question": made, "errors": form.errors}, status=form.status
        )
    if made:
        messages.success(request, _("问题已提交，主持人会看到它。"))
        return redirect(session.get_absolute_url())
    return render(request, "live/ask.html", {"session": session, "form": form}, status=form.status)


@login_required
@require_POST
def upvote(request: HttpRequest, public_id: str, question_id: int) -> HttpResponse:
    """I want to know, too."""

    def act(session: Any) -> dict[str, Any]:
        return {"fresh": services.upvote(request.user, session.pk, question_id)}

    return _act(request, public_id, act, _("已顶这个问题。"))


@login_required
@require_POST
def take_part(request: HttpRequest, public_id: str, lottery_id: int) -> HttpResponse:
    """A ticket of a lottery."""

    def act(session: Any) -> dict[str, Any]:
        return {"ticket": services.take_part(request.user, session.pk, lottery_id).ticket}

    return _act(request, public_id, act, _("已参加抽奖，开奖后在这里看结果。"))


@always_fresh
@require_GET
def lottery_file(request: HttpRequest, public_id: str, lottery_id: int) -> HttpResponse:
    """The public file of a lottery, for the checker."""
    session = selectors.get_live(request.user, public_id)
    content = selectors.lottery_file(session, lottery_id)
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})


@always_fresh
@require_GET
def captions(request: HttpRequest, public_id: str, language: str) -> HttpResponse:
    """WebVTT of the replay."""
    content = selectors.captions_file(request.user, public_id, language)
    return HttpResponse(content, content_type="text/vtt; charset=utf-8")


@always_fresh
@require_GET
def calendar(request: HttpRequest, public_id: str) -> HttpResponse:
    """The session for a calendar."""
    session = selectors.get_live(request.user, public_id)
    if not selectors.is_public(session):
        raise NotFound
    return _calendar([session], f"live-{public_id}.ics")


def _calendar(sessions: Any, name: str) -> HttpResponse:
    content = calendars.calendar(sessions)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


@login_required
@require_GET
def my_calendar(request: HttpRequest) -> HttpResponse:
    """All sessions the person wants to be reminded of, for a calendar."""
    return _calendar(selectors.reserved_for_calendar(request.user), "lives.ics")


@always_fresh
@require_http_methods(["GET", "POST"])
def reserve(request: HttpRequest, public_id: str) -> HttpResponse:
    """The button that asks to be reminded, as it stands; a POST presses it (`wish` off: no more).

    htmx gets the button, a form goes back to the page it came from.
    """
    session = selectors.get_live(request.user, public_id)
    fragment, pressed = web.is_fragment(request), request.method == "POST"
    if pressed and not request.user.is_authenticated:
        return redirect_to_login(session.get_absolute_url())
    if pressed:
        _reserve(request, session, request.POST.get("wish") != "off", fragment)
    if not fragment:
        lobby = request.POST.get("from") == "lobby"
        return redirect("live:lobby" if lobby else session.get_absolute_url())
    session = selectors.get_live(request.user, public_id)
    shown = selectors.reserve_shown(request.user, session)
    return render(request, "live/reserve.html", {"reserve": shown, "pressed": pressed})


def _reserve(request: HttpRequest, session: Any, wish: bool, fragment: bool) -> None:
    try:
        if wish:  # many accounts behind one address are let in slowly
            limit(f"live-reserve-from:{web.client_address(request)}", 120, 3600)
            services.reserve(request.user, session.pk)
            done = _("已预约，开播前 10 分钟和开播时提醒你。")
        else:
            services.unreserve(request.user, session.pk)
            done = _("已取消预约。")
    except DomainError as error:
        if fragment or isinstance(error, NotFound | Forbidden):
            raise
        messages.error(request, str(error))
    else:
        if not fragment:
            messages.success(request, done)
