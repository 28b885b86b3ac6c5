"""One stream as viewers get it: its packager, its last seconds, its FLV viewers."""

import asyncio
from collections import deque
from collections.abc import Callable

from origin import flv, playlists
from origin.bus import AUDIO, VIDEO, Feed, Message
from origin.packager import Packager, Sink
from origin.segments import Ring

# A viewer over FLV that has so many bytes waiting is cut to the next key frame.
MOST_QUEUED = 4 << 20


class Stream:
    """Of one feed. Packs only between `start` and `stop`.

    `clock`: seconds since 1970 at which a picture that comes now was taken. `window`: seconds that
    playlists tell. `touched`: when somebody last asked for it, by the house's clock.
    """

    def __init__(
        self,
        feed: Feed,
        clock: Callable[[], float],
        window: float,
        *sinks: Sink,
    ) -> None:
        self.feed = feed
        self.ring = Ring(clock, round(window * 1000))
        self.packager = Packager(self.ring, *sinks)
        self.ring.promises = self.packager
        self.touched = clock()
        self.flv: dict[FlvViewer, None] = {}
        self._leave: list[Callable[[], None]] = []
        self._texts: dict[str, tuple[int, bytes]] = {}

    @property
    def running(self) -> bool:
        """Parts are being made."""
        return bool(self._leave)

    def start(self) -> None:
        """Make parts from now on, beginning with the last group of pictures; never after `end`."""
        if not self._leave and not self.ring.ended:
            self._leave.append(self.feed.listen(self.packager.push))
            self._leave.append(self.feed.listen(self._send, catch_up=False))

    def stop(self) -> None:
        """Make no more parts."""
        for leave in self._leave:
            leave()
        self._leave.clear()

    def end(self, *, for_good: bool = True) -> None:
        """Nothing more will come: give out what waits, end the FLV viewers.

        `for_good`: tell so in the playlists; else players try again, as after a restart.
        """
        self.stop()
        self.packager.flush()
        if for_good:
            self.ring.end()
        for viewer in list(self.flv):
            viewer.close()

    def playlist(self, *, parts: bool) -> bytes:
        """The playlist now; made once for all who ask between two parts."""
        kind = "parts" if parts else "plain"
        version, text = self._texts.get(kind, (-1, b""))
        if version != self.ring.version:
            write = playlists.low_latency if parts else playlists.plain
            version, text = self.ring.version, write(self.ring.window()).encode()
            self._texts[kind] = version, text
        return text

    def watch_flv(self) -> "FlvViewer":
        """Somebody joins over FLV; `leave_flv` when done."""
        viewer = FlvViewer(flv.start(list(self.feed.start())))
        self.flv[viewer] = None
        return viewer

    def leave_flv(self, viewer: "FlvViewer") -> None:
        """Somebody left."""
        self.flv.pop(viewer, None)

    def _send(self, message: Message) -> None:
        if not self.flv or message.kind not in (AUDIO, VIDEO):
            return
        content = flv.tag(*message)
        for viewer in self.flv:
            viewer.push(message, content)


class FlvViewer:
    """What waits for one viewer. `skipped` counts how often it was cut to the next key frame."""

    def __init__(self, beginning: bytes) -> None:
        self.skipped = 0
        self._queue: deque[bytes] = deque([beginning])
        self._size = len(beginning)
        self._skipping = self._closed = False
        self._ready = asyncio.Event()
        self._ready.set()

    def push(self, message: Message, content: bytes) -> None:
        """The next tag; left out when the viewer is too slow."""
        if self._size > MOST_QUEUED:
            self._queue.clear()
            self._ready.clear()
            self._size, self._skipping = 0, True
            self.skipped += 1
        if self._skipping and not message.is_header:
            if not message.is_key:
                return
            self._skipping = False
        self._queue.append(content)
        self._size += len(content)
        self._ready.set()

    def close(self) -> None:
        """Nothing more will come."""
        self._closed = True
        self._ready.set()

    async def take(self) -> bytes:
        """All that waits, as soon as there is something; empty at the end."""
        await self._ready.wait()
        content = b"".join(self._queue)
        self._queue.clear()
        self._size = 0
        if not self._closed:
            self._ready.clear()
        return content
