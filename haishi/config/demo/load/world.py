"""What one step of the loader leaves for the next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from haishi.config.demo import names

ZONE = "Asia/Shanghai"
SHOWN_FIRMS = 204
FIRMS = 216


@dataclass
class World:
    """Rows by the keys of the generators. `day_one` is midnight of the opening day, UTC."""

    day_one: dt.datetime
    organiser: Any = None
    edition: Any = None
    accounts: dict[str, Any] = field(default_factory=dict)
    firms: dict[str, Any] = field(default_factory=dict)
    people: dict[str, list[Any]] = field(default_factory=dict)
    visitors: list[Any] = field(default_factory=list)
    halls: dict[str, Any] = field(default_factory=dict)
    stages: dict[str, Any] = field(default_factory=dict)
    exhibitors: dict[str, Any] = field(default_factory=dict)
    products: dict[str, Any] = field(default_factory=dict)
    pictures: dict[tuple[str, ...], int] = field(default_factory=dict)

    def at(self, day: int, minute: int) -> dt.datetime:
        """The UTC instant of a local minute of a day, both counted from the opening."""
        return self.day_one + dt.timedelta(days=day, minutes=minute)


def firms_of_the_demo() -> tuple[names.Organisation, ...]:
    """The organisations that take part, in the order of their keys."""
    return names.organisations()[:FIRMS]
