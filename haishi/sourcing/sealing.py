"""Sealed offers: AES-256-GCM under a key of their request, which is itself kept encrypted.

What this keeps from whom stands in docs/adr/0010-sealed-quotations-are-encrypted.md.
"""

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from haishi.sourcing.types import Offer

NONCE = 12


def _house() -> AESGCM:
    return AESGCM(hashlib.sha256(f"haishi:sourcing-seals:{settings.SECRET_KEY}".encode()).digest())


def _lock(box: AESGCM, content: bytes, label: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + box.encrypt(nonce, content, label.encode())


def _unlock(box: AESGCM, locked: bytes, label: str) -> bytes:
    return box.decrypt(locked[:NONCE], locked[NONCE:], label.encode())


def new_key(rfq_id: int) -> bytes:
    """A fresh key for a request, wrapped; bound to the request, so that it opens no other."""
    return _lock(_house(), AESGCM.generate_key(256), f"rfq:{rfq_id}")


def _box(wrapped: Any, rfq_id: int) -> AESGCM:
    return AESGCM(_unlock(_house(), bytes(wrapped), f"rfq:{rfq_id}"))


def canonical(offer: Offer) -> bytes:
    """The bytes of an offer that are hashed and sealed: sorted compact JSON in UTF-8."""
    content = offer.to_json()
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(offer: Offer) -> str:
    """SHA-256 in hex of the canonical offer."""
    return hashlib.sha256(canonical(offer)).hexdigest()


def close(offer: Offer, wrapped: Any, rfq_id: int, quotation_id: int, number: int) -> bytes:
    """The offer, sealed; bound to its place, so that it cannot be put elsewhere."""
    return _lock(_box(wrapped, rfq_id), canonical(offer), f"quotation:{quotation_id}:{number}")


def open_(sealed: Any, wrapped: Any, rfq_id: int, quotation_id: int, number: int) -> Offer:
    """The offer again. Raises cryptography's InvalidTag when a byte of it was altered."""
    box = _box(wrapped, rfq_id)
    content = _unlock(box, bytes(sealed), f"quotation:{quotation_id}:{number}")
    return Offer.from_json(json.loads(content))
