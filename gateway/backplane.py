"""What gateways share: a log of each room that survives them, and news that all of them hear.

The log is a JetStream stream with a subject per room. A sequencer appends a batch only if the last
entry of the room is the one it knows (optimistic concurrency), so that two gateways that both
believe to own a room cannot both write: the second is told and steps down. `Memory` does the same
in one process, for tests.
"""

import asyncio
import contextlib
import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Protocol

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import ConsumerConfig, DeliverPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import APIError, NotFoundError

from wire.broker import SETTINGS, STREAM

log = logging.getLogger("gateway")
# A day: the archive may be away for that long.
KEPT_SECONDS, KEPT_BYTES = 86_400, 1 << 30
# JetStream: "wrong last sequence", "stream name already in use with a different configuration".
WRONG_LAST = 10071


class Stale(Exception):
    """Somebody else has appended to this room: this sequencer is not the owner any more."""


class Unreachable(Exception):
    """The other side did not answer; whether it acted is not known."""


Hear = Callable[[bytes], None]
Answer = Callable[[bytes], Awaitable[bytes]]


class Backplane(Protocol):
    """Rooms are named by text without dots, spaces or stars."""

    async def append(self, room: str, content: bytes, last: int) -> int:
        """Append to a room's log after entry `last` (0: the first). Returns the entry's number.

        Raises Stale, Unreachable.
        """

    async def tail(self, room: str, seconds: float) -> list[tuple[int, bytes]]:
        """(number, content) of the entries of the last `seconds`, the last one at least."""

    async def tell(self, subject: str, content: bytes) -> None:
        """To everybody who hears `subject`; nobody waits."""

    async def hear(self, subject: str, function: Hear) -> Callable[[], Awaitable[None]]:
        """Call `function` with what is told; returns how to stop."""

    async def ask(self, subject: str, content: bytes, seconds: float) -> bytes:
        """The answer of whoever serves `subject`. Raises Unreachable."""

    async def serve(self, subject: str, function: Answer) -> None:
        """Answer what is asked."""

    async def settings(self, function: Callable[[str, bytes], None]) -> None:
        """Call `function(name, value)` for every setting now and whenever one changes."""

    def returns(self) -> int:
        """How often the broker was lost and found again."""

    async def close(self) -> None:
        """Leave."""


