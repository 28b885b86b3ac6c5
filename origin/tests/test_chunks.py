"""The chunk stream and AMF0: what is written is read, in whatever pieces it comes."""

import os
import random
from collections import deque
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from origin.rtmp import amf
from origin.rtmp.chunks import (
    ABORT,
    FIRST_SIZE,
    MOST_HELD,
    MOST_MESSAGE,
    MOST_STREAMS,
    SET_CHUNK_SIZE,
    Chunks,
    Packet,
    ProtocolError,
    pack,
)

CASES = int(os.environ.get("HAISHI_FUZZ_CASES", "10000"))


class Writer:
    """Writes messages as any encoder might: all header forms, several chunk streams interleaved."""

    def __init__(self, choose: random.Random, *, repeat_extended: bool = True) -> None:
        self._choose, self._repeat = choose, repeat_extended
        self._size = FIRST_SIZE
        # Per chunk stream: the last message, its step, its extended stamp.
        self._last: dict[int, tuple[Packet, int, bytes]] = {}

    def resize(self, size: int) -> bytes:
        """Another chunk size, told on chunk stream 2."""
        told = b"\2\0\0\0\0\0\4\1\0\0\0\0" + size.to_bytes(4, "big")
        self._size = size
        return told

    def pieces(self, packet: Packet, number: int) -> deque[bytes]:
        """The chunks of a message on a chunk stream."""
        head, extended = self._header(packet, number)
        size, payload = self._size, packet.payload
        parts = [payload[at : at + size] for at in range(0, len(payload), size)] or [b""]
        more = self._basic(3, number) + (extended if self._repeat else b"")
        return deque([head + parts[0], *(more + part for part in parts[1:])])

    def _header(self, packet: Packet, number: int) -> tuple[bytes, bytes]:
        last = self._last.get(number)
        forms, step = [0], 0
        if last is not None and last[0].stream == packet.stream:
            step = (packet.at - last[0].at) & 0xFFFFFFFF
            forms.append(1)
            if (last[0].kind, len(last[0].payload)) == (packet.kind, len(packet.payload)):
                forms.append(2)
                if step == last[1]:
                    forms.append(3)
        form = self._choose.choice(forms)
        stamp = packet.at if form == 0 else step
        extended = stamp.to_bytes(4, "big") if stamp >= 0xFFFFFF else b""
        head = self._basic(form, number)
        if form < 3:
            head += min(stamp, 0xFFFFFF).to_bytes(3, "big")
        if form < 2:
            head += len(packet.payload).to_bytes(3, "big") + bytes([packet.kind])
        if form == 0:
            head += packet.stream.to_bytes(4, "little")
        self._last[number] = (packet, stamp, extended)
        return head + (extended if form < 3 or self._repeat else b""), extended

    @staticmethod
    def _basic(form: int, number: int) -> bytes:
        if number < 64:
            return bytes([form << 6 | number])
        if number < 320:
            return bytes([form << 6, number - 64])
        return bytes([form << 6 | 1]) + (number - 64).to_bytes(2, "little")


NUMBERS = st.sampled_from([3, 4, 6, 63, 64, 319, 320, 65_599])
STAMPS = st.one_of(
    st.integers(0, 2**32 - 1),
    st.integers(0, 100),
    st.integers(0xFFFFFF - 2, 0xFFFFFF + 2),
    st.integers(2**32 - 50, 2**32 - 1),
)
PAYLOADS = st.one_of(st.binary(max_size=20), st.integers(0, 3_000).map(lambda n: b"ab" * n))
PACKETS = st.builds(Packet, st.sampled_from([8, 9, 18, 20, 4]), STAMPS, st.integers(0, 2), PAYLOADS)
SIZES = st.one_of(st.none(), st.sampled_from([128, 129, 4_096, 65_536, 0xFFFFFF]))


