"""The other side of RTMP: a small publisher, for WHIP, tests and measurements."""

import asyncio
import contextlib
import os
from collections.abc import Callable
from typing import Self

from origin.rtmp import amf, chunks
from origin.rtmp.chunks import Chunks, Packet, ProtocolError, pack
from origin.rtmp.session import HANDSHAKE, REPLY_SIZE, VERSION

ANSWER_SECONDS = 5.0
_STREAM, _CHANNEL = 1, 4


class Rejected(Exception):
    """The server said no, or went away. `code` as in `origin.inputs.Refused`, or `unreachable`."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


class Publisher:
    """A connection that publishes. Made by `connect`; `ended` holds why it is over."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._chunks = Chunks()
        self._size = chunks.FIRST_SIZE
        self._waiting: list[Packet] = []
        self._watch: asyncio.Task[None] | None = None
        self.ended: asyncio.Future[Rejected] = asyncio.get_running_loop().create_future()

    @classmethod
    async def connect(
        cls, host: str, port: int, key: str, *, protocol: str = "", address: str = ""
    ) -> Self:
        """Begin to publish. `protocol` and `address`: for whom, believed on one machine only.

        Raises Rejected.
        """
        writer = None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                reader, writer = await asyncio.open_connection(host, port)
                made = cls(reader, writer)
                await made._shake()
                await made._begin(key, {"viaProtocol": protocol, "viaAddress": address})
        except BaseException as error:
            if writer is not None:
                writer.transport.abort()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
            if isinstance(error, OSError | EOFError | TimeoutError | ProtocolError | ValueError):
                raise Rejected("unreachable", str(error)) from error
            raise
        made._watch = asyncio.create_task(made._listen())
        return made

    def send(self, kind: int, at: int, payload: bytes) -> None:
        """A message; see `unsent` for how much waits. `at`: milliseconds, taken as 32 bits."""
        if not self._writer.is_closing():
            packet = Packet(kind, at & 0xFFFFFFFF, _STREAM, payload)
            self._writer.write(pack(packet, _CHANNEL, REPLY_SIZE))

    @property
    def unsent(self) -> int:
        """Bytes that wait to be sent."""
        return self._writer.transport.get_write_buffer_size()

    async def drain(self) -> None:
        """Wait until there is room again; returns at once when the connection has ended."""
        with contextlib.suppress(OSError):
            await self._writer.drain()

    async def close(self) -> None:
        """Leave in order."""
        if not self._writer.is_closing():
            self._command("FCUnpublish", 6, None, "")
            self._command("deleteStream", 7, None, _STREAM)
            await self.drain()
        self._writer.close()
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def _shake(self) -> None:
        self._writer.write(bytes([VERSION]) + bytes(8) + os.urandom(HANDSHAKE - 8))
        answer = await self._reader.readexactly(1 + 2 * HANDSHAKE)
        if answer[0] != VERSION:
            raise ProtocolError("version")
        self._writer.write(answer[1 : 1 + HANDSHAKE])

    async def _begin(self, key: str, via: dict[str, str]) -> None:
        about = {"app": "live", "type": "nonprivate", "flashVer": "Haishi", "tcUrl": "rtmp:///live"}
        self._command("connect", 1, {**about, **via})
        await self._answer(lambda name, number: name == "_result" and number == 1)
        size = Packet(chunks.SET_CHUNK_SIZE, 0, 0, REPLY_SIZE.to_bytes(4, "big"))
        self._writer.write(pack(size, 2))
        self._size = REPLY_SIZE
        self._command("releaseStream", 2, None, key)
        self._command("FCPublish", 3, None, key)
        self._command("createStream", 4, None)
        await self._answer(lambda name, number: name == "_result" and number == 4)
        self._command("publish", 5, None, key, "live")
        await self._answer(lambda name, _: name == "onStatus")

    async def _answer(self, wanted: Callable[[amf.Value, amf.Value], bool]) -> None:
        """Read until the wanted command; raises Rejected on an error that comes instead."""
        while True:
            while self._waiting:
                packet = self._waiting.pop(0)
                if packet.kind != chunks.COMMAND:
                    continue
                name, number, *rest = amf.decode(packet.payload)
                _raise_error(rest)
                if wanted(name, number):
                    return
            await self._more()

    async def _more(self) -> None:
        data = await self._reader.read(65_536)
        if not data:
            raise EOFError("the server ended the connection")
        self._waiting += self._chunks.feed(data)

    async def _listen(self) -> None:
        """Watch for the server's last words while publishing."""
        try:
            await self._answer(lambda _name, _number: False)
        except Rejected as rejected:
            reason = rejected
        except (OSError, EOFError, ProtocolError, ValueError) as error:
            reason = Rejected("unreachable", str(error))
        if not self.ended.done():
            self.ended.set_result(reason)
        self._writer.close()

    def _command(self, *values: object) -> None:
        packet = Packet(chunks.COMMAND, 0, 0, amf.encode(*values))
        self._writer.write(pack(packet, 3, self._size))


def _raise_error(rest: list[amf.Value]) -> None:
    about = rest[1] if len(rest) > 1 else None
    if isinstance(about, dict) and about.get("level") == "error":
        code = about.get("reason") or about.get("code") or "refused"
        raise Rejected(str(code), str(about.get("description", "")))
