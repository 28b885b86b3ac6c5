"""This browser as a place where notices arrive."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_safe

from haishi.notices import services
from haishi.notices.errors import SubscriptionInvalid


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows push messages while no page is open."""
    script = render_to_string("notices/sw.js")
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response


@login_required
@require_http_methods(["POST", "DELETE"])
def subscription(request: HttpRequest) -> HttpResponse:
    """POST a browser's PushSubscription as JSON; DELETE it by its endpoint."""
    asked = _asked(request)
    if request.method == "DELETE":
        services.unsubscribe_browser(request.user, asked["endpoint"])
    else:
        services.subscribe_browser(request.user, **asked)
    return JsonResponse({"ok": True})


def _asked(request: HttpRequest) -> dict[str, Any]:
    try:
        content = json.loads(request.body[:4_096])
        keys = content.get("keys") or {}
        values = {"endpoint": content["endpoint"]}
        if request.method == "POST":
            values |= {"p256dh": keys["p256dh"], "auth": keys["auth"]}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SubscriptionInvalid from None
    if not all(isinstance(value, str) for value in values.values()):
        raise SubscriptionInvalid
    return values
