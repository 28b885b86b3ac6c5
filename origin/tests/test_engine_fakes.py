"""The fakes of other engines do what drivers are tested against."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web

from origin.tests.fakes.engines.mediamtx import MediaMtx
from origin.tests.fakes.engines.srs import NO_CLIENT, Srs


class House:
    """Says yes to the key `right` and to every viewer, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    async def mediamtx(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.asked.append(asked)
        right = asked["action"] == "read" or asked["query"] == "key=right"
        return web.Response(status=200 if right else 401)

    async def hook(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.query))
        return web.Response()

    async def srs(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.asked.append(asked)
        right = asked["action"] != "on_publish" or asked["param"] == "?key=right"
        return web.json_response({"code": 0 if right else 1})


def _play(story: Callable[[House, str, aiohttp.ClientSession], Awaitable[None]]) -> None:
    async def whole() -> None:
        house, app = House(), web.Application()
        app.add_routes(
            [
                web.post("/mediamtx", house.mediamtx),
                web.get("/hook", house.hook),
                web.post("/srs", house.srs),
            ]
        )
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with asyncio.timeout(20), aiohttp.ClientSession() as client:
            await story(house, f"http://127.0.0.1:{runner.addresses[0][1]}", client)
        await runner.cleanup()

    asyncio.run(whole())


async def _json(answer: aiohttp.ClientResponse) -> Any:
    return await answer.json()


def test_mediamtx_asks_lists_and_sends_away() -> None:
    async def story(house: House, url: str, client: aiohttp.ClientSession) -> None:
        engine = await MediaMtx(f"{url}/mediamtx", f"{url}/hook").start()
        assert not await engine.publish("live/s1/1", "key=wrong")
        assert engine.paths == {}
        assert await engine.publish("live/s1/1", "key=right")
        assert await engine.read("live/s1/1", "w=token")
        assert not await engine.read("live/s1/2", "w=token")
        assert {"event", "path", "query", "source_type", "source_id"} == set(house.asked[2])
        found = await _json(await client.get(f"{engine.url}/v3/paths/list?itemsPerPage=1"))
        assert (found["itemCount"], found["pageCount"]) == (1, 1)
        (row,) = found["items"]
        assert (row["name"], row["ready"], len(row["readers"])) == ("live/s1/1", True, 1)
        kick = f"{engine.url}/v3/rtmpconns/kick/{row['source']['id']}"
        assert (await client.post(kick)).status == 200
        assert (await client.post(kick)).status == 404
        assert (engine.kicked, engine.paths) == (["live/s1/1"], {})
        assert house.asked[-1]["event"] == "notReady"
        await engine.close()

    _play(story)


def test_srs_asks_lists_and_sends_away() -> None:
    async def story(house: House, url: str, client: aiohttp.ClientSession) -> None:
        engine = await Srs(f"{url}/srs").start()
        assert not await engine.publish("s1_1", "?key=wrong")
        assert engine.streams == {}
        assert await engine.publish("s1_1", "?key=right")
        assert await engine.play("s1_1", "?w=token")
        found = await _json(await client.get(f"{engine.url}/api/v1/streams/?count=5"))
        (row,) = found["streams"]
        assert (found["code"], row["name"], row["clients"]) == (0, "s1_1", 2)
        kick = f"{engine.url}/api/v1/clients/{row['publish']['cid']}"
        assert (await _json(await client.delete(kick)))["code"] == 0
        assert (await _json(await client.delete(kick)))["code"] == NO_CLIENT
        assert (engine.kicked, engine.streams) == (["s1_1"], {})
        assert [asked["action"] for asked in house.asked] == [
            "on_publish", "on_publish", "on_play", "on_unpublish",
        ]  # fmt: skip
        await engine.close()

    _play(story)
