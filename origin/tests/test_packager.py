"""Feeds become fMP4 that plays: every picture is in it, at its time, in segments that players can
start from."""

import io
from typing import Any, NamedTuple

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from origin.bus import AUDIO, VIDEO, Message
from origin.codecs import _SILENCE, SILENT_CONFIG, Sound, read_sound
from origin.measures import Unreadable
from origin.packager import Init, Packager, Part
from origin.tests.films import messages


class Kept:
    """A sink that keeps all."""

    def __init__(self) -> None:
        self.inits: list[Init] = []
        self.parts: list[Part] = []

    def init(self, init: Init) -> None:
        self.inits.append(init)

    def part(self, part: Part) -> None:
        self.parts.append(part)

    def file(self, number: int = 0) -> bytes:
        """All of one initialisation segment."""
        mine = [part.content for part in self.parts if part.init == number]
        return self.inits[number].content + b"".join(mine)

    def segments(self) -> list[tuple[int, int]]:
        """(start, duration) in milliseconds."""
        found: list[tuple[int, int]] = []
        for part in self.parts:
            if part.first:
                found.append((part.start, 0))
            found[-1] = (found[-1][0], found[-1][1] + part.duration)
        return found


def packed(*films: tuple[Message, ...], gap: int = 40) -> tuple[Packager, Kept]:
    """Films one after the other through one packager."""
    kept = Kept()
    packager = Packager(kept)
    offset = 0
    for film in films:
        last = offset
        for message in film:
            packager.push(message._replace(at=message.at + offset))
            last = max(last, message.at + offset)
        offset = last + gap
    packager.flush()
    return packager, kept


class Decoded(NamedTuple):
    pictures: list[int]  # milliseconds
    size: tuple[int, int]
    samples: int
    rate: int
    sound_at: float


def decoded(content: bytes) -> Decoded:
    """What a player makes of it."""
    pictures, sounds = [], []
    rate = 1
    with av.open(io.BytesIO(content)) as file:
        video: Any = file.streams.video[0]
        size = video.codec_context.width, video.codec_context.height
        for frame in file.decode(video=0):
            pictures.append(round(1000 * frame.pts * frame.time_base))
    with av.open(io.BytesIO(content)) as file:
        for sound in file.decode(audio=0):
            sounds.append((float(sound.pts * sound.time_base), sound.samples))
            rate = sound.sample_rate
    return Decoded(pictures, size, sum(n for _at, n in sounds), rate, sounds[0][0])


def test_every_picture_and_sound_comes_out_at_its_time() -> None:
    film = messages(4.0)
    packager, kept = packed(film)
    found = decoded(kept.file())
    sent = [each.at for each in film if each.kind == VIDEO and not each.is_header]
    assert found.pictures == sent == list(range(sent[0], sent[0] + 4000, 40))
    assert found.size == kept.inits[0].size == (320, 180)
    first = next(place for place, each in enumerate(film) if each.is_key)
    sounds = [each for each in film[first:] if each.kind == AUDIO]
    assert found.samples == 1024 * len(sounds)
    assert packager.frames == 100


def test_parts_are_a_fifth_of_a_second_and_segments_begin_at_key_frames() -> None:
    _packager, kept = packed(messages(4.0))
    start = kept.parts[0].start
    assert [(each.start, each.duration) for each in kept.parts] == [
        (start + 200 * number, 200) for number in range(20)
    ]
    assert kept.segments() == [(start + 1000 * number, 1000) for number in range(4)]
    assert all(part.key == part.first for part in kept.parts)
    assert not any(part.broken for part in kept.parts)


@pytest.mark.parametrize(
    ("fps", "duration"), [(24, 208), (30, 200), (15, 200), (10, 200), (5, 200)]
)
def test_parts_hold_as_many_whole_pictures_as_fit(fps: int, duration: int) -> None:
    packager, kept = packed(messages(3.0, fps=fps, group=fps))
    # The last part of a segment ends where its segment does.
    lengths = {
        part.duration
        for part, then in zip(kept.parts, kept.parts[1:], strict=False)
        if not then.first
    }
    assert lengths <= set(range(duration - 1, duration + 2))
    assert max(lengths) <= 1000 * packager.part_target == 210


def test_pictures_that_come_rarely_lengthen_the_promise() -> None:
    packager, kept = packed(messages(6.0, fps=2, group=2))
    assert {part.duration for part in kept.parts} == {500}
    assert packager.part_target == 0.5


