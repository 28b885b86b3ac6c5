"""The hall of live."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from haishi.foundation import clock, web
from haishi.foundation.pagecache import always_fresh
from haishi.live import selectors


@always_fresh
@require_GET
def lobby(request: HttpRequest) -> HttpResponse:
    """What is on air, what comes next, what can be watched again."""
    page = selectors.lobby(hall=request.GET.get("hall", ""))
    return web.page(request, "live/lobby.html", {"lobby": page, "now": clock.now()})
