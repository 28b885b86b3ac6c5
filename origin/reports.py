"""What happened goes to the house: numbered, kept on disk until the house has heard, in order.

One event a POST, signed as `wire.signing` says. The house may be away for hours: a bounded queue
waits on disk, and when it is full the oldest events go, since the house also asks for the status.
"""

import asyncio
import contextlib
import json
import logging
import os
import random
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec

from origin.metrics import Metrics
from wire.live import Event, EventKind
from wire.signing import sign

log = logging.getLogger("origin")
MOST_WAITING = 5_000
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
PATIENCE = aiohttp.ClientTimeout(total=10)
# A file of events is written anew once so many of its lines have been heard.
COMPACT_AT = 500


class Reports:
    """`hook`: where events go, "" nowhere. `now`: seconds since 1970."""

    def __init__(
        self,
        folder: Path,
        hook: str,
        key: bytes,
        now: Callable[[], float],
        metrics: Metrics,
    ) -> None:
        self._hook, self._key, self._now, self._metrics = hook, key, now, metrics
        self._path = folder / "events.jsonl"
        self._waiting: deque[Event] = deque()
        self._number = 0
        self._heard = 0
        self._news = asyncio.Event()
        self._read()
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    @property
    def waiting(self) -> int:
        """Events that the house has not heard."""
        return len(self._waiting)

    def tell(self, session: str, kind: EventKind, **more: Any) -> Event:
        """Keep an event and have it sent; fields as in `wire.live.Event`."""
        self._number += 1
        at = round(self._now(), 3)
        event = Event(number=self._number, session=session, kind=kind, at=at, **more)
        self._metrics.count("events", kind=kind)
        if not self._hook:
            self._keep(event)
            self._hear(event)
            return event
        self._waiting.append(event)
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self._metrics.count("events_lost")
        self._keep(event)
        self._news.set()
        return event

    async def run(self) -> None:
        """Send what waits, in order, until cancelled."""
        if not self._hook:
            return
        pause = FIRST_WAIT
        async with aiohttp.ClientSession(timeout=PATIENCE) as client:
            while True:
                await self._news.wait()
                while self._waiting:
                    event = self._waiting[0]
                    if await self._send(client, event):
                        pause = FIRST_WAIT
                        # A full queue may have dropped it meanwhile.
                        if self._waiting and self._waiting[0] is event:
                            self._waiting.popleft()
                        self._hear(event)
                    else:
                        await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311  # spread, no secret
                        pause = min(pause * 2, LONGEST_WAIT)
                self._news.clear()

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    async def _send(self, client: aiohttp.ClientSession, event: Event) -> bool:
        """Whether the house is done with it: taken, or refused in a way that will not change."""
        body = msgspec.json.encode(event)
        parts = urlsplit(self._hook)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = sign(self._key, "POST", path, body)
        headers["Content-Type"] = "application/json"
        try:
            async with client.post(self._hook, data=body, headers=headers) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            status = 0
        self._metrics.count("hook", status=str(status))
        if status in (400, 404, 409, 410, 422):
            log.warning("the house refused event %d (%s): %d", event.number, event.kind, status)
            return True
        return 200 <= status < 300

    # On disk: a line `{"heard": n}` or `{"event": …}`.

    def _keep(self, event: Event) -> None:
        self._write(b'{"event":' + msgspec.json.encode(event) + b"}\n")

    def _hear(self, event: Event) -> None:
        self._heard += 1
        self._write(b'{"heard":%d}\n' % event.number)
        if self._heard >= COMPACT_AT:
            self._compact()

    def _write(self, line: bytes) -> None:
        try:
            os.write(self._file, line)
        except OSError as error:
            log.error("events are not kept on disk: %s", error.strerror)

    def _compact(self) -> None:
        self._heard = 0
        lines = [b'{"heard":%d}\n' % self._number_before_waiting()]
        lines += [b'{"event":' + msgspec.json.encode(each) + b"}\n" for each in self._waiting]
        new = self._path.with_suffix(".new")
        try:
            new.write_bytes(b"".join(lines))
            new.chmod(0o600)
            new.replace(self._path)
        except OSError as error:
            log.error("events are not kept on disk: %s", error.strerror)
            return
        os.close(self._file)
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND)

    def _number_before_waiting(self) -> int:
        return self._waiting[0].number - 1 if self._waiting else self._number

    def _read(self) -> None:
        content = self._path.read_bytes() if self._path.exists() else b""
        waiting: dict[int, Event] = {}
        # A crash may have cut the last line short; it is left out.
        for line in content.splitlines():
            with contextlib.suppress(ValueError, msgspec.DecodeError):
                row = json.loads(line)
                if "heard" in row:
                    self._number = max(self._number, int(row["heard"]))
                    waiting.pop(int(row["heard"]), None)
                else:
                    event = msgspec.convert(row["event"], Event)
                    waiting[event.number] = event
                    self._number = max(self._number, event.number)
        if content and not content.endswith(b"\n"):
            with self._path.open("ab") as file:
                file.write(b"\n")
        self._waiting.extend(waiting[number] for number in sorted(waiting)[-MOST_WAITING:])
        if self._waiting:
            self._news.set()
