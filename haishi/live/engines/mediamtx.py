"""MediaMTX (bluenviron/mediamtx 1.x): external authentication, and its API v3.

Cameras publish to `live/<session>/<number>` with the key as `?key=…`; viewers carry `?w=…`. It asks
the house for both (`authMethod: http`). It has no director: the programme is the camera that the
house names. Sources: mediamtx.org/docs/usage/authentication and /docs/references/control-api.
"""

import datetime as dt
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, quote

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

# source.type of a path → where a publisher of that kind is sent away.
_KICKS = {
    "rtmpConn": "rtmpconns",
    "rtmpsConn": "rtmpsconns",
    "srtConn": "srtconns",
    "webRTCSession": "webrtcsessions",
    "rtspSession": "rtspsessions",
}


def read_path(path: str) -> tuple[str, int] | None:
    """(session, camera) of `live/<session>/<number>`; None for others."""
    parts = path.strip("/").split("/")
    if len(parts) != 3 or parts[0] != "live" or not parts[2].isdecimal():
        return None
    return parts[1], int(parts[2])


def read_query(query: str, name: str) -> str:
    """The first value of a parameter, "" without."""
    return parse_qs(query.lstrip("?")).get(name, [""])[0]


class MediaMtx:
    """See `Engine`."""

    name = "mediamtx"
    cuts = restreams = False

    def _call(self, method: str, path: str) -> Any:
        return ask(method, settings.LIVE_ENGINE_URL.rstrip("/") + path)

    def _paths(self) -> list[dict[str, Any]]:
        found = self._call("GET", "/v3/paths/list?itemsPerPage=1000")
        if not isinstance(found, dict) or not isinstance(found.get("items"), list):
            raise Unreachable("paths: no list of items")
        return list(found["items"])

    def arm(self, session: Session) -> None:
        """It asks the house about everybody: there is nothing to tell it but that it is there."""
        self._call("GET", "/v3/config/global/get")

    def disarm(self, session_id: str) -> None:
        """Publishers that are still there are sent away."""
        for row in self._paths():
            place = read_path(str(row.get("name", "")))
            if place and place[0] == session_id:
                self._send_away(row)
        forget(session_id)

    def status(self) -> Sequence[Status]:
        found: dict[str, Status] = {}
        for row in self._paths():
            if place := read_path(str(row.get("name", ""))):
                session, number = place
                status = found.setdefault(session, Status(id=session, state="idle", since=0.0))
                status.cameras.append(_camera(number, row))
                status.viewers += len(row.get("readers") or [])
        return [whole(status) for status in found.values()]

    def cut(self, session_id: str, camera: int) -> None:
        """From now on the programme's addresses are those of this camera."""
        choose(session_id, camera)

    def kick(self, session_id: str, camera: int) -> None:
        for row in self._paths():
            if read_path(str(row.get("name", ""))) == (session_id, camera):
                self._send_away(row)

    def _send_away(self, row: dict[str, Any]) -> None:
        source = row.get("source") or {}
        if kind := _KICKS.get(str(source.get("type", ""))):
            self._call("POST", f"/v3/{kind}/kick/{quote(str(source.get('id', '')), safe='')}")

    def push(self, session_id: str, target_id: str, wanted: bool) -> None:
        raise Unwilling("mediamtx: restreaming is configured there")

    def end(self, session_id: str) -> None:
        self.disarm(session_id)

    def recordings(self, session_id: str) -> Sequence[File]:
        return []

    def erase(self, session_id: str) -> None:
        """Recordings are its operator's matter (`recordDeleteAfter`)."""

    def ingest(self, place: Place, key: str, host: str) -> Ingest:
        path = f"{place.session_id}/{place.camera}"
        return Ingest(
            server=ingest_server(host),
            key=f"{path}?key={key}",
            whip=f"{playback_base(host)}/live/{path}/whip?key={key}",
        )

    def playback(self, session_id: str, stream: str, token: str, host: str) -> list[Source]:
        number = chosen(session_id) if stream == PROGRAMME else int(stream)
        url = f"{playback_base(host)}/live/{session_id}/{number}/index.m3u8?w={token}"
        return [Source("ll-hls", url)]

    def replay(self, session_id: str, name: str, token: str, host: str) -> tuple[str, str]:
        return "", ""


def _camera(number: int, row: dict[str, Any]) -> CameraStatus:
    ready = bool(row.get("ready"))
    source = row.get("source") or {}
    tracks = [str(track) for track in row.get("tracks") or []]
    sound = any(track.startswith(("MPEG-4 Audio", "Opus", "AAC")) for track in tracks)
    width, height = _size(row)
    status = CameraStatus(
        number=number,
        state="live" if ready else "connecting",
        since=_seconds(row.get("readyTime")),
        width=width,
        height=height,
        protocol=str(source.get("type", "")).removesuffix("Conn").removesuffix("Session")[:10],
        audio=sound,
    )
    if ready and not sound:
        status.warnings = ["no_audio"]
    return status


def _size(row: dict[str, Any]) -> tuple[int, int]:
    """Of the picture; 0 by 0 from releases that do not say (before `tracks2`)."""
    for track in row.get("tracks2") or []:
        known = track.get("codecProps") or {}
        if known.get("width") and known.get("height"):
            return int(known["width"]), int(known["height"])
    return 0, 0


def _seconds(stamp: Any) -> float:
    """Seconds since 1970 of an RFC 3339 time; now when there is none."""
    try:
        return dt.datetime.fromisoformat(str(stamp)).timestamp()
    except ValueError:
        return time.time()
