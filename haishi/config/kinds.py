"""Kinds of settings: what a variable may hold, and the refusal when it holds something else."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_pem_x509_certificate

from haishi.foundation.hidden import Hidden
from haishi.foundation.money import EXPONENTS


class BadSetting(SystemExit):
    """A variable holds a value that the platform cannot run with. A secret is not repeated."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        super().__init__(f"{name}={value!r} 无法使用 / cannot be used: {wanted}")


@dataclass(frozen=True)
class Variable:
    """One setting. `parse` raises ValueError with the accepted form."""

    name: str
    kind: str
    default: str
    meaning: str
    parse: Callable[[str], Any]

    @property
    def secret(self) -> bool:
        """Whether its value is never shown."""
        return "_KEY" in self.name or "_SECRET" in self.name


def text(value: str) -> str:
    return value


def path(value: str) -> Path:
    return Path(value).expanduser().resolve()


def switch(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"", "0", "false", "no", "off"}:
        return False
    raise ValueError("1 or 0")


def rates(value: str) -> dict[str, Decimal]:
    found = {}
    for part in filter(None, value.replace(" ", "").split(",")):
        code, _equals, rate = part.partition("=")
        if not re.fullmatch(r"[A-Z]{3}", code) or not re.fullmatch(r"\d{1,8}(\.\d{1,8})?", rate):
            raise ValueError("codes with rates such as USD=7.12,EUR=7.80")
        found[code] = Decimal(rate)
    if any(rate <= 0 for rate in found.values()):
        raise ValueError("rates above zero")
    return found


def number(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.lstrip("-").isdigit() or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return parse


def url(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in schemes or not (parts.netloc or parts.path)):
            raise ValueError("an address that starts with " + ", ".join(f"{s}://" for s in schemes))
        return value

    return parse


def time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("a zone name such as Asia/Shanghai")
    return value


def level(value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("DEBUG, INFO, WARNING or ERROR")
    return value.upper()


def currencies(value: str) -> tuple[str, ...]:
    named = tuple(filter(None, value.replace(" ", "").upper().split(",")))
    if not named or not set(named) <= EXPONENTS.keys():
        raise ValueError("currencies by commas, of " + ", ".join(EXPONENTS))
    return named


def hidden(value: str) -> Hidden:
    """Any secret text."""
    return Hidden(value)


def exactly(length: int) -> Callable[[str], Hidden]:
    """A secret of so many characters."""

    def parse(value: str) -> Hidden:
        if value and len(value.encode()) != length:
            raise ValueError(f"exactly {length} characters")
        return Hidden(value)

    return parse


def _pem(value: str, label: str) -> bytes:
    """A key as PEM text: given as such, as a path to a file, or as its bare base64."""
    text = value.replace("\\n", "\n").strip()
    if text.startswith("-----BEGIN"):
        return text.encode()
    if len(text) < 1_000 and (path := Path(text).expanduser()).is_file():
        return path.read_bytes()
    body = "".join(text.split())
    try:
        base64.b64decode(body, validate=True)
    except binascii.Error:
        raise ValueError("a PEM key, its base64, or the path of a file that holds it") from None
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n".encode()


def private_key(value: str) -> Hidden:
    """An RSA private key; kept as PEM (PKCS #8)."""
    if not value:
        return Hidden("")
    last = ""
    for label in ("PRIVATE KEY", "RSA PRIVATE KEY"):
        try:
            key = serialization.load_pem_private_key(_pem(value, label), password=None)
        except (ValueError, TypeError, OSError) as error:
            last = str(error) if "path" in str(error) else "an RSA private key without a password"
            continue
        made = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return Hidden(made.decode())
    raise ValueError(last)


def public_key(value: str) -> str:
    """A public key or a certificate; kept as PEM (SubjectPublicKeyInfo)."""
    if not value:
        return ""
    pem = _pem(value, "PUBLIC KEY")
    try:
        if b"CERTIFICATE" in pem:
            key: Any = load_pem_x509_certificate(pem).public_key()
        else:
            key = serialization.load_pem_public_key(pem)
    except ValueError:
        raise ValueError("an RSA public key or a certificate") from None
    made: bytes = key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return made.decode()


def one_of(*known: str) -> Callable[[str], str]:
    """Exactly one of `known`."""

    def parse(value: str) -> str:
        if value.lower() not in known:
            raise ValueError("one of " + ", ".join(known))
        return value.lower()

    return parse


def names_of(*known: str) -> Callable[[str], tuple[str, ...]]:
    """Some of `known`, by commas; "none" for none of them."""

    def parse(value: str) -> tuple[str, ...]:
        named = tuple(filter(None, value.replace(" ", "").lower().split(",")))
        if named == ("none",):
            return ()
        if not set(named) <= set(known):
            raise ValueError("names by commas, of " + ", ".join(known))
        return named

    return parse
