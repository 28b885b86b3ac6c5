"""What the origin is told by its environment. A bad value stops it with a clear message."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Settings:
    """Ports 0 are chosen by the system; `srt_port` 0: no SRT.

    `pages`: origins of pages that may play, empty: any. `proxies`: fronts whose X-Forwarded-For
    is believed. `free`: bytes of disk that recordings leave alone. `hook` "": nobody hears.
    `srt_port`: the first of as many ports as there are cameras.
    """

    host: str
    port: int
    rtmp_port: int
    srt_port: int
    folder: Path
    watch_key: bytes
    control_key: bytes
    hook: str
    pages: frozenset[str]
    proxies: frozenset[str]
    window: float
    free: int


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """From HAISHI_ORIGIN_*. Raises SystemExit."""
    folder = environment.get("HAISHI_ORIGIN_FOLDER", "")
    if not folder:
        raise SystemExit("origin: HAISHI_ORIGIN_FOLDER is missing")
    return Settings(
        host=environment.get("HAISHI_ORIGIN_HOST", "127.0.0.1"),
        port=_number(environment, "PORT", None, 65_535),
        rtmp_port=_number(environment, "RTMP_PORT", 1935, 65_535),
        srt_port=_number(environment, "SRT_PORT", 0, 65_535),
        folder=Path(folder).absolute(),
        watch_key=_key(environment, "WATCH_KEY"),
        control_key=_key(environment, "CONTROL_KEY"),
        hook=_hook(environment.get("HAISHI_ORIGIN_HOOK", "")),
        pages=frozenset(environment.get("HAISHI_ORIGIN_PAGES", "").split()),
        proxies=_addresses(environment.get("HAISHI_ORIGIN_PROXIES", "")),
        window=_number(environment, "WINDOW", 16, 3_600, least=6),
        free=_number(environment, "FREE_MB", 512, 1 << 30) << 20,
    )


def _number(
    environment: Mapping[str, str], name: str, default: int | None, most: int, least: int = 0
) -> int:
    text = environment.get(f"HAISHI_ORIGIN_{name}", "")
    if not text and default is not None:
        return default
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise SystemExit(f"origin: HAISHI_ORIGIN_{name} is a whole number, {least} to {most}")
    return int(text)


def _key(environment: Mapping[str, str], name: str) -> bytes:
    try:
        key = bytes.fromhex(environment.get(f"HAISHI_ORIGIN_{name}", ""))
    except ValueError:
        key = b""
    if len(key) != 32:
        raise SystemExit(f"origin: HAISHI_ORIGIN_{name} is 32 bytes in hex")
    return key


def _hook(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise SystemExit("origin: HAISHI_ORIGIN_HOOK is an address that begins with http")
    return url


def _addresses(text: str) -> frozenset[str]:
    try:
        return frozenset(str(ipaddress.ip_address(each)) for each in text.split())
    except ValueError as error:
        raise SystemExit(f"origin: HAISHI_ORIGIN_PROXIES: {error}") from None
