"""SRS (ossrs/srs 5 and 6): HTTP callbacks, and its HTTP API.

Cameras publish to app `live`, stream `<session>_<number>` with `?key=…`; viewers carry `?w=…`. It
asks the house by `on_publish` and `on_play`. Like MediaMTX it has no director.
Sources: ossrs.io/lts/en-us/docs/v6/doc/http-callback and /doc/http-api.
"""

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

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
)
from haishi.live.engines.programme import choose, chosen, forget, whole
from haishi.live.types import Source
from wire.live import PROGRAMME, CameraStatus, Session, Status


def read_stream(app: str, stream: str) -> tuple[str, int] | None:
    """(session, camera) of `<session>_<number>` in the app `live`; None for others."""
    session, _line, number = stream.rpartition("_")
    if app != "live" or not session or not number.isdecimal():
        return None
    return session, int(number)


class Srs:
    """See `Engine`."""

    name = "srs"
    cuts = restreams = False

    def _call(self, method: str, path: str) -> Any:
        found = ask(method, settings.LIVE_ENGINE_URL.rstrip("/") + path)
        if not isinstance(found, dict):
            raise Unreachable(f"{path}: no object")
        if found.get("code", 0) != 0:
            raise Unwilling(f"code {found['code']}")
        return found

    def _streams(self) -> list[dict[str, Any]]:
        rows = self._call("GET", "/api/v1/streams/?count=1000").get("streams")
        if not isinstance(rows, list):
            raise Unreachable("streams: no list")
        return rows

    def arm(self, session: Session) -> None:
        """It asks the house about everybody: there is nothing to tell it but that it is there."""
        self._call("GET", "/api/v1/versions")

    def disarm(self, session_id: str) -> None:
        """Publishers that are still there are sent away."""
        self._send_away(session_id, None)
        forget(session_id)

    def status(self) -> Sequence[Status]:
        found: dict[str, Status] = {}
        for row in self._streams():
            if place := read_stream(str(row.get("app", "")), str(row.get("name", ""))):
                session, number = place
                status = found.setdefault(session, Status(id=session, state="idle", since=0.0))
                status.cameras.append(_camera(number, row))
                # The publisher is counted among the clients.
                active = 1 if (row.get("publish") or {}).get("active") else 0
                status.viewers += max(0, int(row.get("clients") or 0) - active)
        return [whole(status) for status in found.values()]

    def cut(self, session_id: str, camera: int) -> None:
        """From now on the programme's addresses are those of this camera."""
        choose(session_id, camera)

    def kick(self, session_id: str, camera: int) -> None:
        self._send_away(session_id, camera)

    def _send_away(self, session_id: str, camera: int | None) -> None:
        for row in self._streams():
            place = read_stream(str(row.get("app", "")), str(row.get("name", "")))
            client = str((row.get("publish") or {}).get("cid") or "")
            wanted = place is not None and place[0] == session_id
            if wanted and client and camera in (None, place[1] if place else None):
                self._call("DELETE", f"/api/v1/clients/{quote(client, safe='')}")

    def push(self, session_id: str, target_id: str, wanted: bool) -> None:
        raise Unwilling("srs: forwarding is configured there")

    def end(self, session_id: str) -> None:
        self.disarm(session_id)

    def recordings(self, session_id: str) -> Sequence[File]:
        return []

    def erase(self, session_id: str) -> None:
        """Recordings are its operator's matter (DVR)."""

    def ingest(self, place: Place, key: str, host: str) -> Ingest:
        stream = f"{place.session_id}_{place.camera}"
        return Ingest(
            server=ingest_server(host),
            key=f"{stream}?key={key}",
            whip=f"{playback_base(host)}/rtc/v1/whip/?app=live&stream={stream}&key={key}",
        )

    def playback(self, session_id: str, stream: str, token: str, host: str) -> list[Source]:
        number = chosen(session_id) if stream == PROGRAMME else int(stream)
        base = f"{playback_base(host)}/live/{session_id}_{number}"
        return [Source("flv", f"{base}.flv?w={token}"), Source("hls", f"{base}.m3u8?w={token}")]

    def replay(self, session_id: str, name: str, token: str, host: str) -> tuple[str, str]:
        return "", ""


def _camera(number: int, row: dict[str, Any]) -> CameraStatus:
    video, audio = row.get("video") or {}, row.get("audio")
    active = bool((row.get("publish") or {}).get("active"))
    status = CameraStatus(
        number=number,
        state="live" if active else "connecting",
        since=time.time() if not row.get("live_ms") else float(row["live_ms"]) / 1000,
        protocol="rtmp",
        width=int(video.get("width") or 0),
        height=int(video.get("height") or 0),
        kbps=int((row.get("kbps") or {}).get("recv_30s") or 0),
        audio=audio is not None,
    )
    if active and audio is None:
        status.warnings = ["no_audio"]
    return status
