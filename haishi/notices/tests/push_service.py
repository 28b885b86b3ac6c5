"""A push service on loopback, and the browser behind it: RFC 8030, 8291, 8292 from their texts.

Nothing here is shared with what sends: the key agreement, the key derivation, the cipher and the
signature are done once more with plain primitives, so that a mistake of a library shows.
"""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVE = ec.SECP256R1()
LARGEST = 4_096  # RFC 8030, section 7.2


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key: Any) -> bytes:
    encoding = serialization.Encoding.X962
    return bytes(key.public_bytes(encoding, serialization.PublicFormat.UncompressedPoint))


def derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


@dataclass
class Browser:
    """A user agent with a subscription: what it gives away, and what it alone can read."""

    name: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(CURVE)
    )
    auth: bytes = b"0123456789abcdef"

    def subscription(self, service: "PushService") -> dict[str, Any]:
        """`PushSubscription.toJSON()`."""
        keys = {"p256dh": b64(point_of(self.private.public_key())), "auth": b64(self.auth)}
        return {"endpoint": f"{service.origin}/push/{self.name}", "keys": keys}

    def read(self, body: bytes) -> Any:
        """What a message says (RFC 8188 header and record, RFC 8291 keys). Raises on any fault."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size, "more than one record"
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        shared = self.private.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\0" + point_of(self.private.public_key()) + sender
        ikm = derived(shared, self.auth, info, 32)
        key = derived(ikm, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derived(ikm, salt, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, record, None)
        text, mark, padding = padded.rpartition(b"\x02")
        assert (mark, padding.strip(b"\0")) == (b"\x02", b""), "not the last record"
        return json.loads(text)


@dataclass
class PushService:
    """Answers as RFC 8030 says, or misbehaves: `status`, `headers` and `manner` (plain, slow).

    `key` is the application server's key that the subscriptions were made with (RFC 8292).
    """

    key: str
    port: int = 0
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    manner: str = "plain"
    accepted: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fault_of(self, headers: dict[str, str], body: bytes) -> tuple[int, str]:
        """(status, what is wrong); 201 for a message as the three documents want it."""
        if not headers.get("ttl", "").isdigit():
            return 400, "TTL"
        if headers.get("content-encoding") != "aes128gcm":
            return 415, "Content-Encoding"
        if len(body) > LARGEST:
            return 413, "size"
        if len(headers.get("topic", "")) > 32:
            return 400, "Topic"
        return self._identified(headers.get("authorization", ""))

    def _identified(self, header: str) -> tuple[int, str]:
        scheme, _, rest = header.partition(" ")
        values = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        if scheme.lower() != "vapid" or values.get("k") != self.key:
            return 403, "key"
        signed, _, mark = values.get("t", "").rpartition(".")
        half = len(raw := unb64(mark)) // 2
        numbers = (int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))
        public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(self.key))
        try:
            signature = encode_dss_signature(*numbers)
            public.verify(signature, signed.encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return 403, "signature"
        head, claims = (json.loads(unb64(part)) for part in signed.split("."))
        left = claims.get("exp", 0) - time.time()
        good = (
            head["alg"] == "ES256"
            and claims.get("aud") == self.origin
            and 0 < left <= 24 * 60 * 60
            and claims.get("sub", "").startswith(("mailto:", "https:"))
        )
        return (201, "") if good else (403, "claims")


def _handler(service: PushService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if service.manner == "slow":
                service.released.wait(10)
                return
            status, fault = service.fault_of(headers, body)
            if fault:
                service.refused.append(fault)
            elif service.status == 201:
                service.accepted.append((self.path.rpartition("/")[2], headers, body))
            self.answer(status if fault else service.status, fault)

        def answer(self, status: int, fault: str) -> None:
            self.send_response(status)
            if status == 201:
                self.send_header("Location", f"{service.origin}/message/{len(service.accepted)}")
            for name, value in service.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(fault.encode())

        def log_message(self, *args: Any) -> None:
            """Silence."""

    return Handler


@contextmanager
def serving(key: str) -> Iterator[PushService]:
    """A push service that answers until the end of the block."""
    service = PushService(key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(service))
    service.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
