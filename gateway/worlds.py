"""The world lane: positions in, shared frames out, the latest alone counts.

What a world shows is its `Scene`'s affair; here is what any of them needs: slots for those who are
in it, a mailbox that keeps the newest frame of each, a tick that a flood of messages cannot starve,
and a limit per connection. Nothing here is ordered, stored or repeated: a frame that a reader has
no room for is left out, and the next one tells everything again.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from gateway.limits import Bucket
from wire import envelope

if TYPE_CHECKING:
    from gateway.guests import Person
    from wire.tokens import Token

log = logging.getLogger("gateway")
# Frames of one connection: (seconds, burst), 12 a second; more are dropped, not punished.
MOVES = (1 / 12, 12)
# Under uvloop timers run once per round of all readable sockets, and a round of 5,000 takes seconds
# (measured: 3 ticks in 8 s). So a tick that is this late runs from the receiving side, which looks
# at the clock every so many messages.
LATE_SECONDS, LOOK_EVERY = 0.01, 128
MOST_MOVE, MOST_SLOTS = 64, 16_384


class Scene(Protocol):
    """What a world is. Slots are numbers below 16,384, given again under another generation."""

    hz: float

    def enter(self, slot: int, generation: int, token: "Token") -> bytes:
        """Somebody comes; the first frame they get, from its kind on."""

    def leave(self, slot: int) -> None:
        """Somebody went."""

    def tick(self, moved: Mapping[int, bytes]) -> Iterable[tuple[bytes, Iterable[int]]]:
        """(frame from its kind on, for which slots), given the newest frame of who moved."""


class Ticker:
    """Calls `tick` `hz` times a second of `now`, whatever else happens."""

    def __init__(
        self,
        hz: float,
        tick: Callable[[], None],
        now: Callable[[], float],
        look_every: int = LOOK_EVERY,
    ) -> None:
        """`look_every` 0: by the timer alone."""
        self._period, self._tick, self._now, self._look_every = 1 / hz, tick, now, look_every
        self._received = 0
        self.due = now() + self._period

    def received(self) -> None:
        """A message came in; perhaps the timer does not come to its turn."""
        self._received += 1
        if self._look_every and self._received % self._look_every == 0:
            self.wake(LATE_SECONDS)

    def wake(self, late: float = 0.0) -> None:
        """Tick when it is due, or due since more than `late` seconds."""
        now = self._now()
        if now < self.due + late:
            return
        # After a long stall ticks are not made up for: the next is half a period away at least.
        self.due = max(self.due + self._period, now + self._period / 2)
        try:
            self._tick()
        except Exception:
            log.exception("a tick of a world")

    async def run(self) -> None:
        """The timer."""
        while True:
            await asyncio.sleep(max(0.0, self.due - self._now()))
            self.wake()


class Slots:
    """Small numbers for who is here; the one freed longest ago is given again, a generation on."""

    def __init__(self, most: int = MOST_SLOTS) -> None:
        self._free = deque(range(most))
        self._generations = bytearray(most)

    def take(self) -> tuple[int, int] | None:
        """(slot, generation 0-255); None when all are taken."""
        if not self._free:
            return None
        slot = self._free.popleft()
        return slot, self._generations[slot]

    def give_back(self, slot: int) -> None:
        """Free a slot."""
        self._generations[slot] = (self._generations[slot] + 1) & 255
        self._free.append(slot)


class World:
    """One scene with the people in it on this gateway."""

    def __init__(
        self, scene: Scene, skip: int, counts: Counter[str], now: Callable[[], float]
    ) -> None:
        """`skip`: bytes unsent to a reader above which frames are left out."""
        self._scene, self._skip, self._counts, self._now = scene, skip, counts, now
        self._slots = Slots()
        self.people: dict[int, Person] = {}
        self._limits: dict[int, Bucket] = {}
        self._mailbox: dict[int, bytes] = {}
        self.ticker = Ticker(scene.hz, self._tick, now)
        self._timer: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to tick."""
        self._timer = asyncio.get_running_loop().create_task(self.ticker.run())

    def stop(self) -> None:
        """Tick no more."""
        if self._timer is not None:
            self._timer.cancel()

    def enter(self, person: "Person", token: "Token") -> int | None:
        """The slot of somebody who comes; None when the world is full."""
        taken = self._slots.take()
        if taken is None:
            self._counts["world_full"] += 1
            return None
        slot, generation = taken
        self.people[slot] = person
        self._limits[slot] = Bucket(*MOVES)
        person.line.send(envelope.world(self._scene.enter(slot, generation, token)))
        return slot

    def leave(self, slot: int) -> None:
        """Somebody went."""
        del self.people[slot], self._limits[slot]
        self._mailbox.pop(slot, None)
        self._scene.leave(slot)
        self._slots.give_back(slot)

    def post(self, slot: int, content: bytes) -> None:
        """A frame of a person, from its kind on; only the newest before a tick counts."""
        if len(content) > MOST_MOVE or self._limits[slot].take(self._now()):
            self._counts["world_dropped"] += 1
        else:
            self._mailbox[slot] = content
        self.ticker.received()

    def _tick(self) -> None:
        moved, self._mailbox = self._mailbox, {}
        people, skip, sent, skipped = self.people, self._skip, 0, 0
        for content, slots in self._scene.tick(moved):
            frame = envelope.world(content)
            for slot in slots:
                person = people.get(slot)
                if person is None or person.hidden:
                    continue
                if person.line.unsent() > skip:
                    skipped += 1
                else:
                    person.line.send(frame)
                    sent += 1
        self._counts["world_frames"] += sent
        self._counts["world_skipped"] += skipped
        self._counts["world_ticks"] += 1


class Worlds:
    """The worlds that are open here. A room whose name begins with a known prefix has one."""

    def __init__(self, skip: int, counts: Counter[str]) -> None:
        self._skip, self._counts = skip, counts
        self._makers: dict[str, Callable[[str], Scene]] = {}
        self._open: dict[str, World] = {}

    def register(self, prefix: str, make: Callable[[str], Scene]) -> None:
        """`make(room)` is the scene of rooms that begin with `prefix`."""
        self._makers[prefix] = make

    def of(self, room: str) -> World | None:
        """The world of a room, ticking; None: it has none."""
        world = self._open.get(room)
        if world is not None:
            return world
        make = next((m for prefix, m in self._makers.items() if room.startswith(prefix)), None)
        if make is None:
            return None
        clock = asyncio.get_running_loop().time
        world = self._open[room] = World(make(room), self._skip, self._counts, clock)
        world.start()
        return world

    def sweep(self) -> None:
        """End the worlds that nobody is in."""
        for room, world in list(self._open.items()):
            if not world.people:
                world.stop()
                del self._open[room]

    def stop(self) -> None:
        """End all."""
        for world in self._open.values():
            world.stop()
