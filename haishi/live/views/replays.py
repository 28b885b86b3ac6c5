"""The replay of a session."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from haishi.foundation import clock, web
from haishi.foundation.pagecache import always_fresh
from haishi.live import selectors
from haishi.live.views.viewing import viewer_of


@always_fresh
@require_GET
def replay(request: HttpRequest, public_id: str) -> HttpResponse:
    """The recording with everything that happened, each at its second."""
    viewer, host = viewer_of(request), request.get_host()
    page = selectors.replay_page(request.user, public_id, viewer, host)
    return web.page(request, "live/replay.html", {"page": page, "now": clock.now()})
