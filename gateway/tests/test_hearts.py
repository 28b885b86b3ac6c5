"""The tally of hearts: whole minutes, told now and then."""

import msgspec

from gateway.hearts import PAUSE, Tally
from wire.broker import Hearts

NOON = 1_795_824_000.0  # a whole minute


def told(tally: Tally, now: float, *, all_of_it: bool = False) -> list[tuple[str, int, int]]:
    found = [msgspec.json.decode(each, type=Hearts) for each in tally.due(now, all_of_it=all_of_it)]
    return [(each.room, each.minute - int(NOON // 60), each.count) for each in found]


def test_each_telling_holds_the_whole_of_its_minute():
    tally = Tally("a")
    tally.add("live-1", 3, NOON)
    assert told(tally, NOON) == [("live-1", 0, 3)]
    tally.add("live-1", 4, NOON + 1)
    assert told(tally, NOON + 1) == []
    assert told(tally, NOON + PAUSE) == [("live-1", 0, 7)]
    assert told(tally, NOON + 2 * PAUSE) == []


def test_a_new_minute_begins_at_nothing_and_the_old_one_is_still_told():
    tally = Tally("a")
    tally.add("live-1", 3, NOON + 59)
    tally.add("live-1", 5, NOON + 60)
    tally.add("live-2", 0, NOON + 60)
    assert told(tally, NOON + 60) == [("live-1", 0, 3), ("live-1", 1, 5)]


def test_a_farewell_waits_for_no_pause():
    tally = Tally("a")
    assert told(tally, NOON) == []
    tally.add("live-1", 2, NOON + 1)
    assert told(tally, NOON + 1, all_of_it=True) == [("live-1", 0, 2)]


def test_a_gateway_that_starts_again_is_another_source():
    sources = set()
    for tally in (Tally("a"), Tally("a")):
        tally.add("live-1", 1, NOON)
        (note,) = tally.due(NOON)
        sources.add(msgspec.json.decode(note, type=Hearts).source)
    assert len(sources) == 2
