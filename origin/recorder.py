"""What was live stays: the parts of a programme, appended to one fMP4 per initialisation segment.

Beside each `001.mp4` lies `001.jsonl`. Its first line is `{"init": bytes}`, then one line a part:
`[offset, size, start, duration, flags, at]` (bytes; milliseconds of the programme's clock; KEY,
FIRST, BROKEN; seconds since 1970). A part is written before its line, each with one write(2): after
a crash at most the last part is missing, and the file plays. Whoever goes on begins a new file.
"""

import contextlib
import errno
import json
import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from origin.packager import Init, Part
from origin.replays import BROKEN, FIRST, KEY, File, Index, playlist

log = logging.getLogger("origin")
SYNC_SECONDS = 10.0
# After a failure it tries again so often, and looks as often whether the disk has room.
RETRY_SECONDS, LOOK_SECONDS = 10.0, 5.0
MOST_KNOWN = 32
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# One thread: forcing bytes to the disk may take long, and nothing else may wait for it.
_disk = ThreadPoolExecutor(1, thread_name_prefix="disk")

# (code, file name, seconds): `finished` a file, or why recording stopped: `disk_full`, `disk_error`
Told = Callable[[str, str, float], None]


class Busy(Exception):
    """It is still being written."""


class Recorder:
    """A sink of the programme's packager. `began_at`: seconds since 1970 of the programme's zero.

    `error`: why nothing is recorded now, "" when all is well. `seconds`: what this one has kept.
    """

    def __init__(
        self,
        folder: Path,
        free: int,
        began_at: Callable[[], float],
        told: Told,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self.error = ""
        self.seconds = 0.0
        self.name = ""
        self._free, self._began_at, self._told, self._clock = free, began_at, told, clock
        self._init: Init | None = None
        self._media = self._index = -1
        self._size, self._kept = 0, 0.0
        self._again_at = self._look_at = self._sync_at = 0.0

    def init(self, init: Init) -> None:
        """Another initialisation segment: another file."""
        self.finish()
        self._init = init

    def part(self, part: Part) -> None:
        """Append a part. Failures are told once and never raised: the live goes on."""
        now = self._clock()
        try:
            if self._media < 0:
                # A file begins with a segment, so that its first picture can be shown.
                if not part.first or self._init is None or now < self._again_at:
                    return
                self._open()
            if now >= self._look_at:
                self._look_at = now + LOOK_SECONDS
                self._look()
            self._append(part)
        except OSError as error:
            self._fail(error, now)
            return
        if self.error:
            self.error = ""
            self._told("resumed", self.name, self.seconds)
        if now >= self._sync_at:
            self._sync_at = now + SYNC_SECONDS
            self._sync()

    def finish(self) -> None:
        """Close the file; what was written stays as it is."""
        if self._media < 0:
            return
        self._sync()
        self._close()
        if self._kept:
            self._told("finished", self.name, self._kept)

    def _open(self) -> None:
        assert self._init is not None
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._look()
        numbers = [int(each.stem) for each in self.folder.glob("*.mp4") if each.stem.isdigit()]
        stem = f"{max(numbers, default=0) + 1:03d}"
        self.name = f"{stem}.mp4"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._size, self._kept = 0, 0.0
        self._media = os.open(self.folder / self.name, flags, 0o600)
        self._index = os.open(self.folder / f"{stem}.jsonl", flags, 0o600)
        self._write(self._media, self._init.content)
        self._write(self._index, json.dumps({"init": len(self._init.content)}).encode() + b"\n")
        self._size = len(self._init.content)

    def _append(self, part: Part) -> None:
        self._write(self._media, part.content)
        flags = KEY * part.key | FIRST * part.first | BROKEN * part.broken
        at = round(self._began_at() + part.start / 1000, 3)
        row = [self._size, len(part.content), part.start, part.duration, flags, at]
        self._write(self._index, json.dumps(row, separators=(",", ":")).encode() + b"\n")
        self._size += len(part.content)
        self._kept += part.duration / 1000
        self.seconds += part.duration / 1000

    def _write(self, file: int, content: bytes) -> None:
        if os.write(file, content) != len(content):
            raise OSError(errno.ENOSPC, "written in part")

    def _look(self) -> None:
        room = os.statvfs(self.folder)
        if room.f_bavail * room.f_frsize < self._free:
            raise OSError(errno.ENOSPC, "less room than is to stay free")

    def _fail(self, error: OSError, now: float) -> None:
        code = "disk_full" if error.errno in _FULL else "disk_error"
        self._again_at = now + RETRY_SECONDS
        if self._media >= 0:
            # What was written in part goes; the file ends with a whole part.
            with contextlib.suppress(OSError):
                os.ftruncate(self._media, self._size)
            self._close()
            if not self._kept:
                self._discard()
        if self.error != code:
            log.error("recording in %s stopped: %s", self.folder.name, error.strerror)
            self.error = code
            self._told(code, self.name if self._kept else "", self._kept)

    def _close(self) -> None:
        for file in (self._media, self._index):
            with contextlib.suppress(OSError):
                os.close(file)
        self._media = self._index = -1

    def _discard(self) -> None:
        for path in (self.folder / self.name, (self.folder / self.name).with_suffix(".jsonl")):
            path.unlink(missing_ok=True)

    def _sync(self) -> None:
        for file in (self._media, self._index):
            if file >= 0:
                _disk.submit(_force, os.dup(file))


def _force(file: int) -> None:
    with contextlib.suppress(OSError):
        os.fsync(file)
    os.close(file)


class Archive:
    """All recordings: one folder a session. `growing` holds the sessions that are being recorded.

    A recording stays until the house has it erased.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.growing: set[str] = set()
        self._indexes: dict[str, dict[str, Index]] = {}

    def files(self, session: str) -> list[File]:
        """What was kept of a session, oldest first; empty when nothing was."""
        return [
            index.file(growing=last and session in self.growing)
            for index, last in self._read(session)
        ]

    def seconds(self, session: str) -> float:
        """How much was kept."""
        return sum(each.seconds for each in self.files(session))

    def playlist(self, session: str, token: str) -> str:
        """HLS over byte ranges of the files, which may still grow; "" when there is nothing."""
        rows = [index for index, _last in self._read(session)]
        return playlist(rows, token, growing=session in self.growing)

    def path(self, session: str, name: str) -> Path | None:
        """A file that exists."""
        path = self.folder / session / name
        return path if path.suffix == ".mp4" and path.is_file() else None

    def erase(self, session: str) -> bool:
        """Delete what was kept; whether there was something. Raises Busy while it grows."""
        if session in self.growing:
            raise Busy(session)
        folder = self.folder / session
        self._indexes.pop(session, None)
        if not folder.is_dir():
            return False
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        return True

    def mend(self, session: str) -> None:
        """After a crash: the last file ends with the last part that its index tells of."""
        rows = self._read(session)
        if not rows:
            return
        index = rows[-1][0]
        path, end = self.folder / session / index.name, index.end
        if path.is_file() and path.stat().st_size > end:
            os.truncate(path, end)

    def _read(self, session: str) -> list[tuple[Index, bool]]:
        """The indexes, read as far as they go, and whether it is the last."""
        known = self._indexes.pop(session, {})
        while len(self._indexes) >= MOST_KNOWN:
            del self._indexes[next(iter(self._indexes))]
        self._indexes[session] = known
        for path in sorted((self.folder / session).glob("*.jsonl")):
            if path.stem not in known:
                known[path.stem] = Index(path)
        rows = [known[stem] for stem in sorted(known)]
        for index in rows:
            index.read()
        rows = [index for index in rows if index.seconds]
        return [(index, index is rows[-1]) for index in rows]
