"""Another network's RTMP server, in all its moods."""

import asyncio
import contextlib
import socket
from typing import Literal

from origin.rtmp import amf
from origin.rtmp.chunks import AUDIO, COMMAND, SET_CHUNK_SIZE, VIDEO, Chunks, Packet, pack

Mood = Literal["takes", "refuses", "hangs up", "stalls", "closes"]
_HANDSHAKE, CHUNK = 1536, 60_000


class Sink:
    """Listens on loopback. `mood` holds for whoever comes next: takes everything; refuses the key
    in words; hangs up at the key; stalls, that is reads no more after a few pictures; closes after
    a few pictures.

    `published`: (application, key) of each try; `got`: (kind, at, body) of what came.
    """

    def __init__(self, mood: Mood = "takes") -> None:
        self.mood: Mood = mood
        self.published: list[tuple[str, str]] = []
        self.got: list[tuple[int, int, bytes]] = []
        self.connections = 0
        self.port = 0
        self._news = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    def url(self, key: str = "stream-1?sign=abc&t=1") -> str:
        return f"rtmp://127.0.0.1:{self.port}/live/{key}"

    async def start(self) -> "Sink":
        """Listen, on the same port as before."""
        door = socket.create_server(("127.0.0.1", self.port))
        # Little room on the way, so that who stalls is felt soon.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
        self._server = await asyncio.start_server(self._meet, sock=door, limit=1 << 14)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def die(self) -> None:
        """All connections break and nobody listens any more."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in tuple(self._writers):
            writer.transport.abort()
        self._news.set()
        while self._writers:
            await self._told()

    async def until(self, count: int, kind: int = VIDEO) -> None:
        """So many messages of a kind came in all."""
        while sum(one[0] == kind for one in self.got) < count:
            await self._told()

    async def met(self, count: int) -> None:
        """So many connections came in all."""
        while self.connections < count:
            await self._told()

    async def _told(self) -> None:
        self._news.clear()
        async with asyncio.timeout(30):
            await self._news.wait()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self.connections += 1
        self._news.set()
        try:
            with contextlib.suppress(OSError, EOFError):
                await self._serve(reader, writer)
        finally:
            writer.transport.abort()
            self._writers.discard(writer)
            self._news.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = await reader.readexactly(1 + _HANDSHAKE)
        writer.write(b"\x03" + bytes(_HANDSHAKE) + hello[1:])
        await reader.readexactly(_HANDSHAKE)
        chunks, application = Chunks(), ""
        while data := await reader.read(1 << 14):
            for packet in chunks.feed(data):
                if packet.kind == COMMAND:
                    name, number, *rest = amf.decode(packet.payload)
                    if name == "connect":
                        # As networks do; ffmpeg then sends chunks of this size too.
                        size = CHUNK.to_bytes(4)
                        writer.write(pack(Packet(SET_CHUNK_SIZE, 0, 0, size), 2, 4096))
                        application = rest[0]["app"]  # type: ignore[index, assignment]
                        _answer(writer, "_result", number, None, _status("Connect.Success"))
                    elif name == "createStream":
                        _answer(writer, "_result", number, None, 1)
                    elif name == "publish" and not self._publish(writer, application, rest[1]):
                        await writer.drain()
                        return
                elif packet.kind in (AUDIO, VIDEO):
                    self.got.append((packet.kind, packet.at, packet.payload))
            self._news.set()
            if await self._has_enough():
                return

    def _publish(self, writer: asyncio.StreamWriter, application: str, key: object) -> bool:
        self.published.append((application, str(key)))
        self._news.set()
        if self.mood == "refuses":
            _answer(writer, "onStatus", 0, None, _status("Publish.BadName", "error"))
        elif self.mood != "hangs up":
            _answer(writer, "onStatus", 0, None, _status("Publish.Start"))
        return self.mood not in ("refuses", "hangs up")

    async def _has_enough(self) -> bool:
        if len(self.got) < 20:
            return False
        if self.mood == "stalls":
            while self._server is not None:
                await self._told()
        return self.mood in ("closes", "stalls")


def _status(code: str, level: str = "status") -> dict[str, str]:
    return {"level": level, "code": f"NetStream.{code}", "description": code}


def _answer(writer: asyncio.StreamWriter, *values: object) -> None:
    writer.write(pack(Packet(COMMAND, 0, 0, amf.encode(*values)), 3, 4096))
