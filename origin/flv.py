"""FLV: messages of a feed as a file without an end (Adobe, Video File Format 10.1, annex E)."""

from origin.bus import AUDIO, VIDEO, Message

MEDIA_TYPE = "video/x-flv"


def header(*, audio: bool, video: bool = True) -> bytes:
    """The first 13 bytes of a file: signature, what it carries, no tag before the first."""
    return b"FLV\x01" + bytes([4 * audio + video]) + b"\0\0\0\x09\0\0\0\0"


def tag(kind: int, at: int, payload: bytes) -> bytes:
    """One message as a tag, with the back pointer that follows it. `at`: milliseconds, 32 bits
    of it are kept, the upper eight behind the lower 24."""
    size = len(payload)
    head = (kind << 24 | size).to_bytes(4, "big")
    time = (at & 0xFFFFFF).to_bytes(3, "big") + bytes([at >> 24 & 0xFF])
    return b"".join((head, time, b"\0\0\0", payload, (size + 11).to_bytes(4, "big")))


def start(messages: list[Message]) -> bytes:
    """A file's beginning for somebody who joins: header, then what `Feed.start` gave."""
    kinds = {message.kind for message in messages}
    tags = (tag(*message) for message in messages)
    return b"".join((header(audio=AUDIO in kinds, video=VIDEO in kinds), *tags))
