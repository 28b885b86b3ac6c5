"""Light rows for lists: a page of sixty costs one query and no model objects."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.catalogue.states import PriceMode, ProductKind
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.money import Money


@dataclass(slots=True)
class ProductRow:
    """A product in a list. `picture` is filled by whoever fetches pictures for the page."""

    id: int
    slug: str
    title: Bilingual
    line: Bilingual
    kind: str
    price: str
    firm: Bilingual
    brand: Bilingual | None
    picture_id: int | None
    listed_at: dt.datetime | None = None
    picture: Any = None

    @property
    def thumb(self) -> str:
        """Address of a small picture, or ""."""
        return self.picture.url(320) if self.picture else ""

    @property
    def url(self) -> str:
        """Its permanent address."""
        return reverse("catalogue:product", args=[self.slug])


def price_text(mode: str, minor: int | None, currency: str, unit: Bilingual) -> str:
    """`¥38.00 / 件`, `¥29.00 起 / 件` for tiers, `询价` on request."""
    if mode == PriceMode.REQUEST or minor is None:
        return _("询价")
    amount = str(Money(minor, currency))
    if mode == PriceMode.TIERS:
        amount = _("%s 起") % amount
    return f"{amount} / {unit}" if unit else amount


def kind_text(kind: str) -> str:
    """The kind in the reader's language."""
    return str(ProductKind(kind).label)
