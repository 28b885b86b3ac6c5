"""What several benchmarks share: a throw-away installation, its server, a small HTTP client."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def tell(text: str) -> None:
    """A line of progress, for people."""
    print(text, file=sys.stderr, flush=True)


def header(name: str, began: float, load: float) -> dict[str, Any]:
    """The keys that every result has. `began` is of time.monotonic, `load` from before the run."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3
    return {
        "name": name,
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "memory_gb": round(memory, 1)},
        "seconds": round(time.monotonic() - began, 1),
        "load": round(load, 2),
    }


@contextlib.contextmanager
def installation(durable: bool = False) -> Iterator[None]:
    """A throw-away home with a migrated database of its own; Django is set up for it.

    `durable`: commits reach the disk, as in production; else the database may forget on a crash.
    """
    from haishi.config.supervisor.home import Home
    from haishi.config.supervisor.postgres import FORGETFUL, Cluster, cluster_running

    folder = Path(tempfile.mkdtemp(prefix="haishi-bench-"))
    folder.chmod(0o711)
    os.environ |= {"HAISHI_HOME": str(folder), "HAISHI_LOG_LEVEL": "ERROR"}
    try:
        with cluster_running(Cluster(Home(folder), {} if durable else FORGETFUL)) as url:
            os.environ["DATABASE_URL"] = url
            django()
            from django.core.management import call_command
            from django.db import connections

            call_command("migrate", verbosity=0, skip_checks=True)
            yield
            connections.close_all()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def django() -> None:
    """Set Django up for the installation that the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haishi.config.settings")
    import django as framework

    framework.setup()


@contextlib.contextmanager
def serving(
    workers: int, settings: Mapping[str, str], application: str = ""
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The pages under granian as `haishi up` runs them: the port and the server's process.

    `application`: another one than Haishi's, as a control.
    """
    from haishi.config.supervisor.web import healthy, web_child

    port = free_port()
    child = web_child("127.0.0.1", port, workers, {})
    command = [*child.command[:-1], application or child.command[-1]]
    server = subprocess.Popen(command, env={**os.environ, **settings}, cwd=ROOT)
    try:
        deadline = time.monotonic() + 60
        while not healthy("127.0.0.1", port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the pages did not start")
            time.sleep(0.05)
        yield port, server
    finally:
        server.terminate()
        server.wait(timeout=30)


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Until something listens on `port`. Raises SystemExit when `process` ends before."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"did not start: {process.args}")
        time.sleep(0.02)


def cpu_ms(process: int) -> float:
    """User and system milliseconds of a process and its living children, from /proc (proc(5))."""
    total = _ticks(process)
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if _fields(int(folder.name))[1] == str(process):
                total += _ticks(int(folder.name))
    return total * TICK_MS


def _ticks(process: int) -> int:
    fields = _fields(process)
    return int(fields[11]) + int(fields[12])


def _fields(process: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; a program's name may hold spaces."""
    text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    return text.rpartition(")")[2].split()


def read_pages(port: int, path: str, count: int, cookie: str = "") -> None:
    """GET `path` `count` times over one connection. Raises SystemExit unless each is a 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _turn in range(count):
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
    connection.close()


def requests_per_second(port: int, path: str, seconds: float, connections: int = 16) -> float:
    """Answers per second that `connections` kept-open connections get for `path`."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    return asyncio.run(_load(port, request, seconds, connections))


async def _load(port: int, request: bytes, seconds: float, connections: int) -> float:
    began = time.monotonic()
    until = began + seconds
    readers = [_reader(port, request, until) for _number in range(connections)]
    answered = sum(await asyncio.gather(*readers))
    return answered / (time.monotonic() - began)


async def _reader(port: int, request: bytes, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    answered = 0
    while time.monotonic() < until:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 200"):
            raise SystemExit(head.split(b"\r\n", 1)[0].decode())
        length = head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]
        await reader.readexactly(int(length))
        answered += 1
    writer.close()
    return answered
