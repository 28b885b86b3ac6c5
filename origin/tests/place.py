"""The outputs of an origin behind a server, and somebody who asks them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from origin.bus import Feed
from origin.metrics import Metrics
from origin.outputs import Outputs
from origin.recorder import Archive, Recorder
from origin.settings import Settings, read
from origin.streams import Stream
from origin.tests.films import messages
from origin.watchers import Watchers
from wire.live import Watcher, mint

KEY = bytes(range(32))
PAGE = "https://expo.example"


class Live:
    """A session with a programme and one camera that hosts alone may see."""

    def __init__(self, folder: Path) -> None:
        self.flv = True
        self.programme = Stream(Feed("a/programme"), time.time, 16)
        self.camera = Stream(Feed("a/1"), time.time, 16)
        self.recorder = Recorder(
            folder / "a", 0, lambda: self.programme.ring.began_at, lambda *_told: None
        )
        self.programme.packager.sinks.append(self.recorder)

    def stream(self, name: str, *, private: bool) -> Stream | None:
        if name == "programme":
            return self.programme
        return self.camera if private and name == "1" else None


class Place:
    """A running server, and somebody who asks it."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.live = Live(folder)
        self.now = time.time
        self.watchers = Watchers(KEY, lambda: self.now())
        self.archive = Archive(folder)
        self.metrics = Metrics()
        self.outputs = Outputs(settings, self, self.watchers, self.archive, self.metrics)
        self.port = 0
        self.client: aiohttp.ClientSession

    def find(self, session: str) -> Live | None:
        return self.live if session == "a" else None

    def token(self, session: str = "a", viewer: str = "v", seconds: float = 300) -> str:
        return mint(KEY, Watcher(session, viewer, int(time.time() + seconds)))

    async def get(
        self, path: str, token: str | None = "", method: str = "GET", **headers: str
    ) -> tuple[int, Any, bytes]:
        """Status, headers, body. `token` "": a good one, None: none."""
        if token is not None:
            path += ("&" if "?" in path else "?") + f"w={token or self.token()}"
        url = f"http://127.0.0.1:{self.port}{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.request(method, url, headers=named) as answer:
            return answer.status, answer.headers, await answer.read()

    def publish(self, seconds: float = 4.0, since: float = 0.0, **film: Any) -> None:
        """Push a film, or the rest of it from `since` seconds on."""
        for message in messages(seconds, **film):
            if message.at >= 1000 * since or (message.is_header and not since):
                self.live.programme.feed.push(message)


Story = Callable[[Place], Awaitable[None]]


def at(folder: Path, story: Story, **environment: str) -> None:
    """Run a story against a server of its own."""
    settings = read(
        {
            "HAISHI_ORIGIN_FOLDER": str(folder),
            "HAISHI_ORIGIN_PORT": "0",
            "HAISHI_ORIGIN_WATCH_KEY": KEY.hex(),
            "HAISHI_ORIGIN_CONTROL_KEY": KEY.hex(),
            "HAISHI_ORIGIN_PAGES": PAGE,
            **environment,
        }
    )

    async def whole() -> None:
        place = Place(folder, settings)
        runner = web.ServerRunner(web.Server(place.outputs.handle, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        place.port = runner.addresses[0][1]
        try:
            async with aiohttp.ClientSession() as place.client:
                place.live.programme.start()
                await asyncio.wait_for(story(place), 20)
        finally:
            await runner.cleanup()

    asyncio.run(whole())


def addresses(playlist: bytes) -> list[str]:
    """Media addresses that a playlist tells, in order."""
    found = []
    for line in playlist.decode().splitlines():
        if not line.startswith("#"):
            found.append(line)
        elif 'URI="' in line and "PRELOAD" not in line:
            found.append(line.partition('URI="')[2].partition('"')[0])
    return found
