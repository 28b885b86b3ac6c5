"""What the gateway is told by its environment. A bad value stops it with a clear message."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Times are seconds, sizes bytes. `origins`: pages that may connect; empty: any."""

    host: str
    port: int
    nats_url: str
    key: bytes
    origins: frozenset[str]
    name: str
    tick: float = 0.1
    quick_tick: float = 0.05
    quick_below: int = 200
    drain: float = 30.0
    most_frame: int = 4_096
    most_connections: int = 20_000
    most_per_address: int = 400
    # A reader's unsent bytes: above `skip` unordered frames are left out, above `gap` batches too,
    # above `close` the connection ends.
    skip: int = 64 << 10
    gap: int = 256 << 10
    close: int = 1 << 20
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
    return Settings(
        host=environment.get("HAISHI_GATEWAY_HOST", "127.0.0.1"),
        port=port,
        nats_url=environment.get("NATS_URL", "nats://127.0.0.1:4222"),
        key=key,
        origins=frozenset(environment.get("HAISHI_GATEWAY_ORIGINS", "").split()),
        name=environment.get("HAISHI_GATEWAY_NAME", "") or secrets.token_hex(6),
        drain=float(environment.get("HAISHI_GATEWAY_DRAIN", "30")),
    )
