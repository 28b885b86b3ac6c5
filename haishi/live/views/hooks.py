"""What engines ask and report. Not for browsers: signed by the origin, or from a known engine."""

import json
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from haishi.live import services
from haishi.live.engines import admission, own
from wire.live import Event
from wire.signing import BadSignature, check

MOST_BYTES = 65_536
_event = msgspec.json.Decoder(Event)


@csrf_exempt
@require_POST
def own_event(request: HttpRequest) -> HttpResponse:
    """An event of the origin. 401 unsigned, 400 unreadable; taking one twice is taking it once."""
    body = request.body[: MOST_BYTES + 1]
    try:
        check(own.control_key(), "POST", request.get_full_path(), body, request.headers)
    except BadSignature:
        return HttpResponse(status=401)
    try:
        event = _event.decode(body)
    except msgspec.DecodeError:
        return HttpResponse(status=400)
    return JsonResponse({"new": services.hear("own", event)})


def _content(request: HttpRequest) -> dict[str, Any] | None:
    """The JSON object of a hook; None when it is none, or too long."""
    if len(request.body) > MOST_BYTES:
        return None
    try:
        found = json.loads(request.body)
    except (ValueError, UnicodeDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_engine(name: str) -> bool:
    """Whether this installation runs such an engine: others are not listened to."""
    return str(settings.LIVE_ENGINE) == name


@csrf_exempt
@require_POST
def mediamtx_auth(request: HttpRequest) -> HttpResponse:
    """MediaMTX asks whether somebody may publish or read: 200 yes, 401 no."""
    content = _content(request) if _is_engine("mediamtx") else None
    allowed = content is not None and admission.mediamtx(content)
    return HttpResponse(status=200 if allowed else 401)


@csrf_exempt
@require_POST
def srs_hook(request: HttpRequest) -> HttpResponse:
    """SRS asks on_publish and on_play, and reports the rest: {"code": 0} yes, 403 no."""
    content = _content(request) if _is_engine("srs") else None
    if content is None or not admission.srs(content):
        return JsonResponse({"code": 403}, status=403)
    return JsonResponse({"code": 0})
