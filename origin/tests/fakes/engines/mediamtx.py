"""A MediaMTX: authentication by HTTP, `runOnReady` by curl, control API v3."""

import copy
import uuid
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from origin.tests.fakes.engines import body

_KICKS = {"rtmpconns": "rtmpConn", "srtconns": "srtConn", "webrtcsessions": "webRTCSession"}
_PROTOCOLS = {"rtmpConn": "rtmp", "srtConn": "srt", "webRTCSession": "webrtc"}


class MediaMtx:
    """Listens on loopback between `start` and `close`; `url`: the control API's.

    `auth`: what `authHTTPAddress` is set to; `hook`: what runOnReady and runOnNotReady call.
    """

    def __init__(self, auth: str = "", hook: str = "") -> None:
        self.auth, self.hook, self.url = auth, hook, ""
        self.paths: dict[str, dict[str, Any]] = {}
        self.kicked: list[str] = []
        self._runner: web.AppRunner | None = None

    async def start(self) -> "MediaMtx":
        app = web.Application()
        app.add_routes(
            [
                web.get("/v3/config/global/get", self._config),
                web.get("/v3/paths/list", self._list),
                web.get("/v3/paths/get/{name:.+}", self._get),
                web.post("/v3/{kind}/kick/{id}", self._kick),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def publish(self, path: str, query: str = "", kind: str = "rtmpConn") -> bool:
        """Somebody publishes: false when the house says no."""
        id = str(uuid.uuid4())
        asked = body(
            "mediamtx-auth-publish", path=path, query=query, id=id, protocol=_PROTOCOLS[kind]
        )
        if not await self._may(asked):
            return False
        row = copy.deepcopy(body("mediamtx-paths-list")["items"][0])
        self.paths[path] = row | {"name": path, "source": {"type": kind, "id": id}, "readers": []}
        await self._tell("ready", path, query)
        return True

    async def unpublish(self, path: str) -> None:
        del self.paths[path]
        await self._tell("notReady", path, "")

    async def read(self, path: str, query: str = "", protocol: str = "hls") -> bool:
        """Somebody watches: false when the house says no or nobody publishes."""
        if not await self._may(
            body("mediamtx-auth-read", path=path, query=query, protocol=protocol)
        ):
            return False
        if path not in self.paths:
            return False
        self.paths[path]["readers"].append({"type": "hlsMuxer", "id": ""})
        return True

    async def _may(self, asked: dict[str, Any]) -> bool:
        async with aiohttp.ClientSession() as client, client.post(self.auth, json=asked) as answer:
            return answer.status // 10 == 20

    async def _tell(self, event: str, path: str, query: str) -> None:
        """As `curl "$hook?event=…&path=$MTX_PATH&…"` in the configuration does."""
        if not self.hook:
            return
        source = self.paths.get(path, {}).get("source", {"type": "rtmpConn", "id": ""})
        words = {
            "event": event, "path": path, "query": query,
            "source_type": source["type"], "source_id": source["id"],
        }  # fmt: skip
        async with (
            aiohttp.ClientSession() as client,
            client.get(f"{self.hook}?{urlencode(words)}") as answer,
        ):
            await answer.read()

    async def _config(self, _request: web.Request) -> web.Response:
        return web.json_response({"api": True, "authMethod": "http", "authHTTPAddress": self.auth})

    async def _list(self, request: web.Request) -> web.Response:
        size, page = (int(request.query.get(n, d)) for n, d in (("itemsPerPage", 100), ("page", 0)))
        rows = [self.paths[name] for name in sorted(self.paths)]
        pages = (len(rows) + size - 1) // size
        found = {"itemCount": len(rows), "pageCount": pages}
        return web.json_response(found | {"items": rows[page * size : page * size + size]})

    async def _get(self, request: web.Request) -> web.Response:
        row = self.paths.get(request.match_info["name"])
        if row is None:
            return web.json_response({"status": "error", "error": "path not found"}, status=404)
        return web.json_response(row)

    async def _kick(self, request: web.Request) -> web.Response:
        kind, id = _KICKS.get(request.match_info["kind"]), request.match_info["id"]
        for path, row in tuple(self.paths.items()):
            if row["source"] == {"type": kind, "id": id}:
                self.kicked.append(path)
                await self.unpublish(path)
                return web.json_response({"status": "ok"})
        return web.json_response({"status": "error", "error": "connection not found"}, status=404)
