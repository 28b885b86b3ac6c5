"""When each demo launch is unveiled, and how its first sale goes. Everything follows from `now`.

Some are over, some are live this minute, some are unveiled within minutes of loading, the others
over the days of the edition; a few still lie on desks.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from haishi.config.demo import names, products
from haishi.config.demo.load.world import World
from haishi.launches.states import LaunchState, Rule

# Minutes from the loading. The first comes when a new visitor has looked around.
LIVE = (-6, -14, -25, -38, -52, -75, -100, -130)
SOON = (5, 8, 13, 18, 25, 40, 55, 80, 110)
DESKS = (
    LaunchState.DRAFT, LaunchState.UNDER_REVIEW, LaunchState.EMBARGOED, LaunchState.UNDER_REVIEW,
    LaunchState.DRAFT, LaunchState.UNDER_REVIEW,
)  # fmt: skip
OVER_SHARE = 4  # of those that remain one in so many is over
GRID = 20  # minutes between two unveilings of the calendar
OPENS, CLOSES, DAYS = 9 * 60, 18 * 60, 4
RULES = (Rule.DRAW, Rule.FIRST_COME, Rule.WINDOW)
QUIET = dt.timedelta(hours=3)


@dataclass(frozen=True)
class Planned:
    """One launch. `sells` is None for one that is only shown; `number` counts all of them."""

    number: int
    firm: str
    work: products.Product
    state: str
    unveil_at: dt.datetime
    sells: Rule | None
    quota: int
    price_minor: int
    open_minutes: int


def plan(world: World) -> list[Planned]:
    """`scale.launches` of them, fewer when there are not enough booths and works."""
    pairs = _pairs(world)
    moments = _moments(world, len(pairs))
    rng = Random(f"{names.SEED}:launches")
    return [
        _planned(number, firm, work, state, at, rng)
        for number, ((firm, work), (state, at)) in enumerate(zip(pairs, moments, strict=True))
    ]


def _pairs(world: World) -> list[tuple[str, products.Product]]:
    """A firm with a work that it follows up; the first firm, that of the demo account, has more."""
    works: dict[str, list[products.Product]] = {}
    for work in products.products():
        row = world.products.get(work.key)
        if row is not None and row.state == "listed":
            works.setdefault(work.organisation, []).append(work)
    shown = [key.key for key in world.shown if world.exhibitors[key.key].complete]
    first = [(shown[0], work) for work in works.get(shown[0], [])] if shown else []
    others = [
        (firm, works[firm][turn])
        for turn in range(products.EACH)
        for firm in shown[1:]
        if len(works.get(firm, [])) > turn
    ]
    # Spread the first firm's over live, soon, over and desks.
    mixed = list(others)
    for place, pair in zip((0, len(LIVE), len(LIVE) + len(SOON), 40), first, strict=False):
        mixed.insert(place, pair)
    return mixed[: world.scale.launches]


def _moments(world: World, number: int) -> list[tuple[str, dt.datetime]]:
    """(state, instant) of each, in the order live, soon, desks, over, later."""
    near = [(LaunchState.LIVE.value, world.now + dt.timedelta(minutes=m)) for m in LIVE]
    near += [(LaunchState.ANNOUNCED.value, world.now + dt.timedelta(minutes=m)) for m in SOON]
    grid = [
        world.at(day, minute) for day in range(DAYS) for minute in range(OPENS, CLOSES + 1, GRID)
    ]
    later = [at for at in grid if at > world.now + QUIET]
    near += [(state.value, later[-1 - n]) for n, state in enumerate(DESKS)]
    near = near[:number]
    rest = number - len(near)
    over = rest // OVER_SHARE
    past = [at for at in grid if at < world.now - QUIET]
    return [
        *near,
        *((LaunchState.CLOSED.value, at) for at in _spread(past, over)),
        *((LaunchState.ANNOUNCED.value, at) for at in _spread(later, rest - over)),
    ]


def _spread(grid: list[dt.datetime], number: int) -> list[dt.datetime]:
    """`number` instants of a grid, as even as it allows; several share one when it is short."""
    return [grid[n * len(grid) // number] for n in range(number)]


def _planned(
    number: int, firm: str, work: products.Product, state: str, at: dt.datetime, rng: Random
) -> Planned:
    live = number < len(LIVE)
    sells = RULES[number % 3] if live or number % 5 else None
    # Live ones are open for long enough that a visitor may still join.
    lengths = (240, 300, 360) if live else (30, 60, 180)
    return Planned(
        number=number,
        firm=firm,
        work=work,
        state=state,
        unveil_at=at.replace(microsecond=0),
        sells=sells,
        quota=rng.choice((6, 8, 10, 12, 20, 30, 50)),
        price_minor=(work.fen or rng.choice((9_800, 16_800, 36_800))) // 100 * 100 + 800,
        open_minutes=lengths[number % len(lengths)],
    )
