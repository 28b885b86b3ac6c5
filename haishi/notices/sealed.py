"""Secrets at rest: a copy of the database alone must not let anyone sign in a firm's name."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def _box() -> Fernet:
    key = hashlib.sha256(f"haishi:webhook-secrets:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(secret: str) -> str:
    """`secret`, encrypted with a key of this installation (Fernet: AES-128-CBC, HMAC-SHA256)."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret again. Raises cryptography's InvalidToken when the installation's key changed."""
    return _box().decrypt(sealed.encode()).decode()
