"""Two gateways and a real broker: one room, one writer, and what a kill costs (nothing)."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gateway.backplane import SETTINGS, Nats, Stale
from gateway.server import _weight
from gateway.tests.client import HOST, KEY, Client, client, token
from haishi.config.supervisor.nats import program
from wire import messages

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        assert time.monotonic() < deadline, "did not start"
        time.sleep(0.02)


class Broker:
    """A NATS server with JetStream that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.port, self._folder = free_port(), folder
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        command = [program(), "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", self._folder]
        self.process = subprocess.Popen(
            [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(self.port)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path / "jetstream")
    yield made
    made.kill()


class Process:
    """`python -m gateway` on a port of its own."""

    def __init__(self, broker: Broker, name: str) -> None:
        self.port, self.name = free_port(), name
        environment = {
            **os.environ, "NATS_URL": broker.url, "HAISHI_GATEWAY_KEY": KEY.hex(),
            "HAISHI_GATEWAY_PORT": str(self.port), "HAISHI_GATEWAY_NAME": name,
            "HAISHI_GATEWAY_DRAIN": "0.2",
        }  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gateway"], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL
        )
        wait_for(self.port)

    def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        self._process.send_signal(number)
        self._process.wait(timeout=10)


@contextlib.contextmanager
def pair(broker: Broker) -> Iterator[dict[str, Process]]:
    made = {name: Process(broker, name) for name in ("a", "b")}
    try:
        yield made
    finally:
        for each in made.values():
            with contextlib.suppress(ProcessLookupError):
                each.end()


def owner_of(room: str) -> str:
    return max("ab", key=lambda name: _weight(name, room))


async def together(one: Client, two: Client) -> None:
    """Both gateways know of each other: each counts both readers."""
    for each in (one, two):
        await each.until(
            lambda me: [e for e in me.told if isinstance(e, messages.Counters) and e.viewers == 2],
            10,
        )


def test_a_room_on_two_gateways_has_one_order(broker):
    async def story() -> None:
        with pair(broker) as gateways:
            first, second = gateways["a"].port, gateways["b"].port
            async with client(first, token(1)) as one, client(second, token(2)) as two:
                await one.join()
                await two.join()
                await together(one, two)
                answers = await asyncio.gather(
                    *(each.say(f"{n} 来自{each is one}") for n in range(3) for each in (one, two))
                )
                assert sorted(answer.offset for answer in answers) == [1, 2, 3, 4, 5, 6]
                for each in (one, two):
                    await each.until(lambda me: me.offset == 6)
                assert one.texts == two.texts
                assert (one.epoch, one.repeated) == (two.epoch, [])

    asyncio.run(story())


async def talk(speaker: Client, told: dict[str, Any], until: asyncio.Event) -> None:
    """Says numbered lines and notes the answers; a line without an answer is said again."""
    number = 0
    while not until.is_set():
        number += 1
        for _turn in range(10):
            answer = await speaker.say(f"句{number}", nonce=f"k{number}")
            if isinstance(answer, messages.Accepted):
                told[f"句{number}"] = answer.offset
                break
            speaker.told.remove(answer)
        await asyncio.sleep(0.01)


def test_the_owner_of_a_room_is_killed_and_nothing_is_lost_or_said_twice(broker):
    async def story() -> None:
        with pair(broker) as gateways:
            dying = owner_of("live-1")
            staying = "b" if dying == "a" else "a"
            port = gateways[staying].port
            async with client(port, token(1, HOST)) as speaker, client(port, token(2)) as reader:
                await speaker.join()
                await reader.join()
                told: dict[str, Any] = {}
                done = asyncio.Event()
                talking = asyncio.create_task(talk(speaker, told, done))
                await reader.until(lambda me: me.offset >= 20, 10)
                gateways[dying].end()
                before = len(told)
                await reader.until(lambda me: len(told) >= before + 20, 20)
                done.set()
                await talking
                last = max(told.values())
                await reader.until(lambda me: me.offset >= last)
                assert {reader.lines[at].text: at for at in reader.lines} == told
                assert sorted(reader.lines) == list(range(1, last + 1))
                assert reader.repeated == []

    asyncio.run(story())


def test_a_reader_of_a_killed_gateway_goes_on_at_the_other_one(broker):
    async def story() -> None:
        with pair(broker) as gateways:
            async with client(gateways["a"].port, token(1, HOST)) as speaker:
                await speaker.join()
                async with client(gateways["b"].port, token(2)) as reader:
                    await reader.join()
                    await speaker.say("之前")
                    await reader.until(lambda me: me.offset == 1)
                    seen = (reader.epoch, reader.offset)
                    gateways["b"].end()
                    await reader.closed()
                await speaker.say("之中")
                async with client(gateways["a"].port, token(2)) as reader:
                    assert (await reader.join("live-1", *seen)).recovered
                    await reader.until(lambda me: me.offset == 2)
                    assert reader.texts == ["之中"]

    asyncio.run(story())


def test_the_broker_is_killed_and_what_was_accepted_is_still_there(broker):
    async def story() -> None:
        with pair(broker) as gateways:
            first, second = gateways["a"].port, gateways["b"].port
            async with client(first, token(1, HOST)) as speaker, client(second, token(2)) as reader:
                await speaker.join()
                await reader.join()
                assert (await speaker.say("断之前", nonce="n1")).offset == 1
                broker.kill()
                again = asyncio.create_task(speaker.say("断之中", nonce="n2"))
                broker.start()
                answer = await again
                while isinstance(answer, messages.Refused):
                    speaker.told.remove(answer)
                    answer = await speaker.say("断之中", nonce="n2")
                assert answer.offset == 2
                await reader.until(lambda me: me.offset == 2, 30)
                assert (reader.texts, reader.repeated) == (["断之前", "断之中"], [])

    asyncio.run(story())


@contextlib.asynccontextmanager
async def backplane(broker: Broker, name: str = "test") -> AsyncIterator[Nats]:
    made = await Nats.connect(broker.url, name)
    yield made
    await made.close()


def test_two_writers_cannot_both_append_after_the_same_entry(broker):
    async def story() -> None:
        async with backplane(broker) as one, backplane(broker) as two:
            first = await one.append("room", b"a", 0)
            with pytest.raises(Stale):
                await two.append("room", b"b", 0)
            second = await two.append("room", b"c", first)
            assert await one.tail("room", 60) == [(first, b"a"), (second, b"c")]
            assert await one.tail("another", 60) == []

    asyncio.run(story())


def test_a_setting_is_known_to_a_gateway_that_starts_after_it_was_made(broker):
    async def story() -> None:
        async with backplane(broker) as pages:
            bucket = await pages._js.key_value(SETTINGS)
            await bucket.put("room.live-1", msgspec.json.encode({"slow_ms": 5_000}))
        with pair(broker) as gateways:
            async with client(gateways["a"].port) as one:
                assert (await one.join()).slow_ms == 5_000

    asyncio.run(story())


def test_sigterm_sends_readers_away_with_a_word(broker):
    async def story() -> None:
        with pair(broker) as gateways:
            async with client(gateways["a"].port) as one:
                await one.join()
                gateways["a"].end(signal.SIGTERM)
                assert await one.closed() == (1012, "restarting")

    asyncio.run(story())
