"""HAISHI_HOME: the folder that holds everything an installation knows."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

# Every child carries the path of its home under this name, so that a later start can recognise
# what an earlier one left behind even when that one was killed without a chance to tidy up.
MARK = "HAISHI_SUPERVISED_HOME"


class AlreadyRunning(Exception):
    """Another supervisor holds this home; the message says which and where."""


@dataclass(frozen=True)
class Home:
    """The layout of one home folder. Folders are made on demand, private to their owner."""

    root: Path

    @property
    def run(self) -> Path:
        """What only matters while running: lock, state, addresses of embedded services."""
        return self._folder("run", 0o700)

    @property
    def secrets(self) -> Path:
        """One file a secret, mode 0600."""
        return self._folder("secrets", 0o700)

    @property
    def log(self) -> Path:
        """One log file for each child, and one older one."""
        return self._folder("log", 0o750)

    @property
    def media(self) -> Path:
        """Uploaded files, unless an S3 bucket holds them."""
        return self.root / "media"

    @property
    def postgres(self) -> Path:
        """The embedded database cluster."""
        return self.root / "postgres"

    @property
    def jetstream(self) -> Path:
        """What the message service keeps: the log of the rooms."""
        return self._folder("jetstream", 0o700)

    @property
    def live(self) -> Path:
        """What the origin keeps: recordings and the sessions it is armed for."""
        return self._folder("live", 0o750)

    @property
    def demo_accounts(self) -> Path:
        """Accounts of the demo edition, written by its loader for people to read."""
        return self.root / "demo-accounts.txt"

    @property
    def state(self) -> dict[str, Any]:
        """What the supervisor last wrote about itself and its children; {} before the first."""
        try:
            found = json.loads((self.run / "state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def ensure(self) -> None:
        """Make the folder itself. Raises OSError when the place cannot be written.

        Others may pass through, not look around: the database may run as another user.
        """
        if not self.root.exists():
            self.root.mkdir(parents=True)
            self.root.chmod(0o711)
        probe = self.run / "probe"
        probe.write_text("", encoding="utf-8")
        probe.unlink()

    def secret(self, name: str) -> str:
        """The secret of that name, made of 48 random bytes when it is asked for first."""
        path = self.secrets / name
        with contextlib.suppress(FileExistsError):
            write_private(path, secrets.token_urlsafe(48), new=True)
        return path.read_text(encoding="utf-8").strip()

    def note(self, name: str, text: str | None) -> None:
        """Leave an address for other commands under ``run/``, or take it away with None."""
        path = self.run / name
        if text is None:
            path.unlink(missing_ok=True)
        else:
            write_private(path, text)

    def is_fresh(self) -> bool:
        """Whether nothing has been installed here yet."""
        return not any((self.root / name).exists() for name in ("postgres", "media", "secrets"))

    def wipe(self) -> None:
        """Remove everything except the lock. Irreversible."""
        for path in self.root.iterdir():
            if path.name == "run":
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold this home for one supervisor. Raises AlreadyRunning."""
        with (self.run / "lock").open("a+", encoding="utf-8") as lock:
            self._take(lock)
            yield

    def in_use(self) -> bool:
        """Whether a supervisor holds this home at this moment."""
        try:
            with self.locked():
                return False
        except AlreadyRunning:
            return True

    def sweep(self, patience: float = 10.0) -> list[int]:
        """End processes that a killed supervisor left behind here; returns their ids.

        Call only while holding the lock: then no living supervisor owns a marked process.
        PostgreSQL gets the time (seconds) to shut down; the rest keeps nothing worth waiting for.
        """
        left = list(self._left_behind())
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGINT)
        deadline = time.monotonic() + patience
        while any(_alive(process) for process in left) and time.monotonic() < deadline:
            time.sleep(0.05)
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return left

    def _left_behind(self) -> Iterator[int]:
        mark = f"{MARK}={self.root}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            if int(folder.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)

    def _take(self, lock: TextIO) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            state = self.state
            raise AlreadyRunning(
                f"海市已在运行 / Haishi is already running: {state.get('url', self.root)} "
                f"(pid {state.get('pid', '?')}, {self.root})"
            ) from None

    def _folder(self, name: str, mode: int) -> Path:
        path = self.root / name
        if not path.is_dir():
            path.mkdir(mode=mode, parents=True, exist_ok=True)
        return path


def write_private(path: Path, text: str, *, new: bool = False) -> None:
    """Write a file only its owner can read. With ``new``, FileExistsError when it is there."""
    if new:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    partial.replace(path)


def _alive(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
