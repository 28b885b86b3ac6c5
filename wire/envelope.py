"""Frames of the gateway's WebSocket: one byte says the lane, all numbers are little-endian.

A message (both directions) is its lane and one MessagePack array. A batch (to the browser) carries
the items of one room and one tick:

    u8 lane = 2 · u8 flags · u16 count · u32 room · u32 epoch · u64 offset of the last item
    then `count` items, each u16 length and a MessagePack array;
    flags bit 0: the items are deflated (raw, RFC 1951) as a whole
    flags bit 1: something in it matters at once, also to hidden pages

A world frame (both directions) is its lane, u8 kind and what the kind of the world says; only the
newest of each sender counts, and one may be left out:

    u8 lane = 3 · u8 kind · …

Items of a batch follow one another: the first has the offset `last - count + 1`. A batch is made
once and sent to everybody in the room, so it names nothing of a connection.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

MESSAGE, BATCH, WORLD = 1, 2, 3
DEFLATED, AT_ONCE = 1, 2
HEADER = struct.Struct("<BBHIIQ")
_LENGTH = struct.Struct("<H")
# Below this deflating saves less than its own cost (measured on danmaku: 1.0 at 1, 3.4 at 50).
DEFLATE_FROM = 512
MOST_ITEMS, MOST_ITEM, MOST_BODY = 4_096, 4_096, 1 << 20


class Malformed(ValueError):
    """Bytes that are no frame of this protocol."""


@dataclass(frozen=True, slots=True)
class Batch:
    """`items` are MessagePack; `last` is the offset of the last of them."""

    room: int
    epoch: int
    last: int
    items: tuple[bytes, ...]
    at_once: bool = False

    @property
    def first(self) -> int:
        """The offset of the first item."""
        return self.last - len(self.items) + 1


def message(content: bytes) -> bytes:
    """A frame with one message."""
    return bytes((MESSAGE,)) + content


def world(content: bytes) -> bytes:
    """A world frame; `content` begins with its kind."""
    return bytes((WORLD,)) + content


def pack(
    room: int, epoch: int, last: int, items: Sequence[bytes], *, at_once: bool = False
) -> bytes:
    """A batch frame. Raises Malformed for more or longer items than a frame takes."""
    if len(items) > MOST_ITEMS or any(len(item) > MOST_ITEM for item in items):
        raise Malformed("a batch this large is not sent")
    body = b"".join(_LENGTH.pack(len(item)) + item for item in items)
    flags = AT_ONCE if at_once else 0
    if len(body) > DEFLATE_FROM:
        deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
        small = deflater.compress(body) + deflater.flush()
        if len(small) < len(body):
            body, flags = small, flags | DEFLATED
    return HEADER.pack(BATCH, flags, len(items), room, epoch, last) + body


def span(frame: bytes) -> tuple[int, int, int, bool]:
    """(epoch, first offset, last offset, at once) of a batch frame of ours, from its header."""
    _lane, flags, count, _room, epoch, last = HEADER.unpack_from(frame)
    return epoch, last - count + 1, last, bool(flags & AT_ONCE)


def unpack(frame: bytes) -> Batch:
    """A batch frame read back; at most 1 MiB is inflated. Raises Malformed."""
    if len(frame) < HEADER.size:
        raise Malformed("shorter than its header")
    lane, flags, count, room, epoch, last = HEADER.unpack_from(frame)
    if lane != BATCH or flags & ~(DEFLATED | AT_ONCE) or count > MOST_ITEMS or last + 1 < count:
        raise Malformed("not a batch")
    body = frame[HEADER.size :]
    items = _items(_inflated(body) if flags & DEFLATED else body, count)
    return Batch(room, epoch, last, items, bool(flags & AT_ONCE))


def _inflated(body: bytes) -> bytes:
    inflater = zlib.decompressobj(-15)
    try:
        whole = inflater.decompress(body, MOST_BODY)
    except zlib.error:
        raise Malformed("not deflated") from None
    if not inflater.eof or inflater.unused_data:
        raise Malformed("more than it may hold, or cut off")
    return whole


def _items(body: bytes, count: int) -> tuple[bytes, ...]:
    items, place = [], 0
    for _number in range(count):
        if place + _LENGTH.size > len(body):
            raise Malformed("fewer items than announced")
        (length,) = _LENGTH.unpack_from(body, place)
        place += _LENGTH.size
        if length > MOST_ITEM or place + length > len(body):
            raise Malformed("an item runs over the end")
        items.append(body[place : place + length])
        place += length
    if place != len(body):
        raise Malformed("bytes after the last item")
    return tuple(items)
