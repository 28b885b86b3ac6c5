"""Delay mode."""

from itertools import pairwise

import pytest

from origin.bus import AUDIO, VIDEO, Feed, Message
from origin.delay import Delay
from origin.tests.stage import picture, picture_header, sound


class _Held:
    """A source, the delay behind it, what was told when."""

    def __init__(self, seconds: float, most: int = 1 << 20) -> None:
        self.time = 0.0
        self.source = Feed("s/programme")
        self.delay = Delay("s/programme", self.source, seconds, lambda: self.time, most)
        self.told: list[tuple[float, Message]] = []
        self.delay.listen(lambda message: self.told.append((self.time, message)))

    def run(self, begin: float, end: float, gop: int = 8) -> None:
        """Eight pictures and eight sounds a second."""
        for index in range(round(begin * 8), round(end * 8)):
            self.time = index / 8
            if index == 0:
                self.source.push(Message(VIDEO, 0, picture_header(1)))
            self.source.push(Message(VIDEO, index * 125, picture(1, index, index % gop == 0)))
            self.source.push(Message(AUDIO, index * 125, sound(1, index)))
            self.delay.tick()

    def pictures(self) -> list[tuple[float, int]]:
        return [(when, one.at) for when, one in self.told if one.kind == VIDEO and one.payload[1]]


def test_messages_come_so_much_later_with_their_own_times() -> None:
    held = _Held(3)
    held.run(0, 6)
    assert held.told[0][1].is_header
    assert held.pictures() == [(3 + index / 8, index * 125) for index in range(24)]
    assert held.delay.held == 24 * (len(picture(1, 0, True)) + len(sound(1, 0)))


def test_without_delay_they_pass_at_once() -> None:
    held = _Held(0)
    held.source.push(Message(VIDEO, 0, picture_header(1)))
    assert len(held.told) == 1


def test_a_longer_delay_makes_viewers_wait_once() -> None:
    held = _Held(1)
    held.run(0, 3)
    held.delay.change(2)
    held.run(3, 6)
    assert held.pictures()[15:18] == [(2.875, 1875), (4.0, 2000), (4.125, 2125)]


def test_a_shorter_delay_tells_at_once_what_is_old_enough() -> None:
    held = _Held(3)
    held.run(0, 4)
    assert held.pictures()[-1] == (3.875, 875)
    held.delay.change(1)
    assert held.pictures()[-1] == (3.875, 2875)
    assert [at for _when, at in held.pictures()] == list(range(0, 3000, 125))


def test_room_is_bounded_and_nothing_is_shown_too_early() -> None:
    """Room for two groups of pictures and a bit: what comes beyond it is left out."""
    held = _Held(60, most=300)
    held.run(0, 30)
    assert 272 <= held.delay.held <= 300
    assert held.pictures() == []
    held.run(30, 64)
    seen = held.pictures()
    assert seen[:16] == [(60 + index / 8, index * 125) for index in range(16)]
    keys = {index * 1000 for index in range(100)}
    assert all(at in keys or at - 125 == before for (_a, before), (_b, at) in pairwise(seen))
    assert all(when >= at / 1000 + 60 for when, at in seen)
    assert held.delay.dropped > 400


def test_what_is_discarded_is_never_seen() -> None:
    held = _Held(3)
    held.run(0, 5)
    held.delay.discard()
    held.run(5, 10)
    later = [(when, at) for when, at in held.pictures() if when > 4.9]
    assert later[0] == (8.0, 5000)
    assert held.delay.dropped == 48


def test_discarding_goes_on_with_a_key_frame_and_its_headers() -> None:
    held = _Held(3)
    held.run(0, 2)
    held.source.push(Message(VIDEO, 2000, picture_header(2)))
    held.run(2, 2.5)
    held.delay.discard()
    held.run(2.5, 7)
    assert held.delay.headers[VIDEO].payload == picture_header(2)
    assert held.pictures()[0] == (6.0, 3000)


def test_a_closed_delay_tells_nothing_more() -> None:
    held = _Held(1)
    held.run(0, 1)
    held.delay.close()
    held.run(1, 3)
    assert held.told == []
    assert held.delay.held == 0


@pytest.mark.parametrize("seconds", [-1.0, 0.0])
def test_a_delay_is_never_negative(seconds: float) -> None:
    assert _Held(seconds).delay.seconds == 0
