"""A room as one gateway sees it: its readers here, the last frames, its settings and numbers."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from gateway.backplane import Backplane, Unreachable
from gateway.sequencer import number_of
from gateway.transport import BINARY, HEADROOM, Send, shared
from wire import envelope, messages
from wire.broker import RoomSettings, Stored

if TYPE_CHECKING:
    from gateway.guests import Person

log = logging.getLogger("gateway")
RING_ITEMS, RING_SECONDS = 500, 300.0
# Readers' unsent bytes are looked at each time that this much was sent, and once a second: asking
# every reader before every frame costs a tenth of sending.
LOOK_BYTES = 64 << 10
_stored = msgspec.msgpack.Decoder(Stored)


class Room:
    """Readers of a room on this gateway. Made by `Rooms`; `ready` before anybody joins."""

    def __init__(self, name: str, backplane: Backplane, gap: int) -> None:
        self.name, self.number = name, number_of(name)
        self._backplane, self._gap = backplane, gap
        self.idle = False  # nobody was here when the sweep came by
        self.people: set[Person] = set()
        # How to send to those of them who hear everything, and to hidden pages.
        self._awake: dict[Person, Send] = {}
        self._asleep: dict[Person, Send] = {}
        self._sends: list[Send] | None = None  # of `_awake`, until somebody comes or goes
        self._unlooked = 0
        self.settings = RoomSettings()
        self.epoch = self.last = 0
        self.likes = self.liked = 0
        self.viewers = self.sent_likes = 0
        self.sent = 0
        self._ring: deque[tuple[int, int, bytes]] = deque()
        self._held = 0
        self._stop: Callable[[], Awaitable[None]] | None = None
        self._early: list[bytes] | None = []
        self._filling: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Hear the room and learn its last minutes. Raises Unreachable."""
        self._stop = await self._backplane.hear(f"fan.{self.name}", self.heard)
        await self._fill()

    async def close(self) -> None:
        """Nobody reads it here any more."""
        if self._stop is not None:
            await self._stop()

    async def _fill(self) -> None:
        entries = await self._backplane.tail(self.name, RING_SECONDS)
        early, self._early = self._early or [], None
        for _number, content in entries:
            self._take(_stored.decode(content).frame)
        for frame in early:
            self._take(frame)

    def heard(self, frame: bytes) -> None:
        """A frame of the sequencer; what was missed in between is read from the log first."""
        if self._early is not None:
            self._early.append(frame)
            return
        epoch, first, _last, _at_once = envelope.span(frame)
        # The broker forgets what it tells when it dies; the log does not.
        if first > (self.last if epoch == self.epoch else 0) + 1:
            self._early = [frame]
            self._filling = asyncio.create_task(self._refill())
            return
        self._take(frame)

    def look_again(self) -> None:
        """Read the log: the broker was away, and what it told meanwhile nobody heard."""
        if self._early is None:
            self._early = []
            self._filling = asyncio.create_task(self._refill())

    async def _refill(self) -> None:
        while True:
            try:
                return await self._fill()
            except Unreachable:
                await asyncio.sleep(0.2)

    def _take(self, frame: bytes) -> None:
        epoch, first, last, at_once = envelope.span(frame)
        if epoch < self.epoch or (epoch == self.epoch and last <= self.last):
            return
        if epoch != self.epoch:
            self._ring.clear()
            self._held = 0
        self.epoch, self.last = epoch, last
        if last < first:
            return  # a tick of which nothing was shown
        self._ring.append((first, last, frame))
        self._held += last - first + 1
        while self._held > RING_ITEMS and len(self._ring) > 1:
            gone = self._ring.popleft()
            self._held -= gone[1] - gone[0] + 1
        self._deliver(frame, at_once)

    def _deliver(self, frame: bytes, at_once: bool) -> None:
        """The hot loop: one shared frame to every reader."""
        if self._sends is None:
            self._sends = list(self._awake.values())
        buffer = shared(frame)
        for send in self._sends:
            send(BINARY, buffer, HEADROOM)
        self.sent += len(self._sends)
        if at_once:
            for send in self._asleep.values():
                send(BINARY, buffer, HEADROOM)
            self.sent += len(self._asleep)
        self._unlooked += len(frame)
        if self._unlooked > LOOK_BYTES:
            self.look()

    def look(self) -> None:
        """Leave those out who do not keep up. A reader falls behind by what is sent, no faster."""
        self._unlooked = 0
        for person in self.people:
            if person.line.unsent() > self._gap:
                person.fell_behind(self)

    def enter(self, person: "Person") -> None:
        """A reader more."""
        self.people.add(person)
        self.place(person)

    def leave(self, person: "Person") -> None:
        """A reader less."""
        self.people.discard(person)
        self.place(person)

    def place(self, person: "Person") -> None:
        """Who came, went, hid, showed up or fell behind hears what is due from here on."""
        self._sends = None
        self._awake.pop(person, None)
        self._asleep.pop(person, None)
        if person in self.people and self.number not in person.gaps:
            (self._asleep if person.hidden else self._awake)[person] = person.line.sender()

    def missed(self, epoch: int, offset: int) -> list[bytes] | None:
        """Frames after (epoch, offset); None when they are not all here any more."""
        if offset == self.last and epoch == self.epoch:
            return []
        if epoch != self.epoch or offset > self.last or not self._ring:
            return None
        if offset < self._ring[0][0] - 1:
            return None
        return [frame for _first, last, frame in self._ring if last > offset]

    def tell(self, message: messages.Message) -> None:
        """A message outside of the room's order, to everybody who reads it here."""
        frame = envelope.message(messages.encode(message))
        for person in self.people:
            person.line.send(frame)


class Rooms:
    """The rooms that somebody reads here."""

    def __init__(self, backplane: Backplane, gap: int) -> None:
        self._backplane, self._gap = backplane, gap
        self._open: dict[str, Room] = {}
        self._opening: dict[str, asyncio.Task[Room]] = {}
        self.settings: dict[str, RoomSettings] = {}
        self.sent_before = 0

    def __iter__(self) -> Iterator[Room]:
        return iter(list(self._open.values()))

    def get(self, name: str) -> Room | None:
        """One that is open here."""
        return self._open.get(name)

    async def open(self, name: str) -> Room:
        """The room; whoever comes first opens it and all others wait. Raises Unreachable."""
        if name in self._open:
            return self._open[name]
        task = self._opening.get(name)
        if task is None:
            task = self._opening[name] = asyncio.create_task(self._make(name))
        try:
            return await asyncio.shield(task)
        finally:
            if task.done():
                self._opening.pop(name, None)

    async def _make(self, name: str) -> Room:
        room = Room(name, self._backplane, self._gap)
        await room.open()
        room.settings = self.settings.get(name, RoomSettings())
        self._open[name] = room
        return room

    async def sweep(self) -> None:
        """Close the rooms that nobody has read since the last sweep; one may just be coming."""
        for name, room in list(self._open.items()):
            if room.people:
                room.idle = False
            elif not room.idle:
                room.idle = True
            else:
                del self._open[name]
                self.sent_before += room.sent
                await room.close()

    @property
    def sent(self) -> int:
        """Frames handed to readers since the start."""
        return self.sent_before + sum(room.sent for room in self._open.values())
