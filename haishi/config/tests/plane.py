"""A real message service and a real gateway, as the supervisor starts them, for one test."""

import contextlib
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from haishi.config.supervisor import Child, Home, Nats, gateway_child
from haishi.rooms import broker as brokers


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Plane:
    """Starts and kills; `url` is the message service's address."""

    def __init__(self, folder: Path, secret: str) -> None:
        self.home = Home(folder)
        self.home.ensure()
        self.nats = Nats(self.home, free_port())
        self.gateway_port = free_port()
        self.url = self.nats.url
        self._secret = secret
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start_nats(self) -> None:
        """The message service, on what it kept."""
        self._start(self.nats.child())

    def start_gateway(self) -> None:
        """One gateway."""
        environment = {"NATS_URL": self.url}
        port = self.gateway_port
        self._start(gateway_child("127.0.0.1", port, self._secret, [], environment))

    def kill(self, name: str) -> None:
        """SIGKILL."""
        process = self._running.pop(name)
        process.kill()
        process.wait()

    def close(self) -> None:
        """Everything ends."""
        for name in reversed(list(self._running)):
            self.kill(name)

    def _start(self, child: Child) -> None:
        if child.before is not None:
            child.before()
        with (self.home.log / f"{child.name}.log").open("a") as log:
            self._running[child.name] = subprocess.Popen(
                [str(part) for part in child.command],
                env={**os.environ, **child.environment},
                cwd=child.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_until(child.ready, child.name)


def wait_until(done: Any, what: str = "it", seconds: float = 60) -> Any:
    """What `done()` gives, as soon as that is something."""
    deadline = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.01)
    return found


def forget_broker() -> None:
    """The next call connects anew."""
    with contextlib.suppress(Exception):
        brokers.broker().close()
    brokers._broker = None
