"""Headers that keep a page from being used against its reader."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from haishi.foundation import planes

# No inline script, style or handler exists anywhere, so no nonce and no hash is needed: stricter
# than nonces, and a page can be kept in memory (docs/adr/0003-no-inline-no-nonce.md).
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "font-src": "'self'",
    # hls.js takes streams apart in a worker that it makes of its own text.
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


@lru_cache(64)
def policy(*beside: str) -> str:
    """The policy that also lets pages reach what stands beside them: the gateway and the origin."""
    places = dict.fromkeys(f"{p.scheme}://{p.netloc}" for p in map(urlsplit, beside))
    reach = {
        "connect-src": places,
        "media-src": [place for place in places if place.startswith("http")],
    }
    return "; ".join(
        " ".join((name, value, *reach.get(name, ()))) for name, value in POLICY.items()
    )


def policy_of(request: HttpRequest) -> str:
    """The policy for a page under the name that its reader used."""
    try:
        return policy(planes.gateway_url(request), planes.origin_url(request))
    except DisallowedHost:
        return policy()


class SecurityHeadersMiddleware:
    """Adds the headers that a response does not set itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy_of(request))
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "geolocation=(), payment=(), usb=()")
        if settings.SECURE:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response
