"""The WebSocket under the gateway: what it needs of a server, and the one by picows.

The rest of the gateway sees `Line` and `Door` alone; `websockets_transport` is the second
implementation, which the same tests run against.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from picows import (
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
    ws_create_server,
)

log = logging.getLogger("gateway")
OVERLOADED, RESTARTING, REFUSED = 1013, 1012, 1008


class Line(Protocol):
    """One open connection, seen from the gateway."""

    def send(self, frame: bytes) -> None:
        """Queue a binary frame; never waits."""

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

    def welcome(self, headers: Mapping[str, str]) -> Guest | None:
        """The guest of a new connection, None: turned away. Names of `headers` are lower-case."""

    def page(self, path: str) -> tuple[int, str] | None:
        """(status, text) of a plain page, such as /healthz; None: there is none."""


class _PicowsLine(WSListener):
    """A `Line` and the listener of its events in one object: memory counts per connection."""

    __slots__ = ("_guest", "_transport")

    def __init__(self, guest: Guest) -> None:
        self._guest = guest
        self._transport: WSTransport | None = None

    def send(self, frame: bytes) -> None:
        if self._transport is not None:
            self._transport.send(WSMsgType.BINARY, frame)

    def close(self, code: int, reason: str = "") -> None:
        if self._transport is not None:
            self._transport.send_close(WSCloseCode(code), reason.encode()[:120])
            self._transport.disconnect()

    def unsent(self) -> int:
        if self._transport is None:
            return 0
        return int(self._transport.underlying_transport.get_write_buffer_size())

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        # The gateway polices slow readers by bytes; the transport's own water marks are only noise.
        transport.underlying_transport.set_write_buffer_limits(high=1 << 24)
        peer = transport.underlying_transport.get_extra_info("peername")
        self._guest.opened(self, str(peer[0]) if peer else "")

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.BINARY and frame.fin:
            self._guest.received(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif frame.msg_type not in (WSMsgType.PING, WSMsgType.PONG):
            self.close(int(WSCloseCode.UNSUPPORTED_DATA.value), "binary frames only")

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._transport = None
        self._guest.closed()


async def serve(
    door: Door, host: str, port: int, most_frame: int, **options: Any
) -> tuple[asyncio.Server, int]:
    """Listen; returns the server and its port. Idle connections are pinged every 20 s."""
    server = await ws_create_server(
        _factory(door),
        host,
        port,
        max_frame_size=most_frame,
        # 9-13 KB a connection instead of 23: frames in are small (measured).
        read_buffer_init_size=1_024,
        enable_auto_ping=True,
        backlog=4_096,
        **options,
    )
    return server, int(server.sockets[0].getsockname()[1])


def _factory(door: Door) -> Callable[[WSUpgradeRequest], Any]:
    def make(request: WSUpgradeRequest) -> Any:
        path = request.path.decode("latin-1").partition("?")[0]
        headers = {name.lower(): value for name, value in request.headers.items()}
        if path != "/rt" or "upgrade" not in headers:
            status, text = door.page(path) or (404, "")
            return WSUpgradeResponseWithListener(_answer(status, text), None)
        guest = door.welcome(headers)
        if guest is None:
            return WSUpgradeResponseWithListener(_answer(403, ""), None)
        return _PicowsLine(guest)

    return make


def _answer(status: int, text: str) -> Any:
    if status == 200:
        return WSUpgradeResponse.create_ok_response(text.encode())
    return WSUpgradeResponse.create_error_response(status, text.encode())
