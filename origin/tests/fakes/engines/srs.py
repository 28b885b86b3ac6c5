"""An SRS: callbacks on publish and play, HTTP API v1."""

import copy
import itertools
from typing import Any

import aiohttp
from aiohttp import web

from origin.tests.fakes.engines import body

# error.kernel: ERROR_SYSTEM_CLIENT_NOT_FOUND, ERROR_RTMP_STREAM_NOT_FOUND
NO_CLIENT, NO_STREAM = 2049, 2048


class Srs:
    """Listens on loopback between `start` and `close`; `url`: the HTTP API's.

    `hooks`: where on_publish, on_unpublish, on_play and on_stop are posted to.
    """

    def __init__(self, hooks: str = "") -> None:
        self.hooks, self.url = hooks, ""
        self.streams: dict[str, dict[str, Any]] = {}
        self.kicked: list[str] = []
        self._ids = itertools.count(1)
        self._runner: web.AppRunner | None = None

    async def start(self) -> "Srs":
        app = web.Application()
        app.add_routes(
            [
                web.get("/api/v1/versions", self._versions),
                web.get("/api/v1/streams/", self._list),
                web.get("/api/v1/streams/{id}", self._get),
                web.delete("/api/v1/clients/{id}", self._kick),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def publish(self, stream: str, param: str = "") -> bool:
        """Somebody publishes to the app `live`: false when the house says no."""
        client = f"client-{next(self._ids)}"
        if not await self._may("publish", stream, param, client):
            return False
        row = copy.deepcopy(body("srs-streams")["streams"][0])
        row |= {"id": f"vid-{client}", "name": stream, "url": f"/live/{stream}", "clients": 1}
        self.streams[stream] = row | {"publish": {"active": True, "cid": client}}
        return True

    async def unpublish(self, stream: str) -> None:
        client = self.streams.pop(stream)["publish"]["cid"]
        await self._may("unpublish", stream, "", client)

    async def play(self, stream: str, param: str = "") -> bool:
        """Somebody watches; SRS lets viewers wait for a stream that is not there yet."""
        if not await self._may("play", stream, param, f"client-{next(self._ids)}"):
            return False
        if stream in self.streams:
            self.streams[stream]["clients"] += 1
        return True

    async def _may(self, action: str, stream: str, param: str, client: str) -> bool:
        """HTTP 200 and 0, alone or as the field `code`, mean yes."""
        asked = body(
            f"srs-on-{action}", stream=stream, param=param, client_id=client,
            stream_url=f"/live/{stream}",
        )  # fmt: skip
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.hooks, json=asked) as answer,
        ):
            if answer.status != 200:
                return False
            said = await answer.json(content_type=None)
        return (said.get("code") if isinstance(said, dict) else said) == 0

    async def _versions(self, _request: web.Request) -> web.Response:
        return web.json_response(_whole(data={"major": 6, "minor": 0, "version": "6.0.184"}))

    async def _list(self, request: web.Request) -> web.Response:
        start, count = (int(request.query.get(n, d)) for n, d in (("start", 0), ("count", 10)))
        rows = [self.streams[name] for name in sorted(self.streams)]
        return web.json_response(_whole(streams=rows[start : start + count]))

    async def _get(self, request: web.Request) -> web.Response:
        for row in self.streams.values():
            if row["id"] == request.match_info["id"]:
                return web.json_response(_whole(stream=row))
        return web.json_response(_whole(NO_STREAM))

    async def _kick(self, request: web.Request) -> web.Response:
        for stream, row in tuple(self.streams.items()):
            if row["publish"]["cid"] == request.match_info["id"]:
                self.kicked.append(stream)
                await self.unpublish(stream)
                return web.json_response(_whole())
        return web.json_response(_whole(NO_CLIENT))


def _whole(code: int = 0, **content: Any) -> dict[str, Any]:
    return {"code": code, "server": "vid-0xk989d", "service": "382k890r", "pid": "1"} | content
