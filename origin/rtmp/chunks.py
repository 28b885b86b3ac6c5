"""The chunk stream: bytes in, messages out, and back (RTMP 1.0, 5.3 and 5.4)."""

from typing import NamedTuple

SET_CHUNK_SIZE, ABORT, ACKNOWLEDGEMENT, USER_CONTROL, WINDOW, BANDWIDTH = 1, 2, 3, 4, 5, 6
AUDIO, VIDEO, DATA, COMMAND_3, COMMAND = 8, 9, 18, 17, 20

FIRST_SIZE = 128
# 5.4.1 allows 1, but nobody sends less than the default, and each chunk costs as much as a large.
LEAST_SIZE, MOST_SIZE = 128, 0xFFFFFF
MOST_STREAMS = 64
MOST_MESSAGE = 8 << 20
# All unfinished messages of one connection together.
MOST_HELD = 16 << 20
_HEADER_SIZES = (11, 7, 3, 0)


class ProtocolError(Exception):
    """These bytes are not RTMP, or more of it than anybody needs."""


class Packet(NamedTuple):
    """A whole message. `at`: 32 bits, milliseconds; `stream`: the message stream."""

    kind: int
    at: int
    stream: int
    payload: bytes


class _Stream:
    """What a chunk stream's next header may leave out, and its unfinished message."""

    __slots__ = ("at", "body", "delta", "extended", "kind", "length", "stream")

    def __init__(self) -> None:
        self.at = self.delta = self.length = self.kind = self.stream = 0
        # The extended time stamp of the last header, that chunks without header repeat.
        self.extended: bytes | None = None
        self.body = bytearray()


class Chunks:
    """One direction of one connection. Feed it any pieces of the stream, in order."""

    def __init__(self) -> None:
        self._streams: dict[int, _Stream] = {}
        self._size = FIRST_SIZE
        self._rest = b""  # the beginning of a header
        self._current: _Stream | None = None
        self._left = 0  # of the current chunk
        self._held = 0

    @property
    def held(self) -> int:
        """Bytes kept for unfinished messages."""
        return self._held + len(self._rest)

    def feed(self, data: bytes) -> list[Packet]:
        """The messages that these bytes finish. Raises ProtocolError: then it is useless."""
        if self._rest:
            data = self._rest + data
            self._rest = b""
        packets: list[Packet] = []
        at, end = 0, len(data)
        while True:
            stream = self._current
            if stream is None:
                begin = self._header(data, at, end)
                if begin < 0:
                    self._rest = data[at:]
                    return packets
                at = begin
                stream = self._current
                assert stream is not None
                left = self._left
                if left == stream.length and end - at >= left:
                    # The whole message lies here: the usual case, one copy.
                    self._current = None
                    self._message(stream, data[at : at + left], packets)
                    at += left
                    continue
            left = self._left
            some = data[at : at + left]
            stream.body += some
            at += len(some)
            self._held += len(some)
            if self._held > MOST_HELD:
                raise ProtocolError("too many unfinished messages")
            if len(some) < left:
                self._left = left - len(some)
                return packets
            self._current = None
            if len(stream.body) == stream.length:
                body = bytes(stream.body)
                self._held -= len(body)
                stream.body.clear()
                self._message(stream, body, packets)

    def _message(self, stream: _Stream, body: bytes, packets: list[Packet]) -> None:
        """A message is whole; those of the chunk stream itself are obeyed, not given out."""
        kind = stream.kind
        if kind == SET_CHUNK_SIZE:
            size = int.from_bytes(body[:4], "big") & 0x7FFFFFFF
            if len(body) < 4 or size < LEAST_SIZE:
                raise ProtocolError("chunk size")
            self._size = min(size, MOST_SIZE)
        elif kind == ABORT:
            other = self._streams.get(int.from_bytes(body[:4], "big"))
            if other is not None:
                self._forget(other)
        else:
            packets.append(Packet(kind, stream.at, stream.stream, body))

    def _forget(self, stream: _Stream) -> None:
        self._held -= len(stream.body)
        stream.body.clear()

    def _header(self, data: bytes, at: int, end: int) -> int:
        """Read a chunk's header; returns where its content begins, -1 when more is needed.

        Nothing changes before the whole header is there.
        """
        if at == end:
            return -1
        first = data[at]
        form, number = first >> 6, first & 63
        at += 1
        if number < 2:
            at += 1 + number
            if at > end:
                return -1
            number = 64 + data[at - 1 - number] + (data[at - 1] << 8 if number else 0)
        if at + _HEADER_SIZES[form] > end:
            return -1
        if form == 3:
            at = self._go_on(number, data, at, end)
        else:
            at = self._read(form, number, data, at, end)
        if at >= 0:
            stream = self._current = self._streams[number]
            self._left = min(self._size, stream.length - len(stream.body))
        return at

    def _go_on(self, number: int, data: bytes, at: int, end: int) -> int:
        """A chunk without a header: more of a message, or one like the last."""
        stream = self._streams.get(number)
        if stream is None:
            raise ProtocolError("a new chunk stream without a header")
        if stream.extended is not None:
            # Repeated by the specification, left out by some encoders.
            if end - at < 4:
                return -1
            if data[at : at + 4] == stream.extended:
                at += 4
        if not stream.body:
            stream.at = (stream.at + stream.delta) & 0xFFFFFFFF
        return at

    def _read(self, form: int, number: int, data: bytes, fields: int, end: int) -> int:
        """The fields of a header, that begin a message."""
        at = fields + _HEADER_SIZES[form]
        stamp = int.from_bytes(data[fields : fields + 3], "big")
        extended = None
        if stamp == 0xFFFFFF:
            if end - at < 4:
                return -1
            extended = data[at : at + 4]
            stamp = int.from_bytes(extended, "big")
            at += 4
        stream = self._begin(form, number, data, fields)
        stream.extended = extended
        # After a header with a whole time stamp that time counts as the step (5.3.1.2.4).
        stream.delta = stamp
        stream.at = (stamp if form == 0 else stream.at + stamp) & 0xFFFFFFFF
        return at

    def _begin(self, form: int, number: int, data: bytes, fields: int) -> _Stream:
        """A new message; one that was not finished is dropped."""
        stream = self._streams.get(number)
        if stream is None:
            if form == 2:
                raise ProtocolError("a new chunk stream without a length")
            if len(self._streams) >= MOST_STREAMS:
                raise ProtocolError("too many chunk streams")
            stream = self._streams[number] = _Stream()
        self._forget(stream)
        if form < 2:
            stream.length = int.from_bytes(data[fields + 3 : fields + 6], "big")
            stream.kind = data[fields + 6]
            if stream.length > MOST_MESSAGE:
                raise ProtocolError("message too large")
        if form == 0:
            stream.stream = int.from_bytes(data[fields + 7 : fields + 11], "little")
        return stream


def pack(packet: Packet, channel: int, size: int = FIRST_SIZE) -> bytes:
    """A message as chunks with a whole header. `channel`: the chunk stream, 2 to 63."""
    kind, at, stream, payload = packet
    extended = at.to_bytes(4, "big") if at >= 0xFFFFFF else b""
    head = b"".join(
        (
            bytes([channel]),
            min(at, 0xFFFFFF).to_bytes(3, "big"),
            len(payload).to_bytes(3, "big"),
            bytes([kind]),
            stream.to_bytes(4, "little"),
            extended,
        )
    )
    if len(payload) <= size:
        return head + payload
    more = bytes([0xC0 | channel]) + extended
    return head + more.join(payload[each : each + size] for each in range(0, len(payload), size))
