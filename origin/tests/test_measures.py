"""Picture sizes, rates and troubles."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from origin.measures import Measures, Sps, Unreadable, read_aac, read_avc, read_sps
from origin.tests.material import avc_header, parameter_sets

SIDES = st.integers(8, 512).map(lambda half: half * 2)
CHROMA = {"yuv420p": 1, "yuv422p": 2, "yuv444p": 3, "gray": 0, "yuv420p10le": 1}


@settings(max_examples=60, deadline=None)
@given(
    SIDES,
    SIDES,
    st.sampled_from(sorted(CHROMA)),
    st.sampled_from(["interlaced=0", "interlaced=1", "cqm=jvt:8x8dct=1", "cqm=jvt", "bframes=3"]),
)
def test_the_size_in_a_parameter_set_is_the_size_that_x264_was_given(
    width: int, height: int, form: str, options: str
):
    height += height % 4 if "interlaced=1" in options else 0
    found = read_sps(parameter_sets(width, height, form, **{"x264-params": options})[0])
    assert (found.width, found.height) == (width, height)
    assert (found.chroma, found.depth) == (CHROMA[form], 10 if "10" in form else 8)


def number(value: int) -> str:
    """ue(v) as bits."""
    bits = f"{value + 1:b}"
    return "0" * (len(bits) - 1) + bits


@settings(deadline=None)
@given(st.integers(1, 1_024), st.integers(1, 512), st.integers(0, 7), st.integers(0, 500))
def test_zero_bytes_that_had_to_be_escaped_are_read(
    columns: int, rows: int, cropped: int, name: int
):
    """Level 0 and a long number make the zero bytes that a byte stream may not hold."""
    bits = "".join((
        f"{66:08b}", "0" * 16, number(name), number(0), number(2), number(1), "0",
        number(columns - 1), number(rows - 1), "1", "1", "1",
        number(0), number(cropped), number(cropped), number(0), "01",
    ))  # fmt: skip
    raw = int(bits.ljust(-len(bits) % 8 + len(bits), "0"), 2).to_bytes((len(bits) + 7) // 8, "big")
    unit, zeros = bytearray(b"\x67"), 0
    for byte in raw:
        if zeros == 2 and byte <= 3:
            unit.append(3)
            zeros = 0
        unit.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    assert read_sps(bytes(unit)) == Sps(
        columns * 16 - 2 * cropped, rows * 16 - 2 * cropped, 66, 0, 1, 8
    )  # fmt: skip


def test_a_header_says_size_profile_and_level():
    header = avc_header(*parameter_sets(1920, 1080, preset="medium"))
    assert read_avc(header) == Sps(1920, 1080, 100, 40, 1, 8)


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_no_bytes_break_the_reading_of_parameter_sets(content: bytes):
    for read in (read_sps, read_avc):
        with contextlib.suppress(Unreadable):
            read(content)
    with contextlib.suppress(Unreadable):
        read_sps(b"\x67\x64\0\x28" + content)
    with contextlib.suppress(Unreadable):
        read_aac(content)


def steady(
    seconds: int, *, fps: int = 25, size: int = 10_000, gop: int = 25, speed: float = 1.0
) -> tuple[Measures, float]:
    """A stream of pictures and 50 sounds a second, measured from second 100 on."""
    measures = Measures(100.0)
    measures.resized(1280, 720, 100.0)
    now = 100.0
    for number in range(seconds * fps):
        now = 100 + number / fps
        measures.picture(
            round(number * 1000 / fps * speed), size, now, key=number % gop == 0
        )  # fmt: skip
        measures.sound(400, now)
        measures.sound(400, now)
    return measures, 100.0 + seconds


def test_rates_are_those_of_the_last_whole_seconds():
    measures, now = steady(12)
    assert measures.fps(now) == 25.0
    assert measures.kbps(now) == 25 * 10_800 * 8 // 1000
    assert measures.gop() == 1.0
    assert measures.audio(now)
    assert measures.warnings(now) == []


def test_rates_fall_to_nothing_when_nothing_comes():
    measures, now = steady(12)
    assert measures.fps(now + 3) == 10.0
    assert measures.fps(now + 60) == 0.0
    assert measures.kbps(now + 60) == 0
    assert "no_audio" in measures.warnings(now + 60)
    assert "unsteady" in measures.warnings(now + 60)


def test_long_distances_between_key_frames_are_told_while_they_last():
    measures, now = steady(12, gop=250)
    assert measures.gop() == 10.0
    assert measures.warnings(now) == ["gop_long"]
    assert steady(6, gop=1_000)[0].gop() == 5.96


def test_a_stream_slower_than_the_clock_is_unsteady():
    assert steady(12, speed=0.7)[0].warnings(112.0) == ["unsteady"]
    assert steady(12, speed=0.95)[0].warnings(112.0) == []


def test_pictures_in_lumps_are_unsteady():
    measures, now = steady(10)
    measures.picture(11_200, 10_000, now + 1.2, key=True)
    assert measures.unsteady(now + 1.3)
    for number in range(1, 175):
        measures.picture(11_200 + number * 40, 10_000, now + 1.2 + number / 25, key=False)
    assert not measures.unsteady(now + 8.2)


def test_the_time_before_the_first_picture_does_not_count():
    measures = Measures(100.0)
    measures.sound(400, 101.0)
    assert not measures.unsteady(108.0)
    assert (measures.fps(108.0), measures.kbps(108.0), measures.gop()) == (0.0, 0, 0.0)
    for number in range(50):
        measures.picture(number * 40, 10_000, 108 + number / 25, key=number == 0)
    assert not measures.unsteady(110.0)
    assert measures.fps(110.0) == 25.0


def test_few_bits_for_many_pixels_are_told():
    assert steady(12, size=300)[0].warnings(112.0) == ["low_bitrate"]


@pytest.mark.parametrize("later", [59.9, 60.0])
def test_what_happened_once_is_remembered_for_a_minute(later: float):
    measures, now = steady(12)
    measures.resized(640, 360, now)
    assert ("size_changed" in measures.warnings(now + later)) is (later < 60)
