"""Rendered pages for readers without a session, kept in memory for a few seconds.

Only whole answers to GET that set no cookie are kept; a reader with a session never meets them. A
view that must be fresh to the second (a countdown, a queue) is marked with `@always_fresh`.
"""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse

PERSONAL = ("sessionid", "messages", "csrftoken")


def always_fresh(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view whose answer may never come from memory."""

    def run(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    run.__name__, run.__doc__, run.__module__ = view.__name__, view.__doc__, view.__module__
    return run


class PageCacheMiddleware:
    """Answers from memory where that is safe."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seconds = settings.PAGE_CACHE_SECONDS
        if not seconds or not _shareable(request):
            return self.get_response(request)
        key = _key(request)
        kept = caches["pages"].get(key)
        if kept is not None:
            status, headers, body = kept
            response = HttpResponse(body, status=status)
            for name, value in headers.items():
                response.headers[name] = value
            return response
        response = self.get_response(request)
        if _keepable(response):
            headers = dict(response.headers.items())
            caches["pages"].set(key, (response.status_code, headers, response.content), seconds)
        return response


def _shareable(request: HttpRequest) -> bool:
    return (
        request.method == "GET"
        and not any(name in request.COOKIES for name in PERSONAL)
        and "Authorization" not in request.headers
        and "lang" not in request.GET
        and "theme" not in request.GET
    )


def _key(request: HttpRequest) -> str:
    theme = getattr(request, "theme", "auto")
    part = request.headers.get("HX-Target", "") if request.headers.get("HX-Request") else "page"
    host = request.get_host()
    whole = f"{host}|{request.LANGUAGE_CODE}|{theme}|{part}|{request.get_full_path()}"
    return hashlib.sha256(whole.encode()).hexdigest()


def _keepable(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "no-store" not in response.headers.get("Cache-Control", "")
        and "private" not in response.headers.get("Cache-Control", "")
        and len(response.content) < 512_000
    )
