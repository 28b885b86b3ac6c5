"""What makes an expo look lived in: announcements and two weeks of visits."""

from __future__ import annotations

import datetime as dt
from random import Random

from haishi.config.demo import names
from haishi.config.demo.load.world import World
from haishi.expo import services
from haishi.expo.models import Tally

DAYS = 14


def life(world: World) -> None:
    """Announcements and tallies; everything deterministic from the seed."""
    owner = world.accounts["owner"]
    services.announce(
        owner,
        world.edition.pk,
        title="今日首发三十件新品",
        title_en="Thirty first launches today",
        body="产品发布厅今日 9:00 至 17:30 连续首发，每件新品都能现场预约、当场询价。",
        body_en="First launches run all day in the launch hall, 9:00 to 17:30; reserve and ask on the spot.",
        audience="everybody",
    )
    _tallies(world)


def _tallies(world: World) -> None:
    rng = Random(f"{names.SEED}:tallies")
    today = (world.day_one + dt.timedelta(days=1, hours=8)).date()
    rows = []
    subjects = [f"exhibitor:{row.pk}" for row in world.exhibitors.values()]
    subjects += [f"product:{row.pk}" for row in list(world.products.values())[::3]]
    for subject in subjects:
        liking = rng.uniform(4, 60)
        for back in range(DAYS):
            count = int(liking * rng.uniform(0.5, 1.5) / (1 + back / 3))
            if count:
                day = today - dt.timedelta(days=back)
                rows.append(Tally(subject=subject, kind="view", day=day, count=count))
    Tally.objects.bulk_create(rows, batch_size=2_000)
