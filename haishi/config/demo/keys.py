"""Stream keys of the demo's lives: they follow from the installation's secret, so that the process
that publishes and the rows agree without telling each other.
"""

import hashlib

from django.conf import settings


def key_of(public_id: str, number: int) -> str:
    """32 hex letters."""
    text = f"haishi:demo-live:{public_id}:{number}:{settings.SECRET_KEY}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
