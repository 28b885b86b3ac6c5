"""Starts children in order, keeps them alive, stops them in reverse order.

One thread and one ``select``: the kernel's parent-death signal is tied to the *thread* that
started a child, and forking is safe only while no other thread runs.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Self

from haishi.config.supervisor.home import MARK, Home, write_private
from haishi.config.supervisor.lines import for_people

LOG_BYTES = 10 * 1024 * 1024
FIRST_PAUSE, LONGEST_PAUSE, HEALTHY_SECONDS = 0.1, 10.0, 30.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class Stopped(Exception):
    """A person or the system asked to stop (SIGINT or SIGTERM)."""


class ChildFailed(Exception):
    """A child did not become ready; the message carries its last lines."""


@dataclass(frozen=True)
class Identity:
    """The user that a child runs as when the supervisor is root."""

    user: int
    group: int


@dataclass(frozen=True)
class Child:
    """How one process is started, recognised as ready and stopped. Times are seconds.

    ``ready`` is asked repeatedly and must answer within a second or two. ``before`` runs ahead of
    every start. A ``quiet`` child writes to its log file only.
    """

    name: str
    command: Sequence[str]
    ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    identity: Identity | None = None
    before: Callable[[], None] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 20.0
    start_seconds: float = 90.0
    quiet: bool = False


class _Running:
    """One child and its current process."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.process: subprocess.Popen[bytes] | None = None
        self.state = "stopped"
        self.since = time.time()
        self.started = 0.0
        self.restarts = 0
        self.failures = 0
        self.due = 0.0
        self.last_exit: int | None = None
        self.rest = b""
        self.tail: deque[str] = deque(maxlen=20)

    def enter(self, state: str) -> None:
        self.state, self.since = state, time.time()

    def facts(self) -> dict[str, object]:
        return {
            "name": self.child.name,
            "pid": self.process.pid if self.process else None,
            "state": self.state,
            "since": round(self.since, 3),
            "restarts": self.restarts,
            "last_exit": self.last_exit,
        }


