"""How often booths, products and halls were looked at, day by day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from haishi.config.demo.load.encounters.season import Season
from haishi.expo.models import Hall, Tally

DAYS = 14


def count(season: Season) -> None:
    """Two weeks of views that rise towards the show days, and what cards and enquiries counted."""
    given = Counter(row.exhibitor_id for row in season.grants)
    for stand in season.stands:
        # Of a dozen who look, one leaves a card.
        liking = season.rng.uniform(14, 30) + 3.2 * given[stand.exhibitor.pk]
        _views(season, f"exhibitor:{stand.exhibitor.pk}", liking)
        for product in stand.products[:3]:
            _views(season, f"product:{product.pk}", liking * season.rng.uniform(0.2, 0.7))
    for hall in Hall.objects.filter(edition=season.edition).order_by("pk"):
        _views(season, f"hall:{hall.pk}", season.rng.uniform(60, 160))
    rows = [
        Tally(subject=subject, kind=kind, day=day, count=number)
        for (subject, kind, day), number in sorted(season.counts.items())
        if number
    ]
    Tally.objects.bulk_create(rows, batch_size=2_000)


def _views(season: Season, subject: str, liking: float) -> None:
    opens = season.days[0].date()
    last = season.until.astimezone(dt.UTC)
    for back in range(DAYS):
        day = last.date() - dt.timedelta(days=back)
        times = liking * season.rng.uniform(0.6, 1.4) * _share(day, opens, last)
        season.counts[subject, "view", day] += int(times)


def _share(day: dt.date, opens: dt.date, last: dt.datetime) -> float:
    """The show days are busiest, the weeks before grow; of the last day a part has passed."""
    ahead = (opens - day).days
    share: Any = 1.0 if ahead <= 0 else max(0.08, 0.55 / (1 + ahead / 3))
    if day == last.date():
        share *= (last.hour * 60 + last.minute) / (24 * 60)
    return float(share)
