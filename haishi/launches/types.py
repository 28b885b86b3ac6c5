"""What a page may show of a launch. Before the unveiling there is nothing else in it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from haishi.foundation.bilingual import Bilingual
from haishi.foundation.money import Money


@dataclass(slots=True)
class Shown:
    """A launch as visitors see it now.

    `title` is the teaser until the unveiling and the name from then on; `picture` likewise.
    `stage` is "secret" (a preview for its firm), "soon", "live" or "over"; `place` is the slot in
    the released programme (`expo.selectors.StagePlace`), when it is linked to one. Whoever fetches
    pictures for a whole page fills `picture` with that of `picture_id`, which the reader may see.
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
    reservations: int
    place: Any
    picture_id: int | None
    picture: Any = None

    @property
    def unveiled(self) -> bool:
        """Whether its content is public."""
        return self.stage in ("live", "over")


@dataclass(frozen=True)
class Sale:
    """A first sale as one reader sees it; `price` and `amount` are empty before the unveiling.

    `awaits_result`: it has closed, and who won is decided any moment. `offers` holds what the
    reader may do now: claim, request, wait, cancel.
    """

    kind: str
    rule: str
    label: str
    currency: str
    quota: int
    price: str
    amount: Money | None
    opens_at: dt.datetime
    closes_at: dt.datetime
    pay_length: str
    open_now: bool
    awaits_result: bool
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
    result_url: str
    share_image: str
    structured_data: str
    zone: str
    trail: list[dict[str, str]]


@dataclass(frozen=True)
class Day:
    """A day of the calendar and its address."""

    date: dt.date
    count: int
    current: bool
    url: str


@dataclass(frozen=True)
class Cell:
    """How many launches an hour of a day has, and where they stand."""

    count: int
    url: str
    date: dt.date


@dataclass(frozen=True)
class DayPart:
    """Morning, afternoon or evening of the chosen day, and its address.

    The one that is `open` holds a page of its `count` launches, soonest first: (anchor, launch). An
    anchor (`h14`) stands at the first launch of an hour, else it is "". `over` were unveiled by
    now, `ahead` come; the line of the present lies between them where `now` is true.
    """

    label: Any
    count: int
    open: bool
    url: str
    over: list[tuple[str, Shown]]
    ahead: list[tuple[str, Shown]]
    now: bool


@dataclass(frozen=True)
class Option:
    """A value one may filter by."""

    value: str
    label: Any
    current: bool


@dataclass(frozen=True)
class HallPage:
    """The launch hall. `grid` counts by hour and day, `chosen` are the parts of one day.

    `pages`: a Django Page over all launches of the open part.
    """

    live: list[Shown]
    following: Shown | None
    days: list[Day]
    grid: list[tuple[int, list[Cell]]]
    chosen: list[DayPart]
    pages: Any
    ranking: list[tuple[Shown, int]]
    past: list[Shown]
    halls: list[Option]
    channels: list[Option]
    filtered: bool
    total: int

    @property
    def left(self) -> int:
        """How many of the open part come after this page."""
        return int(self.pages.paginator.count - self.pages.end_index())
