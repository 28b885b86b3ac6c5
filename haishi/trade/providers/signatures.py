"""Signed callbacks: RSA with SHA-256 over time, nonce and body, as WeChat Pay v3 signs its own.

The signed text is timestamp, nonce and body, each followed by a newline (PKCS #1 v1.5, RFC 8017);
the headers carry the three parts beside the body. A callback is believed for 300
seconds (a client library was measured to accept one that was a day old).
"""

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.utils.translation import gettext_lazy as _

from haishi.foundation import clock
from haishi.trade.errors import CallbackRefused

WINDOW_SECONDS = 300
TIMESTAMP, NONCE, SIGNATURE = "Haishi-Timestamp", "Haishi-Nonce", "Haishi-Signature"


@cache
def private_key(path: Path) -> rsa.RSAPrivateKey:
    """The key in `path` (PEM), made once and readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        text = made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        # Written aside and linked: another process of this installation may be as early.
        aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
        try:
            os.link(aside, path)
        except FileExistsError:
            pass  # the other process was quicker; its key is the one
        finally:
            aside.unlink()
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _signed_text(timestamp: str, nonce: str, body: bytes) -> bytes:
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


def sign(key: rsa.RSAPrivateKey, body: bytes) -> dict[str, str]:
    """The headers of a callback sent now."""
    timestamp, nonce = str(int(clock.now().timestamp())), secrets.token_hex(12)
    signature = key.sign(_signed_text(timestamp, nonce, body), padding.PKCS1v15(), hashes.SHA256())
    return {
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: base64.b64encode(signature).decode(),
    }


def check(key: rsa.RSAPublicKey, headers: Mapping[str, str], body: bytes) -> None:
    """Raises CallbackRefused unless `body` was signed by `key` within the window."""
    known = {name.lower(): value for name, value in headers.items()}
    timestamp, nonce = known.get(TIMESTAMP.lower(), ""), known.get(NONCE.lower(), "")
    try:
        signature = base64.b64decode(known.get(SIGNATURE.lower(), ""), validate=True)
        text = _signed_text(timestamp, nonce, body)
        key.verify(signature, text, padding.PKCS1v15(), hashes.SHA256())
        age = abs(clock.now().timestamp() - int(timestamp))
    except (InvalidSignature, binascii.Error, ValueError):
        raise CallbackRefused(reason=_("签名不符")) from None
    if age > WINDOW_SECONDS:
        raise CallbackRefused(reason=_("已超过有效时间"))
