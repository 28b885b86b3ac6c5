"""The one place where domain errors become HTTP, and what every request carries."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from haishi.foundation import metrics
from haishi.foundation.bilingual import speaks_english
from haishi.foundation.errors import Conflict, DomainError, Forbidden, NotFound, TooMany

log = structlog.get_logger("haishi.web")
STATUS: dict[type[DomainError], int] = {NotFound: 404, Forbidden: 403, Conflict: 409, TooMany: 429}


def status_of(error: DomainError) -> int:
    """404, 403, 409, 429, or 422 for everything else a rule refuses."""
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 422)


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page. Boosted and history requests want all of it."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true" and headers.get("HX-Request-Type", "partial") != "full"
    )


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only its partial `part` when htmx asks for a fragment."""
    name = f"{template}#{part}" if part and is_fragment(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response


def client_address(request: HttpRequest) -> str:
    """The address of the browser; X-Forwarded-For only from a front that is trusted."""
    from django.conf import settings

    if settings.TRUST_PROXY and (chain := request.headers.get("X-Forwarded-For")):
        return chain.split(",")[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


class RequestContextMiddleware:
    """Gives each request an id, counts it and binds it to the log lines it causes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = uuid.uuid4().hex[:16]
        structlog.contextvars.bind_contextvars(request=request_id)
        try:
            response = self.get_response(request)
        finally:
            structlog.contextvars.unbind_contextvars("request")
        response.headers["X-Request-Id"] = request_id
        metrics.REQUESTS.labels(request.method or "", str(response.status_code)).inc()
        metrics.SECONDS.observe(time.perf_counter() - started)
        return response


class DomainErrorMiddleware:
    """Turns a DomainError into the page, fragment or JSON that says it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Called by Django for an exception a view did not handle."""
        return answer(request, error) if isinstance(error, DomainError) else None


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The response for `error`, in the form the client can use."""
    status = status_of(error)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": type(error).__name__, "message": str(error)}, status=status)
    context = {"message": str(error), "status": status}
    if is_fragment(request):
        return render(request, "partials/refusal.html", context, status=status)
    return render(
        request, f"{status if status in (403, 404, 409, 429) else 422}.html", context, status=status
    )


def refuse_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose safety token is missing or old: say how to go on."""
    from django.utils.translation import gettext as _

    log.warning("csrf.refused", reason=reason, path=request.path)
    context = {"message": _("页面停留过久或来自别处，请返回上一页刷新后再提交。"), "status": 403}
    return render(request, "403.html", context, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return render(request, "400.html", {"status": 400}, status=400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 of an address that leads nowhere."""
    return render(request, "404.html", {"message": str(NotFound()), "status": 404}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without a database or a session: whatever broke may be one of them."""
    theme = getattr(request, "theme", "auto")
    context = {"theme": theme, "language": "en" if speaks_english() else "zh-Hans"}
    return HttpResponse(render_to_string("500.html", context), status=500)