def test_pictures_out_of_order_keep_their_times() -> None:
    film = messages(3.0, bframes=2)
    _packager, kept = packed(film)
    found = decoded(kept.file())
    assert len(found.pictures) == 75
    assert [b - a for a, b in zip(found.pictures, found.pictures[1:], strict=False)] == [40] * 74


def test_another_picture_size_begins_anew() -> None:
    _packager, kept = packed(messages(2.0), messages(2.0, size=(640, 360)))
    assert [init.size for init in kept.inits] == [(320, 180), (640, 360)]
    breaks = [part for part in kept.parts if part.broken]
    assert [(part.init, part.first, part.key) for part in breaks] == [(1, True, True)]
    for number in (0, 1):
        found = decoded(kept.file(number))
        assert len(found.pictures) == 50
        assert found.size == kept.inits[number].size


def test_the_same_headers_again_change_nothing() -> None:
    film = messages(2.0)
    headers = tuple(each for each in film if each.is_header)
    _packager, kept = packed(film, headers, film)
    assert len(kept.inits) == 1
    assert not any(part.broken for part in kept.parts)


def test_a_stream_without_sound_gets_silence_so_that_both_tracks_are_there() -> None:
    film = messages(4.0, audio=False)
    _packager, kept = packed(film)
    found = decoded(kept.file())
    assert len(found.pictures) == 100
    assert (found.rate, found.samples) == (48_000, 187 * 1024)
    assert abs(found.sound_at - found.pictures[0] / 1000) < 0.001


def test_sound_that_joins_late_begins_anew_at_the_next_key_frame() -> None:
    film = messages(4.0)
    late = tuple(each for each in film if each.kind == VIDEO or each.at > 2_100)
    header = next(each for each in film if each.kind == AUDIO)._replace(at=2_100)
    pushed = sorted((*late, header), key=lambda each: (each.at, not each.is_header))
    _packager, kept = packed(tuple(pushed))
    assert len(kept.inits) == 2
    first, second = decoded(kept.file(0)), decoded(kept.file(1))
    assert len(first.pictures) + len(second.pictures) == 100
    assert (second.pictures[0] - first.pictures[0]) % 1000 == 0
    assert second.rate == 48_000


def test_sound_that_stops_is_followed_by_silence_and_may_come_back() -> None:
    film = messages(8.0)
    quiet = tuple(each for each in film if each.kind == VIDEO or not 2_000 < each.at < 6_000)
    _packager, kept = packed(quiet)
    assert len(kept.inits) == 1
    found = decoded(kept.file())
    assert abs(found.samples / found.rate - 8.0) < 0.06


def test_ten_seconds_between_key_frames_are_one_segment() -> None:
    packager, kept = packed(messages(30.0, group=250))
    assert packager.target == 10
    assert [duration for _at, duration in kept.segments()] == [10_000] * 3


@pytest.mark.parametrize(
    ("group", "target", "length"),
    [(25, 1, 1_000), (12, 1, 960), (29, 1, 1_160), (35, 2, 1_400), (50, 2, 2_000)],
)
def test_a_key_frame_every_second_or_so_promises_a_second(
    group: int, target: int, length: int
) -> None:
    packager, kept = packed(messages(9.0, group=group))
    assert packager.target == target
    assert {duration for _at, duration in kept.segments()[:-1]} == {length}
    assert all(part.key for part in kept.parts if part.first)


def test_a_key_frame_in_between_makes_a_short_segment_and_none_without_a_key_frame() -> None:
    whole, short = messages(1.0), messages(0.6)
    packager, kept = packed(whole, short, whole, whole, short, whole, whole)
    assert packager.target == 1
    # A film's last sound lasts 42 ms beyond its last picture.
    assert [each for _at, each in kept.segments()][:6] == [1042, 658, 1042, 1042, 658, 1042]
    assert all(part.key for part in kept.parts if part.first)


def test_a_run_that_ended_before_it_could_be_measured_counts_in_the_promise() -> None:
    film = messages(2.6, group=125)
    packager, kept = packed(film, messages(4.0), gap=5_000)
    assert kept.segments()[0][1] == 2_600
    assert packager.target == 3


def test_a_group_longer_than_promised_is_cut_without_a_key_frame() -> None:
    packager, kept = packed(messages(4.0), messages(20.0, group=250))
    assert packager.target == 1
    assert all(duration <= 1_400 for _at, duration in kept.segments())
    assert not all(part.key for part in kept.parts if part.first)
    assert len(decoded(kept.file()).pictures) == 600


