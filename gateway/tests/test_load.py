"""Slow readers, silent peers, saturation, old connections; what operators see of it."""

import asyncio
import os
import re
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from gateway.admission import Admission
from gateway.backplane import Memory
from gateway.guests import PAUSED_SECONDS
from gateway.listening import listen
from gateway.rooms import LOOK_BYTES
from gateway.server import COUNTERS, Gateway
from gateway.settings import read
from gateway.tests.client import HOST, KEY, client, running, settings, token
from gateway.tests.stories import play
from gateway.transport import IDLE_SECONDS
from wire import envelope, messages

HANDSHAKE = (
    b"GET /rt HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


async def deaf(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that answers nothing by itself, not even pings."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1_024)
    writer.write(HANDSHAKE)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
    return reader, writer


def say(writer: asyncio.StreamWriter, message: messages.Message) -> None:
    """A masked frame; the mask is of zeroes."""
    content = envelope.message(messages.encode(message))
    size = len(content)
    length = bytes((0x80 | size,)) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    writer.write(b"\x82" + length + bytes(4) + content)


@pytest.mark.usefixtures("each_transport")
def test_a_reader_that_stops_reading_costs_bounded_memory_and_is_ended():
    async def story(gateway: Any, port: int, _log: Memory) -> None:
        async with client(port, token(1, HOST)) as host:
            await host.join()
            room = gateway.rooms.get("live-1")
            _reader, writer = await deaf(port)
            say(writer, messages.Hello(token(2)))
            say(writer, messages.Join("live-1"))
            async with asyncio.timeout(5):
                while len(room.people) < 2:
                    await asyncio.sleep(0)
            (slow,) = [person for person in room.people if person.token.user == 2]
            size = 4_000  # does not deflate
            for number in range(1, 4_001):  # 16 MB, more than any socket's buffer
                item = messages.encode(messages.Posted(0, "noise", {"of": os.urandom(size)}))
                room.heard(envelope.pack(room.number, 1, number, [item]))
                if not number % 20:  # the host keeps up
                    await host.until(lambda me, last=number: me.offset == last)
            assert list(slow.gaps) == [room.number]
            assert 300_000 < slow.line.unsent() <= 300_000 + LOOK_BYTES + 2 * size
            assert gateway.counts["gaps"] == 1
            slow.look_at_gaps(slow.gaps[room.number] + PAUSED_SECONDS - 0.1)
            assert gateway.counts["closed_slow"] == 0
            slow.look_at_gaps(slow.gaps[room.number] + PAUSED_SECONDS + 0.1)
            assert gateway.counts["closed_slow"] == 1
            writer.transport.abort()

    play(story, gap=300_000)


def test_a_silent_peer_is_asked_and_then_ended():
    async def story() -> None:
        gateway = Gateway(settings(), Memory())
        await gateway.start()
        listening: Any = await listen(gateway, gateway.settings)
        reader, writer = await deaf(listening.port)
        say(writer, messages.Hello(token(1)))
        assert (await reader.readexactly(2))[0] == 0x82
        async with client(listening.port, token(2)) as lively:
            now = asyncio.get_running_loop().time()
            listening.look(now + IDLE_SECONDS - 1)
            assert len(gateway._people) == 2
            listening.look(now + IDLE_SECONDS + 1)
            async with asyncio.timeout(5):
                assert (await reader.readuntil(b"\x89\x00")).endswith(b"\x89\x00")
            await lively.join()
            listening.look(now + 2 * IDLE_SECONDS - 0.001)
            async with asyncio.timeout(5):
                # The deaf one was last heard before `now`.
                while len(gateway._people) == 2:
                    listening.look(now + 2 * IDLE_SECONDS)
                    await asyncio.sleep(0)
            assert [person.token.user for person in gateway._people] == [2]
        writer.close()
        listening.close()
        await gateway.drain()

    asyncio.run(story())


@pytest.mark.usefixtures("each_transport")
def test_at_saturation_newcomers_wait_and_those_inside_go_on():
    async def story(gateway: Any, port: int, _log: Memory) -> None:
        async with client(port, token(1)) as inside, client(port, token(2)) as waiting:
            await inside.join()
            gateway.admission.note(1e12)
            await waiting.send(messages.Join("live-1"))
            answer = await waiting.wait_for(messages.Refused)
            assert (answer.nonce, answer.reason) == ("live-1", "busy")
            assert 2_000 <= answer.wait_ms <= 8_000
            with pytest.raises(InvalidStatus) as refused:
                async with client(port, token(3)):
                    pass
            assert refused.value.response.status_code == 503
            assert gateway.counts["refused_saturated"] == 2
            assert (await inside.say("照常")).offset == 1
            gateway.admission.late = 0.0
            assert (await waiting.join()).offset == 1

    play(story, most_late=1.0)


def test_calm_returns_within_two_seconds_of_looks_at_the_clock():
    admission = Admission(0.5)
    admission.note(0.5)
    assert not admission.saturated
    admission.note(5.0)
    looks = 0
    while admission.saturated:
        admission.note(0.0)
        looks += 1
    assert looks == 11


@pytest.mark.usefixtures("each_transport")
def test_a_connection_ends_after_a_day():
    async def story(gateway: Any, port: int, _log: Memory) -> None:
        async with client(port) as one:
            await one.join()
            (person,) = gateway._people
            await gateway.beat()
            assert gateway.counts["closed_daily"] == 0
            person.until -= 1.1 * gateway.settings.longest
            await gateway.beat()
            assert await one.closed() == (1012, "once a day")
            assert gateway.counts["closed_daily"] == 1

    play(story)


def test_a_room_that_nobody_reads_is_closed_at_the_second_sweep():
    async def story(gateway: Any, port: int, _log: Memory) -> None:
        room = await gateway.rooms.open("live-1")
        await gateway.rooms.sweep()
        assert gateway.rooms.get("live-1") is room
        async with client(port) as one:
            await one.join()
            await gateway.rooms.sweep()
            await gateway.rooms.sweep()
            assert gateway.rooms.get("live-1") is room
        async with asyncio.timeout(5):
            while room.people:
                await asyncio.sleep(0)
        await gateway.rooms.sweep()
        await gateway.rooms.sweep()
        assert gateway.rooms.get("live-1") is None

    play(story)


@pytest.mark.usefixtures("each_transport")
def test_health_and_metrics_are_plain_pages():
    async def page(port: int, path: str) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        answer = (await reader.read()).decode()
        writer.close()
        return answer

    async def story(gateway: Any, port: int, _log: Memory) -> None:
        async with client(port) as one:
            await one.join()
            await one.say("一")
            assert "200" in (await page(port, "/healthz")).split("\r\n")[0]
            assert "404" in (await page(port, "/elsewhere")).split("\r\n")[0]
            text = (await page(port, "/metrics")).partition("\r\n\r\n")[2]
            found = dict(re.findall(r"^haishi_gateway_(\w+) (\S+)$", text, re.M))
            assert {f"{name}_total" for name in COUNTERS} <= set(found)
            assert found["connections"] == "1"
            assert (found["joins_total"], found["accepted_total"]) == ("1", "1")
            assert text.count("# TYPE") == len(found)
            gateway._leaving = True
            assert "503" in (await page(port, "/healthz")).split("\r\n")[0]

    play(story)


@pytest.mark.usefixtures("each_transport")
def test_text_frames_are_not_understood():
    async def story() -> None:
        async with running() as (_gateway, port), client(port) as one:
            await one.socket.send("hello")
            assert (await one.closed())[0] == 1003

    asyncio.run(story())


GOOD = {"HAISHI_GATEWAY_KEY": KEY.hex(), "HAISHI_GATEWAY_PORT": "1"}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("KEY", "abc", "HAISHI_GATEWAY_KEY or _PORT"),
        ("KEY", "00", "HAISHI_GATEWAY_KEY is 32 bytes in hex"),
        ("TRANSPORT", "smoke", "HAISHI_GATEWAY_TRANSPORT is one of picows, websockets"),
        ("TICK", "soon", "HAISHI_GATEWAY_TICK is a number from 0.01 to 5"),
        ("TICK", "0", "HAISHI_GATEWAY_TICK is a number from 0.01 to 5"),
        ("DRAIN", "nan", "HAISHI_GATEWAY_DRAIN is a number from 0 to 600"),
        ("SHOWN", "-3", "HAISHI_GATEWAY_SHOWN is a number from 1 to 10000"),
    ],
)
def test_a_bad_setting_stops_the_gateway_with_its_name(name, value, message):
    with pytest.raises(SystemExit, match=re.escape(message)):
        read({**GOOD, f"HAISHI_GATEWAY_{name}": value})


def test_settings_have_the_values_of_the_environment_or_of_the_house():
    plain = read(GOOD)
    assert (plain.transport, plain.tick, plain.drain, plain.most_shown) == ("picows", 0.1, 30, 30)
    other = read({**GOOD, "HAISHI_GATEWAY_TRANSPORT": "websockets", "HAISHI_GATEWAY_TICK": "0.2"})
    assert (other.transport, other.tick) == ("websockets", 0.2)
