"""Everything viewers fetch: playlists, parts, FLV, recordings. HTTP by aiohttp's low level server.

    /live/{session}/{stream}/index.m3u8     low latency; `_HLS_msn`, `_HLS_part` wait for what comes
    /live/{session}/{stream}/plain.m3u8     whole segments
    /live/{session}/{stream}/{init-N.mp4,seg-N.m4s,part-N.M.m4s}?k=…
    /live/{session}/{stream}.flv
    /recordings/{session}/index.m3u8, /recordings/{session}/{name}

`{stream}`: `programme`, or the number of a camera. `?w=` carries a token (wire.live.Watcher).
"""

import asyncio
import hmac
import ipaddress
import json
import logging
import re
from collections.abc import Mapping
from typing import Protocol

from aiohttp import web
from multidict import CIMultiDict

from origin import flv, playlists
from origin.metrics import Metrics
from origin.recorder import Archive
from origin.segments import TooFar
from origin.settings import Settings
from origin.streams import Stream
from origin.watchers import PREVIEW, Refused, Watchers

log = logging.getLogger("origin")
Answer = web.StreamResponse
# How long a reader waits for a camera that nobody watched so far: one group of pictures.
STARTING_SECONDS = 6.0
FLV_STALLED_SECONDS = 30.0
_LIVE = re.compile(r"/live/([\w-]{1,64})/(programme|[1-6])(?:\.(flv)|/([\w.-]{1,64}))", re.ASCII)
_MEDIA = re.compile(
    r"(?P<kind>init|seg|part)-(?P<number>\d{1,12})(?:\.(?P<part>\d{1,6}))?\.(?:mp4|m4s)", re.ASCII
)
_RECORDING = re.compile(r"/recordings/([\w-]{1,64})/([\w-]{1,64}\.(?:mp4|m3u8))", re.ASCII)
FOREVER, NOT_AT_ALL = "public, max-age=86400, immutable", "no-store"
# A cache in front answers all who ask for the same moment; nobody gets it a part too late.
A_MOMENT = "public, max-age=1"


class Live(Protocol):
    """An armed session."""

    def stream(self, name: str, *, private: bool) -> Stream | None:
        """A stream that may be watched; `private`: by its hosts."""

    @property
    def flv(self) -> bool:
        """FLV is allowed."""


class Lives(Protocol):
    """All armed sessions."""

    def find(self, session: str) -> Live | None:
        """By id."""


