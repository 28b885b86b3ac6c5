"""The last seconds of a stream: segments with their parts, and who waits for the next one.

Numbers begin at the second in which the stream began: a stream that begins again, after a restart
of the origin too, has higher numbers than before, which players take for what it is.
"""

import asyncio
import base64
import hmac
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from origin.packager import Init, Part

WINDOW_MS = 16_000
# The clock of a stream and ours may differ by so much before the stream's is set anew: a publisher
# was away, or its clock runs wrong.
DRIFT_SECONDS = 2.0


class TooFar(ValueError):
    """Somebody asks for what cannot come soon (RFC 8216bis, 6.2.5.2)."""


class Listed(NamedTuple):
    """A part as playlists tell it; `duration` in milliseconds, never above the part target."""

    duration: int
    key: bool
    content: bytes


@dataclass(slots=True)
class Segment:
    """`at`: seconds since 1970 by the stream's clock. `start`: milliseconds of the feed's clock.

    `key` opens its media addresses. `broken`: a discontinuity comes before it.
    """

    number: int
    init: int
    at: float
    start: int
    broken: bool
    key: str
    parts: list[Listed] = field(default_factory=list)

    @property
    def duration(self) -> int:
        """Milliseconds."""
        return sum(part.duration for part in self.parts)

    @property
    def independent(self) -> bool:
        """Can be played without the one before."""
        return bool(self.parts) and self.parts[0].key


class Promises(Protocol):
    """What a packager keeps: longest segment in seconds (0: not known yet), longest part."""

    target: int

    @property
    def part_target(self) -> float:
        """Seconds."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a playlist tells. `segments` are whole; `current` still grows; `init_keys` by number."""

    target: int
    part_target: float
    discontinuities: int
    segments: tuple[Segment, ...]
    current: Segment | None
    next_number: int
    next_key: str
    init_keys: dict[int, str]
    ended: bool


class Ring:
    """A sink of the packager. `now` gives seconds since 1970.

    What slid out of the playlist stays for as long again: somebody may have just read of it.
    """

    def __init__(self, now: Callable[[], float], window_ms: int = WINDOW_MS) -> None:
        self.now, self.window_ms = now, window_ms
        self.promises: Promises | None = None
        self.inits: dict[int, bytes] = {}
        self.segments: deque[Segment] = deque()
        self.current: Segment | None = None
        self.first = int(now())
        # Another number than before, but a small one: hls.js counts up to it.
        self.discontinuities = self.first % 3_600
        self.version = 0
        self.ended = False
        self.parts = 0
        self._left: deque[Segment] = deque()
        self._secret = secrets.token_bytes(16)
        self._anchor: float | None = None
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @property
    def target(self) -> int:
        """Longest segment in seconds; 0: not known yet."""
        return self.promises.target if self.promises else 0

    @property
    def ready(self) -> bool:
        """There is a playlist to tell."""
        return bool(self.target and self.segments)

    @property
    def began_at(self) -> float:
        """When the feed's clock was zero, in seconds since 1970; 0.0 before the first part."""
        return self._anchor or 0.0

    # From the packager.

    def init(self, init: Init) -> None:
        """Parts that follow belong to this one."""
        self.inits[init.number] = init.content

    def part(self, part: Part) -> None:
        """The next part."""
        self.ended = False
        if part.first or self.current is None:
            self._begin(part)
        assert self.current is not None
        most = round(self.promises.part_target * 1000) if self.promises else part.duration
        self.current.parts.append(Listed(min(part.duration, most), part.key, part.content))
        self.parts += 1
        self._changed()

    def end(self) -> None:
        """No more parts: the playlist is whole."""
        self._close()
        self.ended = True
        self._changed()

    def _begin(self, part: Part) -> None:
        self._close()
        number = self.next_number
        at = self._when(part)
        self.current = Segment(number, part.init, at, part.start, part.broken, self.key(number))

    def _close(self) -> None:
        if self.current is None:
            return
        self.segments.append(self.current)
        self.current = None
        self._slide()

    def _slide(self) -> None:
        keep = max(self.window_ms, 4000 * self.target)
        total = sum(each.duration for each in self.segments)
        while total - self.segments[0].duration >= keep:
            left = self.segments.popleft()
            total -= left.duration
            self.discontinuities += left.broken
            self._left.append(left)
        first = self.segments[0].start
        while self._left and self._left[0].start < first - 2 * keep:
            self._left.popleft()
        oldest = (self._left or self.segments)[0].init
        for number in [number for number in self.inits if number < oldest]:
            del self.inits[number]

    def _when(self, part: Part) -> float:
        """The stream's clock, not the arrival: parts come in bursts, pictures do not."""
        arrived = self.now() - part.duration / 1000
        if self._anchor is None or (
            abs(self._anchor + part.start / 1000 - arrived) > DRIFT_SECONDS
        ):
            self._anchor = arrived - part.start / 1000
        return self._anchor + part.start / 1000

    # For those who ask.

    @property
    def next_number(self) -> int:
        """Of the segment after the last that has begun."""
        if self.current is not None:
            return self.current.number + 1
        return self.segments[-1].number + 1 if self.segments else self.first

    def key(self, name: int | str) -> str:
        """What opens a segment (by number) or an initialisation segment (`init-` and number)."""
        mac = hmac.digest(self._secret, str(name).encode(), "sha256")[:9]
        return base64.urlsafe_b64encode(mac).decode()

    def window(self) -> Window:
        """What a playlist tells now."""
        number = self.next_number
        return Window(
            target=self.target,
            part_target=self.promises.part_target if self.promises else 0.0,
            discontinuities=self.discontinuities,
            segments=tuple(self.segments),
            current=self.current,
            next_number=number,
            next_key=self.key(number),
            init_keys={each: self.key(f"init-{each}") for each in self.inits},
            ended=self.ended,
        )

    def segment(self, number: int) -> Segment | None:
        """A whole segment that is still kept."""
        for row in (self.segments, self._left):
            if row and row[0].number <= number <= row[-1].number:
                return row[number - row[0].number]
        return None

    def piece(self, number: int, part: int) -> Listed | None:
        """A part that is still kept."""
        found = self.segment(number)
        if found is None and self.current is not None and self.current.number == number:
            found = self.current
        return found.parts[part] if found and part < len(found.parts) else None

    def has(self, number: int, part: int) -> bool:
        """The playlist tells of that part, or of a later one. `part` -1: the whole segment."""
        if self.ended or number < self.next_number - (self.current is not None):
            return True
        return (
            self.current is not None
            and self.current.number == number
            and (0 <= part < len(self.current.parts))
        )

    async def reach(self, number: int, part: int, seconds: float) -> bool:
        """Wait until `has`; False when that takes too long. Raises TooFar."""
        if self.has(number, part):
            return True
        # One segment beyond the one that grows: RFC 8216bis allows two beyond the last told.
        if number > self.next_number + (self.current is None):
            raise TooFar
        return await self._wait(number, part, seconds)

    async def change(self, seconds: float) -> bool:
        """Wait for the next part or the end; False when that takes too long."""
        return await self._wait(0, 0, seconds)

    async def _wait(self, number: int, part: int, seconds: float) -> bool:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (number, part, future)
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(seconds):
                await future
        except TimeoutError:
            self._waiting = [each for each in self._waiting if each is not entry]
            return False
        return True

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return len(self._waiting)

    def _changed(self) -> None:
        self.version += 1
        waiting, self._waiting = self._waiting, []
        for entry in waiting:
            number, part, future = entry
            if future.done():
                continue
            if self.has(number, part):
                future.set_result(None)
            else:
                self._waiting.append(entry)
