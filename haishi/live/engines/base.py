"""What every engine answers, and what they share: addresses, HTTP, viewers' tokens."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from haishi.live.types import Source
from wire.live import (
    PROGRAMME,
    WATCH_SECONDS,
    Session,
    Status,
    Watcher,
    derive,
    hash_key,
    mint,
    srt_passphrase,
    watcher,
)

__all__ = [
    "PROGRAMME",
    "Engine",
    "Ingest",
    "Place",
    "Unreachable",
    "Unwilling",
    "ask",
    "may_watch",
    "playback_base",
    "srt_address",
    "watch_token",
]
# Seconds an engine may take to answer; it stands beside the house.
PATIENCE = 3.0


class Unreachable(Exception):
    """The engine did not answer, or not sensibly. Trying again later may help."""


class Unwilling(Exception):
    """The engine answered and refused; `args[0]` is its reason for technicians."""


@dataclass(frozen=True)
class Ingest:
    """Where a camera publishes. `server` and `key` as OBS asks for them; "" where not offered.

    `srt` is one whole address with its passphrase in it: as secret as the key.
    """

    server: str
    key: str
    srt: str = ""
    whip: str = ""


@dataclass(frozen=True)
class Place:
    """A camera of a session. `srt_port`: where its engine listens for SRT, 0: nowhere."""

    session_id: str
    camera: int
    srt_port: int = 0


@dataclass(frozen=True)
class File:
    """A finished or growing recording at an engine; times: seconds since 1970."""

    name: str
    started_at: float
    seconds: float
    growing: bool


class Engine(Protocol):
    """All calls are synchronous and belong outside of transactions.

    `arm`, `disarm`, `status`, `cut`, `kick`, `push`, `end`, `recordings` and `erase` ask the engine
    and raise Unreachable or Unwilling; the others only compute.
    """

    name: str
    # Whether it mixes several cameras into one programme, and whether it sends to other networks.
    cuts: bool
    restreams: bool

    def arm(self, session: Session) -> None:
        """Let its publishers in; arming again brings the session up to date."""

    def disarm(self, session_id: str) -> None:
        """Turn everybody away; not knowing the session is no error."""

    def status(self) -> Sequence[Status]:
        """How all armed sessions do."""

    def cut(self, session_id: str, camera: int) -> None:
        """Put a camera on the programme."""

    def kick(self, session_id: str, camera: int) -> None:
        """Send a publisher away."""

    def push(self, session_id: str, target_id: str, wanted: bool) -> None:
        """Start or stop sending to another network."""

    def end(self, session_id: str) -> None:
        """End the programme and finish its recording."""

    def recordings(self, session_id: str) -> Sequence[File]:
        """What it kept."""

    def erase(self, session_id: str) -> None:
        """Delete what it kept."""

    def ingest(self, place: Place, key: str, host: str) -> Ingest:
        """Where a camera publishes to; `host`: the name by which this browser knows the house."""

    def playback(self, session_id: str, stream: str, token: str, host: str) -> list[Source]:
        """Signed addresses of a stream, the best first."""

    def replay(self, session_id: str, name: str, token: str, host: str) -> tuple[str, str]:
        """(file, playlist): signed addresses of a recording."""


def ask(method: str, url: str, **options: Any) -> Any:
    """JSON of an answer, None when it is empty. Raises Unreachable, Unwilling."""
    try:
        answer = httpx.request(method, url, timeout=PATIENCE, trust_env=False, **options)
    except httpx.HTTPError as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from None
    if answer.status_code >= 500:
        raise Unreachable(f"{answer.status_code} {url}")
    if answer.status_code >= 400:
        raise Unwilling(f"{answer.status_code} {answer.text[:200]}".strip())
    try:
        return answer.json() if answer.content.strip() else None
    except ValueError:
        raise Unreachable(f"no JSON from {url}") from None


def playback_base(host: str) -> str:
    """Where browsers find video: as set, else beside the pages on the origin's port."""
    if settings.ORIGIN_URL:
        return str(settings.ORIGIN_URL).rstrip("/")
    return f"http://{_name(host)}:{settings.ORIGIN_PORT}"


def ingest_server(host: str) -> str:
    """Where encoders find the engine over RTMP."""
    if settings.LIVE_INGEST_URL:
        return str(settings.LIVE_INGEST_URL).rstrip("/")
    return f"rtmp://{_name(host)}:{settings.RTMP_PORT}/live"


def srt_address(host: str, port: int, key: str) -> str:
    """What an encoder takes as its SRT server: caller, 128-bit AES, 200 ms to mend losses.

    The passphrase alone says which key it is; the port says which camera. `latency` is in
    microseconds, as FFmpeg (and OBS, which uses it) counts.
    """
    name = _name(urlsplit(ingest_server(host)).netloc)
    secret = srt_passphrase(hash_key(key))
    return f"srt://{name}:{port}?mode=caller&latency=200000&pbkeylen=16&passphrase={secret}"


def _name(host: str) -> str:
    """The name of `host[:port]`, an IPv6 address in brackets."""
    name = urlsplit(f"//{host}").hostname or "localhost"
    return f"[{name}]" if ":" in name else name


def watch_token(session_id: str, viewer: str, seconds: int = WATCH_SECONDS) -> str:
    """The right to watch a session for a while; `session_id` may end in "/preview" for hosts."""
    until = int(time.time()) + seconds
    return mint(derive(settings.SECRET_KEY, "watch"), Watcher(session_id, viewer, until))


def may_watch(token: str) -> Watcher:
    """Whose token it is, for engines that ask the house. Raises wire.live.BadWatcher."""
    return watcher(derive(settings.SECRET_KEY, "watch"), token)
