"""The message service, for threads: one connection a process, made when it is first needed.

Rooms are a garnish: every call answers within seconds, and one that cannot raises Unreachable,
which the worker's loops take as "later".
"""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from typing import Any, TypeVar

import nats
from django.conf import settings
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import AckPolicy, ConsumerConfig, StorageType, StreamConfig
from nats.js.errors import Error as JetStreamError
from nats.js.errors import KeyNotFoundError, NotFoundError

from wire.broker import SETTINGS

T = TypeVar("T")
CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 5.0


class Unreachable(Exception):
    """The message service, or whoever should answer, is not there."""


@dataclass(frozen=True)
class Message:
    """One entry of a stream. `number`: its place in it."""

    subject: str
    content: bytes
    number: int


class Broker:
    """Calls from any thread; the connection lives in a thread of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: Client | None = None
        self._readers: dict[tuple[str, str], Any] = {}
        self._taken: dict[tuple[str, str], list[Msg]] = {}
        self._home: threading.Thread | None = None

    def ask(self, subject: str, content: bytes) -> bytes:
        """The answer of whoever serves `subject`. Raises Unreachable."""
        return self._run(self._ask(subject, content))

    def put(self, key: str, value: bytes) -> None:
        """A setting that gateways hear of. Raises Unreachable."""
        self._run(self._put(key, value))

    def get(self, key: str) -> bytes | None:
        """What the broker keeps under a key. Raises Unreachable."""
        return self._run(self._get(key))

    def forget(self, key: str) -> None:
        """Take a setting away. Raises Unreachable."""
        self._run(self._forget(key))

    def make_stream(self, name: str, subject: str, seconds: float) -> None:
        """Keep what is said under `subject` for so long. Raises Unreachable."""
        self._run(self._make_stream(name, subject, seconds))

    def fetch(
        self, stream: str, reader: str, most: int, wait: float, again: float = 10.0
    ) -> list[Message]:
        """What the durable reader has not acknowledged, in order; waits for the first.

        What is not acknowledged comes `again` after so many seconds. No stream yet: nothing. Raises
        Unreachable.
        """
        return self._run(self._fetch(stream, reader, most, wait, again), wait + ANSWER_SECONDS)

    def acknowledge(self, stream: str, reader: str) -> None:
        """All that the last fetch gave is done. Raises Unreachable."""
        self._run(self._acknowledge(stream, reader))

    def close(self) -> None:
        """Hang up; the next call connects again."""
        with self._lock:
            loop, self._loop = self._loop, None
            client, self._client = self._client, None
            home, self._home = self._home, None
        if loop is None or home is None:
            return
        if client is not None:
            asyncio.run_coroutine_threadsafe(client.close(), loop).result(ANSWER_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        home.join(ANSWER_SECONDS)
        loop.close()

    # In the thread of the connection.

    def _run(self, work: Coroutine[Any, Any, T], seconds: float = ANSWER_SECONDS) -> T:
        # One call at a time would make a waiting reader hold up a word: the loop takes many.
        task = asyncio.run_coroutine_threadsafe(self._guarded(work), self._thread())
        try:
            return task.result(CONNECT_SECONDS + seconds)
        except Late:
            task.cancel()
            raise Unreachable("no answer") from None

    async def _guarded(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            await self._connect()
            return await work
        except (NatsError, JetStreamError, OSError, TimeoutError) as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        finally:
            work.close()

    def _thread(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                name = "message service"
                run = self._loop.run_forever
                self._home = threading.Thread(target=run, name=name, daemon=True)
                self._home.start()
            return self._loop

    async def _connect(self) -> None:
        if self._client is not None and not self._client.is_closed:
            if not self._client.is_connected:
                raise Unreachable("reconnecting")
            return
        if not self._url:
            raise Unreachable("no address")
        self._readers.clear()
        made = nats.connect(
            self._url, name="haishi", max_reconnect_attempts=-1, reconnect_time_wait=0.2,
            connect_timeout=2, error_cb=_quiet,
        )  # fmt: skip
        self._client = await asyncio.wait_for(made, CONNECT_SECONDS)

    @property
    def _js(self) -> Any:
        assert self._client is not None
        return self._client.jetstream(timeout=2)

    async def _ask(self, subject: str, content: bytes) -> bytes:
        assert self._client is not None
        answer = await self._client.request(subject, content, timeout=ANSWER_SECONDS - 1)
        return bytes(answer.data)

    async def _bucket(self) -> Any:
        # The same call as the gateway's: whoever is first makes it.
        return await self._js.create_key_value(bucket=SETTINGS, history=1)

    async def _put(self, key: str, value: bytes) -> None:
        await (await self._bucket()).put(key, value)

    async def _get(self, key: str) -> bytes | None:
        try:
            return bytes((await (await self._bucket()).get(key)).value or b"")
        except KeyNotFoundError:
            return None

    async def _forget(self, key: str) -> None:
        await (await self._bucket()).purge(key)

    async def _make_stream(self, name: str, subject: str, seconds: float) -> None:
        wanted = StreamConfig(
            name=name, subjects=[subject], storage=StorageType.FILE, max_age=seconds,
            max_bytes=64 << 20,
        )  # fmt: skip
        await self._js.add_stream(wanted)

    async def _fetch(
        self, stream: str, reader: str, most: int, wait: float, again: float
    ) -> list[Message]:
        key = stream, reader
        try:
            if key not in self._readers:
                # Each for itself: acknowledging "all up to here" would forget what a worker that
                # died had been given.
                config = ConsumerConfig(
                    durable_name=reader, ack_policy=AckPolicy.EXPLICIT, ack_wait=again,
                    max_ack_pending=10 * most,
                )  # fmt: skip
                self._readers[key] = await self._js.pull_subscribe(
                    "", durable=reader, stream=stream, config=config
                )
            found = await self._readers[key].fetch(most, timeout=wait)
        except (NatsTimeout, TimeoutError):  # nothing has come
            return []
        except NotFoundError:
            self._readers.pop(key, None)
            return []
        except (NatsError, JetStreamError):
            self._readers.pop(key, None)
            raise
        # A later delivery may carry what came before: in the order of the stream.
        found.sort(key=lambda each: each.metadata.sequence.stream)
        self._taken[key] = found
        return [Message(m.subject, m.data, m.metadata.sequence.stream) for m in found]

    async def _acknowledge(self, stream: str, reader: str) -> None:
        for message in self._taken.pop((stream, reader), ()):
            await message.ack()
        # One that is lost on the way costs a second delivery, which changes nothing.
        assert self._client is not None
        await self._client.flush(timeout=2)


async def _quiet(_error: Exception) -> None:
    """Reconnecting is told once, by the loop that could not go on."""


_broker: Broker | None = None
_made = threading.Lock()


def broker() -> Broker:
    """The one of this process."""
    global _broker
    with _made:
        if _broker is None or _broker._url != settings.NATS_URL:
            _broker = Broker(settings.NATS_URL)
        return _broker
