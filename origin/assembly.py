"""All parts of an origin, put together: `Origin` is the whole process, without its signals."""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aiohttp import web

from origin import armed
from origin.browsers import Browsers
from origin.bus import Feed
from origin.control import Control
from origin.delay import Delay
from origin.director import Director
from origin.inputs import Change, Inputs
from origin.lives import Lives
from origin.loops import Clip
from origin.metrics import Metrics, Row
from origin.outputs import Outputs
from origin.programme import Programme
from origin.recorder import Archive, Recorder
from origin.reports import Reports
from origin.restream import Restreams
from origin.rtmp.server import serve as serve_rtmp
from origin.sessions import House, Live
from origin.settings import Settings
from origin.slate import Slate, clip
from origin.srt import Ports
from origin.streams import Stream
from origin.watchers import Watchers
from wire.live import PROGRAMME

log = logging.getLogger("origin")
# A card is drawn in seconds, once; a programme does not wait for it.
CARD_SECONDS, MOST_CARDS = 0.5, 64
MOST_SRT = 64
TICK_SECONDS, SECOND, SWEEP_SECONDS = 0.04, 1.0, 5.0


def steady_clock() -> Callable[[], float]:
    """Seconds since 1970 that go on evenly even when somebody sets the machine's clock."""
    anchor = time.time() - time.monotonic()
    return lambda: anchor + time.monotonic()


