"""The second transport, by the library websockets: pure Python, for where picows does not build."""

import asyncio
from http import HTTPStatus

from websockets.asyncio.server import Server, ServerConnection, broadcast
from websockets.asyncio.server import serve as serve_websockets
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from gateway.transport import IDLE_SECONDS, NOT_BINARY, PATH, Door, Guest, Send


class _WebsocketsLine:
    """A `Line` over one connection."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection
        self._closing: asyncio.Task[None] | None = None

    def send(self, frame: bytes) -> None:
        # The library's way to send without waiting; it leaves closed connections out.
        broadcast((self._connection,), frame)

    def sender(self) -> Send:
        return self._send_shared

    def _send_shared(self, _kind: int, buffer: bytearray, start: int) -> None:
        broadcast((self._connection,), memoryview(buffer)[start:])

    def close(self, code: int, reason: str = "") -> None:
        if self._closing is None:
            said = reason.encode()[:120].decode(errors="ignore")
            self._closing = asyncio.create_task(self._connection.close(code, said))

    def unsent(self) -> int:
        return self._connection.transport.get_write_buffer_size()


class WebsocketsListening:
    """A `Listening`."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @property
    def port(self) -> int:
        return int(next(iter(self._server.sockets)).getsockname()[1])

    def close(self) -> None:
        self._server.close(close_connections=False)


class _Reception:
    """Turns the library's callbacks into those of a `Door` and its guests."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """A page or a refusal; None: the handshake goes on."""
        path = request.path.partition("?")[0]
        headers = {name.lower(): value for name, value in request.headers.raw_items()}
        if path != PATH or "upgrade" not in headers:
            status, text = self._door.page(path) or (404, "")
            return connection.respond(HTTPStatus(status), text)
        guest = self._door.welcome(headers)
        if isinstance(guest, int):
            return connection.respond(HTTPStatus(guest), "")
        connection.guest = guest  # type: ignore[attr-defined]  # the library's own way, as `username`
        return None

    async def receive(self, connection: ServerConnection) -> None:
        """One connection, from the handshake to its end."""
        guest: Guest = connection.guest  # type: ignore[attr-defined]
        line = _WebsocketsLine(connection)
        peer = connection.remote_address
        guest.opened(line, str(peer[0]) if peer else "")
        try:
            async for message in connection:
                if isinstance(message, bytes):
                    guest.received(message)
                else:
                    line.close(NOT_BINARY, "binary frames only")
        except ConnectionClosed:
            pass
        finally:
            guest.closed()


async def serve(door: Door, host: str, port: int, most_frame: int) -> WebsocketsListening:
    """Listen on `host` and `port` (0: a free one); frames in are at most `most_frame` bytes."""
    reception = _Reception(door)
    server = await serve_websockets(
        reception.receive,
        host,
        port,
        process_request=reception.answer,
        compression=None,
        max_size=most_frame,
        ping_interval=IDLE_SECONDS,
        ping_timeout=IDLE_SECONDS,
        close_timeout=5,
        backlog=4_096,
    )
    return WebsocketsListening(server)
