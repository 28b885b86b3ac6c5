"""A reader as the browser is one: joins, says, recovers, and shows nothing twice."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from gateway.backplane import Backplane, Memory
from gateway.listening import listen
from gateway.server import Gateway
from gateway.settings import Settings
from wire import envelope, messages, tokens

TRANSPORT = "picows"  # the fixture `each_transport` changes it
KEY = tokens.derive("tests")
READER, SPEAKER = messages.READ, messages.READ | messages.SAY
HOST = SPEAKER | messages.HOST | messages.MODERATE


def settings(**changes: Any) -> Settings:
    """A gateway for tests: quick ticks, a short farewell, patience with a busy machine."""
    values: dict[str, Any] = {
        "host": "127.0.0.1", "port": 0, "nats_url": "", "key": KEY, "origins": frozenset(),
        "name": "a", "transport": TRANSPORT, "tick": 0.02, "quick_tick": 0.02, "drain": 0.05,
        "most_late": 60.0,
    }  # fmt: skip
    return Settings(**values | changes)


@contextlib.asynccontextmanager
async def running(backplane: Backplane | None = None, **changes: Any) -> AsyncIterator[Any]:
    """(gateway, port) on loopback."""
    gateway = Gateway(settings(**changes), backplane or Memory())
    await gateway.start()
    listening = await listen(gateway, gateway.settings)
    try:
        yield gateway, listening.port
    finally:
        listening.close()
        await gateway.drain()


def token(user: int = 7, rights: int = SPEAKER, seconds: float = 60, **rooms: int) -> str:
    """A signed token for `live-1`, or for the rooms given."""
    until = int(time.time() + seconds)
    named = {name.replace("_", "-"): bits for name, bits in rooms.items()} or {"live-1": rights}
    return tokens.mint(KEY, tokens.Token(user, "window", f"林{user}", named, until))


class Client:
    """One connection; what came is kept in `told` and, by offset, in `lines`."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.told: list[Any] = []
        self.lines: dict[int, Any] = {}
        self.repeated: list[int] = []
        self.world: list[bytes] = []
        self.joined: messages.Joined | None = None
        self.epoch = self.offset = 0
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        with contextlib.suppress(Exception):
            async for frame in self.socket:
                assert isinstance(frame, bytes)
                self._take(frame)
        self._news.set()

    def _take(self, frame: bytes) -> None:
        if frame[0] == envelope.BATCH:
            batch = envelope.unpack(frame)
            for offset, item in enumerate(batch.items, batch.first):
                if offset <= self.offset and batch.epoch == self.epoch:
                    self.repeated.append(offset)
                    continue
                self.lines[offset] = messages.read_item(item)
            self.epoch, self.offset = batch.epoch, batch.last
        elif frame[0] == envelope.WORLD:
            self.world.append(frame[1:])
        else:
            told = messages.read_to_browser(frame[1:])
            self.told.append(told)
            if isinstance(told, messages.Joined):
                self.joined = told
                if not told.recovered:
                    self.epoch, self.offset = told.epoch, told.offset
        self._news.set()

    async def until(self, seen: Callable[["Client"], Any], seconds: float = 5.0) -> Any:
        """What `seen` finds, as soon as it finds something."""
        async with asyncio.timeout(seconds):
            while not (found := seen(self)):
                self._news.clear()
                await self._news.wait()
        return found

    async def wait_for(self, kind: type, number: int = 1) -> Any:
        """The `number`-th message of a kind."""

        def seen(me: "Client") -> Any:
            found = [each for each in me.told if isinstance(each, kind)]
            return found[number - 1] if len(found) >= number else None

        return await self.until(seen)

    async def send(self, message: messages.Message) -> None:
        """A message to the gateway."""
        await self.socket.send(envelope.message(messages.encode(message)))

    async def join(self, room: str = "live-1", epoch: int = 0, offset: int = 0) -> Any:
        """Into a room; the answer."""
        before = sum(isinstance(each, messages.Joined) for each in self.told)
        if epoch:
            self.epoch, self.offset = epoch, offset
        await self.send(messages.Join(room, epoch, offset))
        return await self.wait_for(messages.Joined, before + 1)

    async def say(self, text: str, nonce: str = "", **fields: Any) -> Any:
        """Say it; Accepted or Refused."""
        assert self.joined is not None
        nonce = nonce or f"n{time.monotonic_ns()}"
        await self.send(messages.Say(self.joined.number, nonce, text, **fields))
        answers = messages.Accepted, messages.Refused
        return await self.until(
            lambda me: next(
                (e for e in me.told if isinstance(e, answers) and e.nonce == nonce), None
            )
        )

    @property
    def texts(self) -> list[str]:
        """What was said, in the room's order."""
        said = (self.lines[offset] for offset in sorted(self.lines))
        return [line.text for line in said if isinstance(line, messages.Said)]

    async def closed(self, seconds: float = 5.0) -> tuple[int, str]:
        """(code, reason) once the gateway has closed."""
        async with asyncio.timeout(seconds):
            await self.socket.wait_closed()
        return self.socket.close_code or 0, self.socket.close_reason or ""


@contextlib.asynccontextmanager
async def client(port: int, signed: str | None = None, **options: Any) -> AsyncIterator[Client]:
    """A connection that has said hello (an empty `signed`: it has not)."""
    address = f"ws://127.0.0.1:{port}/rt"
    async with connect(address, compression=None, max_size=None, **options) as socket:
        made = Client(socket)
        if signed != "":
            await made.send(messages.Hello(signed or token()))
            await made.wait_for(messages.Welcome)
        yield made
        made._reading.cancel()
