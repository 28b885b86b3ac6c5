"""The one writer of a room: gives every line its offset, a tick at a time, and keeps it first.

What was said in a tick is one entry of the room's log. Only when the log has taken it is it shown
and are its speakers answered, so an answer is a promise: a crash of this process loses nothing that
was accepted. A nonce that the log knows is answered again and not said again.
"""

import asyncio
import contextlib
import logging
import random
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from gateway.backplane import Backplane, Stale, Unreachable
from wire import envelope
from wire.broker import Stored

log = logging.getLogger("gateway")
REMEMBERED_SECONDS, MOST_NONCES = 300.0, 4_000
AT_ONCE, SAMPLED = 1, 2
_stored = msgspec.msgpack.Decoder(Stored)
_encoder = msgspec.msgpack.Encoder()


def number_of(room: str) -> int:
    """The number that stands for a room in frames, the same in every gateway."""
    return zlib.crc32(room.encode()) or 1


@dataclass(eq=False, slots=True)
class _Waiting:
    """Something to be said: `kind` bits AT_ONCE (do not wait for the tick), SAMPLED (may be left
    out of a flood); `speaker` is whose it is, for a fair sample."""

    nonce: str
    item: bytes
    kind: int
    speaker: int
    answer: "asyncio.Future[int]"


@dataclass(frozen=True)
class Pace:
    """How a room ticks: seconds, and how many sampled lines a second are shown."""

    tick: float
    most_shown: float


class Sequencer:
    """Writes one room. `tell` is called with each frame once it is kept."""

    def __init__(
        self,
        room: str,
        backplane: Backplane,
        pace: Callable[[], Pace],
        now: Callable[[], float],
    ) -> None:
        """`pace` is asked before every tick; `now` is seconds since 1970."""
        self.room, self.number = room, number_of(room)
        self._backplane, self._pace, self._now = backplane, pace, now
        self._epoch = self._last = self._entry = 0
        self._nonces: OrderedDict[str, int] = OrderedDict()
        self._pending: list[_Waiting] = []
        self._allowance = self._sampled_at = 0.0
        self._open = False
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def say(self, nonce: str, item: bytes, kind: int, speaker: int) -> "asyncio.Future[int]":
        """The offset when it is kept, 0 for a line that a flood left out. Fails with Stale."""
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        known = self._nonces.get(nonce)
        if known is not None:
            answer.set_result(known)
            return answer
        twin = next((each for each in self._pending if each.nonce == nonce), None)
        if twin is not None:
            return twin.answer
        self._pending.append(_Waiting(nonce, item, kind, speaker, answer))
        if kind & AT_ONCE:
            self._hurry.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())
        return answer

    async def close(self) -> None:
        """Write what is pending and stop."""
        self._hurry.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=5)

    async def _write(self) -> None:
        try:
            if not self._open:
                await self._load()
            while self._pending:
                await self._wait_for_tick()
                await self._tick()
        except Stale as error:
            self._fail(error)
        except Exception as error:
            log.exception("sequencer of %s", self.room)
            self._fail(error)

    async def _wait_for_tick(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), self._pace().tick)
        self._hurry.clear()

    async def _load(self) -> None:
        """Learn from the log how far the room is. Raises Unreachable after several tries."""
        for turn in range(8):
            try:
                entries = await self._backplane.tail(self.room, REMEMBERED_SECONDS)
                break
            except Unreachable:
                if turn == 7:
                    raise
                await asyncio.sleep(min(0.1 * 2**turn, 2.0))
        self._nonces.clear()
        if not entries:
            # A room whose log is empty, new or long silent, begins again under a new epoch.
            self._epoch, self._last, self._entry = int(self._now()), 0, 0
        for number, content in entries:
            stored = _stored.decode(content)
            self._entry = number
            self._epoch, _first, self._last, _at_once = envelope.span(stored.frame)
            self._remember(stored.nonces)
        self._open = True

    def _remember(self, nonces: Sequence[tuple[str, int]]) -> None:
        self._nonces.update(nonces)
        while len(self._nonces) > MOST_NONCES:
            self._nonces.popitem(last=False)

    async def _tick(self) -> None:
        batch, self._pending = self._pending, []
        try:
            await self._keep(batch)
        except Unreachable:
            # Whether it was kept is not known: the log knows.
            await self._load()
            for each in batch:
                if (known := self._nonces.get(each.nonce)) is not None:
                    _answer(each, known)
            self._pending = [each for each in batch if not each.answer.done()] + self._pending
        except Stale:
            self._pending = batch + self._pending
            raise

    async def _keep(self, batch: list[_Waiting]) -> None:
        shown, hidden = self._sample(batch)
        last = self._last + len(shown)
        frame = envelope.pack(
            self.number, self._epoch, last, [each.item for each in shown],
            at_once=any(each.kind & AT_ONCE for each in shown),
        )  # fmt: skip
        places = [(each.nonce, self._last + place) for place, each in enumerate(shown, 1)]
        places += [(each.nonce, 0) for each in hidden]
        stored = Stored(
            frame, tuple(places), tuple(each.item for each in hidden), int(self._now() * 1000)
        )
        self._entry = await self._backplane.append(self.room, _encoder.encode(stored), self._entry)
        self._last = last
        self._remember(places)
        for each, (_nonce, offset) in zip([*shown, *hidden], places, strict=True):
            _answer(each, offset)
        await self._backplane.tell(f"fan.{self.room}", frame)

    def _sample(self, batch: list[_Waiting]) -> tuple[list[_Waiting], list[_Waiting]]:
        """What is shown and what only kept. In a flood every speaker has the same chance."""
        most, now = self._pace().most_shown, time.monotonic()
        # A second's worth may come at once: people answer each other in bursts.
        self._allowance = min(most, self._allowance + (now - self._sampled_at) * most)
        self._sampled_at = now
        room = int(self._allowance)
        sampled = [each for each in batch if each.kind & SAMPLED]
        self._allowance -= min(room, len(sampled))
        if len(sampled) <= room:
            return batch, []
        random.shuffle(sampled)
        one_each = {each.speaker: each for each in sampled}
        chosen = [*one_each.values(), *(e for e in sampled if one_each[e.speaker] is not e)][:room]
        keep = {id(each) for each in chosen}
        shown = [each for each in batch if not each.kind & SAMPLED or id(each) in keep]
        return shown, [each for each in batch if each.kind & SAMPLED and id(each) not in keep]

    def _fail(self, error: Exception) -> None:
        """Nobody here can write this room now; whoever asked asks the owner again."""
        self._open = False
        failed, self._pending = self._pending, []
        for each in failed:
            if not each.answer.done():
                each.answer.set_exception(error)
                each.answer.exception()  # looked at: a caller that has gone is no news


def _answer(each: _Waiting, offset: int) -> None:
    if not each.answer.done():
        each.answer.set_result(offset)
