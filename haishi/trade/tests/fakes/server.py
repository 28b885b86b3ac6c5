"""What every fake provider has: a server of its own, faults, and news that travels badly."""

import threading
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

Message = tuple[dict[str, str], bytes]
Answer = tuple[int, dict[str, str], bytes]


@cache
def pair(name: str) -> tuple[str, str]:
    """(private, public) PEM, the same for the same name within a run."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


class Fake:
    """A provider. `broken`: how many of the next requests are answered with 500.

    `seen`: (method, path) of every request whose signature was right; `refused`: of the others.
    """

    def __init__(self) -> None:
        self.broken = 0
        self.seen: list[tuple[str, str]] = []
        self.refused: list[tuple[str, str]] = []
        self.news: list[Message] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, headers, text = fake.serve(
                    self.command, self.path, dict(self.headers), body
                )
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(text))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            def do_GET(self) -> None:
                self._serve()

            do_POST = do_GET  # noqa: N815 - the name that http.server calls

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Close the door."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def serve(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """One request: a 500 when told so, else what the protocol says."""
        if self.broken:
            self.broken -= 1
            return 500, {}, b"Internal Server Error"
        if not self.genuine(method, path, headers, body):
            self.refused.append((method, path))
            return 401, {}, b"{}"
        self.seen.append((method, path.partition("?")[0]))
        return self.answer(method, path, headers, body)

    def genuine(self, method: str, path: str, headers: dict[str, str], body: bytes) -> bool:
        """Whether the request is signed by our key."""
        raise NotImplementedError

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """What the provider says."""
        raise NotImplementedError

    def opened(self, pay_url: str) -> None:
        """The buyer's browser opens the cashier."""

    def deliver(
        self,
        post: Callable[[dict[str, str], bytes], Any],
        *,
        copies: int = 1,
        reverse: bool = False,
        lose: bool = False,
    ) -> list[Any]:
        """Hand over what there is to tell, badly if told so; returns what `post` answered."""
        waiting, self.news = self.news, []
        if lose:
            return []
        order = waiting[::-1] if reverse else waiting
        return [post(*message) for message in order for _copy in range(copies)]
