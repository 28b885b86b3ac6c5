"""Signed values for links and QR codes: short, for one purpose, verified offline."""

import base64
import hashlib
import hmac

from django.conf import settings


def _mac(purpose: str, value: str) -> str:
    key = hashlib.sha256(f"haishi:{purpose}:{settings.SECRET_KEY}".encode()).digest()
    digest = hmac.digest(key, value.encode(), "sha256")[:12]
    return base64.urlsafe_b64encode(digest).decode()


def sign(purpose: str, value: str) -> str:
    """`value.signature`; 96-bit HMAC-SHA256 under a key derived for `purpose`."""
    return f"{value}.{_mac(purpose, value)}"


def unsign(purpose: str, signed: str) -> str | None:
    """The value, or None when the signature is not ours."""
    value, _, mac = signed.rpartition(".")
    good = value and hmac.compare_digest(mac.encode(), _mac(purpose, value).encode())
    return value if good else None
