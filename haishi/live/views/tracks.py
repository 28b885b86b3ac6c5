"""The way of a cloud walk as a map of our own: no tiles, no server but this one.

An equirectangular projection about the middle of the track; over a walk of ten kilometres its error
is below a thousandth (https://en.wikipedia.org/wiki/Equirectangular_projection).
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from haishi.live.types import RouteShown, StationShown
from haishi.live.views.scenes import Good, goods

WIDTH, PAD = 640, 44
LEAST_HEIGHT, MOST_HEIGHT = 260, 520
METRES_PER_DEGREE = 111_320.0
# Points nearer to each other than this, in units of the drawing, are one.
NEAR = 1.5
STEPS = (20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


@dataclass(frozen=True)
class Stop:
    """A station on the drawing. `left`: its name stands on its left."""

    number: int
    station: StationShown
    good: Good | None
    x: float
    y: float
    left: bool

    @property
    def label_x(self) -> float:
        """Where its name begins, or ends."""
        return self.x - 16 if self.left else self.x + 16

    @property
    def label_y(self) -> float:
        """The base line of its name."""
        return self.y + 4


@dataclass(frozen=True)
class Drawing:
    """`path`: SVG path data; `spots`: [{x, y, seconds}]; `bar`: length of the scale bar."""

    width: int
    height: int
    path: str
    spots: list[dict[str, float]]
    stops: list[Stop]
    bar: float
    bar_words: str
    grid: list[tuple[float, float, float, float]]

    @property
    def bar_y(self) -> int:
        """Where the scale bar lies."""
        return self.height - 12

    @property
    def scale_y(self) -> int:
        """The base line of its words."""
        return self.height - 19


class Projection:
    """Degrees to units of the drawing."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        north, south = max(p[0] for p in points), min(p[0] for p in points)
        east, west = max(p[1] for p in points), min(p[1] for p in points)
        self.north, self.west = north, west
        self.shrink = math.cos(math.radians((north + south) / 2))
        wide = max((east - west) * self.shrink, 1e-5)
        high = max(north - south, 1e-5)
        self.scale = min((WIDTH - 2 * PAD) / wide, (MOST_HEIGHT - 2 * PAD) / high)
        self.height = max(LEAST_HEIGHT, round(high * self.scale + 2 * PAD))
        self.right = (WIDTH - wide * self.scale) / 2
        self.down = (self.height - high * self.scale) / 2

    def __call__(self, latitude: float, longitude: float) -> tuple[float, float]:
        """(x, y), to a tenth."""
        x = self.right + (longitude - self.west) * self.shrink * self.scale
        y = self.down + (self.north - latitude) * self.scale
        return round(x, 1), round(y, 1)

    @property
    def per_metre(self) -> float:
        """Units of the drawing for a metre."""
        return self.scale / METRES_PER_DEGREE


def drawing(public_id: str, route: RouteShown | None) -> Drawing | None:
    """The map of a route, None without a track. One query for the pictures of its stations."""
    if route is None or len(route.points) < 2:
        return None
    track = [(float(p[0] or 0), float(p[1] or 0)) for p in route.points]
    stations = sorted(route.stations, key=lambda each: each.order)
    project = Projection(track + [(each.latitude, each.longitude) for each in stations])
    drawn = [project(*point) for point in track]
    found = {good.name: good for good in goods(public_id, [s.thing for s in stations])}
    bar_metres = next((s for s in reversed(STEPS) if s * project.per_metre <= WIDTH / 4), STEPS[0])
    bar = bar_metres * project.per_metre
    return Drawing(
        width=WIDTH,
        height=project.height,
        path=_path(drawn),
        spots=_spots(drawn, route.points),
        stops=[_stop(n, each, found, project) for n, each in enumerate(stations, 1)],
        bar=round(bar, 1),
        bar_words=f"{bar_metres} m" if bar_metres < 1_000 else f"{bar_metres // 1_000} km",
        grid=_grid(bar, project.height),
    )


def track_props(drawn: Drawing | None, began: dt.datetime | None) -> dict[str, Any]:
    """The JSON of `hs-route-map`. `began`: of a live, when its walk began; None: of a replay."""
    spots = drawn.spots if drawn else []
    return {"spots": spots, "began": int(began.timestamp() * 1000) if began else None}


def _stop(number: int, station: StationShown, found: dict[str, Good], project: Any) -> Stop:
    x, y = project(station.latitude, station.longitude)
    thing = station.thing
    good = found.get(f"{thing.kind}-{thing.pk}") if thing else None
    return Stop(number, station, good, x, y, x > WIDTH * 0.66)


def _path(drawn: Sequence[tuple[float, float]]) -> str:
    kept = [drawn[0]]
    for point in drawn[1:-1]:
        if math.dist(point, kept[-1]) >= NEAR:
            kept.append(point)
    kept.append(drawn[-1])
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept)


def _spots(
    drawn: Sequence[tuple[float, float]], points: Sequence[Sequence[float | None]]
) -> list[dict[str, float]]:
    spots: list[dict[str, float]] = []
    for (x, y), point in zip(drawn, points, strict=True):
        seconds = point[2] if len(point) > 2 else None
        if seconds is not None and (not spots or seconds > spots[-1]["seconds"]):
            spots.append({"x": x, "y": y, "seconds": float(seconds)})
    return spots


def _grid(step: float, height: int) -> list[tuple[float, float, float, float]]:
    """Lines a scale bar apart, so that distances can be read anywhere."""
    across = [(x, 0.0, x, float(height)) for x in _marks(step, WIDTH)]
    return across + [(0.0, y, float(WIDTH), y) for y in _marks(step, height)]


def _marks(step: float, most: int) -> list[float]:
    return [round(step * n, 1) for n in range(1, int(most / step) + 1)] if step > 8 else []
