"""The replay of a session."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from haishi.foundation import clock, web
from haishi.foundation.errors import NotFound
from haishi.foundation.pagecache import always_fresh
from haishi.live import selectors
from haishi.live.views import scenes
from haishi.live.views.tracks import drawing, track_props
from haishi.live.views.viewing import viewer_of

# Lines beside the picture are fetched by stretches of this many seconds at most.
MOST_SECONDS = 600


@always_fresh
@require_GET
def replay(request: HttpRequest, public_id: str) -> HttpResponse:
    """The recording with everything that happened, each at its second; `?t=` begins there."""
    page = selectors.replay_page(request.user, public_id, viewer_of(request), request.get_host())
    [[card]] = scenes.cards([page.row])
    drawn = drawing(public_id, page.route)
    context: dict[str, Any] = {
        "page": page,
        "live": page.row,
        "poster": card.picture,
        "player": scenes.replay_player_props(page, card.picture),
        "props": scenes.replay_props(page),
        "shelf": scenes.goods(public_id, page.shelf),
        "chapters": scenes.chapters(page),
        "map": drawn,
        "track": track_props(drawn, None),
        "length": scenes.clock_text(page.seconds),
        "downloads": True,
        "code": scenes.share_code(page.row),
        "now": clock.now(),
    }
    return web.page(request, "live/replay.html", context)


@always_fresh
@require_GET
def lines(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was said from `?from=` to `?to=`, seconds of the replay, as JSON.

    {lines: [{seconds, name, text, style, colour, role}], known}: `known`: lines are complete up to
    this second, null: to the end. Raises NotFound.
    """
    first, last = _second(request, "from"), _second(request, "to")
    last = min(last, first + MOST_SECONDS)
    said, whole = selectors.said_in_replay(request.user, public_id, first, last)
    return JsonResponse({"lines": said, "known": None if last >= whole else last})


def _second(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "0")
    if not text.isdecimal() or len(text) > 7:
        raise NotFound
    return int(text)
