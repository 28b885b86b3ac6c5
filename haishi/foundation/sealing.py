"""Secrets at rest: a copy of the database alone must not let anyone use them."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def _box(purpose: str) -> Fernet:
    key = hashlib.sha256(f"haishi:{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(purpose: str, secret: str) -> str:
    """`secret`, encrypted for one purpose with a key of this installation.

    Fernet: AES-128-CBC with HMAC-SHA256.
    """
    return _box(purpose).encrypt(secret.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """The secret again. Raises cryptography's InvalidToken when the installation's key changed."""
    return _box(purpose).decrypt(sealed.encode()).decode()