def written(
    told: list[tuple[Packet, int, int | None]], seed: int, *, repeat: bool = True
) -> tuple[bytes, list[Packet]]:
    """A stream of these messages, interleaved; and the messages in the order of their ends."""
    choose = random.Random(seed)
    writer = Writer(choose, repeat_extended=repeat)
    out, ends = bytearray(), []
    open_: dict[int, tuple[Packet, deque[bytes]]] = {}

    def advance(number: int) -> None:
        packet, pieces = open_[number]
        out.extend(pieces.popleft())
        if not pieces:
            ends.append(packet)
            del open_[number]

    for packet, number, size in told:
        while number in open_:
            advance(choose.choice(list(open_)))
        if size is not None:
            # A change of size in the middle of a message would cut it differently.
            while open_:
                advance(choose.choice(list(open_)))
            out += writer.resize(size)
        open_[number] = packet, writer.pieces(packet, number)
        advance(number)
    while open_:
        advance(choose.choice(list(open_)))
    return bytes(out), ends


def cut(content: bytes, places: list[int]) -> Iterator[bytes]:
    """The content in pieces."""
    at = 0
    for place in sorted({each % (len(content) + 1) for each in places} | {len(content)}):
        yield content[at:place]
        at = place


@settings(deadline=None)
@given(
    st.lists(st.tuples(PACKETS, NUMBERS, SIZES), max_size=12),
    st.integers(),
    st.lists(st.integers(0, 1 << 16), max_size=40),
)
def test_what_an_encoder_writes_is_read_however_it_is_split(
    told: list[tuple[Packet, int, int | None]], seed: int, places: list[int]
):
    content, ends = written(told, seed)
    chunks = Chunks()
    found = [packet for piece in cut(content, places) for packet in chunks.feed(piece)]
    assert found == ends
    assert chunks.held == 0


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(PACKETS, NUMBERS, SIZES), max_size=5), st.integers())
def test_one_byte_at_a_time_is_enough(told: list[tuple[Packet, int, int | None]], seed: int):
    content, ends = written(told, seed)
    chunks = Chunks()
    found = []
    for at in range(len(content)):
        found += chunks.feed(content[at : at + 1])
    assert found == ends


def test_a_stamp_beyond_four_hours_is_read_whether_later_chunks_repeat_it_or_not():
    packet = Packet(9, 17_000_000, 1, bytes(range(256)) * 4)
    for repeat in (True, False):
        content, _ = written([(packet, 6, None)], 0, repeat=repeat)
        assert Chunks().feed(content) == [packet]
    assert Chunks().feed(pack(packet, 6)) == [packet]


def test_messages_without_header_repeat_the_last_step():
    content, _ = written([(Packet(8, 20, 1, b"abc"), 4, None)], 0)
    three = Chunks().feed(content + b"\xc4def" + b"\xc4ghi")
    assert [(each.at, each.payload) for each in three] == [(20, b"abc"), (40, b"def"), (60, b"ghi")]


def test_an_aborted_message_is_forgotten():
    chunks = Chunks()
    long = pack(Packet(9, 0, 1, b"x" * 300), 4)
    assert chunks.feed(long[:140]) == []
    assert chunks.held == 128
    abort = b"\2\0\0\0\0\0\4" + bytes([ABORT]) + b"\0\0\0\0\0\0\0\4"
    assert chunks.feed(abort) == []
    assert chunks.held == 0
    # What follows without a header is another message of the same length.
    again = b"".join(b"\xc4" + b"y" * size for size in (128, 128, 44))
    assert chunks.feed(again) == [Packet(9, 0, 1, b"y" * 300)]


def test_a_new_header_drops_the_message_that_was_not_finished():
    chunks = Chunks()
    whole = Packet(9, 5, 1, b"y" * 200)
    assert chunks.feed(pack(Packet(9, 0, 1, b"x" * 300), 4)[:140] + pack(whole, 4)) == [whole]


@pytest.mark.parametrize("size", [0, 1, 127, 2**31])
def test_tiny_chunks_are_refused(size: int):
    with pytest.raises(ProtocolError):
        Chunks().feed(pack(Packet(SET_CHUNK_SIZE, 0, 0, size.to_bytes(4, "big")), 2))


