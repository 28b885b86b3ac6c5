"""The world lane: a tick that nothing starves, the newest frame alone, slots, limits."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from gateway.backplane import Memory
from gateway.tests.client import READER, client, token
from gateway.tests.stories import play
from gateway.worlds import MOST_MOVE, Slots, Ticker, World
from wire import envelope, messages
from wire.tokens import Token


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def ticks_in_a_flood(look_every: int) -> int:
    """Ticks in 10 s at 15 Hz while 5,000 sockets are readable all the time.

    As under uvloop: timers once, then every readable socket, 200 µs each, and over again.
    """
    clock, ticks = Clock(), Counter[str]()
    ticker = Ticker(15, lambda: ticks.update(["tick"]), clock, look_every)
    until = clock.now + 10
    while clock.now < until:
        ticker.wake()
        for _socket in range(5_000):
            clock.now += 0.0002
            ticker.received()
    return ticks["tick"]


def test_a_flood_of_messages_starves_a_tick_that_only_a_timer_runs():
    assert ticks_in_a_flood(look_every=0) == 9


def test_a_flood_of_messages_does_not_starve_a_tick_that_the_receiving_side_runs_too():
    assert ticks_in_a_flood(look_every=128) == 149


def test_a_tick_runs_when_it_is_due_and_is_not_made_up_for_after_a_stall():
    clock, ticks = Clock(), Counter[str]()
    ticker = Ticker(10, lambda: ticks.update(["tick"]), clock)
    ticker.wake()
    assert ticks["tick"] == 0
    clock.now += 0.1
    ticker.wake()
    ticker.wake()
    assert ticks["tick"] == 1
    clock.now += 5
    for _turn in range(10):
        ticker.wake()
    assert (ticks["tick"], round(ticker.due - clock.now, 6)) == (2, 0.05)


def test_a_tick_that_fails_is_not_the_last(caplog):
    clock, calls = Clock(), []

    def fail() -> None:
        calls.append(clock.now)
        raise RuntimeError("a bug of the scene")

    ticker = Ticker(10, fail, clock)
    for _turn in range(2):
        clock.now += 0.1
        ticker.wake()
    assert (len(calls), len(caplog.records)) == (2, 2)


class Echo:
    """A scene in which everybody sees what moved: u8 slot and its frame, one after the other."""

    hz = 50.0

    def __init__(self) -> None:
        self.here: list[int] = []
        self.seen: list[dict[int, bytes]] = []

    def enter(self, slot: int, generation: int, _token: Token) -> bytes:
        self.here.append(slot)
        return bytes((0, slot, generation))

    def leave(self, slot: int) -> None:
        self.here.remove(slot)

    def tick(self, moved: Mapping[int, bytes]) -> Iterable[tuple[bytes, Iterable[int]]]:
        if moved:
            self.seen.append(dict(moved))
            body = b"".join(bytes((slot,)) + content for slot, content in sorted(moved.items()))
            yield b"\x01" + body, list(self.here)


class Line:
    """A reader's line that remembers."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.waiting = 0

    def send(self, frame: bytes) -> None:
        """Kept."""
        self.frames.append(frame)

    def unsent(self) -> int:
        """As set."""
        return self.waiting


class Body:
    """Somebody in a world."""

    def __init__(self) -> None:
        self.line, self.hidden = Line(), False


def world_of(number: int) -> tuple[World, Echo, Clock, list[Any], Counter[str]]:
    scene, clock, counts = Echo(), Clock(), Counter[str]()
    world = World(scene, 1_000, counts, clock)
    bodies: list[Any] = [Body() for _each in range(number)]
    for body in bodies:
        world.enter(body, Token(1, "", "", {}, 0))
    return world, scene, clock, bodies, counts


def tick(world: World, clock: Clock) -> None:
    clock.now = world.ticker.due
    world.ticker.wake()


def test_only_the_newest_frame_of_each_counts():
    world, scene, clock, bodies, _counts = world_of(2)
    for content in (b"\x02a", b"\x02b", b"\x02c"):
        world.post(0, content)
    world.post(1, b"\x02z")
    tick(world, clock)
    assert scene.seen == [{0: b"\x02c", 1: b"\x02z"}]
    assert bodies[1].line.frames == [b"\x03\x00\x01\x00", b"\x03\x01\x00\x02c\x01\x02z"]
    tick(world, clock)
    assert len(bodies[1].line.frames) == 2


def test_twelve_frames_a_second_count_and_the_rest_is_dropped():
    world, scene, clock, _bodies, counts = world_of(1)
    for number in range(20):
        world.post(0, bytes((2, number)))
    tick(world, clock)
    assert (scene.seen, counts["world_dropped"]) == ([{0: b"\x02\x0b"}], 8)
    clock.now += 1 / 12
    world.post(0, b"\x02y")
    world.post(0, b"\x02" + b"x" * MOST_MOVE)
    tick(world, clock)
    assert (scene.seen[1:], counts["world_dropped"]) == ([{0: b"\x02y"}], 9)


def test_a_reader_that_is_behind_or_hidden_is_left_out_of_a_tick():
    world, _scene, clock, bodies, counts = world_of(3)
    bodies[1].line.waiting, bodies[2].hidden = 1_001, True
    world.post(0, b"\x02a")
    tick(world, clock)
    assert [len(body.line.frames) for body in bodies] == [2, 1, 1]
    assert (counts["world_frames"], counts["world_skipped"]) == (1, 1)


def test_a_slot_is_given_again_last_and_under_another_generation():
    slots = Slots(2)
    assert [slots.take(), slots.take(), slots.take()] == [(0, 0), (1, 0), None]
    slots.give_back(1)
    slots.give_back(0)
    assert [slots.take(), slots.take()] == [(1, 1), (0, 1)]
    for _turn in range(255):
        slots.give_back(0)
        slots.take()
    slots.give_back(0)
    assert slots.take() == (0, 1)


@pytest.mark.usefixtures("each_transport")
def test_people_of_a_world_see_each_other_and_leave_no_trace():
    async def story(gateway: Any, port: int, _log: Memory) -> None:
        scene = Echo()
        gateway.worlds.register("world-", lambda _room: scene)
        async with client(port, token(1, world_1=READER)) as one:
            await one.join("world-1")
            async with client(port, token(2, world_1=READER)) as two:
                await two.join("world-1")
                await two.until(lambda me: me.world)
                await one.socket.send(envelope.world(b"\x02hi"))
                assert (await two.until(lambda me: me.world[1:])) == [b"\x01\x00\x02hi"]
                assert [one.world[0], two.world[0]] == [b"\x00\x00\x00", b"\x00\x01\x00"]
            async with asyncio.timeout(5):
                while scene.here != [0]:
                    await asyncio.sleep(0)
            await one.send(messages.Leave(one.joined.number))
            await one.join("world-1")
            assert await one.until(lambda me: me.world[2:]) == [b"\x00\x02\x00"]

    play(story)


@pytest.mark.usefixtures("each_transport")
def test_a_world_frame_of_somebody_who_is_in_no_world_ends_the_connection():
    async def story(_gateway: Any, port: int, _log: Memory) -> None:
        async with client(port) as one:
            await one.join()
            await one.socket.send(envelope.world(b"\x02hi"))
            assert await one.closed() == (1008, "not a message")

    play(story)
