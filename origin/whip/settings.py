"""What the WHIP process is told by its environment, in the origin's own variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Times are seconds. `pages`: origins of pages that may publish, empty: any. `proxies`:
    fronts whose X-Forwarded-For is believed."""

    port: int
    rtmp_port: int
    host: str = "127.0.0.1"
    pages: frozenset[str] = frozenset()
    proxies: frozenset[str] = frozenset({"127.0.0.1", "::1"})
    most_hosts: int = 10
    # How often a key frame is asked for: a browser sends none by itself.
    gop: float = 2.0
    # To connect; for the origin to come back.
    to_connect: float = 12.0
    to_return: float = 30.0


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """From HAISHI_ORIGIN_*. Raises SystemExit."""
    proxies = environment.get("HAISHI_ORIGIN_PROXIES", "").split()
    return Settings(
        port=_port(environment, "WHIP_PORT", None),
        rtmp_port=_port(environment, "RTMP_PORT", 1935),
        host=environment.get("HAISHI_ORIGIN_HOST", "127.0.0.1"),
        pages=frozenset(environment.get("HAISHI_ORIGIN_PAGES", "").split()),
        proxies=frozenset(proxies) | {"127.0.0.1", "::1"},
    )


def _port(environment: Mapping[str, str], name: str, default: int | None) -> int:
    text = environment.get(f"HAISHI_ORIGIN_{name}", "")
    if not text and default is not None:
        return default
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise SystemExit(f"whip: HAISHI_ORIGIN_{name} is a whole number, 1 to 65535")
    return int(text)
