"""A name for a browser's session that other processes may know without being able to use it."""

import base64
import hashlib
import secrets

LENGTH = 18


def mark(session_key: str | None) -> str:
    """18 letters of base64url for a session: always the same, and no way back to its key.

    Somebody without a session gets random ones.
    """
    if not session_key:
        return secrets.token_urlsafe(LENGTH)[:LENGTH]
    digest = hashlib.sha256(f"haishi:session:{session_key}".encode()).digest()
    return base64.urlsafe_b64encode(digest)[:LENGTH].decode()
