"""The load client of bench/rooms.py where no C compiler is found: `rooms.c` again, by picows.

    python rooms_client.py MODE PORT READERS RAMP RATE ADDRESSES [ROOM TOKENS]

The same orders, lines and counts; it needs about ten times the processor time, so that on a small
machine large crowds are limited by it and not by what it measures.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from wire import envelope, messages

LINE, QUIET_SECONDS = 100, 3.0


class Crowd:
    """All readers and what they count."""

    def __init__(self, given: list[str]) -> None:
        self.plain = given[0] == "plain"
        self.port, self.most, self.ramp = (int(number) for number in given[1:4])
        self.rate, self.addresses = float(given[4]), int(given[5])
        self.room = "" if self.plain else given[6]
        self.tokens = [] if self.plain else Path(given[7]).read_text("ascii").split()
        self.readers: list[Reader] = []
        self.counts: Counter[str] = Counter()
        self.late_us: Counter[int] = Counter()
        self.counting = self.stopped = False
        self.newest, self.last_frame_at = 0, 0.0
        self.known: dict[bytes, list[int]] = {}

    def stamps(self, frame: bytes) -> list[int]:
        """When the lines of a batch were said; the same bytes come to every reader."""
        found = self.known.get(frame)
        if found is None:
            items = (messages.read_item(item) for item in envelope.unpack(frame).items)
            found = [int(item.text[1:17], 16) for item in items]
            if len(self.known) > 8:
                self.known.clear()
            self.known[frame] = found
        return found

    def deliver(self, stamps: list[int]) -> None:
        """Lines at one reader."""
        if self.counting:
            now = time.monotonic_ns()
            self.counts["deliveries"] += len(stamps)
            self.late_us.update((now - stamp) // 1_000 for stamp in stamps)

    async def enter(self) -> None:
        """Everybody comes, `ramp` a second."""
        began = time.monotonic()
        for number in range(self.most):
            await asyncio.sleep(max(0.0, began + number / self.ramp - time.monotonic()))
            reader = Reader(self, number)
            address = f"127.0.0.{2 + number % self.addresses}"
            try:
                await ws_connect(
                    lambda reader=reader: reader,  # type: ignore[misc]
                    f"ws://127.0.0.1:{self.port}/rt",
                    local_addr=(address, 0),
                )
            except Exception as error:
                self.counts["gone"] += 1
                print(error, file=sys.stderr)
            else:
                self.readers.append(reader)
        while any(not each.ready and not each.over for each in self.readers):
            await asyncio.sleep(0.05)
        print("joined", sum(each.ready for each in self.readers), flush=True)

    async def talk(self) -> None:
        """Lines in turn, until stopped."""
        speakers = [each for each in self.readers if each.ready]
        due, turn = time.monotonic(), 0
        while not self.stopped:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due += 1 / self.rate
            speakers[turn % len(speakers)].say()
            turn += 1

    def report(self) -> dict[str, Any]:
        """What was counted."""
        ready = [each for each in self.readers if each.ready and not each.over]
        if self.plain:
            self.newest = max((each.offset for each in ready), default=0)
            self.counts["lost"] += max(0, self.counts["said"] - self.newest) * len(ready)
        self.counts["lost"] += sum(self.newest - each.offset for each in ready)
        used = resource.getrusage(resource.RUSAGE_SELF)
        names = (
            "gone", "deliveries", "frames", "bytes", "lost", "twice", "said", "accepted", "refused",
            "unseen", "gaps",
        )  # fmt: skip
        return {
            "connected": len(ready),
            **{name: self.counts[name] for name in names},
            "p50_ms": self._late_ms(0.5),
            "p99_ms": self._late_ms(0.99),
            "most_ms": self._late_ms(1.0),
            "client_cpu_s": round(used.ru_utime + used.ru_stime, 2),
        }

    def _late_ms(self, share: float) -> float:
        seen, whole = 0, sum(self.late_us.values())
        for us in sorted(self.late_us):
            seen += self.late_us[us]
            if seen >= share * whole:
                return round(us / 1000, 1)
        return -1.0


class Reader(WSListener):
    """One reader: hello, join, and then lines."""

    def __init__(self, crowd: Crowd, number: int) -> None:
        self._crowd, self._number = crowd, number
        self._transport: WSTransport | None = None
        self.ready = self.over = False
        self._room = self._epoch = self.offset = 0

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        if self._crowd.plain:
            self.ready = True
        else:
            self._send(messages.Hello(self._crowd.tokens[self._number]))

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.over = True
        self._crowd.counts["gone"] += 1

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type != WSMsgType.BINARY:
            return
        crowd, content = self._crowd, frame.get_payload_as_bytes()
        crowd.last_frame_at = time.monotonic()
        if crowd.counting:
            crowd.counts["frames"] += 1
            crowd.counts["bytes"] += len(content)
        if crowd.plain:
            self.offset += 1
            crowd.deliver([int(content[1:17], 16)])
        elif content[0] == envelope.BATCH:
            self._batch(content)
        else:
            self._message(messages.read_to_browser(content[1:]))

    def _batch(self, frame: bytes) -> None:
        epoch, first, last, _at_once = envelope.span(frame)
        expected = self.offset + 1 if epoch == self._epoch else 1
        self._crowd.counts["lost"] += max(0, first - expected)
        self._crowd.counts["twice"] += max(0, expected - first)
        self._epoch, self.offset = epoch, last
        self._crowd.newest = max(self._crowd.newest, last)
        self._crowd.deliver(self._crowd.stamps(frame))

    def _message(self, told: Any) -> None:
        counts = self._crowd.counts
        if isinstance(told, messages.Welcome):
            self._send(messages.Join(self._crowd.room))
        elif isinstance(told, messages.Joined):
            self._room, self._epoch, self.offset = told.number, told.epoch, told.offset
            self.ready = True
        elif isinstance(told, messages.Accepted):
            counts["accepted"] += 1
            counts["unseen"] += told.offset == 0
        elif isinstance(told, messages.Refused):
            counts["refused"] += 1
            self.over = self.over or not self.ready
        elif isinstance(told, messages.Gap):
            counts["gaps"] += 1

    def _send(self, message: messages.Message) -> None:
        if self._transport is not None:
            frame = envelope.message(messages.encode(message))
            self._transport.send(WSMsgType.BINARY, frame)

    def say(self) -> None:
        """A line of 100 bytes that begins with the nanosecond it was said at."""
        counts = self._crowd.counts
        counts["said"] += 1
        text = f"@{time.monotonic_ns():016x}".ljust(LINE, "x")
        if not self._crowd.plain:
            self._send(messages.Say(self._room, str(counts["said"]), text))
        elif self._transport is not None:
            self._transport.send(WSMsgType.BINARY, text.encode())


async def main() -> None:
    """Come, obey, report."""
    crowd = Crowd(sys.argv[1:])
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin
    )
    await crowd.enter()
    talking = None
    while not crowd.stopped:
        letter = await orders.readexactly(1)
        if letter == b"t":
            talking = asyncio.create_task(crowd.talk())
        crowd.counting = letter == b"c" or (crowd.counting and letter != b"s")
        crowd.stopped = letter == b"s"
    crowd.last_frame_at = time.monotonic()
    while time.monotonic() - crowd.last_frame_at < QUIET_SECONDS:
        await asyncio.sleep(0.1)
    if talking is not None:
        talking.cancel()
    print(json.dumps(crowd.report()), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
