"""Clocks, codecs and headers of what comes in."""

from collections.abc import Sequence

import pytest

from origin.bus import AUDIO, VIDEO, Message
from origin.inputs import Refused
from origin.tests.desk import Desk
from origin.tests.material import avc_header, parameter_sets, stream

# Clocks.


def turned(desk: Desk, stamps: Sequence[tuple[int, int]], step: float = 0.02) -> list[int]:
    """The feed's times of pictures and sounds that come 20 ms apart."""
    place = desk.places[1] if desk.places[1].taken else desk.arrive()
    avc, aac = (
        next(m for m in stream() if m.is_header and m.kind == kind) for kind in (VIDEO, AUDIO)
    )
    place.push(VIDEO, 0, avc.payload)
    place.push(AUDIO, 0, aac.payload)
    heard: list[int] = []
    leave = place.feed.listen(lambda each: heard.append(each.at), catch_up=False)
    for kind, stamp in stamps:
        desk.at += step
        head = b"\x17\1\0\0\0" if kind == VIDEO else b"\xaf\1"
        place.push(kind, stamp & 0xFFFFFFFF, head + b"\0\0\0\1\x65")
    leave()
    return heard


def both(*starts: int, count: int = 3) -> list[tuple[int, int]]:
    """Pictures and, 10 ms later, sounds, 40 ms apart, from each start."""
    return [
        (kind, start + number * 40 + (10 if kind == AUDIO else 0))
        for start in starts
        for number in range(count)
        for kind in (VIDEO, AUDIO)
    ]


STRAIGHT = [0, 10, 40, 50, 80, 90]


@pytest.mark.parametrize("start", [0, 1, -60, -1, 16_777_215 - 40, 2**31 - 50, 2**32 - 50])
def test_wherever_a_clock_begins_and_wraps_the_feed_goes_straight(start: int):
    desk = Desk()
    assert turned(desk, both(start)) == STRAIGHT
    assert desk.places[1].status().warnings == []


@pytest.mark.parametrize("to", [90_000_000, 3_000_000_000, 60_000])
def test_a_clock_that_jumps_is_told_and_goes_on_without_a_gap(to: int):
    desk = Desk()
    assert turned(desk, both(100_000, to)) == [*STRAIGHT, 110, 120, 150, 160, 190, 200]
    assert desk.places[1].status().warnings == ["clock_jump"]


def test_sound_that_jumps_before_its_picture_keeps_its_distance():
    desk = Desk()
    old, new = both(0, count=4), both(500_000, count=4)
    mixed = [*old[:4], new[5], old[4], new[7], old[6], (VIDEO, 500_160), (AUDIO, 500_170)]
    at = turned(desk, mixed)
    assert at[:4] == [0, 10, 40, 50]
    # The sound's new clock begins 20 ms after the last message; the picture's old one goes on.
    assert at[4:8] == [70, 80, 110, 120]
    assert at[9] - at[8] == 10


def test_a_long_pause_is_no_jump():
    desk = Desk()
    assert turned(desk, [(VIDEO, 0)]) == [0]
    desk.at += 8
    assert turned(desk, [(VIDEO, 8_020)])[-1] == 8_020
    assert desk.places[1].status().warnings.count("clock_jump") == 0


def test_a_reconnect_goes_on_where_the_clock_on_the_wall_is():
    desk = Desk()
    first = turned(desk, both(700_000))
    desk.places[1].gone("lost")
    desk.at += 4
    second = turned(desk, both(0))
    assert second[0] - first[-1] == 4_021
    assert [at - second[0] for at in second] == STRAIGHT


def test_equal_and_slightly_backward_stamps_still_grow():
    desk = Desk()
    assert turned(desk, [(VIDEO, 0), (VIDEO, 0), (VIDEO, 40), (VIDEO, 30)]) == [0, 1, 40, 41]


# Codecs, headers, pictures.


