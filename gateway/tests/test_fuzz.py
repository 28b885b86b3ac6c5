"""Nonsense from the network: whatever comes, one connection ends at most, and nothing else changes.

HAISHI_FUZZ_CASES sets how many inputs are tried (10,000); a failure prints the seed of its input.
"""

import asyncio
import os
import random
from typing import Any

import msgspec
import pytest

from gateway.backplane import Memory
from gateway.guests import Person
from gateway.tests.client import HOST, KEY, client, running, token
from gateway.tests.stories import stored
from wire import envelope, messages, tokens

CASES = int(os.environ.get("HAISHI_FUZZ_CASES", "10000"))
SIGNED = token(1, HOST, seconds=86_400)
NUMBER = 0x5EED
FROM_BROWSER = [
    messages.Hello(SIGNED),
    messages.Join("live-1", 7, 9),
    messages.Leave(NUMBER),
    messages.Say(NUMBER, "n-1", "海市开了 🎉", 1, 3),
    messages.Like(NUMBER, 3),
    messages.Refresh(SIGNED),
    messages.Passive(True),
    messages.Remove(NUMBER, 4),
]
ITEMS = [messages.encode(messages.Said(1, 2, "林", "潮来")), b"x" * 700]
BATCHES = [envelope.pack(1, 2, 30, [*ITEMS] * n, at_once=n == 2) for n in (0, 1, 2, 9)]
# Pieces that sit at the edges of what MessagePack and the envelope can say.
PIECES = [
    b"", b"\xff", b"\x00" * 8, b"\xdc\xff\xff", b"\xdd\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff",
    b"\xcf" + b"\xff" * 8, b"\xd3\x80" + b"\x00" * 7, b"\xcb\x7f\xf8" + b"\x00" * 6, b"\xc0",
    b"\xdf", b"\x91" * 300, b"\xd9\xff", "\u202e\u200b\ufeff".encode(), b"\xed\xa0\x80",
    b"\x93\x02",
]  # fmt: skip


def mutated(frame: bytes, chance: random.Random) -> bytes:
    """One to four small accidents."""
    content = bytearray(frame)
    for _turn in range(chance.randint(1, 4)):
        place = chance.randint(0, len(content))
        kind = chance.randrange(6)
        if kind == 0 and content:
            content[place % len(content)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del content[place:]
        elif kind == 2:
            content[place:place] = chance.choice(PIECES)
        elif kind == 3:
            del content[place : place + chance.randint(1, 6)]
        elif kind == 4:
            content[place:] = chance.choice(PIECES) + content[place:][::-1][:40]
        else:
            content[place : place + 1] = chance.randbytes(chance.randint(1, 5))
    return bytes(content)


def test_a_mutated_batch_is_read_or_malformed_and_never_anything_else():
    outcomes = {"read": 0, "malformed": 0}
    for seed in range(CASES):
        chance = random.Random(seed)
        frame = mutated(chance.choice(BATCHES), chance)
        try:
            batch = envelope.unpack(frame)
        except envelope.Malformed:
            outcomes["malformed"] += 1
        else:
            outcomes["read"] += 1
            assert batch.first >= 0, seed
            assert len(batch.items) <= envelope.MOST_ITEMS, seed
            assert all(len(item) <= envelope.MOST_ITEM for item in batch.items), seed
    assert outcomes["malformed"] > CASES // 2
    assert outcomes["read"] > CASES // 100


def test_a_mutated_token_is_refused_or_is_the_same_token():
    for seed in range(CASES):
        chance = random.Random(seed)
        signed = mutated(SIGNED.encode(), chance).decode("latin-1")
        try:
            found = tokens.verify(KEY, signed)
        except tokens.BadToken:
            continue
        assert found == tokens.verify(KEY, SIGNED), seed


class Line:
    """Where the gateway's answers go."""

    def __init__(self) -> None:
        self.closed: tuple[int, str] | None = None

    def send(self, frame: bytes) -> None:
        """Whatever is sent can be read."""
        if frame[0] == envelope.BATCH:
            for item in envelope.unpack(frame).items:
                messages.read_item(item)
        else:
            messages.read_to_browser(frame[1:])

    def sender(self) -> Any:
        """As `send`."""
        return lambda _kind, buffer, start: self.send(bytes(buffer[start:]))

    def close(self, code: int, reason: str = "") -> None:
        """The first word counts."""
        self.closed = self.closed or (code, reason)

    def unsent(self) -> int:
        """Nothing waits."""
        return 0


async def joined(gateway: Any) -> tuple[Any, Line]:
    """Somebody in the room whose number the messages name, without a socket."""
    person, line = Person(gateway), Line()
    person.opened(line, "127.0.0.1")
    person.token = tokens.verify(KEY, SIGNED)
    room = await gateway.rooms.open("live-1")
    person.rooms[NUMBER] = room
    room.enter(person)
    return person, line


def test_mutated_messages_end_a_connection_or_do_what_they_say_and_nothing_fails():
    failures: list[Any] = []

    async def story() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: failures.append(context))
        log = Memory()
        async with running(log) as (gateway, port):
            log.set("words", msgspec.json.encode({"坏话": "mask", "海市": "allow"}))
            ended = 0
            for seed in range(CASES):
                chance = random.Random(seed)
                person, line = await joined(gateway)
                message = envelope.message(messages.encode(chance.choice(FROM_BROWSER)))
                try:
                    person.received(mutated(message, chance))
                except Exception as error:
                    raise AssertionError(f"seed {seed}") from error
                if seed % 50 == 0:
                    await asyncio.sleep(0)
                ended += line.closed is not None
                assert line.closed is None or line.closed[0] == 1008, seed
                person.closed()
            assert CASES // 4 < ended < CASES
            async with client(port, token(2)) as one:
                await one.join()
                answer = await one.say("还在")
                assert isinstance(answer, messages.Accepted)
            for _number, entry in log.logs["live-1"]:
                for item in envelope.unpack(stored(entry).frame).items:
                    messages.read_item(item)

    asyncio.run(story())
    assert failures == []


HANDSHAKE = (
    b"GET /rt HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def websocket_frame(content: bytes, opcode: int = 2) -> bytes:
    """A masked frame as a browser sends it, with a mask of zeroes."""
    return bytes((0x80 | opcode, 0x80 | len(content))) + bytes(4) + content


@pytest.mark.usefixtures("each_transport")
def test_mutated_bytes_on_the_socket_leave_the_gateway_standing():
    hello = websocket_frame(envelope.message(b"\x92\x01\xa3abc"))
    seeds = [HANDSHAKE, HANDSHAKE + hello, HANDSHAKE + websocket_frame(b"", 9) + hello]

    async def story() -> None:
        async with running(most_per_address=100_000) as (gateway, port):
            for seed in range(max(20, CASES // 50)):
                chance = random.Random(seed)
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(mutated(chance.choice(seeds), chance))
                writer.write_eof()
                async with asyncio.timeout(10):
                    while await reader.read(4_096):
                        pass
                writer.close()
            async with client(port) as one:
                assert (await one.join()).recovered is False
            async with asyncio.timeout(10):
                while gateway._people:
                    await asyncio.sleep(0)

    asyncio.run(story())
