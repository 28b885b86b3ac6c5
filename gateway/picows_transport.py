"""The transport by picows: a WebSocket server in Cython, one write to the socket per frame."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, cast

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

from gateway.transport import IDLE_SECONDS, NOT_BINARY, PATH, Door, Guest, Send

# An adapter, because picows makes a logger per connection (1 KB) of a real one.
log = logging.LoggerAdapter(logging.getLogger("picows"))


class _PicowsLine(WSListener):
    """A `Line` and the listener of its events in one object: memory counts per connection."""

    __slots__ = ("_guest", "_heard", "_lines", "_transport")

    def __init__(self, guest: Guest, lines: "set[_PicowsLine]") -> None:
        self._guest, self._lines = guest, lines
        self._transport: WSTransport | None = None
        self._heard = 0.0

    def send(self, frame: bytes) -> None:
        if self._transport is not None:
            self._transport.send(WSMsgType.BINARY, frame)

    def sender(self) -> Send:
        # Writes the header before the frame in the shared buffer, where `send` copies each frame
        # into a buffer of the connection, which is cold.
        if self._transport is None:
            return _to_nobody
        return cast("Send", self._transport.send_reuse_external_bytearray)

    def close(self, code: int, reason: str = "") -> None:
        if self._transport is not None:
            self._transport.send_close(WSCloseCode(code), reason.encode()[:120])
            self._transport.disconnect()

    def unsent(self) -> int:
        if self._transport is None:
            return 0
        return int(self._transport.underlying_transport.get_write_buffer_size())

    def look(self, now: float) -> None:
        """Ask a silent peer whether it is there; end one that has not answered."""
        silent = now - self._heard
        if self._transport is None or silent < IDLE_SECONDS:
            return
        if silent < 2 * IDLE_SECONDS:
            self._transport.send_ping()
        else:
            self._transport.underlying_transport.abort()

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self._heard = asyncio.get_running_loop().time()
        self._lines.add(self)
        # Nobody asks for the headers again; a browser's are a kilobyte.
        transport.request.headers.clear()
        # The gateway polices slow readers by bytes; the transport's own water marks are only noise.
        transport.underlying_transport.set_write_buffer_limits(high=1 << 24)
        peer = transport.underlying_transport.get_extra_info("peername")
        self._guest.opened(self, str(peer[0]) if peer else "")

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        self._heard = asyncio.get_running_loop().time()
        if frame.msg_type == WSMsgType.BINARY and frame.fin:
            self._guest.received(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif frame.msg_type not in (WSMsgType.PING, WSMsgType.PONG):
            self.close(NOT_BINARY, "binary frames only")

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._transport = None
        self._lines.discard(self)
        self._guest.closed()


class PicowsListening:
    """A `Listening`, and the one clock that looks after all its connections.

    picows can ping by itself, with a task and two timers per connection: 2.5 KB of the 17.
    """

    def __init__(self, server: asyncio.Server, lines: set[_PicowsLine]) -> None:
        self._server, self._lines = server, lines
        self._clock = asyncio.create_task(self._look_for_ever())

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    def close(self) -> None:
        self._server.close()
        self._clock.cancel()

    def look(self, now: float) -> None:
        """Once per IDLE_SECONDS / 4, at `now` of the loop's clock."""
        for line in list(self._lines):
            line.look(now)

    async def _look_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(IDLE_SECONDS / 4)
            self.look(loop.time())


async def serve(door: Door, host: str, port: int, most_frame: int) -> PicowsListening:
    """Listen on `host` and `port` (0: a free one); frames in are at most `most_frame` bytes."""
    lines: set[_PicowsLine] = set()
    server = await ws_create_server(
        _factory(door, lines),
        host,
        port,
        logger_name=log,
        max_frame_size=most_frame,
        # 2 KB a connection instead of 16: frames in are small.
        read_buffer_init_size=1_024,
        backlog=4_096,
    )
    return PicowsListening(server, lines)


def _factory(door: Door, lines: set[_PicowsLine]) -> Callable[[WSUpgradeRequest], Any]:
    def make(request: WSUpgradeRequest) -> Any:
        path = request.path.decode("latin-1").partition("?")[0]
        headers = {name.lower(): value for name, value in request.headers.items()}
        if path != PATH or "upgrade" not in headers:
            status, text = door.page(path) or (404, "")
            return WSUpgradeResponseWithListener(_answer(status, text), None)
        guest = door.welcome(headers)
        if isinstance(guest, int):
            return WSUpgradeResponseWithListener(_answer(guest, ""), None)
        return _PicowsLine(guest, lines)

    return make


def _answer(status: int, text: str) -> Any:
    if status == 200:
        return WSUpgradeResponse.create_ok_response(text.encode())
    return WSUpgradeResponse.create_error_response(status, text.encode())


def _to_nobody(_kind: int, _buffer: bytearray, _start: int) -> None:
    """A connection that is over."""
