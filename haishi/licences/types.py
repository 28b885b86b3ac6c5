"""Values that cross the border of licences."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from haishi.foundation.money import Money


@dataclass(frozen=True)
class Terms:
    """The terms of a licence, after ODRL 2.2 (https://www.w3.org/TR/odrl-model/).

    `rights`, `media`, `stages` and the keys of `rates` are values of `states`; `territories` ISO
    3166-1 codes or "001". The term is [`starts_on`, `starts_on` + `months`); an offer may leave the
    first day open. `rates` are basis points by channel; amounts minor units of `currency`.
    """

    rights: tuple[str, ...] = ()
    exclusivity: str = "non_exclusive"
    territories: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("zh",)
    starts_on: dt.date | None = None
    months: int = 12
    sell_off_months: int = 3
    sublicensing: bool = False
    guarantee_minor: int = 0
    currency: str = "CNY"
    rates: Mapping[str, int] = field(default_factory=dict)
    base: str = "net"
    period: str = "quarter"
    audit: bool = True
    stages: tuple[str, ...] = ()
    review_days: int = 10
    seats: int = 3

    @classmethod
    def of(cls, row: Any) -> "Terms":
        """The terms that a row holds."""
        values = {name: getattr(row, name) for name in TERM_FIELDS}
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return cls(**values | lists)

    def row(self) -> dict[str, Any]:
        """Values of a row's fields."""
        return {
            name: list(value) if isinstance(value := getattr(self, name), tuple) else value
            for name in TERM_FIELDS
        }

    @property
    def guarantee(self) -> Money:
        """The minimum guarantee (保底金): paid first, recouped by royalties."""
        return Money(self.guarantee_minor, self.currency)

    @property
    def ends_on(self) -> dt.date | None:
        """The first day after the term."""
        return None if self.starts_on is None else add_months(self.starts_on, self.months)

    @property
    def sold_off_on(self) -> dt.date | None:
        """The first day after the sell-off period."""
        last = self.months + self.sell_off_months
        return None if self.starts_on is None else add_months(self.starts_on, last)


TERM_FIELDS = tuple(each.name for each in fields(Terms))


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, or the last of that month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return dt.date(year, month + 1, min(day.day, (following - dt.timedelta(days=1)).day))


@dataclass(frozen=True)
class Link:
    """A step of a chain of title. `until` ends an exclusive licence (half-open)."""

    kind: str
    giver: str
    taker: str
    on: dt.date
    until: dt.date | None = None
    number: str = ""


@dataclass(frozen=True)
class Sale:
    """A line of a sales report: `amount_minor` of `currency`, worth `rate` of the licence's each.

    `rate` is a decimal number as text, "1" in the licence's own currency.
    """

    good_id: int
    channel: str
    units: int
    amount_minor: int
    currency: str
    rate: str = "1"
    territory: str = "CN"


@dataclass(frozen=True)
class Earned:
    """Royalty of one channel: `base_minor` × `points` / 10,000, rounded half up once."""

    channel: str
    units: int
    base_minor: int
    points: int
    royalty_minor: int


@dataclass(frozen=True)
class Settled:
    """What a statement comes to, in minor units.

    `earned` is the period's royalty less what an earlier report of it came to; `before` and `after`
    are what is still to be recouped or to the licensee's credit; `due` is payable now.
    """

    earned: int
    before: int
    due: int
    after: int
