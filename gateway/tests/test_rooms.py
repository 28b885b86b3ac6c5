"""Rooms on one gateway: order, recovery, hidden and slow readers, counts, farewell."""

import asyncio
import time
from typing import Any

import msgspec
import pytest

from gateway.backplane import Memory
from gateway.tests.client import HOST, SPEAKER, client, running, token
from gateway.tests.stories import crowd, play, stored
from wire import messages
from wire.broker import HEARTS, Hearts

pytestmark = pytest.mark.usefixtures("each_transport")


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


def test_the_house_hears_of_hearts_as_one_number_for_a_minute():
    async def story(gateway: Any, port: int, log: Memory) -> None:
        told: list[Hearts] = []
        await log.hear(HEARTS, lambda note: told.append(msgspec.json.decode(note, type=Hearts)))
        async with client(port, token(1)) as one, client(port, token(2)) as two:
            await one.join()
            await two.join()
            for _press in range(9):  # four handfuls at once, the rest is too much for one person
                await one.send(messages.Like(one.joined.number, 2))
            await two.send(messages.Like(two.joined.number, 5))
            await two.until(lambda me: any(getattr(e, "likes", 0) == 13 for e in me.told))
        await gateway.drain()
        whole = {(each.room, each.source): 0 for each in told}
        minutes = {(each.source, each.minute): each.count for each in told}
        for (source, _minute), count in minutes.items():
            whole["live-1", source] += count
        ((_key, count),) = whole.items()
        assert count == 13

    play(story)


def test_a_reader_that_stops_reading_misses_batches_and_is_told():
    async def story(gateway: Any, port: int, _log: Memory) -> None:
        async with client(port, token(1, HOST)) as host, client(port, token(2)) as slow:
            await host.join()
            await slow.join()
            (person,) = [p for p in gateway._people if p.token.user == 2]
            person.line = Stuck(person.line)
            await slow.join()  # its line is looked up anew
            await host.say("看得到的话")
            gateway.rooms.get("live-1").look()
            await host.say("看不到的话")
            assert list(person.gaps) == [host.joined.number]
            person.line.full = False
            await slow.wait_for(messages.Gap)
            await slow.until(lambda me: me.offset == 1)
            joined = await slow.join("live-1", slow.epoch, slow.offset)
            assert joined.recovered
            await slow.until(lambda me: me.offset == 2)
            assert (slow.texts, slow.repeated) == (["看得到的话", "看不到的话"], [])

    play(story)


class Stuck:
    """A line whose reader has not read for a while."""

    def __init__(self, line: Any) -> None:
        self._line, self.full = line, True

    def send(self, frame: bytes) -> None:
        """Passed on."""
        self._line.send(frame)

    def sender(self) -> Any:
        """Passed on."""
        return self._line.sender()

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