class Nats:
    """The backplane over a NATS server with JetStream."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._js = client.jetstream(timeout=2)
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def connect(cls, url: str, name: str) -> "Nats":
        """Connect, reconnecting for ever, and make the stream and the bucket if they are new."""
        client = await nats.connect(
            url, name=name, max_reconnect_attempts=-1, reconnect_time_wait=0.2, connect_timeout=2,
            error_cb=_note,
        )  # fmt: skip
        made = cls(client)
        await made._make_stream()
        await made._js.create_key_value(bucket=SETTINGS, history=1)
        return made

    def returns(self) -> int:
        return int(self._client.stats["reconnects"])

    async def _make_stream(self) -> None:
        """The log of the rooms; one of an earlier release takes today's limits."""
        wanted = StreamConfig(
            name=STREAM,
            subjects=[f"{STREAM}.*"],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            max_age=KEPT_SECONDS,
            max_bytes=KEPT_BYTES,
        )
        # Looked for first: making what is there already would reserve its bytes a second time.
        try:
            known = (await self._js.stream_info(STREAM)).config
        except NotFoundError:
            await self._js.add_stream(wanted)
            return
        if (known.max_age, known.max_bytes) != (wanted.max_age, wanted.max_bytes):
            await self._js.update_stream(wanted)

    async def append(self, room: str, content: bytes, last: int) -> int:
        headers = {"Nats-Expected-Last-Subject-Sequence": str(last)}
        try:
            done = await self._js.publish(f"{STREAM}.{room}", content, headers=headers)
        except APIError as error:
            if error.err_code == WRONG_LAST:
                raise Stale(room) from None
            raise Unreachable(str(error)) from None
        except (NatsError, OSError) as error:
            raise Unreachable(str(error)) from None
        return int(done.seq)

    async def tail(self, room: str, seconds: float) -> list[tuple[int, bytes]]:
        subject = f"{STREAM}.{room}"
        try:
            newest = await self._js.get_last_msg(STREAM, subject)
        except NotFoundError:
            return []
        except (NatsError, APIError, OSError) as error:
            raise Unreachable(str(error)) from None
        assert newest.seq is not None
        found: list[tuple[int, bytes]] = []
        started = asyncio.get_running_loop().time()
        reader = await self._js.subscribe(
            subject, ordered_consumer=True, deliver_policy=DeliverPolicy.BY_START_TIME,
            config=_since(seconds),
        )  # fmt: skip
        try:
            while not found or found[-1][0] < newest.seq:
                if asyncio.get_running_loop().time() - started > 2:
                    break
                entry = await reader.next_msg(timeout=0.5)
                found.append((entry.metadata.sequence.stream, entry.data))
        except NatsTimeout:
            pass
        finally:
            with contextlib.suppress(NatsError):
                await reader.unsubscribe()
        return found or [(int(newest.seq), newest.data or b"")]

    async def tell(self, subject: str, content: bytes) -> None:
        with contextlib.suppress(NatsError, OSError):
            await self._client.publish(subject, content)

    async def hear(self, subject: str, function: Hear) -> Callable[[], Awaitable[None]]:
        async def call(message: Msg) -> None:
            function(message.data)

        heard = await self._client.subscribe(subject, cb=call)
        return heard.unsubscribe

    async def ask(self, subject: str, content: bytes, seconds: float) -> bytes:
        try:
            answer = await self._client.request(subject, content, timeout=seconds)
        except (NatsTimeout, NoRespondersError, NatsError, OSError) as error:
            raise Unreachable(subject) from error
        return bytes(answer.data)

    async def serve(self, subject: str, function: Answer) -> None:
        async def call(message: Msg) -> None:
            task = asyncio.create_task(reply(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        async def reply(message: Msg) -> None:
            answer = await function(message.data)
            with contextlib.suppress(NatsError, OSError):
                await message.respond(answer)

        # One of those who serve a subject answers it.
        await self._client.subscribe(subject, queue="gateways", cb=call)

    async def settings(self, function: Callable[[str, bytes], None]) -> None:
        bucket = await self._js.key_value(SETTINGS)
        watcher = await bucket.watchall()

        async def follow() -> None:
            async for entry in watcher:
                if entry is not None:
                    function(entry.key, entry.value or b"")

        task = asyncio.create_task(follow())
        self._tasks.add(task)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(NatsError, OSError):
            await self._client.close()


async def _note(error: Exception) -> None:
    log.warning("nats: %s", error)


def _since(seconds: float) -> ConsumerConfig:
    start = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)
    return ConsumerConfig(opt_start_time=start)


class Memory:
    """The backplane of gateways that share one process."""

    def __init__(self) -> None:
        self.logs: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
        self._number = 0
        self._heard: dict[str, list[Hear]] = defaultdict(list)
        self._served: dict[str, Answer] = {}
        self._settings: dict[str, bytes] = {}
        self._watchers: list[Callable[[str, bytes], None]] = []

    def returns(self) -> int:
        return 0

    async def append(self, room: str, content: bytes, last: int) -> int:
        known = self.logs[room]
        if (known[-1][0] if known else 0) != last:
            raise Stale(room)
        self._number += 1
        known.append((self._number, content))
        return self._number

    async def tail(self, room: str, seconds: float) -> list[tuple[int, bytes]]:
        return list(self.logs[room])

    async def tell(self, subject: str, content: bytes) -> None:
        for function in list(self._heard[subject]):
            function(content)

    async def hear(self, subject: str, function: Hear) -> Callable[[], Awaitable[None]]:
        self._heard[subject].append(function)

        async def stop() -> None:
            self._heard[subject].remove(function)

        return stop

    async def ask(self, subject: str, content: bytes, seconds: float) -> bytes:
        if subject not in self._served:
            raise Unreachable(subject)
        return await self._served[subject](content)

    async def serve(self, subject: str, function: Answer) -> None:
        self._served[subject] = function

    async def settings(self, function: Callable[[str, bytes], None]) -> None:
        self._watchers.append(function)
        for name, value in self._settings.items():
            function(name, value)

    def set(self, name: str, value: bytes) -> None:
        """Change a setting, as the pages do through the broker."""
        self._settings[name] = value
        for function in self._watchers:
            function(name, value)

    def forget(self, subject: str) -> None:
        """Nobody serves `subject` any more: its gateway died."""
        self._served.pop(subject, None)

    async def close(self) -> None:
        """Nothing to leave."""