def test_a_hole_in_time_is_a_discontinuity_with_the_same_headers() -> None:
    film = messages(2.0)
    _packager, kept = packed(film, film, gap=5_000)
    assert len(kept.inits) == 1
    again = kept.parts[0].start + film[-1].at + 5_000
    assert [part.start for part in kept.parts if part.broken] == [again]
    assert kept.parts[9].duration == 200


def test_nothing_comes_out_before_a_key_frame_and_headers() -> None:
    film = messages(3.0)
    kept = Kept()
    packager = Packager(kept)
    for message in film:
        if not message.is_header:
            packager.push(message)
    assert kept.parts == kept.inits == []
    middle = [each for each in film if each.is_header or each.at > 500]
    packager = Packager(kept)
    for message in middle:
        packager.push(message)
    packager.flush()
    assert kept.parts[0].start % 1000 == film[-1].at % 1000 or kept.parts[0].key
    assert kept.parts[0].start > 1_000


def test_headers_that_cannot_be_read_are_left_out() -> None:
    film = messages(2.0)
    kept = Kept()
    packager = Packager(kept)
    packager.push(Message(VIDEO, 0, b"\x17\0\0\0\0\x01\x42"))
    packager.push(Message(AUDIO, 0, b"\xaf\0\xff"))
    for message in film:
        packager.push(message)
    packager.push(Message(VIDEO, 9_000, b"\x17\0\0\0\0\x02broken"))
    packager.flush()
    assert packager.refused == 3
    assert len(decoded(kept.file()).pictures) == 50


@pytest.mark.parametrize(
    ("config", "sound"),
    [
        (SILENT_CONFIG, Sound(48_000, 1, 1024)),
        (b"\x12\x10", Sound(44_100, 2, 1024)),
        (b"\x2b\x92\x08\x00", Sound(22_050, 2, 1024)),  # HE-AAC: the core's rate
    ],
)
def test_an_audio_configuration_tells_rate_channels_and_frame(config: bytes, sound: Sound) -> None:
    assert read_sound(config) == sound


@pytest.mark.parametrize("config", [b"", b"\x12", b"\x0a\x10", b"\x16\x90", b"\x12\x00"])
def test_an_audio_configuration_that_we_do_not_carry_is_refused(config: bytes) -> None:
    with pytest.raises(Unreadable):
        read_sound(config)


@pytest.mark.parametrize("channels", sorted(_SILENCE))
def test_silence_is_silent(channels: int) -> None:
    decoder: Any = av.CodecContext.create("aac", "r")
    decoder.extradata = bytes([0x11, 0x80 | channels << 3])
    heard = [decoder.decode(av.Packet(_SILENCE[channels])) for _turn in range(4)]
    frames = [frame for each in heard for frame in each]
    assert [frame.layout.nb_channels for frame in frames] == [channels] * len(frames)
    assert len(frames) >= 3
    assert not any(any(bytes(plane)) for frame in frames for plane in frame.planes)


HEADERS = tuple(each for each in messages(0.2) if each.is_header)


@st.composite
def streams(draw: st.DrawFn) -> list[Message]:
    """Pictures and sounds with times and key frames as they please, in order of time."""
    at, found = draw(st.integers(0, 10_000)), list(HEADERS)
    for _number in range(draw(st.integers(1, 120))):
        if draw(st.integers(0, 3)):
            key = draw(st.integers(0, 5)) == 0
            body = (b"\x17" if key else b"\x27") + b"\x01\0\0\0" + bytes(draw(st.integers(1, 9)))
            found.append(Message(VIDEO, at, body))
        else:
            found.append(Message(AUDIO, at, b"\xaf\x01" + bytes(draw(st.integers(1, 9)))))
        at += draw(st.sampled_from([0, 1, 20, 33, 40, 40, 40, 200, 700, 1_900, 2_500]))
    return found


@settings(max_examples=150, deadline=None)
@given(streams())
def test_whatever_comes_parts_follow_each_other_and_segments_keep_their_promise(
    film: list[Message],
) -> None:
    packager, kept = packed(tuple(film))
    pictures = [each for each in film if each.kind == VIDEO and not each.is_header]
    first = next((place for place, each in enumerate(pictures) if each.is_key), len(pictures))
    assert packager.frames <= len(pictures) - first
    if first < len(pictures):
        assert kept.parts[0].first
        assert kept.parts[0].key
    end = -1
    for part in kept.parts:
        assert part.duration > 0
        assert part.start == end or end < 0 or part.broken
        assert part.start >= end
        end = part.start + part.duration
        assert int.from_bytes(part.content[:4], "big") < len(part.content)
    for part in kept.parts:
        if part.broken:
            assert part.first
            assert part.key
