"""The two Python processes: the pages under granian, and the worker."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from haishi.config.supervisor.children import Child

APPLICATION = "haishi.config.wsgi:application"
THREADS = 4  # per web process; each may hold one database connection


class PortInUse(Exception):
    """Another program listens where the pages should; the message names it when it can."""


def refuse_busy_port(address: str, port: int, setting: str = "HAISHI_PORT") -> None:
    """Raise PortInUse when ``address:port`` cannot be bound."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as refusal:
            owner = _listener(port)
            raise PortInUse(
                f"端口 {port} 无法使用 / port {port} cannot be used: {refusal.strerror}{owner}. "
                f"换一个 / choose another: {setting}={port + 10}"
            ) from None


def web_child(
    address: str, port: int, workers: int, environment: Mapping[str, str], public_host: str = ""
) -> Child:
    """The pages. ``workers`` 0 means one for each core, at least two."""
    count = workers or max(2, os.cpu_count() or 2)
    probe = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104  # compared, not bound
    return Child(
        name="web",
        command=[
            *(sys.executable, "-m", "granian", "--interface", "wsgi"),
            *("--host", address, "--port", str(port), "--workers", str(count)),
            *("--blocking-threads", str(THREADS), "--backlog", "2048", "--no-ws"),
            # A killed worker is replaced in place; the port never closes.
            *("--respawn-failed-workers", "--respawn-interval", "0.2"),
            *("--workers-kill-timeout", "10", "--log-level", "warning"),
            APPLICATION,
        ],
        ready=lambda: healthy(probe, port, public_host),
        environment=environment,
        stop_signal=signal.SIGTERM,
    )


def worker_child(environment: Mapping[str, str]) -> Child:
    """Jobs, outbox delivery and the search index. It counts as ready once it runs."""
    return Child(
        name="worker",
        command=[sys.executable, "-m", "haishi", "manage", "worker"],
        ready=lambda: True,
        environment=environment,
        stop_signal=signal.SIGTERM,
    )


def healthy(address: str, port: int, host: str = "") -> bool:
    """Whether ``/healthz`` answers 200."""
    connection = http.client.HTTPConnection(address, port, timeout=3)
    try:
        connection.request("GET", "/healthz", headers={"Host": host or f"localhost:{port}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _listener(port: int) -> str:
    """Who listens on a port, as far as this user may know, for the message of a refusal."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        path = Path(table)
        lines = path.read_text(encoding="ascii").splitlines()[1:] if path.exists() else []
        for columns in map(str.split, lines):
            if columns[3] == "0A" and int(columns[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{columns[9]}]")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if any(os.readlink(link) in inodes for link in (folder / "fd").iterdir()):
                name = (folder / "comm").read_text(encoding="utf-8").strip()
                return f" ({name}, pid {folder.name})"
        except OSError:
            continue
    return ""
