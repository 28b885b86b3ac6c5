"""The WebSocket under the gateway: what the gateway needs of a server, whichever it is.

The rest of the gateway sees `Line` and `Door` alone. `picows_transport` is the one in use,
`websockets_transport` the second, which the same tests run against; `listening` chooses.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

OVERLOADED, RESTARTING, REFUSED, NOT_BINARY = 1013, 1012, 1008, 1003
# A connection that has said nothing for so long is asked whether it is there, and ended when it
# has not answered for as long again.
IDLE_SECONDS = 20.0
PATH = "/rt"
# A frame for many readers stands once in memory, with room before it for a WebSocket header.
BINARY, HEADROOM = 2, 14
# Called with (BINARY, buffer, HEADROOM), so that a loop over readers needs nothing in between.
Send = Callable[[int, bytearray, int], None]


def shared(frame: bytes) -> bytearray:
    """A buffer for `Send`: the frame behind its headroom, copied once for all readers."""
    return bytearray(HEADROOM) + frame


class Line(Protocol):
    """One open connection, seen from the gateway."""

    def send(self, frame: bytes) -> None:
        """Queue a binary frame; never waits."""

    def sender(self) -> Send:
        """Queues what `shared` made; a room calls it for every reader of every frame."""

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye and end."""

    def unsent(self) -> int:
        """Bytes that the reader has not taken yet."""


class Guest(Protocol):
    """What the gateway does with a connection."""

    def opened(self, line: Line, address: str) -> None:
        """The handshake is done; `address` is the peer's."""

    def received(self, frame: bytes) -> None:
        """A binary frame came."""

    def closed(self) -> None:
        """The connection is over; nothing follows."""


class Door(Protocol):
    """Decides who comes in."""

    def welcome(self, headers: Mapping[str, str]) -> Guest | int:
        """The guest of a new connection, or the HTTP status with which it is turned away.

        Names of `headers` are lower-case.
        """

    def page(self, path: str) -> tuple[int, str] | None:
        """(status, text) of a plain page, such as /healthz; None: there is none."""


class Listening(Protocol):
    """A server that takes connections."""

    @property
    def port(self) -> int:
        """Where it listens."""

    def close(self) -> None:
        """Take no more; open connections stay."""
