"""Frames go there and back; bytes of a stranger are refused and never crash anything."""

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire import envelope
from wire.envelope import Batch, Malformed

items = st.lists(st.binary(max_size=200), max_size=60)
u32 = st.integers(0, 2**32 - 1)


@settings(max_examples=500)
@given(items, u32, u32, st.integers(0, 2**62), st.booleans())
def test_what_is_packed_is_what_is_unpacked(content, room, epoch, before, at_once):
    last = before + len(content)
    frame = envelope.pack(room, epoch, last, content, at_once=at_once)
    assert envelope.unpack(frame) == Batch(room, epoch, last, tuple(content), at_once)
    assert envelope.span(frame) == (epoch, before + 1, last, at_once)


@settings(max_examples=10_000, deadline=None)
@given(st.binary(max_size=120), st.integers(0, 3))
def test_bytes_of_a_stranger_are_read_or_refused(content, flags):
    frame = bytes((envelope.BATCH, flags)) + content
    try:
        batch = envelope.unpack(frame)
    except Malformed:
        return
    again = envelope.pack(batch.room, batch.epoch, batch.last, batch.items, at_once=batch.at_once)
    assert envelope.unpack(again) == batch


@given(items.filter(bool), st.data())
def test_a_frame_that_was_cut_or_lengthened_is_refused(content, data):
    frame = envelope.pack(1, 1, len(content), content)
    cut = data.draw(st.integers(0, len(frame) - 1))
    for wrong in (frame[:cut], frame + b"\0"):
        with pytest.raises(Malformed):
            envelope.unpack(wrong)


def test_a_large_batch_is_deflated_once_and_a_small_one_not():
    line = "欢迎来到海市".encode()
    assert envelope.pack(1, 1, 2, [line] * 2)[1] == 0
    large = envelope.pack(1, 1, 60, [line] * 60)
    assert (large[1], len(large) < 60 * len(line) // 4) == (envelope.DEFLATED, True)


def test_a_bomb_is_not_inflated():
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflater.compress(bytes(200 << 20)) + deflater.flush()
    frame = envelope.HEADER.pack(envelope.BATCH, envelope.DEFLATED, 1, 1, 1, 1) + body
    with pytest.raises(Malformed):
        envelope.unpack(frame)


def test_a_batch_that_no_reader_would_take_is_not_made():
    with pytest.raises(Malformed):
        envelope.pack(1, 1, 1, [b"x" * 5_000])
    with pytest.raises(Malformed):
        envelope.pack(1, 1, 5_000, [b""] * 5_000)


def test_the_header_is_little_endian_and_twenty_bytes():
    frame = envelope.pack(0x01020304, 5, 0x0A, [b"\x90"])
    assert frame[:20] == struct.pack("<BBHIIQ", 2, 0, 1, 0x01020304, 5, 0x0A)
    assert frame[20:] == b"\x01\x00\x90"
