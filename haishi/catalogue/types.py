"""Light rows for lists: a page of sixty costs one query and no model objects."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from haishi.foundation.bilingual import Bilingual

# How many tags a product has in each language, and the characters of one.
MAX_TAGS, MAX_TAG, MAX_TAG_EN = 8, 20, 40


@dataclass(slots=True)
class ProductRow:
    """A product in a list. `picture` is filled by whoever fetches pictures for the page."""

    id: int
    slug: str
    url: str
    title: Bilingual
    line: Bilingual
    kind: str
    price: str
    firm: Bilingual
    brand: Bilingual | None
    picture_id: int | None
    listed_at: dt.datetime | None = None
    picture: Any = None
    # Where it is bought, filled by pages that sell; "" leads nowhere.
    buy_url: str = ""
    priced: bool = False
    kind_key: str = ""

    @property
    def thumb(self) -> str:
        """Address of a small picture, or ""."""
        return self.picture.url(320) if self.picture else ""
