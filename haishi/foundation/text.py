"""Cleaning of typed text: composed, printable, without what breaks a page or a database."""

import re
import unicodedata

# Controls except tab and newline, lone surrogates, bidirectional overrides, BOM, non-characters.
_BAD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ufeff\ufdd0-\ufdef\ufffe\uffff]"
)


def clean(text: str) -> str:
    """NFC, newlines as \\n, unprintable characters removed, ends trimmed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _BAD.sub("", text)).strip()


def is_broken(text: str) -> bool:
    """Whether the text holds characters that `clean` would have to remove."""
    return _BAD.search(text) is not None
