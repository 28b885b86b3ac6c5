"""Speaking HTTP to providers: short waits, no redirects, nothing of a request in a log."""

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx
import structlog

from haishi.foundation.hidden import Hidden
from haishi.trade.errors import ProviderFailed

log = structlog.get_logger("haishi.trade")
SECONDS = 10.0


def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
    query: Hidden | None = None,
) -> httpx.Response:
    """The answer, whatever its status. Raises ProviderFailed when there is none.

    `query`: the part after "?", where a protocol wants a secret in it; "" or None: as in `url`.
    """
    try:
        with httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
            return client.request(
                method,
                # Joined here alone: no variable ever holds the whole, so no traceback shows it.
                f"{url}?{query.reveal()}" if query else url,
                headers=dict(headers or {}),
                content=content,
            )
    except httpx.HTTPError as error:
        place = urlsplit(url).hostname
        log.warning("provider_unreachable", place=place, error=type(error).__name__)
        raise ProviderFailed from None


def nonce() -> str:
    """32 random characters."""
    return secrets.token_hex(16)