def push_refused(desk: Desk, kind: int, payload: bytes) -> tuple[str, str]:
    place = desk.places[1] if desk.places[1].taken else desk.arrive()
    before = place.feed.messages
    with pytest.raises(Refused) as caught:
        place.push(kind, 0, payload)
    assert place.feed.messages == before
    return caught.value.code, caught.value.detail


def test_other_codecs_are_refused_by_name():
    desk = Desk()
    assert push_refused(desk, VIDEO, b"\x1c\0\0\0\0\1") == ("codec", "HEVC")
    assert push_refused(desk, VIDEO, b"\x90hvc1") == ("codec", "HEVC")
    assert push_refused(desk, VIDEO, b"\x90av01") == ("codec", "AV1")
    assert push_refused(desk, VIDEO, b"\x12\0\0\0\0\0") == ("codec", "H.263")
    assert push_refused(desk, AUDIO, b"\x2f\0\0\0") == ("codec", "MP3")
    assert push_refused(desk, AUDIO, b"\x90Opus") == ("codec", "Enhanced RTMP")
    assert push_refused(desk, AUDIO, b"\xaf\0\x0a\x10") == ("codec", "AAC object type 1")


@pytest.mark.parametrize(("form", "profile"), [("yuv444p", 244), ("yuv420p10le", 110)])
def test_pictures_that_browsers_cannot_show_are_refused(form: str, profile: int):
    header = avc_header(*parameter_sets(form=form))
    assert push_refused(Desk(), VIDEO, header) == (
        "codec", f"H.264 profile {profile}, not 8-bit 4:2:0",
    )  # fmt: skip


@pytest.mark.parametrize(
    "header", [b"\x17\0\0\0\0\1", b"\x17\0\0\0\0\1\x42\xc0\x0d\xff\xe1\xff\xff"]
)
def test_a_header_that_cannot_be_read_is_refused(header: bytes):
    assert push_refused(Desk(), VIDEO, header)[0] == "codec"


def test_a_change_of_size_keeps_the_feed_and_is_told():
    desk = Desk()
    place = desk.arrive()
    feed = place.feed
    desk.play(place, stream())
    desk.play(place, stream(1, 640, 360), shift=2_040)
    status = place.status()
    assert (status.width, status.height, status.warnings) == (640, 360, ["size_changed"])
    assert place.feed is feed
    assert feed.headers[VIDEO].payload == stream(1, 640, 360)[0].payload


def test_headers_that_change_nothing_are_not_passed_on():
    desk = Desk()
    desk.play(desk.arrive(), stream())
    desk.places[1].gone("lost")
    heard: list[Message] = []
    desk.places[1].feed.listen(heard.append, catch_up=False)
    desk.play(desk.arrive(), stream())
    assert not any(each.is_header for each in heard)
    assert len(heard) == len(stream()) - 2


def test_after_a_reconnect_pictures_wait_for_a_header_and_a_key_frame():
    desk = Desk()
    desk.play(desk.arrive(), stream())
    desk.places[1].gone("lost")
    heard: list[Message] = []
    desk.places[1].feed.listen(heard.append, catch_up=False)
    place = desk.arrive()
    pictures = [each for each in stream() if each.kind == VIDEO]
    header, key, delta = pictures[0], pictures[1], pictures[2]
    for at, each in enumerate([key, header, delta, key, delta]):
        place.push(VIDEO, at * 40, each.payload)
    assert [each.payload for each in heard] == [key.payload, delta.payload]


def test_what_is_neither_picture_nor_sound_or_too_short_is_left_out():
    desk = Desk()
    place = desk.arrive()
    for kind, payload in (
        (18, b"\2\0\nonMetaData"), (VIDEO, b""), (AUDIO, b""), (VIDEO, b"\x17\2\0\0\0"),
        (VIDEO, b"\x17\1\0"), (AUDIO, b"\xaf\1"), (AUDIO, b"\xaf\1\x21\x22"),
    ):  # fmt: skip
        place.push(kind, 0, payload)
    assert place.feed.messages == 0
    assert place.state == "connecting"
