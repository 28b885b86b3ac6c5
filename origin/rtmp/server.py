"""Listens for publishers, and keeps each of them within its bounds."""

import asyncio
import ipaddress
from collections import Counter
from typing import cast

from origin.inputs import Inputs
from origin.rtmp.session import Session

# Seconds: to begin to publish; to read why one must go.
TO_PUBLISH, LINGER = 10.0, 2.0
MOST_CONNECTIONS, MOST_PER_ADDRESS = 128, 32
# Bytes per second of one connection, and how much of it may come at once; a message costs at least
# so much. More is not lost: the connection is not read for a while.
RATE, BURST, MESSAGE_COST = 8 << 20, 16 << 20, 1 << 10
# Who publishes is read so often (seconds between): to handle what came meanwhile in one go costs
# half of handling each piece as it comes, and delays it by 20 ms on average.
READ_EVERY = 0.04
# Replies that nobody reads.
MOST_UNSENT = 1 << 18


class Door:
    """What all connections of a server share. `counts`: refusals by code, garbage, published."""

    def __init__(self, inputs: Inputs, counts: Counter[str]) -> None:
        self.inputs, self.counts = inputs, counts
        self.addresses: Counter[str] = Counter()
        self._connections: set[Connection] = set()
        self._paused: list[Connection] = []

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Open; `port` 0: any free one."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: Connection(self), host, port)

    def pause(self, connection: "Connection") -> None:
        """Have a connection read on with all others."""
        if not self._paused:
            asyncio.get_running_loop().call_later(READ_EVERY, self._read_on)
        self._paused.append(connection)

    def _read_on(self) -> None:
        paused, self._paused = self._paused, []
        for each in paused:
            each.read_on()

    def cut(self) -> None:
        """End every connection at once."""
        for each in tuple(self._connections):
            each.cut()

    def welcome(
        self, address: str, connection: "Connection | None" = None, *, near: bool = False
    ) -> bool:
        """Count a connection in; false when it must not stay. `near`: from this machine."""
        if not near and not self.inputs:
            self.counts["refused_not_armed"] += 1
        elif self.addresses.total() >= MOST_CONNECTIONS:
            self.counts["refused_full"] += 1
        elif self.addresses[address] >= MOST_PER_ADDRESS:
            self.counts["refused_address"] += 1
        else:
            self.addresses[address] += 1
            if connection is not None:
                self._connections.add(connection)
            return True
        return False

    def went(self, address: str, connection: "Connection | None" = None) -> None:
        """Count a connection out."""
        if connection is not None:
            self._connections.discard(connection)
        self.addresses[address] -= 1
        if self.addresses[address] <= 0:
            del self.addresses[address]


class Connection(asyncio.Protocol):
    """One publisher."""

    _transport: asyncio.Transport

    def __init__(self, door: Door) -> None:
        self._door = door
        self._loop = asyncio.get_running_loop()
        self._session: Session | None = None
        self._address = ""
        self._timer: asyncio.TimerHandle | None = None
        self._resume: asyncio.TimerHandle | None = None
        self._allowed, self._counted_at = float(BURST), self._loop.time()
        self._was_publishing = self._leaving = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody came."""
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if peer else ""
        own = transport.get_extra_info("sockname")
        # A peer with our own address is on this machine too, whichever interface we listen on.
        near = is_loopback(address) or bool(own and own[0] == address)
        if not self._door.welcome(address, self, near=near):
            self._transport.abort()
            return
        self._address = address
        self._session = Session(
            self._door.inputs,
            address,
            self._write,
            self._leave,
            self._door.counts,
            loopback=near,
        )
        self._wait(TO_PUBLISH)

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        session = self._session
        if session is None:
            return
        messages = session.receive(data)
        if session.publishing != self._was_publishing and not self._leaving:
            self._was_publishing = session.publishing
            if session.publishing:
                self._stop_timer()
            else:
                self._wait(TO_PUBLISH)
        self._count(len(data) + messages * MESSAGE_COST)
        if session.publishing and not self._transport.is_closing():
            self._transport.pause_reading()
            if self._resume is None:
                self._door.pause(self)

    def connection_lost(self, _error: Exception | None) -> None:
        """It is over."""
        self._stop_timer()
        if self._resume is not None:
            self._resume.cancel()
        if self._address:
            self._door.went(self._address, self)
        session, self._session = self._session, None
        if session is not None:
            session.lost()

    def cut(self) -> None:
        """End it at once."""
        self._transport.abort()

    def _write(self, data: bytes) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > MOST_UNSENT:
            self._transport.abort()

    def _leave(self, at_once: bool) -> None:
        """Closing while unread bytes wait would tear the last words away: read on for a while."""
        self._leaving = True
        if at_once:
            self._transport.abort()
        else:
            self._wait(LINGER)

    def _count(self, cost: int) -> None:
        """Above the rate nothing is read until it has been made up for."""
        self._allowed -= cost
        if self._allowed >= 0:
            return
        now = self._loop.time()
        self._allowed = min(BURST, self._allowed + (now - self._counted_at) * RATE)
        self._counted_at = now
        if self._allowed < 0 and self._resume is None and not self._transport.is_closing():
            self._transport.pause_reading()
            self._resume = self._loop.call_later(-self._allowed / RATE, self._made_up)

    def _made_up(self) -> None:
        self._resume = None
        self.read_on()

    def read_on(self) -> None:
        """Read again, unless there is a debt to make up for."""
        if self._resume is None and not self._transport.is_closing():
            self._transport.resume_reading()

    def _wait(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self._loop.call_later(seconds, self._late)

    def _late(self) -> None:
        if not self._leaving:
            self._door.counts["late"] += 1
        self._transport.abort()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


async def serve(
    inputs: Inputs, host: str, port: int, *, counts: Counter[str] | None = None
) -> asyncio.Server:
    """Listen. `port` 0: any free one. Only this machine is heard while no session is armed."""
    return await Door(inputs, Counter() if counts is None else counts).listen(host, port)


def is_loopback(address: str) -> bool:
    """An address of this machine itself."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
