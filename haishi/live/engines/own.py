"""The platform's own origin: its control API over signed HTTP."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec
from django.conf import settings

from haishi.live.engines.base import (
    File,
    Ingest,
    Place,
    Unreachable,
    Unwilling,
    ask,
    ingest_server,
    playback_base,
    srt_address,
)
from haishi.live.types import Source
from wire.live import Session, Status, derive
from wire.signing import sign


def control_key() -> bytes:
    """The secret that house and origin share for orders and events."""
    return derive(settings.SECRET_KEY, "control")


class Own:
    """See `Engine`."""

    name = "own"
    cuts = restreams = True

    def _call(self, method: str, path: str, content: Any = None) -> Any:
        body = b"" if content is None else msgspec.json.encode(content)
        headers = sign(control_key(), method, path, body)
        if body:
            headers["Content-Type"] = "application/json"
        url = settings.LIVE_ENGINE_URL.rstrip("/") + path
        return ask(method, url, content=body, headers=headers)

    def arm(self, session: Session) -> None:
        self._call("PUT", _path(session.id), session)

    def disarm(self, session_id: str) -> None:
        try:
            self._call("DELETE", _path(session_id))
        except Unwilling as error:
            if not str(error).startswith("404"):
                raise

    def status(self) -> Sequence[Status]:
        found = self._call("GET", "/control/sessions")
        rows = found.get("sessions", []) if isinstance(found, dict) else found
        try:
            return msgspec.convert(rows, list[Status])
        except msgspec.ValidationError as error:
            raise Unreachable(f"status: {error}") from None

    def cut(self, session_id: str, camera: int) -> None:
        self._call("POST", f"{_path(session_id)}/cut", {"camera": camera})

    def kick(self, session_id: str, camera: int) -> None:
        self._call("POST", f"{_path(session_id)}/kick", {"camera": camera})

    def push(self, session_id: str, target_id: str, wanted: bool) -> None:
        path = f"{_path(session_id)}/targets/{quote(target_id, safe='')}"
        self._call("POST", path, {"wanted": wanted})

    def end(self, session_id: str) -> None:
        self._call("POST", f"{_path(session_id)}/end", {})

    def recordings(self, session_id: str) -> Sequence[File]:
        found = self._call("GET", f"/control/recordings/{quote(session_id, safe='')}")
        try:
            return [
                File(row["name"], row["started_at"], row["seconds"], row.get("growing", False))
                for row in found or []
            ]
        except (KeyError, TypeError) as error:
            raise Unreachable(f"recordings: {error!r}") from None

    def erase(self, session_id: str) -> None:
        try:
            self._call("DELETE", f"/control/recordings/{quote(session_id, safe='')}")
        except Unwilling as error:
            if not str(error).startswith("404"):
                raise

    def ingest(self, place: Place, key: str, host: str) -> Ingest:
        return Ingest(
            server=ingest_server(host),
            key=key,
            srt=srt_address(host, place.srt_port, key) if place.srt_port else "",
            whip=f"{playback_base(host)}/whip",
        )

    def playback(self, session_id: str, stream: str, token: str, host: str) -> list[Source]:
        base = f"{playback_base(host)}/live/{session_id}"
        return [
            Source("ll-hls", f"{base}/{stream}/index.m3u8?w={token}"),
            Source("hls", f"{base}/{stream}/plain.m3u8?w={token}"),
            Source("flv", f"{base}/{stream}.flv?w={token}"),
        ]

    def replay(self, session_id: str, name: str, token: str, host: str) -> tuple[str, str]:
        base = f"{playback_base(host)}/recordings/{session_id}"
        return f"{base}/{quote(name)}?w={token}", f"{base}/index.m3u8?w={token}"


def _path(session_id: str) -> str:
    return f"/control/sessions/{quote(session_id, safe='')}"
