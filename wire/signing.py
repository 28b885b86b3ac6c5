"""How house and origin know each other: every order and every report is signed.

`Authorization: Haishi <hex HMAC-SHA256>` over method, path (as sent, with its query), time and
body, joined by line feeds; `X-Haishi-Time` holds the time in whole seconds since 1970. The key is
`wire.live.derive(secret, "control")` on both sides. A request older or newer than a minute is not
taken; within that minute an order may be repeated, which is why orders are idempotent.
"""

import hashlib
import hmac
import time
from collections.abc import Mapping

SCHEME, TIME_HEADER = "Haishi", "X-Haishi-Time"
SKEW_SECONDS = 60


class BadSignature(ValueError):
    """Not signed, signed by somebody else, changed on the way, or too old."""


def sign(
    key: bytes, method: str, path: str, body: bytes = b"", now: float | None = None
) -> dict[str, str]:
    """The two headers that go with a request. `now`: seconds since 1970 (default: clock)."""
    at = int(time.time() if now is None else now)
    mac = _mac(key, method, path, at, body)
    return {"Authorization": f"{SCHEME} {mac}", TIME_HEADER: str(at)}


def check(
    key: bytes,
    method: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    now: float | None = None,
) -> None:
    """Raises BadSignature unless the two headers of `headers` fit the request."""
    scheme, _space, given = headers.get("Authorization", "").partition(" ")
    at = headers.get(TIME_HEADER, "")
    # isdigit() alone would let other scripts' digits through.
    if scheme != SCHEME or not (at.isascii() and at.isdigit() and len(at) <= 12):
        raise BadSignature("missing")
    if abs((time.time() if now is None else now) - int(at)) > SKEW_SECONDS:
        raise BadSignature("time")
    if not hmac.compare_digest(_mac(key, method, path, int(at), body).encode(), given.encode()):
        raise BadSignature("signature")


def _mac(key: bytes, method: str, path: str, at: int, body: bytes) -> str:
    message = f"{method.upper()}\n{path}\n{at}\n".encode() + body
    return hmac.new(key, message, hashlib.sha256).hexdigest()
