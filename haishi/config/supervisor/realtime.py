"""The two planes beside the pages: the gateway (rooms) and the origin (live video)."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from haishi.config.supervisor.children import Child
from haishi.config.supervisor.web import healthy
from wire import live, tokens

# After the port of the pages; NATS has the third.
GATEWAY_OFFSET, ORIGIN_OFFSET, RTMP_OFFSET, SRT_OFFSET = 1, 2, 4, 10


# Where a front stands that is believed (HAISHI_TRUST_PROXY).
NEAR = "127.0.0.1 ::1"


def gateway_child(
    address: str,
    port: int,
    secret: str,
    origins: Sequence[str],
    environment: Mapping[str, str],
    *,
    proxies: str = "",
) -> Child:
    """Rooms over WebSocket. `origins`: pages that may connect, none: any."""
    return Child(
        name="gateway",
        command=[sys.executable, "-m", "gateway"],
        ready=lambda: healthy(probe(address), port),
        environment={
            **environment,
            "HAISHI_GATEWAY_HOST": address,
            "HAISHI_GATEWAY_PORT": str(port),
            "HAISHI_GATEWAY_KEY": tokens.derive(secret).hex(),
            "HAISHI_GATEWAY_ORIGINS": " ".join(origins),
            "HAISHI_GATEWAY_PROXIES": proxies,
            # Whoever stops an installation does not wait half a minute for its readers.
            "HAISHI_GATEWAY_DRAIN": "2",
        },
        folder=root(),
        stop_seconds=8,
    )


def has_origin() -> bool:
    """Whether this release can serve live video itself."""
    try:
        return importlib.util.find_spec("origin.__main__") is not None
    except ModuleNotFoundError:
        return False


def origin_child(
    address: str,
    port: int,
    rtmp_port: int,
    secret: str,
    hook: str,
    origins: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    proxies: str = "",
) -> Child:
    """Live video in and out. `hook`: the page that hears its events."""
    return Child(
        name="origin",
        command=[sys.executable, "-m", "origin"],
        ready=lambda: healthy(probe(address), port),
        environment={
            **environment,
            "HAISHI_ORIGIN_HOST": address,
            "HAISHI_ORIGIN_PORT": str(port),
            "HAISHI_ORIGIN_RTMP_PORT": str(rtmp_port),
            "HAISHI_ORIGIN_SRT_PORT": str(port - ORIGIN_OFFSET + SRT_OFFSET),
            "HAISHI_ORIGIN_FOLDER": str(folder),
            "HAISHI_ORIGIN_WATCH_KEY": live.derive(secret, "watch").hex(),
            "HAISHI_ORIGIN_CONTROL_KEY": live.derive(secret, "control").hex(),
            "HAISHI_ORIGIN_HOOK": hook,
            "HAISHI_ORIGIN_PAGES": " ".join(origins),
            "HAISHI_ORIGIN_PROXIES": proxies,
        },
        folder=root(),
    )


def probe(address: str) -> str:
    """Where to ask somebody who listens on `address`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104  # compared, not bound


def root() -> Path:
    """The folder that holds the packages, wherever the command was given."""
    return Path(__file__).resolve().parents[3]
