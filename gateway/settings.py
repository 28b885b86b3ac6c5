"""What the gateway is told by its environment. A bad value stops it with a clear message."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

TRANSPORTS = ("picows", "websockets")


@dataclass(frozen=True)
class Settings:
    """Times are seconds, sizes bytes. `origins`: pages that may connect; empty: any."""

    host: str
    port: int
    nats_url: str
    key: bytes
    origins: frozenset[str]
    name: str
    transport: str = "picows"
    tick: float = 0.1
    quick_tick: float = 0.05
    quick_below: int = 200
    drain: float = 30.0
    # A connection is sent away after a day, give or take a tenth, so that no state lives for ever.
    longest: float = 86_400.0
    most_frame: int = 4_096
    # Newcomers wait while the event loop runs this late.
    most_late: float = 0.5
    most_connections: int = 20_000
    most_per_address: int = 400
    # A reader's unsent bytes: above `skip` unordered frames are left out, above `gap` batches too,
    # above `close` the connection ends.
    skip: int = 64 << 10
    gap: int = 256 << 10
    close: int = 1 << 20
    # Lines a second of one room that are shown; above, a fair sample is and the rest is only kept.
    # Fronts whose X-Forwarded-For is believed.
    proxies: frozenset[str] = frozenset()
    most_shown: int = 30


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """From HAISHI_GATEWAY_*. Raises SystemExit."""
    try:
        key = bytes.fromhex(environment["HAISHI_GATEWAY_KEY"])
        port = int(environment["HAISHI_GATEWAY_PORT"])
    except KeyError as error:
        raise SystemExit(f"gateway: {error.args[0]} is missing") from None
    except ValueError as error:
        raise SystemExit(f"gateway: HAISHI_GATEWAY_KEY or _PORT: {error}") from None
    if len(key) != 32:
        raise SystemExit("gateway: HAISHI_GATEWAY_KEY is 32 bytes in hex")
    transport = environment.get("HAISHI_GATEWAY_TRANSPORT", "picows")
    if transport not in TRANSPORTS:
        raise SystemExit(f"gateway: HAISHI_GATEWAY_TRANSPORT is one of {', '.join(TRANSPORTS)}")
    return Settings(
        host=environment.get("HAISHI_GATEWAY_HOST", "127.0.0.1"),
        port=port,
        nats_url=environment.get("NATS_URL", "nats://127.0.0.1:4222"),
        key=key,
        origins=frozenset(environment.get("HAISHI_GATEWAY_ORIGINS", "").split()),
        name=environment.get("HAISHI_GATEWAY_NAME", "") or secrets.token_hex(6),
        transport=transport,
        tick=_number(environment, "TICK", 0.1, 0.01, 5),
        drain=_number(environment, "DRAIN", 30, 0, 600),
        most_shown=int(_number(environment, "SHOWN", 30, 1, 10_000)),
        proxies=frozenset(environment.get("HAISHI_GATEWAY_PROXIES", "").split()),
        most_connections=int(_number(environment, "CONNECTIONS", 20_000, 1, 1_000_000)),
    )


def _number(
    environment: Mapping[str, str], name: str, default: float, least: float, most: float
) -> float:
    """HAISHI_GATEWAY_`name`, from `least` to `most`. Raises SystemExit."""
    given = environment.get(f"HAISHI_GATEWAY_{name}", "")
    try:
        value = float(given) if given else default
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise SystemExit(f"gateway: HAISHI_GATEWAY_{name} is a number from {least:g} to {most:g}")
    return value