class Studio:
    """Makes programmes (`origin.sessions.Maker`)."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._drawn: dict[str, asyncio.Task[Clip]] = {}
        self._drawing("")

    async def programme(self, live: Live) -> Programme:
        """A programme that waits for its first picture. Raises OSError."""
        house, card = self.house, await self._card(live)
        session = live.session
        feed = Feed(f"{session.id}/{PROGRAMME}")
        director = Director(
            session.id,
            feed,
            {number: place.feed for number, place in live.cameras.items()},
            Slate(session.id, card),
            time.monotonic,
            live.source_changed,
            wanted=live.wanted,
        )
        shown = Delay(feed.name, feed, session.delay, time.monotonic)
        # The pictures' own time, not when viewers see them.
        stream = Stream(shown, lambda: house.now() - shown.seconds, house.settings.window)
        recorder = self._recorder(live, stream) if session.record else None
        stream.start()
        restreams = Restreams(shown, live.target_changed)
        return Programme(director, shown, stream, recorder, restreams)

    def dress(self, live: Live) -> None:
        """Give a session the slate of its title as soon as that is drawn."""
        title = _title(live)
        self._drawing(title).add_done_callback(partial(self._dress, live, title))

    def _dress(self, live: Live, title: str, drawn: "asyncio.Task[Clip]") -> None:
        if drawn.cancelled() or drawn.exception() is not None:
            log.error("no slate for session %s: %r", live.session.id, drawn)
        elif live.programme is not None and live.state != "ended" and _title(live) == title:
            live.programme.director.dress(Slate(live.session.id, drawn.result()))

    async def _card(self, live: Live) -> Clip:
        """The slate with the session's title; a plain one while that is being drawn.

        Raises OSError when not even that can be had.
        """
        drawing = self._drawing(_title(live))
        await asyncio.wait({drawing}, timeout=CARD_SECONDS)
        if not drawing.done():
            plain = await self._drawing("")
            if not drawing.done():
                self.dress(live)
                return plain
        return drawing.result() if drawing.exception() is None else await self._drawing("")

    def _drawing(self, title: str) -> asyncio.Task[Clip]:
        task = self._drawn.get(title)
        if task is None or (task.done() and task.exception() is not None):
            while len(self._drawn) >= MOST_CARDS:
                del self._drawn[next(iter(self._drawn))]
            folder = self.house.settings.folder / "slates"
            task = asyncio.create_task(asyncio.to_thread(clip, title, folder))
            self._drawn[title] = task
        return task

    def _recorder(self, live: Live, stream: Stream) -> Recorder:
        archive, session = self.house.archive, live.session.id
        recorder = Recorder(
            archive.folder / session,
            self.house.settings.free,
            lambda: stream.ring.began_at,
            live.recording_told,
        )
        stream.packager.sinks.append(recorder)
        archive.growing.add(session)
        return recorder


def _title(live: Live) -> str:
    """What stands on the slate."""
    return live.session.slate or live.session.title


class Origin:
    """One process. `start`, then `stop`; `http_port` and `rtmp_port` are the bound ones."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        for folder in (settings.folder, settings.folder / "recordings"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.metrics = Metrics()
        self.now = steady_clock()
        self._armed = settings.folder / "armed.json"
        self.watchers = Watchers(settings.watch_key, self.now)
        self.archive = Archive(settings.folder / "recordings")
        self.reports = Reports(
            settings.folder, settings.hook, settings.control_key, self.now, self.metrics
        )
        house = House(settings, self.now, self.watchers, self.archive, self.reports, self.metrics)
        self.inputs = Inputs(self.now, self._changed)
        self.lives = Lives(self.inputs, house, Studio(house), self._keep)
        self.outputs = Outputs(settings, self.lives, self.watchers, self.archive, self.metrics)
        self.control = Control(
            settings.control_key, self.lives, self.archive, self.metrics, self.now
        )
        first = settings.srt_port
        self._srt = Ports(
            self.inputs, settings.host, range(first, first + MOST_SRT) if first else range(0)
        )
        self._browsers: Browsers | None = None
        self.rtmp_counts: Counter[str] = Counter()
        self.rtmp_server: asyncio.Server | None = None
        self.http_port = self.rtmp_port = 0
        self._leaving = self._restoring = False
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="armed")
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = contextlib.AsyncExitStack()

    async def start(self) -> None:
        """Open the doors; sessions that were armed before are armed again. Raises OSError."""
        self._restore()
        server = await serve_rtmp(
            self.inputs, self.settings.host, self.settings.rtmp_port, counts=self.rtmp_counts
        )
        self.rtmp_server = server
        self._closing.callback(server.close)
        self.rtmp_port = server.sockets[0].getsockname()[1]
        self._browsers = Browsers(self.rtmp_port, self.settings.pages, self.metrics)
        self._closing.push_async_callback(self._browsers.stop)
        self._closing.push_async_callback(self._srt.stop)
        runner = web.ServerRunner(web.Server(self._handle, access_log=None), shutdown_timeout=1.0)
        await runner.setup()
        self._closing.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, self.settings.host, self.settings.port, backlog=1024).start()
        self.http_port = runner.addresses[0][1]
        self._tasks = [
            asyncio.create_task(each)
            for each in (
                self._every(TICK_SECONDS, self.lives.tick),
                self._every(SECOND, self.lives.tick_second),
                self._every(SECOND, self._srt.sync),
                self._every(SWEEP_SECONDS, self.watchers.sweep),
                self.reports.run(),
            )
        ]

    async def stop(self) -> None:
        """Finish recordings, keep what must be kept, close the doors."""
        self._leaving = True
        self._keep()
        await self.lives.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._closing.aclose()
        self.reports.close()
        self._disk.shutdown()

    async def _every(self, seconds: float, work: Callable[[], None]) -> None:
        while True:
            try:
                work()
            except Exception:
                self.metrics.count("errors")
                log.exception("a clock's work failed")
            await asyncio.sleep(seconds)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith(("/live/", "/recordings/")):
            return await self.outputs.handle(request)
        if path.startswith("/control/"):
            return await self.control.handle(request)
        if path.startswith("/whip"):
            return await self._whip(request)
        if path == "/healthz":
            return web.Response(status=503 if self._leaving else 200, text="ok")
        if path == "/metrics":
            return web.Response(text=self._metrics())
        return self.outputs.refuse(request, 404, "unknown")

    async def _whip(self, request: web.BaseRequest) -> web.StreamResponse:
        """Nobody gets a process started while there is nowhere to publish to."""
        if self._browsers is None or not self.inputs:
            return self.outputs.refuse(request, 503, "not_open")
        return await self._browsers.handle(request, self.outputs.address(request))

    def _metrics(self) -> str:
        published: list[Row] = [
            (f"rtmp_{name}_total", {}, float(count)) for name, count in self.rtmp_counts.items()
        ]
        return self.metrics.text([*self.lives.gauges(), *published])

    # What outlives a restart.

    def _changed(self, session: str, camera: int, state: Change, code: str) -> None:
        self.lives.changed(session, camera, state, code)

    def _keep(self) -> None:
        """Written by a thread of its own: forcing bytes to the disk may take long."""
        if self._restoring:
            return
        lives = self.lives.all()
        kept = armed.Armed(
            sessions=[live.session for live in lives],
            ended=[live.session.id for live in lives if live.over],
            wanted={live.session.id: live.wanted for live in lives if live.wanted is not None},
            used=dict(self.inputs.used),
        )
        self._disk.submit(self._write, kept)

    def _write(self, kept: armed.Armed) -> None:
        try:
            armed.write(self._armed, kept)
        except OSError as error:
            log.error("armed sessions are not kept: %s", error.strerror)

    def _restore(self) -> None:
        kept = armed.read(self._armed)
        self.inputs.revive(kept.used)
        self._restoring = True
        for session in kept.sessions:
            try:
                wanted, over = kept.wanted.get(session.id), session.id in kept.ended
                self.lives.restore(session, wanted, over=over)
            except ValueError as error:
                log.error("session %s is not armed again: %s", session.id, error)
        self._restoring = False
