"""The hall of live."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from haishi.foundation import clock, web
from haishi.foundation.pagecache import always_fresh
from haishi.live import selectors
from haishi.live.views.scenes import cards


@always_fresh
@require_GET
def lobby(request: HttpRequest) -> HttpResponse:
    """What is on air, what comes next, what can be watched again; narrowed by `?hall=`."""
    hall = request.GET.get("hall", "")
    page = selectors.lobby(hall=hall)
    now, coming, replays = cards(page.now, page.coming, page.replays)
    buttons = selectors.reserve_rows(request.user, page.coming)
    context = {
        "lobby": page,
        "on_air": now,
        "coming": [(card, buttons[card.row.pk]) for card in coming],
        "replays": replays,
        "hall": hall,
        "reserves_any": any(shown.own for shown in buttons.values()),
        "now": clock.now(),
    }
    return web.page(request, "live/lobby.html", context)
