"""An origin of a test, and what the house does with it."""

import asyncio
import contextlib
import json
import shutil
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from origin.assembly import Origin
from origin.rtmp.publisher import Publisher
from origin.settings import read
from origin.tests.films import messages
from wire.live import Camera, Event, Session, Status, Watcher, hash_key, mint
from wire.signing import check, sign

KEY = bytes(range(32))
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


class Hook:
    """The house's ear: keeps events; answers as `status` says."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.status = 204
        self.asked = 0
        self.url = ""

    async def handle(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        check(KEY, "POST", request.path_qs, body, request.headers)
        self.asked += 1
        if self.status == 204:
            self.events.append(msgspec.json.decode(body, type=Event))
        return web.Response(status=self.status)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        runner = web.ServerRunner(web.Server(self.handle, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/live/hook?x=1"
        try:
            yield
        finally:
            await runner.cleanup()


class House:
    """What the house does with an origin, over its ports."""

    def __init__(self, http: int, rtmp: int, hook: Hook, client: aiohttp.ClientSession) -> None:
        self.http, self.rtmp, self.hook, self.client = http, rtmp, hook, client

    async def order(
        self, method: str, path: str, content: Any = None, key: bytes = KEY
    ) -> tuple[int, Any]:
        """A signed order: status and JSON."""
        body = b"" if content is None else msgspec.json.encode(content)
        headers = sign(key, method, path, body)
        url = f"http://127.0.0.1:{self.http}{path}"
        async with self.client.request(method, url, data=body or None, headers=headers) as answer:
            text = await answer.read()
            return answer.status, json.loads(text) if text else None

    async def arm(self, **more: Any) -> None:
        status, answer = await self.order("PUT", "/control/sessions/a", session(**more))
        assert status == 200, answer

    async def status(self) -> Status:
        _status, found = await self.order("GET", "/control/sessions/a")
        return msgspec.convert(found, Status)

    async def until(self, condition: Callable[[Status], bool]) -> Status:
        """Ask until it is so."""
        async with asyncio.timeout(PATIENCE):
            while not condition(found := await self.status()):
                await asyncio.sleep(0.02)
        return found

    async def get(self, path: str, session: str = "a") -> tuple[int, bytes]:
        token = mint(KEY, Watcher(session, "v", int(time.time()) + 300))
        url = f"http://127.0.0.1:{self.http}{path}"
        url += ("&" if "?" in path else "?") + f"w={token}"
        async with self.client.get(url) as answer:
            return answer.status, await answer.read()

    async def publish(self, camera: int = 1, seconds: float = 4.0, **film: Any) -> Publisher:
        """Publish a film at once, and leave the line open."""
        publisher = await Publisher.connect("127.0.0.1", self.rtmp, f"key-{camera}")
        for message in messages(seconds, **film):
            publisher.send(*message)
        await publisher.drain()
        return publisher


def session(**more: Any) -> Session:
    """A session of two cameras that is open."""
    now = time.time()
    cameras = [
        Camera(
            number=number, label=str(number), key_hash=hash_key(f"key-{number}"), angle=number == 2
        )
        for number in (1, 2)
    ]
    given: dict[str, Any] = {
        "id": "a", "title": "", "cameras": cameras, "opens_at": now - 10, "closes_at": now + 3600,
    }  # fmt: skip
    return Session(**(given | more))


def environment(folder: Path, hook: str, **more: str) -> dict[str, str]:
    """What an origin of a test is told."""
    return {
        "HAISHI_ORIGIN_FOLDER": str(folder),
        "HAISHI_ORIGIN_PORT": "0",
        "HAISHI_ORIGIN_RTMP_PORT": "0",
        "HAISHI_ORIGIN_WATCH_KEY": KEY.hex(),
        "HAISHI_ORIGIN_CONTROL_KEY": KEY.hex(),
        "HAISHI_ORIGIN_HOOK": hook,
        "HAISHI_ORIGIN_FREE_MB": "0",
        **more,
    }


Story = Callable[[House, Origin], Awaitable[None]]


def at(folder: Path, slates: Path, story: Story, hook: Hook | None = None) -> Hook:
    """Run a story with an origin in this process; returns what the house heard."""
    heard = hook or Hook()
    shutil.copytree(slates, folder / "slates", dirs_exist_ok=True)

    async def whole() -> None:
        async with heard.open(), aiohttp.ClientSession() as client:
            origin = Origin(read(environment(folder, heard.url)))
            await origin.start()
            house = House(origin.http_port, origin.rtmp_port, heard, client)
            try:
                async with asyncio.timeout(60):
                    await story(house, origin)
                    while origin.reports.waiting and heard.status == 204:
                        await asyncio.sleep(0.02)
                    # Publishers that left have been heard to leave.
                    while getattr(origin.rtmp_server, "_active_count", 0):
                        await asyncio.sleep(0.02)
            finally:
                await origin.stop()

    asyncio.run(whole())
    return heard


def kinds(hook: Hook, camera: int | None = None) -> list[str]:
    """What was told, in order."""
    return [each.kind for each in hook.events if camera is None or each.camera == camera]


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
