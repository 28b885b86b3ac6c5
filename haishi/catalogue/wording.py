"""Prices and kinds in the reader's words."""

from django.utils.translation import gettext as _

from haishi.catalogue.states import PriceMode, ProductKind
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.money import Money


def price_text(mode: str, minor: int | None, currency: str, unit: Bilingual) -> str:
    """`¥38.00 / 件`, `¥29.00 起 / 件` for tiers, `面议` on request."""
    if mode == PriceMode.REQUEST or minor is None:
        return _("面议")
    amount = str(Money(minor, currency))
    if mode == PriceMode.TIERS:
        amount = _("%s 起") % amount
    return f"{amount} / {unit}" if unit else amount


def kind_text(kind: str) -> str:
    """The kind in the reader's language."""
    return str(ProductKind(kind).label)
