"""The room of a session, whole and in the parts that change while one watches."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from haishi.foundation import clock, web
from haishi.foundation.pagecache import always_fresh
from haishi.live import selectors
from haishi.live.forms import QuestionForm
from haishi.live.views import scenes
from haishi.live.views.tracks import drawing, track_props
from haishi.live.views.viewing import viewer_of


@always_fresh
@require_GET
def room(request: HttpRequest, public_id: str) -> HttpResponse:
    """Pictures, products and what happens, as this viewer may see it; a part with `?part=`."""
    part = request.GET.get("part", "")
    if part in PARTS and web.is_fragment(request):
        return _part(request, public_id, part)
    page = selectors.room_page(request.user, public_id, viewer_of(request), request.get_host())
    if page.row.phase == "replay":
        return redirect("live:replay", public_id)
    return web.page(request, "live/room.html", _whole(request, page))


def _whole(request: HttpRequest, page: Any) -> dict[str, Any]:
    public_id = page.row.public_id
    [[card]] = scenes.cards([page.row])
    goods = _goods(page.row.public_id, page.pinned, page.shelf)
    drawn = drawing(public_id, page.route)
    return {
        "page": page,
        "live": page.row,
        "firm_url": page.firm_url,
        "poster": card.picture,
        "player": scenes.player_props(page, card.picture),
        "props": scenes.room_props(request, page),
        "plain": scenes.plain_address(page.playback),
        "reserve": selectors.reserve_shown(request.user, page.session),
        "trail": scenes.trail(page.row),
        **goods,
        "subject": page.subject,
        "polls": page.polls,
        "questions": page.questions,
        "lotteries": page.lotteries,
        "map": drawn,
        "track": track_props(drawn, page.session.began_at),
        "ask": QuestionForm(),
        "code": scenes.share_code(page.row),
        "now": clock.now(),
    }


def _goods(public_id: str, pinned: Any, shelf: list[Any]) -> dict[str, Any]:
    """What is on screen and on the shelf, with their pictures: one query for both."""
    shown = scenes.goods(public_id, [pinned, *shelf])
    return {"pinned": shown[0] if pinned else None, "shelf": shown[1:] if pinned else shown}


def _shelf(request: HttpRequest, session: Any) -> dict[str, Any]:
    goods = _goods(session.public_id, selectors.pinned_of(session), selectors.shelf_of(session))
    return goods | {"firm_url": selectors.firm_url(session)}


def _pin(request: HttpRequest, session: Any) -> dict[str, Any]:
    shown = scenes.goods(session.public_id, [selectors.pinned_of(session)])
    return {"pinned": shown[0] if shown else None}


def _stage(request: HttpRequest, session: Any) -> dict[str, Any]:
    return {"subject": selectors.subject_of(request.user, session)}


def _polls(request: HttpRequest, session: Any) -> dict[str, Any]:
    return {"polls": selectors.polls_of(session, request.user)}


def _questions(request: HttpRequest, session: Any) -> dict[str, Any]:
    return {"questions": selectors.questions_of(session, request.user)}


def _lotteries(request: HttpRequest, session: Any) -> dict[str, Any]:
    return {"lotteries": selectors.lotteries_of(session, request.user)}


# What changes while one watches: each part of the page with what it needs, and no more.
PARTS: dict[str, Callable[[HttpRequest, Any], dict[str, Any]]] = {
    "head": lambda _request, _session: {},
    "pin": _pin,
    "shelf": _shelf,
    "stage": _stage,
    "polls": _polls,
    "question_list": _questions,
    "lotteries": _lotteries,
}


def _part(request: HttpRequest, public_id: str, part: str) -> HttpResponse:
    session = selectors.get_live(request.user, public_id)
    context = PARTS[part](request, session)
    context |= {"live": selectors.row_of(session), "now": clock.now()}
    return render(request, f"live/room/{part}.html", context)
