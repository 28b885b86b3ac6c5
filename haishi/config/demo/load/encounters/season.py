"""An edition's days and everybody who meets there."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from haishi.config.demo import names
from haishi.config.demo.load.world import ZONE, World
from haishi.foundation import clock


@dataclass
class Stand:
    """A booth that visitors see: its colleagues in their order and what it shows."""

    exhibitor: Any
    staff: list[Any]
    products: list[Any]


@dataclass
class Guest:
    """Somebody registered; `entered` are the moments of coming in, one a gate at most."""

    person: Any
    kind: str
    firm: str
    registration: Any = None
    entered: list[dt.datetime] = field(default_factory=list)


@dataclass
class Season:
    """`days` are midnights (UTC instants) of the days with open gates; nothing is after `until`.

    `over`: the edition is closed, so every enquiry came to an end.
    """

    edition: Any
    days: list[dt.datetime]
    until: dt.datetime
    stands: list[Stand]
    crowd: list[Any]
    rng: Random
    cards: int
    exchanges: int
    enquiries: int
    over: bool = False
    guests: list[Guest] = field(default_factory=list)
    grants: list[Any] = field(default_factory=list)
    questions: list[Any] = field(default_factory=list)
    deals: list[Any] = field(default_factory=list)
    # (exhibitor id, person id) → what a lead is made of, in the order of meeting
    leads: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    counts: Counter[tuple[str, str, dt.date]] = field(default_factory=Counter)

    def tally(self, subject: str, kind: str, at: dt.datetime, times: int = 1) -> None:
        """Count as the service does, on the day in UTC."""
        self.counts[subject, kind, at.astimezone(dt.UTC).date()] += times

    def meet(self, stand: Stand, person: Any, at: dt.datetime, **facts: Any) -> None:
        """The one lead of this person at this booth; the first meeting names its source."""
        key = (stand.exhibitor.pk, person.pk)
        lead = self.leads.setdefault(key, {"stand": stand, "person": person, "at": at, **facts})
        lead["at"] = min(lead["at"], at)
        lead["grant"] = facts.get("grant") or lead.get("grant")


def waking(at: dt.datetime) -> dt.datetime:
    """The same, or the evening before: nobody writes to a firm between midnight and eight."""
    return at - dt.timedelta(hours=8) if clock.local(at, ZONE).hour < 8 else at


def this_season(world: World) -> Season:
    """The open edition: yesterday and as much of today as has passed."""
    scale = world.scale
    rng = Random(f"{names.SEED}:season")
    return Season(
        edition=world.edition,
        days=[world.day_one, world.day_one + dt.timedelta(days=1)],
        until=world.now,
        stands=stands(world, [firm.key for firm in world.shown], world.exhibitors, rng),
        crowd=world.visitors,
        rng=rng,
        cards=scale.cards,
        exchanges=scale.exchanges,
        enquiries=scale.enquiries,
    )


def stands(world: World, keys: list[str], exhibitors: dict[str, Any], rng: Random) -> list[Stand]:
    """Booths in an order of liking: the first firm leads, the rest is shuffled."""
    made: dict[int, list[Any]] = {}
    for row in world.products.values():
        if row.state == "listed":
            made.setdefault(row.organisation_id, []).append(row)
    found = [
        Stand(
            exhibitors[key],
            world.people[key][: exhibitors[key].tier.max_staff],
            made.get(exhibitors[key].organisation_id, []),
        )
        for key in keys
        if exhibitors[key].complete
    ]
    rest = found[1:]
    rng.shuffle(rest)
    return found[:1] + rest


def liked(season: Season) -> Stand:
    """A booth, the ones in front more often: half of all visits go to a quarter of the booths."""
    return season.stands[int(len(season.stands) * season.rng.random() ** 1.9)]
