"""Bands of price for the facet: whole yuan, half-open, the last without an end."""

from typing import Any

from django.utils.translation import gettext_lazy as _

_FLOORS = (0, 100, 1_000, 10_000, 100_000)
_NAMES = (_("100 元以下"), _("100–1,000 元"), _("1,000–1 万元"), _("1–10 万元"), _("10 万元以上"))
BANDS: dict[str, Any] = {f"from-{floor}": name for floor, name in zip(_FLOORS, _NAMES, strict=True)}


def band(minor: int) -> str:
    """The key of the band of an amount in fen."""
    yuan = max(0, minor) // 100
    return f"from-{max(floor for floor in _FLOORS if floor <= yuan)}"