class Outputs:
    """Answers requests; `handle` never raises but for what the client did to its connection."""

    def __init__(
        self,
        settings: Settings,
        lives: Lives,
        watchers: Watchers,
        archive: Archive,
        metrics: Metrics,
    ) -> None:
        self.settings, self.lives, self.watchers = settings, lives, watchers
        self.archive, self.metrics = archive, metrics

    async def handle(self, request: web.BaseRequest) -> Answer:
        """One request under /live/ or /recordings/."""
        if request.method == "OPTIONS":
            return self._allowed(request)
        if request.method not in ("GET", "HEAD"):
            return self.refuse(request, 405, "method")
        try:
            if found := _LIVE.fullmatch(request.path):
                return await self._live(request, *found.groups(""))
            if found := _RECORDING.fullmatch(request.path):
                return self._recording(request, *found.groups(""))
        except Refused as refused:
            return self.refuse(request, refused.status, refused.code)
        return self.refuse(request, 404, "unknown")

    # Live.

    async def _live(
        self, request: web.BaseRequest, session: str, name: str, is_flv: str, file: str
    ) -> Answer:
        live = self.lives.find(session)
        if media := _MEDIA.fullmatch(file):
            stream = live.stream(name, private=True) if live else None
            return await self._media(request, stream, media)
        who = self.watchers.admit(request.query.get("w", ""), session, self.address(request))
        private = who.session.endswith(PREVIEW)
        stream = live.stream(name, private=private) if live else None
        if live is None or stream is None:
            return self.refuse(request, 404, "unknown")
        stream.touched = self.watchers.now()
        stream.start()
        if is_flv:
            if not live.flv:
                return self.refuse(request, 404, "no_flv")
            return await self._flv(request, stream, session)
        if file not in ("index.m3u8", "plain.m3u8"):
            return self.refuse(request, 404, "unknown")
        return await self._playlist(request, stream, parts=file == "index.m3u8")

    async def _playlist(self, request: web.BaseRequest, stream: Stream, *, parts: bool) -> Answer:
        try:
            number, part = _wanted(request.query)
        except ValueError:
            return self.refuse(request, 400, "query")
        ring = stream.ring
        if not ring.ready and not await self._starts(stream):
            return self.refuse(request, 404, "not_yet", retry=1)
        if number is not None:
            try:
                if not ring.has(number, part):
                    self.metrics.count("blocked")
                if not await ring.reach(number, part, 3.0 * ring.target):
                    return self.refuse(request, 503, "late", retry=1)
            except TooFar:
                return self.refuse(request, 400, "too_far")
        text = stream.playlist(parts=parts)
        self.metrics.count("playlists")
        kind = playlists.MEDIA_TYPE
        return self._content(request, text, kind, A_MOMENT if number is not None else NOT_AT_ALL)

    async def _starts(self, stream: Stream) -> bool:
        """A stream that has just begun: wait until there is a playlist."""
        clock = asyncio.get_running_loop().time
        until = clock() + STARTING_SECONDS
        while not stream.ring.ready:
            if not await stream.ring.change(until - clock()):
                return False
        return True

    async def _media(
        self, request: web.BaseRequest, stream: Stream | None, media: re.Match[str]
    ) -> Answer:
        """What a playlist names; its key opens it."""
        if stream is None:
            return self.refuse(request, 404, "unknown")
        kind = media["kind"]
        number = int(media["number"])
        name = f"init-{number}" if kind == "init" else number
        given = request.query.get("k", "")
        if not given:
            return self.refuse(request, 401, "no_token")
        if not hmac.compare_digest(given.encode(), stream.ring.key(name).encode()):
            return self.refuse(request, 403, "key")
        content = await self._piece(stream, kind, number, int(media["part"] or 0))
        if content is None:
            return self.refuse(request, 404, "gone")
        self.metrics.count("parts" if kind == "part" else "segments")
        return self._content(request, content, "video/mp4", FOREVER)

    async def _piece(self, stream: Stream, kind: str, number: int, part: int) -> bytes | None:
        ring = stream.ring
        if kind == "init":
            return ring.inits.get(number)
        if kind == "seg":
            segment = ring.segment(number)
            return b"".join(each.content for each in segment.parts) if segment else None
        try:
            await ring.reach(number, part, 3.0 * (ring.target or 1))
        except TooFar:
            return None
        found = ring.piece(number, part)
        return found.content if found else None

    async def _flv(self, request: web.BaseRequest, stream: Stream, session: str) -> Answer:
        headers = self._headers(request, NOT_AT_ALL)
        answer = web.StreamResponse(headers=headers)
        answer.content_type = flv.MEDIA_TYPE
        await answer.prepare(request)
        if request.method == "HEAD":
            return answer
        viewer = stream.watch_flv()
        token = request.query.get("w", "")
        try:
            while content := await viewer.take():
                async with asyncio.timeout(FLV_STALLED_SECONDS):
                    await answer.write(content)
                self.metrics.count("bytes", len(content))
                self.watchers.still_there(token, session)
                stream.touched = self.watchers.now()
        except (TimeoutError, ConnectionError):
            self.metrics.count("flv_lost")
        finally:
            stream.leave_flv(viewer)
            self.metrics.count("flv_skips", viewer.skipped)
        return answer

    # Recordings.

    def _recording(self, request: web.BaseRequest, session: str, name: str) -> Answer:
        self.watchers.admit_to_recordings(request.query.get("w", ""), session)
        if name == "index.m3u8":
            text = self.archive.playlist(session, self.watchers.for_files(session))
            if not text:
                return self.refuse(request, 404, "unknown")
            return self._content(request, text.encode(), playlists.MEDIA_TYPE, NOT_AT_ALL)
        path = self.archive.path(session, name)
        if path is None:
            return self.refuse(request, 404, "unknown")
        headers = self._headers(request, "private, max-age=3600")
        return web.FileResponse(path, headers=headers)

    # Answers.

    def address(self, request: web.BaseRequest) -> str:
        """Whom we speak to; a front that we trust says for whom it asks."""
        address = request.remote or ""
        if address in self.settings.proxies:
            told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
            try:
                return str(ipaddress.ip_address(told))
            except ValueError:
                return address
        return address

    def refuse(
        self, request: web.BaseRequest, status: int, code: str, retry: int = 0
    ) -> web.Response:
        """A refusal as JSON: {"error": code}."""
        self.metrics.count("refused", status=str(status), code=code)
        headers = self._headers(request, NOT_AT_ALL)
        if retry:
            headers["Retry-After"] = str(retry)
        body = json.dumps({"error": code}).encode()
        answer = web.Response(status=status, body=body, headers=headers)
        answer.content_type = "application/json"
        return answer

    def _content(
        self, request: web.BaseRequest, content: bytes, kind: str, cache: str
    ) -> web.Response:
        headers = self._headers(request, cache)
        headers["Content-Type"] = kind
        if request.method == "HEAD":
            headers["Content-Length"] = str(len(content))
            return web.Response(headers=headers)
        self.metrics.count("bytes", len(content))
        return web.Response(body=content, headers=headers)

    def _headers(self, request: web.BaseRequest, cache: str) -> CIMultiDict[str]:
        headers = CIMultiDict({"Cache-Control": cache, "X-Content-Type-Options": "nosniff"})
        pages = self.settings.pages
        if not pages:
            headers["Access-Control-Allow-Origin"] = "*"
        else:
            asked = request.headers.get("Origin", "")
            headers["Vary"] = "Origin"
            if asked in pages:
                headers["Access-Control-Allow-Origin"] = asked
        return headers

    def _allowed(self, request: web.BaseRequest) -> web.Response:
        headers = self._headers(request, "public, max-age=600")
        headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        headers["Access-Control-Allow-Headers"] = "Range"
        headers["Access-Control-Max-Age"] = "600"
        return web.Response(status=204, headers=headers)


def _wanted(query: Mapping[str, str]) -> tuple[int | None, int]:
    """`_HLS_msn` and `_HLS_part` (-1: the whole segment). Raises ValueError."""
    number, part = query.get("_HLS_msn"), query.get("_HLS_part")
    for text in (number, part):
        if text is not None and not (text.isascii() and text.isdigit() and len(text) <= 12):
            raise ValueError(text)
    if number is None and part is not None:
        raise ValueError("_HLS_part alone")
    return (None if number is None else int(number)), (-1 if part is None else int(part))
