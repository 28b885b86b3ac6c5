"""Kinds of notices, and the words they are written in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from haishi.foundation.bilingual import Bilingual

SUBJECT_LENGTH, BODY_LENGTH = 200, 4_000
NOW, DIGEST, OFF = "now", "digest", "off"

# A pair, a translatable text, or a plain text that is the same in both languages.
Words = Any


@dataclass(frozen=True)
class Kind:
    """A sort of notice a person may tune: how it reaches them unless they say otherwise.

    `inbox` and `push` are "now" or "off", `mail` is "now", "digest" or "off".
    """

    key: str
    label: Bilingual
    inbox: str = NOW
    mail: str = NOW
    push: str = OFF


KINDS: dict[str, Kind] = {}


@dataclass(frozen=True)
class Choice:
    """What a person chose for a kind, channel by channel."""

    inbox: str
    mail: str
    push: str


def in_both(words: Words, values: Mapping[str, Any] | None, length: int) -> tuple[str, str]:
    """(Chinese, English) of `words`, filled with `values`, each at most `length` characters."""
    texts = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            text = translation.gettext(words) if isinstance(words, str) and words else str(words)
            if values:
                text = text % {name: str(value) for name, value in values.items()}
            texts.append(text[:length])
    return texts[0], texts[1]
