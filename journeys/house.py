"""An installation as an operator has it: a folder of its own, driven by its command line only."""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import psycopg

ROOT = Path(__file__).resolve().parent.parent


class Installation:
    """One installation. `more` adds to the settings it is started with."""

    def __init__(
        self, root: Path, command: list[str], more: Mapping[str, str] | None = None
    ) -> None:
        self.root = root
        self.port = free_port()
        self.command = command
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("HAISHI_", "DATABASE_"))},
            "HAISHI_HOME": str(root),
            "HAISHI_PORT": str(self.port),
            **(more or {}),
        }

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one subcommand to its end."""
        return subprocess.run(
            [*self.command, *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    @contextlib.contextmanager
    def open(self) -> Iterator[subprocess.Popen[str]]:
        """`haishi up` for the length of the block, ended as by Ctrl-C."""
        log = self.root.with_suffix(".log")
        with log.open("w") as stream:
            house = subprocess.Popen(
                [*self.command, "up", "--no-demo"],
                env=self.environment,
                cwd=ROOT,
                stdout=stream,
                stderr=stream,
                text=True,
            )
        try:
            # All migrations run at the first start; two houses may be at it at once.
            wait_for(lambda: self.answers() or house.poll() is not None, 240)
            assert house.poll() is None, log.read_text()
            yield house
        finally:
            house.send_signal(signal.SIGINT)
            house.wait(timeout=60)
        assert house.returncode == 0, log.read_text()

    def answers(self) -> bool:
        """Whether the pages and the database answer."""
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=3).status_code == 200
        return False

    def children(self) -> dict[str, dict[str, Any]]:
        """What the supervisor says about its children, by name."""
        state = json.loads((self.root / "run" / "state.json").read_text())
        return {child["name"]: child for child in state["children"]}

    def connect(self) -> psycopg.Connection[Any]:
        """A connection to the running database."""
        address = (self.root / "run" / "database_url").read_text()
        return psycopg.connect(address, autocommit=True, connect_timeout=3)


def free_port() -> int:
    """A port that is free like its neighbours (gateway, origin, NATS, RTMP).

    Below the range from which the system gives ports to whoever connects somewhere.
    """
    while True:
        port = random.randrange(20_000, 32_000, 16)
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for offset in range(5):
                held.enter_context(socket.create_server(("127.0.0.1", port + offset)))
            return port


def wait_for(done: Callable[[], bool], seconds: float = 30) -> None:
    """Ask until the answer is yes; fail when the time is over."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not done():
        assert time.monotonic() < deadline, "waited in vain"
        pause.wait(0.05)
