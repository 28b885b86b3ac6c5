"""Stories that tests tell: clients beside a gateway, with a log in memory."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from gateway.backplane import Memory
from gateway.tests.client import client, running, token
from wire.broker import Stored

Story = Callable[..., Awaitable[None]]


def play(story: Story, **changes: Any) -> None:
    """Run a story of clients beside a gateway."""

    async def whole() -> None:
        async with asyncio.timeout(20):
            backplane = Memory()
            async with running(backplane, **changes) as (gateway, port):
                await story(gateway, port, backplane)

    asyncio.run(whole())


def stored(entry: bytes) -> Stored:
    """An entry of a room's log."""
    return msgspec.msgpack.decode(entry, type=Stored)


def crowd(port: int, number: int) -> Any:
    """Several people in one room."""

    @contextlib.asynccontextmanager
    async def whole() -> Any:
        async with contextlib.AsyncExitStack() as stack:
            people = []
            for user in range(1, number + 1):
                one = await stack.enter_async_context(client(port, token(user)))
                await one.join()
                people.append(one)
            yield people

    return whole()
