"""What a page may show of a launch. Before the unveiling there is nothing else in it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from haishi.foundation.bilingual import Bilingual


@dataclass(frozen=True)
class Shown:
    """A launch as visitors see it now.

    `title` is the teaser until the unveiling and the name from then on; `picture` likewise.
    `stage` is "secret" (a preview for its firm), "soon", "live" or "over".
    """

    pk: int
    version: int
    slug: str
    url: str
    stage: str
    unveil_at: dt.datetime | None
    title: Bilingual
    line: Bilingual
    firm: Bilingual
    firm_url: str
    picture: Any
    reservations: int

    @property
    def unveiled(self) -> bool:
        """Whether its content is public."""
        return self.stage in ("live", "over")


@dataclass(frozen=True)
class Sale:
    """A first sale as one reader sees it; `price` is empty before the unveiling.

    `offers` holds what the reader may do now: claim, request, wait, cancel.
    """

    rule: str
    label: str
    quota: int
    price: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    pay_length: str
    open_now: bool
    decided_at: dt.datetime | None
    commitment: str
    numbers: Any
    claim: Any
    claim_text: str
    pay_url: str
    offers: tuple[str, ...]


@dataclass(frozen=True)
class LaunchPage:
    """Everything on a launch's page."""

    shown: Shown
    story: str
    pictures: list[Any]
    product_url: str
    sale: Sale | None
    reservable: bool
    reserved: bool
    own: bool
    draw_url: str
    zone: str
    trail: list[dict[str, str]]


@dataclass(frozen=True)
class Day:
    """A day of the calendar."""

    date: dt.date
    count: int
    current: bool


@dataclass(frozen=True)
class HallPage:
    """The launch hall."""

    live: list[Shown]
    following: Shown | None
    days: list[Day]
    rows: list[Shown]
    ranking: list[Shown]
    total: int
