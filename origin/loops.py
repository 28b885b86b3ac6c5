"""A short film that goes round for ever, given out in real time as a publisher would.

The slate and the demo's streams are loops: made once, kept as an FLV file (Adobe, Video File Format
Specification 10.1, E.3-E.4), read into memory, and pushed by `tick`. The first message after the
headers is a key frame, and the last group of pictures leads into the first.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from origin.bus import AUDIO, VIDEO, Message

Push = Callable[[int, int, bytes], None]
# Behind by more than this (the machine slept, the owner forgot to tick) a loop skips instead of
# pushing everything at once.
MOST_BEHIND = 2_000
_HEAD, _TAG = 13, 11


class BadClip(ValueError):
    """Not an FLV file with H.264 and AAC that begins with a key frame."""


class Clip(NamedTuple):
    """`headers` and `messages` as a feed carries them, times from 0; `length`: milliseconds."""

    headers: tuple[Message, ...]
    messages: tuple[Message, ...]
    length: int

    def silence(self) -> bytes:
        """The body of the last AAC message; of a silent clip one that can be told for ever."""
        return next((one.payload for one in reversed(self.messages) if one.kind == AUDIO), b"")


def parse(content: bytes, length: int) -> Clip:
    """The clip in an FLV file; messages from `length` milliseconds on are left out.

    Raises BadClip.
    """
    if content[:4] != b"FLV\x01":
        raise BadClip("not an FLV file")
    headers: dict[int, Message] = {}
    messages, place = [], _HEAD
    while place + _TAG <= len(content):
        kind, size = content[place] & 31, int.from_bytes(content[place + 1 : place + 4])
        at = int.from_bytes(content[place + 4 : place + 7]) | content[place + 7] << 24
        message = Message(kind, at, content[place + _TAG : place + _TAG + size])
        if len(message.payload) < size:
            raise BadClip("cut short")
        place += _TAG + size + 4
        if kind not in (AUDIO, VIDEO):
            continue
        if message.is_header:
            headers.setdefault(kind, message)
        elif at < length and len(message.payload) > 2 + 3 * (kind == VIDEO):
            messages.append(message)
    # A picture goes before the sound of its moment, so that a loop begins with its key frame.
    messages.sort(key=lambda one: (one.at, one.kind == AUDIO))
    if place != len(content) or not messages or messages[-1].at < length - MOST_BEHIND:
        raise BadClip("cut short")
    if VIDEO not in headers or not messages[0].is_key:
        raise BadClip("does not begin with a key frame")
    return Clip(tuple(headers.values()), tuple(messages), length)


def read(path: Path, length: int) -> Clip:
    """`parse` of a file. Raises BadClip, OSError."""
    return parse(path.read_bytes(), length)


class Loop:
    """Pushes a clip in real time: `start`, then `tick` a few times a second, then `stop`.

    `push` is given kind, milliseconds since the first start, and body; times only grow, also over
    a stop and a new start, and each start begins with headers and the first key frame.
    """

    def __init__(self, clip: Clip, push: Push) -> None:
        self.clip, self._push = clip, push
        self.running = False
        self._began = 0.0
        self._base = self._next = 0
        self._last = -1

    def start(self, now: float) -> None:
        """Begin at the first picture, at once. `now`: seconds of any steady clock."""
        self.running = True
        self._rewind(now)
        self.tick(now)

    def stop(self) -> None:
        """Say nothing more."""
        self.running = False

    def _rewind(self, now: float) -> None:
        self._began, self._next = now, 0
        self._base = self._last + 1
        for header in self.clip.headers:
            self._push(header.kind, self._base, header.payload)

    def tick(self, now: float) -> None:
        """Push what is due at `now`."""
        if not self.running:
            return
        messages, length = self.clip.messages, self.clip.length
        gone = int((now - self._began) * 1000)
        rounds, index = divmod(self._next, len(messages))
        if gone - (rounds * length + messages[index].at) > MOST_BEHIND:
            missed = gone - (self._last - self._base)
            self._last += max(0, missed - 1)
            self._rewind(now)
            gone, rounds, index = 0, 0, 0
        while rounds * length + messages[index].at <= gone:
            kind, at, payload = messages[index]
            self._last = self._base + rounds * length + at
            self._push(kind, self._last, payload)
            self._next += 1
            rounds, index = divmod(self._next, len(messages))
