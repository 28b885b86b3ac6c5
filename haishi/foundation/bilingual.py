"""Texts in two languages: Chinese is always there, English when somebody wrote it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language


@dataclass(frozen=True)
class Bilingual:
    """Shows itself in the language of the reader; falls back to the one that exists."""

    zh: str
    en: str = ""

    def __str__(self) -> str:
        return (self.en or self.zh) if speaks_english() else (self.zh or self.en)

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


def speaks_english() -> bool:
    """Whether the active language is English."""
    return (get_language() or "").startswith("en")


def pick(row: Any, field: str) -> str:
    """`row.field` or `row.field_en`, by the language of the reader."""
    return str(Bilingual(getattr(row, field) or "", getattr(row, f"{field}_en", "") or ""))
