"""What the browser's connection asks for: tokens, and lines from the archive."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from haishi.foundation import planes, web
from haishi.foundation.errors import DomainError
from haishi.foundation.pagecache import always_fresh
from haishi.rooms import selectors, services
from haishi.rooms.errors import RoomsInvalid
from haishi.rooms.states import EntryKind
from haishi.rooms.veil import veiled

MOST_BODY = 2_000


# Exempt: pages from memory carry no CSRF token, nothing is changed in anybody's name, and the
# answer cannot be read from another origin.
@csrf_exempt
@require_POST
@always_fresh
def token(request: HttpRequest) -> HttpResponse:
    """JSON {rooms} → {token, url, seconds, rights}; guests get tokens that read."""
    try:
        names = _rooms(request.body[:MOST_BODY])
        key = request.session.session_key if request.user.is_authenticated else None
        granted = services.grant(request.user, names, key, web.client_address(request))
    except DomainError as error:
        return refused(error)
    return JsonResponse(
        {
            "token": granted.token,
            "url": planes.gateway_url(request),
            "seconds": granted.seconds,
            "rights": granted.rights,
        }
    )


def _rooms(body: bytes) -> list[Any]:
    try:
        names = json.loads(body)["rooms"]
    except (ValueError, KeyError, TypeError):
        raise RoomsInvalid from None
    if not isinstance(names, list):
        raise RoomsInvalid
    return names


@require_safe
@always_fresh
def history(request: HttpRequest, room: str) -> HttpResponse:
    """JSON {items, before}: shown lines before `?before=epoch.offset`, oldest first."""
    try:
        rows, before = selectors.history(request.user, room, request.GET.get("before", ""))
    except DomainError as error:
        return refused(error)
    items = [{"epoch": row.epoch, "offset": row.offset, "item": item_of(row)} for row in rows]
    return JsonResponse({"items": items, "before": before})


def item_of(row: Any) -> dict[str, Any]:
    """A line as the browser knows it from the gateway (web/wire/messages.ts)."""
    at = int(row.at.timestamp() * 1000)
    if row.kind == EntryKind.POSTED:
        return {"type": "Posted", "at": at, **row.body}
    return {
        "type": "Said",
        "at": at,
        "user": veiled(row.person),
        "name": row.name,
        "text": row.text,
        "style": row.style,
        "colour": row.colour,
        "role": row.role,
    }


def refused(error: DomainError) -> JsonResponse:
    """A refusal for scripts."""
    content = {"error": type(error).__name__, "message": str(error)}
    return JsonResponse(content, status=web.status_of(error))
