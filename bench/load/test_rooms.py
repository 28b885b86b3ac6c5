"""The load clients against a server whose losses are known: they must find exactly those."""

import contextlib
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from wire import envelope, messages

LOAD = Path(__file__).parent
SKIPPED, REPEATED = 5, 7


class Room:
    """Two readers; the second never gets line 5 and gets line 7 twice."""

    def __init__(self) -> None:
        self.readers: list[ServerConnection] = []
        self.last, self.lock, self.enough = 0, threading.Lock(), threading.Event()

    def serve(self, socket: ServerConnection) -> None:
        """One connection."""
        with contextlib.suppress(ConnectionClosed):
            self.listen(socket)

    def listen(self, socket: ServerConnection) -> None:
        """Until it hangs up."""
        for frame in socket:
            said = messages.read_from_browser(frame[1:])
            if isinstance(said, messages.Hello):
                self.tell(socket, messages.Welcome(0, 1, 2))
            elif isinstance(said, messages.Join):
                self.tell(socket, messages.Joined(said.room, 300_000, 9, 0, False, 0, 3))
                self.readers.append(socket)
            elif isinstance(said, messages.Say):
                with self.lock:
                    self.say(socket, said)

    def tell(self, socket: ServerConnection, message: messages.Message) -> None:
        """A message to one."""
        socket.send(envelope.message(messages.encode(message)))

    def say(self, speaker: ServerConnection, said: messages.Say) -> None:
        """A line to both, deflated now and then."""
        assert (said.room, len(said.text.encode())) == (300_000, 100)
        self.last += 1
        self.tell(speaker, messages.Accepted(said.nonce, self.last, said.text))
        item = messages.encode(messages.Said(0x40, 7, "@林", said.text))
        frame = envelope.pack(300_000, 9, self.last, [item])
        self.readers[0].send(frame)
        if self.last != SKIPPED:
            self.readers[1].send(frame)
        if self.last == REPEATED:
            self.readers[1].send(frame)
        if self.last > REPEATED:
            self.enough.set()


@pytest.fixture
def room() -> Iterator[tuple[Room, int]]:
    made = Room()
    with serve(made.serve, "127.0.0.1", 0, compression=None) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield made, server.socket.getsockname()[1]
        server.shutdown()
        thread.join()


@pytest.fixture(params=["c", "picows"])
def command(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """How to start one of the clients."""
    if request.param == "picows":
        return [sys.executable, str(LOAD / "rooms_client.py")]
    if not shutil.which("cc"):
        pytest.skip("no compiler here")
    program = str(tmp_path / "rooms")
    subprocess.run(["cc", "-O1", "-o", program, str(LOAD / "rooms.c"), "-lz"], check=True)
    return [program]


def test_a_client_finds_what_was_lost_and_what_came_twice(room, command, tmp_path):
    made, port = room
    (tmp_path / "tokens").write_text("one\ntwo", encoding="ascii")
    arguments = ["room", str(port), "2", "50", "20", "1", "live-1", str(tmp_path / "tokens")]
    client: Any = subprocess.Popen(
        [*command, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )
    assert client.stdout.readline() == b"joined 2\n"
    client.stdin.write(b"ct")
    assert made.enough.wait(10)
    client.stdin.write(b"s")
    found = json.loads(client.communicate(timeout=30)[0])
    said = made.last
    assert (found["connected"], found["said"], found["accepted"]) == (2, said, said)
    assert (found["lost"], found["twice"]) == (1, 1)
    assert 0 <= found["p99_ms"] < 10_000
