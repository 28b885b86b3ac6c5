"""What a gateway refuses: rights, tokens, nonsense, floods, words; and who may moderate."""

import time
from typing import Any

import msgspec
import pytest
from websockets.exceptions import InvalidStatus

from gateway.backplane import Memory
from gateway.guests import CHAT
from gateway.limits import Buckets
from gateway.tests.client import HOST, READER, SPEAKER, client, token
from gateway.tests.stories import play
from wire import envelope, messages

pytestmark = pytest.mark.usefixtures("each_transport")


@pytest.mark.parametrize(
    ("rights", "user", "reason"), [(READER, 7, "rights"), (SPEAKER, 0, "rights")]
)
def test_who_may_only_read_says_nothing(rights, user, reason):
    async def story(_gateway: Any, port: int, log: Memory) -> None:
        async with client(port, token(user, rights)) as one:
            await one.join()
            answer = await one.say("不该出现")
            assert (type(answer), answer.reason) == (messages.Refused, reason)
            assert log.logs["live-1"] == []

    play(story)


def test_a_room_that_the_token_does_not_name_stays_shut():
    async def story(_gateway: Any, port: int, _log: Memory) -> None:
        async with client(port) as one:
            await one.send(messages.Join("live-2"))
            answer = await one.wait_for(messages.Refused)
            assert (answer.nonce, answer.reason) == ("live-2", "rights")

    play(story)


@pytest.mark.parametrize(
    "signed",
    ["nonsense", token(seconds=-1), token() + "x", token()[:-4] + "AAAA"],
    ids=["nonsense", "over", "longer", "changed"],
)
def test_a_token_that_is_not_good_ends_the_connection(signed):
    async def story(_gateway: Any, port: int, _log: Memory) -> None:
        async with client(port, "") as one:
            await one.send(messages.Hello(signed))
            code, reason = await one.closed()
            assert (code, reason.partition(":")[0]) == (1008, "token")

    play(story)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x09\x91\x01",
        b"\x01nonsense",
        b"\x01" + msgspec.msgpack.encode([99]),
        b"\x01" + msgspec.msgpack.encode([1, 5]),
        envelope.pack(1, 1, 1, [b"x"]),
        b"\x01" + messages.encode(messages.Like(1, 1)),
    ],
    ids=["empty", "lane", "garbage", "kind", "type", "batch", "before hello"],
)
def test_nonsense_ends_the_connection_and_nothing_else(frame):
    async def story(_gateway: Any, port: int, _log: Memory) -> None:
        async with client(port) as other:
            await other.join()
            async with client(port, "") as one:
                await one.socket.send(frame)
                assert (await one.closed())[0] == 1008
            assert (await other.say("还在")).offset == 1

    play(story)


def test_a_frame_that_is_too_long_ends_the_connection():
    async def story(_gateway: Any, port: int, _log: Memory) -> None:
        async with client(port) as one:
            await one.socket.send(b"\x01" + b"x" * 5_000)
            assert (await one.closed())[0] in (1006, 1009)

    play(story)


def test_a_flood_of_messages_ends_the_connection():
    async def story(_gateway: Any, port: int, _log: Memory) -> None:
        async with client(port) as one:
            for _turn in range(200):
                await one.send(messages.Passive(True))
            assert await one.closed() == (1008, "too many messages")

    play(story)


def test_chat_is_three_at_once_and_then_one_and_a_half_seconds_apart():
    assert CHAT == (1.5, 3)

    async def story(gateway: Any, port: int, _log: Memory) -> None:
        gateway.chat = Buckets(600.0, 3)  # so that a busy machine does not refill it meanwhile
        async with client(port) as one:
            await one.join()
            answers = [await one.say(f"第 {n} 句") for n in range(4)]
            assert [type(each) for each in answers] == [messages.Accepted] * 3 + [messages.Refused]
            assert (answers[3].reason, 500_000 < answers[3].wait_ms <= 600_001) == ("slow", True)

    play(story)


def test_slow_mode_mute_ban_and_closing_reach_an_open_room():
    def setting(**fields: Any) -> bytes:
        return msgspec.json.encode(fields)

    async def story(_gateway: Any, port: int, log: Memory) -> None:
        async with client(port, token(1)) as one, client(port, token(2, HOST)) as host:
            await one.join()
            await host.join()
            log.set("room.live-1", setting(slow_ms=60_000))
            assert (await one.wait_for(messages.Settings)).slow_ms == 60_000
            assert (await one.say("头一句")).offset == 1
            assert (await one.say("太快")).reason == "slow"
            assert (await host.say("主持不受限")).offset == 2
            log.set("room.live-1", setting(muted={1: time.time() + 60}))
            answer = await one.say("被禁言")
            assert (answer.reason, 58_000 < answer.wait_ms <= 60_000) == ("muted", True)
            log.set("room.live-1", setting(closed=True))
            assert (await one.say("已关闭")).reason == "closed"
            log.set("room.live-1", setting(banned={1: time.time() + 60}))
            assert (await one.wait_for(messages.Revoked)).reason == "banned"
            await one.send(messages.Join("live-1"))
            await one.until(
                lambda me: [e for e in me.told if getattr(e, "reason", "") == "banned"][1:]
            )
            await host.say("都看得见")
            assert "都看得见" not in one.texts

    play(story)


def test_words_are_masked_blocked_and_held():
    async def story(_gateway: Any, port: int, log: Memory) -> None:
        heard: list[bytes] = []
        await log.hear("held", heard.append)
        log.set("words", msgspec.json.encode({"坏话": "mask", "骗子": "block", "广告": "hold"}))
        async with client(port) as one, client(port, token(2)) as two:
            await one.join()
            await two.join()
            assert (await one.say("都是坏 话吧")).text == "都是***吧"
            assert (await one.say("你这骗·子")).reason == "words"
            assert (await two.say("发个广告")).reason == "held"
            await two.until(lambda me: me.offset == 1)
            assert two.texts == ["都是***吧"]
            assert [msgspec.json.decode(each)["word"] for each in heard] == ["骗子", "广告"]

    play(story)


def test_a_moderator_takes_a_line_away_and_nobody_else_does():
    async def story(_gateway: Any, port: int, _log: Memory) -> None:
        async with client(port, token(1)) as one, client(port, token(2, HOST)) as host:
            await one.join()
            await host.join()
            said = await one.say("要撤的话")
            await one.send(messages.Remove(one.joined.number, said.offset))
            assert (await one.wait_for(messages.Refused)).reason == "rights"
            await host.send(messages.Remove(host.joined.number, said.offset))
            await one.until(lambda me: me.offset == 2)
            assert one.lines[2].offset == said.offset

    play(story)


def test_a_page_of_another_site_is_turned_away():
    async def story(gateway: Any, port: int, _log: Memory) -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with client(port, origin="https://elsewhere.example"):
                pass
        assert refused.value.response.status_code == 403
        assert gateway.counts["refused_origin"] == 1
        async with client(port, origin="https://haishi.example") as one:
            assert (await one.join()).recovered is False

    play(story, origins=frozenset({"https://haishi.example"}))