def test_a_message_has_at_most_eight_megabytes():
    head = b"\4\0\0\0%b\x09\1\0\0\0"
    assert Chunks().feed(head % MOST_MESSAGE.to_bytes(3, "big")) == []
    with pytest.raises(ProtocolError, match="large"):
        Chunks().feed(head % (MOST_MESSAGE + 1).to_bytes(3, "big"))


def test_there_are_at_most_64_chunk_streams():
    begun = b"".join(
        b"\0" + bytes([number]) + b"\0\0\0\0\0\0\x09\1\0\0\0" for number in range(MOST_STREAMS + 1)
    )
    assert len(Chunks().feed(begun[:-13])) == MOST_STREAMS
    with pytest.raises(ProtocolError, match="streams"):
        Chunks().feed(begun)


def test_unfinished_messages_fill_at_most_sixteen_megabytes():
    quarter = MOST_HELD // 4
    chunks = Chunks()
    chunks.feed(pack(Packet(SET_CHUNK_SIZE, 0, 0, quarter.to_bytes(4, "big")), 2))
    begun = pack(Packet(9, 0, 1, bytes(2 * quarter)), 3, quarter)[: 12 + quarter]
    for number in range(4):
        assert chunks.feed(bytes([3 + number]) + begun[1:]) == []
    assert chunks.held == MOST_HELD
    with pytest.raises(ProtocolError, match="unfinished"):
        chunks.feed(b"\7" + begun[1:])


@pytest.mark.parametrize("first", [b"\xc4", b"\x84\0\0\0"])
def test_a_chunk_stream_begins_with_a_whole_header(first: bytes):
    with pytest.raises(ProtocolError):
        Chunks().feed(first)


def test_mutated_streams_never_break_the_reader_nor_fill_the_memory():
    choose = random.Random(7)
    told = [
        (Packet(choose.choice([8, 9, 20]), at * 20, 1, os.urandom(choose.randrange(400))), 4, None)
        for at in range(20)
    ]
    good, _ = written(told, 1)
    for _ in range(CASES):
        content = bytearray(good)
        for _ in range(choose.randrange(1, 8)):
            content[choose.randrange(len(content))] = choose.randrange(256)
        chunks = Chunks()
        try:
            for piece in cut(bytes(content), [choose.randrange(len(content)) for _ in range(3)]):
                chunks.feed(piece)
        except ProtocolError:
            continue
        assert chunks.held <= len(content)


TEXTS = st.text(alphabet="az \0é中😀", max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def deep(value: amf.Value) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max((deep(each) for each in inner), default=0)


@settings(deadline=None)
@given(st.lists(VALUES.filter(lambda value: deep(value) <= amf.MOST_DEPTH), max_size=5))
def test_values_come_back_as_they_were_written(values: list[amf.Value]):
    assert amf.decode(amf.encode(*values)) == values


def test_every_marker_of_the_subset_is_read():
    content = (
        b"\x08\0\0\0\1\0\1a\0" + b"\x3f\xf0" + bytes(6) + b"\0\0\x09"
        b"\x0b"
        + bytes(10)
        + b"\x0c\0\0\0\2hi"
        + b"\x06\x0d"
        + b"\x10\0\1C\0\0\x09"
        + b"\x0f\0\0\0\1x"
    )
    assert amf.decode(content) == [{"a": 1.0}, 0.0, "hi", None, None, {}, "x"]
    assert amf.decode(amf.encode("长" * 30_000)) == ["长" * 30_000]


@pytest.mark.parametrize(
    "content",
    [
        b"\x11", b"\0\0", b"\2\0\5abc", b"\3\0\1a\5", b"\x0a\xff\xff\xff\xff",
        b"\x0c\xff\xff\xff\xff",
        b"\x0a\0\0\0\1" * 20, b"\3\0\1a" * 20, b"\5" * 1_001,
    ],
)  # fmt: skip
def test_what_is_no_command_is_malformed(content: bytes):
    with pytest.raises(amf.Malformed):
        amf.decode(content)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_values(content: bytes):
    try:
        amf.decode(content)
    except amf.Malformed:
        return
