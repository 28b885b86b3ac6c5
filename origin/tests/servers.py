"""Inputs behind a listening RTMP server, for tests that publish over loopback."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

from origin.bus import Message
from origin.inputs import Inputs
from origin.rtmp.server import Door
from wire.live import Camera, Session, hash_key

HOST = "127.0.0.1"
PATIENCE = 30.0


class House:
    """One session of six cameras, `key-1` to `key-6`; everything that was told and heard."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.told: list[tuple[int, str, str]] = []
        self._news = asyncio.Event()
        self.inputs = Inputs(time.time, self._changed)
        self.port = 0
        self.door = Door(self.inputs, self.counts)
        self.session = Session(
            id="s1",
            title="潮",
            cameras=[
                Camera(number=number, label=f"机位{number}", key_hash=hash_key(f"key-{number}"))
                for number in range(1, 7)
            ],
            opens_at=0,
            closes_at=time.time() + 3_600,
            srt=True,
        )

    def _changed(self, _session: str, camera: int, state: str, code: str) -> None:
        self.told.append((camera, state, code))
        self._news.set()

    @contextlib.contextmanager
    def heard(self, camera: int) -> Iterator[list[Message]]:
        """What the camera's feed gives."""
        found: list[Message] = []

        def listen(message: Message) -> None:
            found.append(message)
            self._news.set()

        leave = self.inputs.cameras("s1")[camera].feed.listen(listen)
        yield found
        leave()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for news until it is so."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._news.clear()
                # Counters change without a word.
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), 0.05)


@contextlib.asynccontextmanager
async def listening(*, armed: bool = True) -> AsyncIterator[House]:
    """A server on a free port."""
    house = House()
    if armed:
        house.inputs.arm(house.session)
    server = await house.door.listen(HOST, 0)
    house.port = server.sockets[0].getsockname()[1]
    try:
        yield house
    finally:
        server.close()
        house.inputs.disarm("s1")
        await house.until(lambda: not house.door.addresses)


def play(story: Callable[[House], Awaitable[None]], *, armed: bool = True) -> None:
    """Run a story of publishers beside a server."""

    async def whole() -> None:
        async with asyncio.timeout(60), listening(armed=armed) as house:
            await story(house)

    asyncio.run(whole())
