"""One target: connect, stay, come back. Its failures are its own."""

import asyncio
import contextlib
import copy
import logging
import time
from collections.abc import Callable
from typing import NamedTuple

from origin.bus import AUDIO, VIDEO, Feed, Message
from origin.restream.addresses import Address, BadAddress, parse
from origin.restream.child import Child, beginning, tag
from wire.live import Target, TargetState, TargetStatus

log = logging.getLogger("origin.restream")
REFUSALS_OF_A_BAD_KEY = 3
Changed = Callable[[TargetStatus], None]


class Pace(NamedTuple):
    """Seconds. `first` doubles with each try up to `most`; `refused`: between tries with a key
    that was refused; `knock`: how often a longer wait looks whether the target is back."""

    first: float = 0.5
    most: float = 30.0
    refused: float = 30.0
    knock: float = 4.0
    stalled: float = 8.0
    connecting: float = 15.0
    look: float = 1.0
    report: float = 1.0
    # A connection that held so long was a good one: the next trouble begins with a short wait.
    good: float = 10.0
    # For the sound of a programme that may have none.
    sound: float = 2.0


class Push:
    """Sends a feed to a target while it is wanted. All of it runs on the event loop."""

    def __init__(
        self, target: Target, feed: Feed, program: str, changed: Changed, pace: Pace
    ) -> None:
        self.target = target
        self._feed, self._program, self._told, self._pace = feed, program, changed, pace
        self.status = TargetStatus(id=target.id, state="off", since=time.time())
        self._child: Child | None = None
        self._task: asyncio.Task[None] | None = None
        self._dropped = self._refusals = 0
        self._wanted, self._became_live = False, 0.0
        self._taken = asyncio.Event()

    def want(self, wanted: bool) -> None:
        """Start or stop; anything else goes on as it was."""
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if wanted:
            self._refusals = self.status.tries = 0
            self._task = asyncio.create_task(self._run(self._task))
        elif self._task is not None:
            self._task.cancel()

    @property
    def running(self) -> bool:
        """Something of it is still there."""
        return self._task is not None and not self._task.done()

    @property
    def pid(self) -> int:
        """Of the child; 0 without one."""
        return self._child.pid if self._child is not None else 0

    async def close(self) -> None:
        """Stop, and wait until nothing of it is left."""
        self.want(False)
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def now(self) -> TargetStatus:
        """The status with the figures of this moment, a copy."""
        child = self._child
        self.status.kbps = child.kbps if child is not None and self.status.state == "live" else 0
        self.status.dropped = self._dropped + (child.dropped if child is not None else 0)
        return copy.copy(self.status)

    def _become(self, state: TargetState, reason: str = "") -> None:
        if (state, reason) == (self.status.state, self.status.reason):
            return
        if state != self.status.state:
            self.status.since = time.time()
        self.status.state, self.status.reason = state, reason
        self._told(self.now())

    async def _run(self, before: asyncio.Task[None] | None) -> None:
        try:
            if before is not None:  # stopped a moment ago
                await asyncio.wait((before,))
            address = parse(self.target.url)
            while True:
                reason = await self._try(address)
                self._judge(reason)
                await self._wait(address)
        except BadAddress:
            self._become("failed", "other")
        except asyncio.CancelledError:
            self._become("off")
            raise
        except Exception:
            log.exception("target %s", self.target.id)
            self._become("failed", "other")

    async def _try(self, address: Address) -> str:
        """One connection, to its end; returns why it ended."""
        self.status.tries += 1
        if self.status.state != "failed":
            self._become("connecting", self.status.reason)
        await self._something()
        self._taken.clear()
        try:
            child = self._child = await Child.start(
                self._program, address, self._live, self._pace.report
            )
        except OSError as error:
            log.error("ffmpeg does not start: %s", error.strerror)
            return "other"
        leave = self._feed_child(child)
        try:
            return await self._watch(child)
        finally:
            leave()
            await asyncio.shield(child.kill())
            self._dropped += child.dropped
            self._child = None

    async def _something(self) -> None:
        """Wait for a picture of the programme, and a little for its sound."""
        news = asyncio.Event()
        with contextlib.ExitStack() as stack:
            stack.callback(self._feed.listen(lambda _message: news.set(), catch_up=False))
            while VIDEO not in self._feed.headers:
                news.clear()
                await news.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pace.sound):
                    while AUDIO not in self._feed.headers:
                        news.clear()
                        await news.wait()

    def _feed_child(self, child: Child) -> Callable[[], None]:
        first = Message(0, 0, beginning(sound=AUDIO in self._feed.headers))
        child.give(first.payload, first)
        return self._feed.listen(lambda message: child.give(_tag(message), message))

    def _live(self) -> None:
        self._taken.set()
        self._refusals = 0
        self._became_live = time.monotonic()
        self._become("live")

    async def _watch(self, child: Child) -> str:
        ended = asyncio.create_task(child.ended())
        began = time.monotonic()
        try:
            while True:
                done, _pending = await asyncio.wait((ended,), timeout=self._pace.look)
                now = time.monotonic()
                live = self._taken.is_set()
                if live and now - self._became_live > self._pace.good:
                    self.status.tries = 0
                if done:
                    return ended.result()
                if not live and now - began > self._pace.connecting:
                    return "unreachable"
                if live and child.owes and now - child.moved_at > self._pace.stalled:
                    return "stalled"
        finally:
            ended.cancel()

    def _judge(self, reason: str) -> None:
        """What a try's end means. A network says in many ways that it does not know a key; three
        refusals in a row are taken for it."""
        self._refusals = self._refusals + 1 if reason == "refused" else 0
        if self._refusals >= REFUSALS_OF_A_BAD_KEY:
            self._become("failed", "bad_key")
        else:
            self._become("retrying", reason)

    async def _wait(self, address: Address) -> None:
        """Until the next try; a target that was not there is tried as soon as it is."""
        pace, status = self._pace, self.status
        if status.state == "failed":
            return await asyncio.sleep(pace.refused)
        seconds = min(pace.most, pace.first * 2 ** min(max(status.tries - 1, 0), 16))
        if status.reason != "unreachable" or not address.knocks:
            # Nothing tells when these are well again, so they are never left alone for long.
            return await asyncio.sleep(min(seconds, pace.stalled))
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            await asyncio.sleep(min(left, pace.knock))
            if await _answers(address):
                return None
        return None


async def _answers(address: Address) -> bool:
    """Somebody accepts connections there."""
    try:
        async with asyncio.timeout(2):
            _reader, writer = await asyncio.open_connection(address.host, address.port)
    except (OSError, TimeoutError):
        return False
    writer.transport.abort()
    return True


_last: tuple[Message, bytes] = (Message(0, 0, b""), b"")


def _tag(message: Message) -> bytes:
    """`tag`, made once for all targets: they get the same message one after another."""
    global _last
    if _last[0] is not message:
        _last = message, tag(message)
    return _last[1]
