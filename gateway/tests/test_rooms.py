"""Rooms on one gateway: order, recovery, rights, limits, words."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from websockets.exceptions import InvalidStatus

from gateway.backplane import Memory
from gateway.guests import CHAT
from gateway.limits import Buckets
from gateway.tests.client import HOST, READER, SPEAKER, client, running, token
from wire import envelope, messages
from wire.broker import Stored

Story = Callable[..., Awaitable[None]]


def play(story: Story, **changes: Any) -> None:
    """Run a story of clients beside a gateway."""

    async def whole() -> None:
        async with asyncio.timeout(20):
            backplane = Memory()
            async with running(backplane, **changes) as (gateway, port):
                await story(gateway, port, backplane)

    asyncio.run(whole())


def test_everybody_in_a_room_reads_the_same_lines_in_the_same_order():
    async def story(_gateway: Any, port: int, _log: Memory) -> None:
        async with client(port, token(1)) as one, client(port, token(2)) as two:
            await one.join()
            await two.join()
            first, second = await asyncio.gather(one.say("潮来"), two.say("潮去"))
            assert {first.offset, second.offset} == {1, 2}
            for each in (one, two):
                await each.until(lambda me: me.offset == 2)
            assert one.texts == two.texts
            assert sorted(one.texts) == ["潮去", "潮来"]
            said = two.lines[first.offset]
            assert (said.user, said.name, said.style, said.role) == (1, "林1", 0, 0)
            assert abs(said.at - time.time() * 1000) < 5_000

    play(story)


def test_nothing_of_one_room_is_heard_in_another():
    async def story(_gateway: Any, port: int, _log: Memory) -> None:
        both = token(1, live_1=SPEAKER, live_2=SPEAKER)
        async with client(port, both) as one, client(port, both.replace(" ", "")) as two:
            await one.join("live-1")
            await two.join("live-2")
            await one.say("只在一号")
            await two.say("只在二号")
            await one.until(lambda me: me.texts)
            assert (one.texts, two.texts) == (["只在一号"], ["只在二号"])

    play(story)


def test_who_comes_back_gets_exactly_what_was_missed():
    async def story(_gateway: Any, port: int, _log: Memory) -> None:
        async with client(port, token(1)) as speaker:
            await speaker.join()
            async with client(port, token(2)) as reader:
                await reader.join()
                await speaker.say("一")
                await reader.until(lambda me: me.offset == 1)
                seen = (reader.epoch, reader.offset)
            await speaker.say("二")
            await speaker.say("三")
            async with client(port, token(2)) as reader:
                joined = await reader.join("live-1", *seen)
                assert joined.recovered
                await reader.until(lambda me: me.offset == 3)
                assert (reader.texts, reader.repeated) == (["二", "三"], [])

    play(story)


def test_who_was_away_too_long_is_told_to_fetch_history():
    async def story(_gateway: Any, port: int, _log: Memory) -> None:
        async with client(port, token(1, HOST)) as speaker:
            await speaker.join()
            for number in range(3):
                await speaker.say(f"第 {number} 句", style=0)
            async with client(port, token(2)) as reader:
                joined = await reader.join("live-1", speaker.epoch - 1, 1)
                assert (joined.recovered, joined.offset) == (False, 3)
                joined = await reader.join("live-1", speaker.epoch, 99)
                assert (joined.recovered, joined.offset) == (False, 3)
                assert reader.texts == []

    play(story)


def test_the_same_nonce_is_said_once_and_answered_each_time():
    async def story(_gateway: Any, port: int, _log: Memory) -> None:
        async with client(port) as one:
            await one.join()
            first = await one.say("一次", nonce="n-1")
            one.told.clear()
            again = await one.say("一次", nonce="n-1")
            assert (first.offset, again.offset) == (1, 1)
            await one.say("两次", nonce="n-2")
            await one.until(lambda me: me.offset == 2)
            assert one.texts == ["一次", "两次"]

    play(story)


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


def test_a_hidden_page_hears_the_host_alone():
    async def story(_gateway: Any, port: int, _log: Memory) -> None:
        async with (
            client(port, token(1)) as one,
            client(port, token(2, HOST)) as host,
            client(port, token(3)) as hidden,
        ):
            for each in (one, host, hidden):
                await each.join()
            await hidden.send(messages.Passive(True))
            await hidden.join("live-1")  # behind it, so that it has arrived
            await one.say("普通的话")
            await host.say("揭幕了")
            await hidden.until(lambda me: me.lines)
            assert hidden.texts == ["揭幕了"]

    play(story)


def test_in_a_flood_every_speaker_has_a_chance_and_all_is_kept():
    async def story(_gateway: Any, port: int, log: Memory) -> None:
        async with crowd(port, 12) as people:
            answers = await asyncio.gather(
                *(each.say(f"{number}-{turn}") for number, each in enumerate(people)
                  for turn in range(3))
            )  # fmt: skip
            shown = [each for each in answers if each.offset]
            assert (len(answers), len(shown)) == (36, 5)
            await people[0].until(lambda me: me.offset == 5)
            speakers = [text.partition("-")[0] for text in people[0].texts]
            assert len(set(speakers)) == 5
            assert sum(len(stored(entry).hidden) for _n, entry in log.logs["live-1"]) == 31

    play(story, quick_tick=0.2, most_shown=5)


def stored(entry: bytes) -> Stored:
    """An entry of a room's log."""
    return msgspec.msgpack.decode(entry, type=Stored)


