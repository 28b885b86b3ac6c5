"""RSA with SHA-256 (PKCS #1 v1.5, RFC 8017) as Alipay calls RSA2 and WeChat Pay signs."""

import base64
import binascii
import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from haishi.foundation.hidden import Hidden
from haishi.trade.errors import ProviderFailed

# Parsing a key costs 20 ms, a signature 1 ms. By hash: a key in a cache's arguments is a leak.
_keys: dict[bytes, rsa.RSAPrivateKey] = {}


def _private(pem: Hidden) -> rsa.RSAPrivateKey:
    if not pem:
        raise ProviderFailed
    mark = hashlib.sha256(pem.reveal().encode()).digest()
    if mark not in _keys:
        key = serialization.load_pem_private_key(pem.reveal().encode(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)
        _keys[mark] = key
    return _keys[mark]


@lru_cache(maxsize=8)
def _public(pem: str) -> rsa.RSAPublicKey:
    key = serialization.load_pem_public_key(pem.encode())
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def sign(pem: Hidden, text: bytes) -> str:
    """Signature in base64. Raises ProviderFailed without a key."""
    made = _private(pem).sign(text, padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(made).decode()


def signed(pem: str, text: bytes, signature: str) -> bool:
    """Whether `signature` (base64) of `text` was made by the other half of `pem`."""
    try:
        given = base64.b64decode(signature, validate=True)
        _public(pem).verify(given, text, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def sealed(pem: str, text: bytes) -> str:
    """`text` for the owner of the other half of `pem` alone, in base64.

    RSAES-OAEP with SHA-1 (RFC 8017), as WeChat Pay demands for names.
    """
    box = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303
    return base64.b64encode(_public(pem).encrypt(text, box)).decode()
