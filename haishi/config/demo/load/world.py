"""What one step of the loader leaves for the next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from haishi.config.demo import names
from haishi.config.demo.load.ledger import Ledger

ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Scale:
    """How much is loaded. As it stands: the demo edition; tests load a small one.

    `firms` have products and a page, the first `shown` of them a booth; `past` took part last year.
    `cards` are left with firms, `exchanges` are between two people. `sharpness` multiplies the size
    of every picture in pixels.
    """

    firms: int = 264
    shown: int = 204
    past: int = 48
    visitors: int = 400
    cards: int = 440
    exchanges: int = 160
    enquiries: int = 120
    sessions: int = 51
    launches: int = 150
    clips: int = 6
    brochures: int = 40
    sharpness: float = 1.0


@dataclass
class World:
    """Rows by the keys of the generators. `day_one` is midnight of the opening day, UTC.

    Nothing that happened is later than `now`.
    """

    day_one: dt.datetime
    now: dt.datetime
    scale: Scale
    ledger: Ledger = field(default_factory=Ledger)
    organiser: Any = None
    series: Any = None
    edition: Any = None
    accounts: dict[str, Any] = field(default_factory=dict)
    firms: dict[str, Any] = field(default_factory=dict)
    people: dict[str, list[Any]] = field(default_factory=dict)
    visitors: list[Any] = field(default_factory=list)
    halls: dict[str, Any] = field(default_factory=dict)
    exhibitors: dict[str, Any] = field(default_factory=dict)
    products: dict[str, Any] = field(default_factory=dict)
    # (giver, receiver): who has whose card, over all editions
    acquainted: set[tuple[int, int]] = field(default_factory=set)
    pictures: dict[tuple[str, ...], int] = field(default_factory=dict)

    @property
    def cast(self) -> tuple[names.Organisation, ...]:
        """The organisations with products, in the order of their keys."""
        return names.organisations()[: self.scale.firms]

    @property
    def shown(self) -> tuple[names.Organisation, ...]:
        """Those of them with a booth at this edition."""
        return self.cast[: self.scale.shown]

    def at(self, day: int, minute: int) -> dt.datetime:
        """The UTC instant of a local minute of a day, both counted from the opening."""
        return self.day_one + dt.timedelta(days=day, minutes=minute)