def crowd(port: int, number: int) -> Any:
    """Several people in one room."""

    @contextlib.asynccontextmanager
    async def whole() -> Any:
        async with contextlib.AsyncExitStack() as stack:
            people = []
            for user in range(1, number + 1):
                one = await stack.enter_async_context(client(port, token(user)))
                await one.join()
                people.append(one)
            yield people

    return whole()


def test_hearts_and_heads_are_counted_once_a_second():
    async def story(gateway: Any, port: int, _log: Memory) -> None:
        async with client(port, token(1)) as one, client(port, token(2)) as two:
            await one.join()
            await two.join()
            await one.send(messages.Like(one.joined.number, 3))
            await one.send(messages.Like(one.joined.number, 1_000))  # at most 20 at a time
            await two.send(messages.Like(two.joined.number, 2))
            counted = await one.until(
                lambda me: next(
                    (e for e in me.told if isinstance(e, messages.Counters) and e.likes == 25), None
                )
            )
            assert counted.viewers == 2

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


def test_a_reader_that_stops_reading_misses_batches_and_is_told():
    async def story(gateway: Any, port: int, _log: Memory) -> None:
        async with client(port, token(1, HOST)) as host, client(port, token(2)) as slow:
            await host.join()
            await slow.join()
            (person,) = [p for p in gateway._people if p.token.user == 2]
            person.line = Stuck(person.line)
            await host.say("看不到的话")
            assert list(person.gaps) == [host.joined.number]
            person.line.full = False
            await slow.wait_for(messages.Gap)
            joined = await slow.join("live-1", host.epoch, 0)
            assert joined.recovered
            await slow.until(lambda me: me.texts)
            assert slow.texts == ["看不到的话"]

    play(story)


class Stuck:
    """A line whose reader has not read for a while."""

    def __init__(self, line: Any) -> None:
        self._line, self.full = line, True

    def send(self, frame: bytes) -> None:
        """Passed on."""
        self._line.send(frame)

    def close(self, code: int, reason: str = "") -> None:
        """Passed on."""
        self._line.close(code, reason)

    def unsent(self) -> int:
        """300 KB while it is full."""
        return 300_000 if self.full else 0


def test_when_the_gateway_leaves_readers_are_told_to_come_back_later():
    async def story(_gateway: Any, port: int, backplane: Memory) -> None:
        async with running(backplane, name="b") as (leaving, second), client(second) as one:
            await one.join()
            await leaving.drain()
            assert await one.closed() == (1012, "restarting")

    play(story)
