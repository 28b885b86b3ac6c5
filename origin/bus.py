"""What hangs together inside the origin: one feed per input or programme, many listeners.

A feed carries H.264 and AAC as RTMP and FLV do (Adobe, Video File Format Specification 10.1,
E.4): ready messages with a decoding time in milliseconds. Packager, director, recorder, restream
children and FLV viewers listen; a listener that joins late gets the headers and the last group of
pictures first, so that it can start at once.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

AUDIO, VIDEO = 8, 9
AVC, AAC = 7, 10
# A group of pictures beyond this many messages is not kept whole: a late listener then waits for
# the next key frame instead.
MOST_KEPT = 2_000


class Message(NamedTuple):
    """`at`: decoding time in milliseconds since the feed began, never negative, never wrapping.

    `payload`: the body of the FLV tag, its first byte the frame type and codec.
    """

    kind: int
    at: int
    payload: bytes

    @property
    def is_header(self) -> bool:
        """A sequence header: AVCDecoderConfigurationRecord or AudioSpecificConfig."""
        return (
            len(self.payload) > 1
            and self.payload[1] == 0
            and (
                (self.kind == VIDEO and self.payload[0] & 15 == AVC)
                or (self.kind == AUDIO and self.payload[0] >> 4 == AAC)
            )
        )

    @property
    def is_key(self) -> bool:
        """A picture that needs no other."""
        return (
            self.kind == VIDEO
            and len(self.payload) > 1
            and self.payload[0] >> 4 == 1
            and self.payload[1] == 1
        )


Listener = Callable[[Message], None]


class Feed:
    """One stream of messages. `name` is `session/stream`, as in the addresses of playback."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.headers: dict[int, Message] = {}
        self.messages = self.bytes = 0
        self.last_at = 0
        self._group: list[Message] = []
        self._listeners: dict[Listener, None] = {}

    def push(self, message: Message) -> None:
        """Give a message to everybody. Listeners must be quick and must not raise."""
        self.messages += 1
        self.bytes += len(message.payload)
        if message.is_header:
            self.headers[message.kind] = message
        else:
            self.last_at = max(self.last_at, message.at)
            if message.is_key:
                self._group.clear()
            if message.is_key or self._group:
                self._group.append(message)
            if len(self._group) > MOST_KEPT:
                self._group.clear()
        for listener in tuple(self._listeners):
            listener(message)

    def start(self) -> Iterator[Message]:
        """What a late listener needs to begin: headers, then the last group of pictures."""
        yield from self.headers.values()
        yield from self._group

    def listen(self, listener: Listener, *, catch_up: bool = True) -> Callable[[], None]:
        """Join; returns how to leave. With `catch_up` the listener gets `start()` at once."""
        if catch_up:
            for message in tuple(self.start()):
                listener(message)
        self._listeners[listener] = None
        return lambda: self._forget(listener)

    def _forget(self, listener: Listener) -> None:
        self._listeners.pop(listener, None)
