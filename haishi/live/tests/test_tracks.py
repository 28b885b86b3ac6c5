"""The map of a walk: projection, simplification, scale."""

import math

import pytest

from haishi.foundation.bilingual import Bilingual
from haishi.live.types import RouteShown, StationShown
from haishi.live.views.tracks import METRES_PER_DEGREE, WIDTH, drawing


def route(*points: tuple[float, float, float | None], stations: int = 0) -> RouteShown:
    """A track, with a station at each of its first points."""
    stops = [
        StationShown(n, n, Bilingual(f"站{n}"), points[n][0], points[n][1], None, None, None)
        for n in range(stations)
    ]
    return RouteShown(name="", metres=0, points=points, stations=stops)


def test_north_is_up_and_east_is_right() -> None:
    drawn = drawing("x", route((28.0, 119.0, 0), (28.01, 119.02, 60)))
    assert drawn is not None
    assert drawn.spots[0]["x"] < drawn.spots[1]["x"]
    assert drawn.spots[0]["y"] > drawn.spots[1]["y"]


def test_a_metre_is_as_long_in_both_directions() -> None:
    step = 0.01 / math.cos(math.radians(60.005))
    drawn = drawing("x", route((60.0, 20.0, 0), (60.01, 20.0, 60), (60.01, 20.0 + step, 120)))
    assert drawn is not None
    one, two, three = drawn.spots
    assert one["y"] - two["y"] == pytest.approx(three["x"] - two["x"], abs=0.15)


def test_the_scale_bar_is_a_round_length_no_longer_than_a_quarter() -> None:
    drawn = drawing("x", route((0.0, 0.0, 0), (0.0, 1_000 / METRES_PER_DEGREE, 60)))
    assert drawn is not None
    assert drawn.bar_words == "200 m"
    assert drawn.bar == pytest.approx(200 * (WIDTH - 88) / 1_000, abs=0.1)


def test_points_on_one_spot_are_drawn_once() -> None:
    points = [(28.0 + n * 1e-8, 119.0, float(n)) for n in range(500)]
    drawn = drawing("x", route(*points, (28.01, 119.01, 900.0)))
    assert drawn is not None
    assert drawn.path.count("L") == 1


def test_a_track_without_times_has_no_walker() -> None:
    drawn = drawing("x", route((28.0, 119.0, None), (28.01, 119.02, None)))
    assert drawn is not None
    assert drawn.spots == []


def test_a_route_without_a_track_is_not_drawn() -> None:
    assert drawing("x", route((28.0, 119.0, 0))) is None
    assert drawing("x", None) is None


def test_a_walk_that_stands_still_is_drawn_all_the_same() -> None:
    drawn = drawing("x", route((28.0, 119.0, 0), (28.0, 119.0, 60), stations=1))
    assert drawn is not None
    [stop] = drawn.stops
    assert 0 < stop.x < WIDTH
    assert 0 < stop.y < drawn.height
