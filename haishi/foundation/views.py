"""Pages of the house itself: health, metrics, the specimen of components."""

import ipaddress

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare

from haishi.foundation import metrics, web
from haishi.foundation.errors import NotFound
from haishi.foundation.pagecache import always_fresh
from haishi.foundation.specimen import specimen_context


@always_fresh
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when this process can answer from the database, 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:  # any failure of the database means: do not send people here
        return JsonResponse({"ok": False, "database": type(error).__name__}, status=503)
    return JsonResponse({"ok": True})


@always_fresh
def exposition(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics: for loopback, or with the bearer token of the installation."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = settings.METRICS_TOKEN and constant_time_compare(token, settings.METRICS_TOKEN)
    try:
        near = ipaddress.ip_address(web.client_address(request)).is_loopback
    except ValueError:
        near = False
    if not (known or near):
        raise NotFound
    body, content_type = metrics.exposition()
    return HttpResponse(body, content_type=content_type)


def specimen(request: HttpRequest) -> HttpResponse:
    """Every component once, for those who build pages."""
    return render(request, "foundation/specimen.html", specimen_context())
