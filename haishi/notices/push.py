"""Web push (RFC 8030, 8291, 8292): the keys of this installation, and encrypted messages."""

import base64
import contextlib
import json
import os
from collections.abc import Mapping
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from haishi.foundation import clock
from haishi.notices.errors import SubscriptionInvalid

KEEP_SECONDS = 24 * 60 * 60
TEXT_LENGTH = 160


def key_path() -> Path:
    """Where the private key of this installation lies, as PEM."""
    return Path(settings.HAISHI_HOME) / "secrets" / "vapid.pem"


def _private_pem() -> bytes:
    path = key_path()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        # Written aside and linked: two processes that start together end up with one key.
        draft = path.with_name(f".vapid.{os.getpid()}")
        with open(draft, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(pem)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()


@lru_cache(maxsize=1)
def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(_private_pem(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def public_key() -> str:
    """The key a browser subscribes with: the uncompressed P-256 point, base64url, no padding."""
    point = (
        _key(key_path())
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def check_keys(p256dh: str, auth: str) -> None:
    """A point on P-256 and a 16-byte secret, both base64url. Raises SubscriptionInvalid."""
    try:
        point = base64.urlsafe_b64decode(p256dh + "=" * (-len(p256dh) % 4))
        secret = base64.urlsafe_b64decode(auth + "=" * (-len(auth) % 4))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise SubscriptionInvalid from None
    if len(secret) != 16 or len(p256dh) > 120 or len(auth) > 40:
        raise SubscriptionInvalid


def sealed(
    endpoint: str, p256dh: str, auth: str, content: Mapping[str, Any], topic: str
) -> tuple[bytes, dict[str, str]]:
    """(encrypted body, headers) of one message; a newer one of its `topic` replaces it in queue."""
    # Both libraries load two HTTP clients; only the worker, once it pushes, should pay for that.
    from py_vapid import Vapid02  # type: ignore[import-untyped]
    from pywebpush import WebPusher

    info = {"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}}
    body = WebPusher(info).encode(json.dumps(content, ensure_ascii=False).encode())["body"]
    place = urlsplit(endpoint)
    claims = {
        "aud": f"{place.scheme}://{place.netloc}",
        "sub": f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
        "exp": int(clock.now().timestamp()) + KEEP_SECONDS // 2,
    }
    signed = Vapid02(private_key=_key(key_path())).sign(claims)
    headers = {
        "Authorization": signed["Authorization"],
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEEP_SECONDS),
    }
    if topic:
        headers["Topic"] = topic
    return body, headers
