"""Where a browser finds the processes that stand beside the pages: rooms and live video.

Behind a front both have an address of their own (`HAISHI_GATEWAY_URL`, `HAISHI_ORIGIN_URL`).
Without one they listen on the ports after the pages', under the name that the reader used.
"""

from django.conf import settings
from django.http import HttpRequest


def gateway_url(request: HttpRequest) -> str:
    """The WebSocket of the rooms, `ws://…/rt`."""
    return settings.GATEWAY_URL or f"ws://{_name(request)}:{settings.GATEWAY_PORT}/rt"


def origin_url(request: HttpRequest) -> str:
    """The base of playback addresses, without a slash at the end."""
    given = settings.ORIGIN_URL or f"http://{_name(request)}:{settings.ORIGIN_PORT}"
    return str(given).rstrip("/")


def _name(request: HttpRequest) -> str:
    """The host without its port. Raises DisallowedHost for one that is not ours."""
    host = request.get_host()
    return host[: host.rindex("]") + 1] if host.startswith("[") else host.partition(":")[0]