class Supervisor:
    """Owns the children of one home. Use as a context manager: leaving it stops them all."""

    def __init__(self, home: Home, url: str = "", stream: IO[str] | None = None) -> None:
        self.home = home
        self.url = url
        self._stream = stream or sys.stdout
        self._running: dict[str, _Running] = {}
        self._selector = selectors.DefaultSelector()
        self._asked_to_stop = False
        self._stopping = False
        self._began = time.time()
        self._previous: dict[signal.Signals, object] = {}
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def __enter__(self) -> Self:
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        self._old_wakeup = signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            self._previous[number] = signal.signal(number, self._signalled)
        return self

    def __exit__(self, *_error: object) -> None:
        try:
            self.stop()
        finally:
            for number, handler in self._previous.items():
                signal.signal(number, handler)  # type: ignore[arg-type]  # as signal() returned it
            signal.set_wakeup_fd(self._old_wakeup)
            self._selector.close()
            os.close(self._wake_read)
            os.close(self._wake_write)

    def start(self, child: Child) -> None:
        """Start a child; it is kept alive from now on."""
        entry = self._running[child.name] = _Running(child)
        self._spawn(entry)

    def wait_ready(self, *names: str) -> None:
        """Pump until the named children are ready. Raises ChildFailed, Stopped."""
        for name in names:
            entry = self._running[name]
            deadline = time.monotonic() + entry.child.start_seconds
            while entry.state != "ready":
                self.pump(0.05)
                if entry.failures >= 3 or time.monotonic() > deadline:
                    raise ChildFailed(self._obituary(entry))

    def run(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        quiet: bool = False,
    ) -> None:
        """Run a command to its end. Raises ChildFailed, Stopped."""
        entry = _Running(Child(name, command, lambda: True, environment, quiet=quiet))
        self._open(entry)
        assert entry.process is not None
        try:
            while entry.process.poll() is None:
                self.pump(0.2)
        finally:
            if entry.process.poll() is None:
                entry.process.terminate()
                entry.process.wait()
            self._close(entry)
        if entry.process.returncode:
            entry.last_exit = entry.process.returncode
            raise ChildFailed(self._obituary(entry))

    def supervise(self) -> None:
        """Keep the children alive until asked to stop."""
        with contextlib.suppress(Stopped):
            while True:
                self.pump(1.0)

    def pump(self, seconds: float) -> None:
        """One round: read what children write, bury the dead, restart what is due.

        Raises Stopped when a person asked to stop.
        """
        self._listen(min(seconds, self._next_due()))
        for entry in list(self._running.values()):
            self._tend(entry)
        if self._asked_to_stop and not self._stopping:
            raise Stopped

    def stop(self) -> None:
        """Stop all children, the last started first, each by its own signal, then by force."""
        self._stopping = True
        for entry in reversed(list(self._running.values())):
            process = entry.process
            if process is not None and process.poll() is None:
                entry.enter("stopping")
                self._write_state()
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(entry.child.stop_signal)
                deadline = time.monotonic() + entry.child.stop_seconds
                while process.poll() is None and time.monotonic() < deadline:
                    self._listen(0.05)
                self._bury(entry)
            entry.enter("stopped")
            entry.process = None
        self._write_state()

    def pids(self) -> dict[str, int]:
        """The process id of every living child."""
        return {
            name: entry.process.pid
            for name, entry in self._running.items()
            if entry.process is not None and entry.process.poll() is None
        }

    def _signalled(self, number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self._asked_to_stop = True

    def _next_due(self) -> float:
        now = time.monotonic()
        waits = [max(0.0, e.due - now) for e in self._running.values() if e.state == "waiting"]
        if any(entry.state == "starting" for entry in self._running.values()):
            waits.append(0.05)
        return min(waits, default=60.0)

    def _listen(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if key.fd == self._wake_read:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake_read, 4096)
            else:
                self._read(key.data)

    def _tend(self, entry: _Running) -> None:
        process = entry.process
        if process is not None and process.poll() is not None:
            self._bury(entry)
            self._schedule(entry)
        elif entry.state == "starting" and entry.child.ready():
            entry.enter("ready")
            self._write_state()
        elif entry.state == "waiting" and time.monotonic() >= entry.due:
            entry.restarts += 1
            self._spawn(entry)

    def _schedule(self, entry: _Running) -> None:
        if time.monotonic() - entry.started > HEALTHY_SECONDS:
            entry.failures = 0
        pause = min(FIRST_PAUSE * 2**entry.failures, LONGEST_PAUSE) if entry.failures else 0.0
        entry.failures += 1
        entry.due = time.monotonic() + pause
        entry.enter("waiting")
        reason = _reason(entry.last_exit)
        self._say(entry, f"结束 / ended ({reason}), {pause:.1f} s → 重启 / restart")
        self._write_state()

    def _spawn(self, entry: _Running) -> None:
        if entry.child.before is not None:
            entry.child.before()
        self._open(entry)
        entry.started = time.monotonic()
        entry.enter("starting")
        self._write_state()

    def _open(self, entry: _Running) -> None:
        child, identity = entry.child, entry.child.identity
        environment = {**os.environ, **child.environment, MARK: str(self.home.root)}
        environment["PYTHONUNBUFFERED"] = "1"
        entry.process = subprocess.Popen(  # noqa: S603  # fixed programs, no shell
            [str(part) for part in child.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=child.folder,
            env=environment,
            start_new_session=True,
            user=identity.user if identity else None,
            group=identity.group if identity else None,
            extra_groups=[] if identity else None,
            preexec_fn=die_with_parent(child.stop_signal),  # safe: there is one thread
        )
        assert entry.process.stdout is not None
        os.set_blocking(entry.process.stdout.fileno(), False)
        self._selector.register(entry.process.stdout, selectors.EVENT_READ, entry)

    def _bury(self, entry: _Running) -> None:
        process = entry.process
        assert process is not None
        # Grandchildren (the web server's workers) would keep the port of a dead parent.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        entry.last_exit = process.returncode
        self._close(entry)
        entry.process = None

    def _close(self, entry: _Running) -> None:
        pipe = entry.process.stdout if entry.process else None
        if pipe is None or pipe.closed:
            return
        while self._read(entry):
            pass
        with contextlib.suppress(KeyError):
            self._selector.unregister(pipe)
        pipe.close()

    def _read(self, entry: _Running) -> bool:
        assert entry.process is not None
        assert entry.process.stdout is not None
        try:
            block = os.read(entry.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return False
        if not block:
            with contextlib.suppress(KeyError):
                self._selector.unregister(entry.process.stdout)
            return False
        *lines, entry.rest = (entry.rest + block).split(b"\n")
        if len(entry.rest) > 65536:  # a line without an end must not fill the memory
            lines, entry.rest = [*lines, entry.rest], b""
        self._record(entry, [line.decode("utf-8", "replace") for line in lines])
        return True

    def _record(self, entry: _Running, lines: list[str]) -> None:
        if not lines:
            return
        path = self.home.log / f"{entry.child.name}.log"
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_size > LOG_BYTES:
                path.replace(path.with_suffix(".log.1"))
        with path.open("a", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
        entry.tail.extend(lines)
        if not entry.child.quiet:
            for line in lines:
                self._say(entry, for_people(line))

    def _say(self, entry: _Running, line: str) -> None:
        # The terminal may be gone (a closed ssh session); the children must outlive it.
        with contextlib.suppress(OSError, ValueError):
            print(f"{entry.child.name:<8} │ {line}", file=self._stream, flush=True)

    def _obituary(self, entry: _Running) -> str:
        tail = "\n".join(f"    {line}" for line in entry.tail)
        reason = _reason(entry.last_exit)
        return f"{entry.child.name}: 未能启动 / did not start ({reason})\n{tail}"

    def _write_state(self) -> None:
        facts = {
            "pid": os.getpid(),
            "since": round(self._began, 3),
            "url": self.url,
            "children": [entry.facts() for entry in self._running.values()],
        }
        write_private(self.home.run / "state.json", json.dumps(facts, ensure_ascii=False, indent=1))


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A function for a new child: have the kernel signal it when its parent's thread ends.

    Runs between fork and exec, after the change of user (which would clear it); prctl(2).
    """
    parent = os.getpid()
    prctl, getppid, leave = _libc.prctl, os.getppid, os._exit

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if getppid() != parent:  # the parent ended before the kernel knew
            leave(1)

    return ask


def _reason(code: int | None) -> str:
    if code is None:
        return "…"
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
