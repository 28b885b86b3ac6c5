"""What the house tells a gateway: lines of its own, tokens taken back, words by organiser."""

import asyncio
import time
from typing import Any

import msgspec
import pytest

from gateway.backplane import Memory
from gateway.guests import Person
from gateway.tests.client import client, token
from gateway.tests.stories import play
from wire import messages
from wire.broker import SAY, Order


def item(kind: str) -> bytes:
    return messages.encode(messages.Posted(1, kind, {}))


def test_the_house_says_a_thing_once():
    async def story(_gateway: Any, port: int, log: Memory) -> None:
        async with client(port) as one:
            await one.join()
            order = msgspec.msgpack.encode(Order("live-1", "event-1", item("pin")))
            answers = [await log.ask(SAY, order, 2) for _turn in range(2)]
            assert [msgspec.msgpack.decode(each) for each in answers] == [1, 1]
            await one.until(lambda me: me.offset == 1)
            assert one.lines[1] == messages.Posted(1, "pin", {})
            assert await log.ask(SAY, b"nonsense", 2) == b""

    play(story)


@pytest.mark.parametrize("who", ["s-window", "u-7"])
def test_a_revoked_token_ends_its_connection_and_opens_no_other(who):
    async def story(_gateway: Any, port: int, log: Memory) -> None:
        signed = token(7)
        async with client(port, signed) as one, client(port, token(8)) as other:
            if who == "u-7":
                await other.join()
            log.set(f"revoked.{who}", msgspec.json.encode({"until": time.time() + 300}))
            assert (await one.wait_for(messages.Revoked)) == messages.Revoked(0, "revoked")
            assert await one.closed() == (1008, "token: revoked")
            if who == "u-7":
                assert (await other.say("别人还在")).offset == 1
            async with client(port, "") as again:
                await again.send(messages.Hello(signed))
                assert await again.closed() == (1008, "token: revoked")
            async with client(port, token(7, seconds=400)) as later:  # of a later log-in
                await later.join()
            log.set(f"revoked.{who}", b"")
            async with client(port, signed) as forgiven:
                await forgiven.join()

    play(story)


def test_each_room_has_the_words_of_its_organiser_and_an_unknown_one_all():
    async def story(_gateway: Any, port: int, log: Memory) -> None:
        log.set("words", msgspec.json.encode({"甲": "block", "乙": "block"}))
        log.set("words.5", msgspec.json.encode({"甲": "block"}))
        async with client(port) as one:
            await one.join()
            assert (await one.say("乙")).reason == "words"
            log.set("room.live-1", msgspec.json.encode({"words": "5"}))
            assert (await one.say("乙")).offset == 1
            assert (await one.say("甲")).reason == "words"

    play(story)


@pytest.mark.parametrize(
    ("forwarded", "peer", "seen"),
    [
        ("1.1.1.1, 2.2.2.2", "127.0.0.1", "2.2.2.2"),
        ("", "127.0.0.1", "127.0.0.1"),
        ("2.2.2.2", "9.9.9.9", "9.9.9.9"),
    ],
)
def test_a_front_is_believed_and_nobody_else(forwarded, peer, seen):
    async def story(gateway: Any, _port: int, _log: Memory) -> None:
        person = Person(gateway, forwarded)
        person.opened(person.line, peer)
        assert gateway._addresses == {seen: 1}
        person.closed()
        await asyncio.sleep(0)

    play(story, proxies=frozenset({"127.0.0.1"}))
