"""A webhook receiver on loopback that can misbehave in every way we know."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """Answers with `status` and `answer`; `manner` is plain, hang, drip or trickle."""

    status: int = 200
    answer: bytes = b"thank you"
    manner: str = "plain"
    port: int = 0
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?from=haishi"


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.requests.append((self.path, headers, body))
            {"plain": self.plain, "hang": self.hang, "drip": self.drip, "trickle": self.trickle}[
                receiver.manner
            ]()

        def plain(self) -> None:
            self.send_response(receiver.status)
            if 300 <= receiver.status < 400:
                self.send_header("Location", f"http://127.0.0.1:{receiver.port}/elsewhere")
            self.end_headers()
            self.wfile.write(receiver.answer)

        def hang(self) -> None:
            receiver.released.wait(10)

        def drip(self) -> None:
            """A status at once, then a body that never ends."""
            self.send_response(receiver.status)
            self.end_headers()
            self.slowly(b"x")

        def trickle(self) -> None:
            """Headers, one byte at a time, each in time for a timeout per read."""
            self.wfile.write(b"HTTP/1.0 200 OK\r\n")
            self.slowly(b"X")

        def slowly(self, byte: bytes) -> None:
            try:
                while not receiver.released.wait(0.02):
                    self.wfile.write(byte)
            except OSError:
                return

        def log_message(self, *args: Any) -> None:
            """Silence."""

    return Handler


@contextmanager
def listening() -> Iterator[Receiver]:
    """A receiver that answers until the end of the block."""
    receiver = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(receiver))
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
