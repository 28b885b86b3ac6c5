"""One ffmpeg that takes FLV on its standard input and passes it on, untouched, to a target."""

import asyncio
import contextlib
import ctypes
import signal
import time
from collections import deque
from collections.abc import Callable
from typing import Literal

from origin.bus import Message
from origin.restream.addresses import Address

# Bytes that wait for a slow target; beyond it the stream is cut to the next key frame.
MOST_WAITING = 3 << 20
# Tags are handed over together every so many seconds: waking a child for each costs twice as much.
TOGETHER = 0.1
_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)

Ending = Literal["refused", "unreachable", "closed", "other"]
# Of RTMP: nobody was there to say no. Of SRT: somebody was.
_UNREACHABLE = (
    b"Connection refused", b"Failed to resolve", b"No route to host", b"Network is unreachable",
    b"Connection timed out", b"Cannot open connection",
)  # fmt: skip
_REJECTED = (b"BADSECRET", b"ncorrect passphrase", b"REJECT", b"rejected")


def ending(complaints: bytes, frames: int, format: str) -> Ending:
    """Why ffmpeg ended, from what it wrote and how many pictures the target had taken."""
    if frames:
        return "closed"
    if b"Error opening output" not in complaints:
        return "other"
    if format == "mpegts":
        return "refused" if any(sign in complaints for sign in _REJECTED) else "unreachable"
    return "unreachable" if any(sign in complaints for sign in _UNREACHABLE) else "refused"


def tag(message: Message) -> bytes:
    """The message as an FLV tag (Video File Format Specification 10.1, E.4.1)."""
    kind, at, payload = message
    size = len(payload)
    return b"".join(
        (
            bytes((kind,)), size.to_bytes(3), (at & 0xFFFFFF).to_bytes(3),
            bytes((at >> 24 & 0xFF, 0, 0, 0)), payload, (size + 11).to_bytes(4),
        )
    )  # fmt: skip


def beginning(*, sound: bool) -> bytes:
    """The FLV header, E.2, and the size of no tag before the first."""
    return b"FLV\x01" + (b"\x05" if sound else b"\x01") + b"\0\0\0\x09\0\0\0\0"


def command(program: str, address: Address, report: float) -> list[str]:
    """`report`: seconds between its reports. The last word is secret: see `addresses`."""
    flv = ["-flvflags", "no_duration_filesize"] if address.format == "flv" else []
    return [
        program, "-hide_banner", "-loglevel", "error", "-nostdin", "-nostats",
        "-progress", "pipe:1", "-stats_period", str(report), "-fflags", "nobuffer",
        "-analyzeduration", "2000000", "-probesize", "500000", "-f", "flv", "-i", "pipe:0",
        "-c", "copy", "-map", "0", "-f", address.format, *flv,
        "-rw_timeout", "15000000", address.url,
    ]  # fmt: skip


def _die_with_parent() -> None:
    _libc.prctl(_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


class Child:
    """A running ffmpeg. `taken()` is called when the target has taken the first pictures.

    `ended`: set when it is over, `reason` then says why.
    """

    def __init__(
        self, process: asyncio.subprocess.Process, format: str, taken: Callable[[], None]
    ) -> None:
        assert process.stdin is not None
        self._process, self._format, self._taken = process, format, taken
        self._pipe = process.stdin.transport
        self._full = False
        self._batch: list[bytes] = []
        self._batched = 0
        self._timer: asyncio.TimerHandle | None = None
        self.dropped = self.frames = 0
        # `owes`: it was given more than the target has taken, and `moved_at` is since when.
        self.owes, self.moved_at = False, time.monotonic()
        self._sizes: deque[tuple[float, int]] = deque(maxlen=6)
        self._errors = b""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._complaints())]

    @classmethod
    async def start(
        cls, program: str, address: Address, taken: Callable[[], None], report: float
    ) -> "Child":
        """Raises OSError."""
        process = await asyncio.create_subprocess_exec(
            *command(program, address, report),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=_die_with_parent,
            start_new_session=True,
        )
        return cls(process, address.format, taken)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def kbps(self) -> int:
        """What the target took over the last seconds."""
        if len(self._sizes) < 2:
            return 0
        (begin, first), (end, last) = self._sizes[0], self._sizes[-1]
        return round((last - first) * 8 / 1000 / (end - begin)) if end > begin else 0

    def give(self, content: bytes, message: Message) -> None:
        """A tag for the target; while it is slow, nothing but headers up to a key frame."""
        waiting = self.waiting
        if not message.is_header:
            if self._full and message.is_key and waiting < MOST_WAITING // 2:
                self._full = False
            self._full = self._full or waiting > MOST_WAITING
            if self._full:
                self.dropped += 1
                return
        if not self.owes:
            self.owes, self.moved_at = True, time.monotonic()
        self._batch.append(content)
        self._batched += len(content)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(TOGETHER, self._hand_over)

    @property
    def waiting(self) -> int:
        """Bytes that the child has not taken yet."""
        return self._pipe.get_write_buffer_size() + self._batched

    def _hand_over(self) -> None:
        self._timer = None
        if not self._pipe.is_closing():
            self._pipe.write(b"".join(self._batch))
        self._batch.clear()
        self._batched = 0

    async def ended(self) -> Ending:
        """Wait for its end; why it ended, as far as its complaints tell."""
        await self._process.wait()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return ending(self._errors, self.frames, self._format)

    async def kill(self) -> None:
        """End it at once."""
        if self._timer is not None:
            self._timer.cancel()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        if not self._pipe.is_closing():
            self._pipe.abort()
        await self._process.wait()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self) -> None:
        """What `-progress` says, a block a second."""
        assert self._process.stdout is not None
        frames = size = 0
        async for line in self._process.stdout:
            name, _equals, value = line.strip().partition(b"=")
            number = int(value) if value.isdigit() else 0
            if name == b"frame":
                frames = number
            elif name == b"total_size":
                size = number
            elif name == b"progress":
                self._block(frames, size)

    def _block(self, frames: int, size: int) -> None:
        now = time.monotonic()
        self._sizes.append((now, size))
        if frames > self.frames:
            first, self.frames = not self.frames, frames
            self.moved_at, self.owes = now, False
            if first:
                self._taken()

    async def _complaints(self) -> None:
        assert self._process.stderr is not None
        while more := await self._process.stderr.read(4096):
            self._errors = (self._errors + more)[-8192:]
