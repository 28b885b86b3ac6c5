"""A pen that writes SVG the cheap way: many strokes of one ink are one path.

Shading is cut, not blended: tapered wedges, as a graver leaves them in wood. Rasterising a picture is paid per path and per
covered pixel, so there are no clips, filters or transparency layers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from math import cos, pi, sin
from random import Random

Point = tuple[float, float]
Rows = list[tuple[float, float]]


class Pen:
    """Collects SVG elements. Coordinates are the reader's: x right, y down."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def fill(self, path: str, colour: str) -> None:
        if path:
            self.parts.append(f'<path d="{path}" fill="{colour}"/>')

    def cut(self, path: str, colour: str) -> None:
        """Fill by the even-odd rule, so that inner outlines are holes."""
        self.parts.append(f'<path d="{path}" fill="{colour}" fill-rule="evenodd"/>')

    def line(self, path: str, colour: str, width: float = 1.5) -> None:
        if path:
            self.parts.append(
                f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"'
                ' stroke-linecap="round" stroke-linejoin="round"/>'
            )

    def dots(self, points: Iterable[Point], colour: str, size: float) -> None:
        """Square stamps of `size` units: at print size they read as grain, at a third of the cost of circles."""
        half = size / 2
        path = "".join(
            f"M{x - half:.1f} {y - half:.1f}h{size:g}v{size:g}h-{size:g}z" for x, y in points
        )
        self.fill(path, colour)

    @contextmanager
    def moved(
        self, x: float, y: float, scale: float = 1.0, turn: float = 0.0, flip: bool = False
    ) -> Iterator[None]:
        """Draw in a frame moved to (x, y), scaled, turned by degrees and, with `flip`, mirrored top to bottom."""
        spin = f" rotate({turn:g})" if turn else ""
        self.parts.append(
            f'<g transform="translate({x:.1f} {y:.1f}) scale({scale:.4g} {-scale if flip else scale:.4g}){spin}">'
        )
        yield
        self.parts.append("</g>")

    def svg(self, width: int, height: int, label: str = "") -> str:
        title = f"<title>{label}</title>" if label else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
            f"{title}{''.join(self.parts)}</svg>"
        )


def poly(points: Iterable[Point], closed: bool = True) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("z" if closed else "")


def box(x: float, y: float, width: float, height: float) -> str:
    return f"M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h{-width:.1f}z"


def ring(x: float, y: float, rx: float, ry: float | None = None) -> str:
    ry = rx if ry is None else ry
    return f"M{x - rx:.1f} {y:.1f}a{rx:.1f} {ry:.1f} 0 1 0 {2 * rx:.1f} 0a{rx:.1f} {ry:.1f} 0 1 0 {-2 * rx:.1f} 0z"


def smooth(points: Sequence[Point], closed: bool = False) -> str:
    """A Catmull-Rom spline through the points, written as cubic Béziers."""
    size = len(points)
    path = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for i in range(size if closed else size - 1):
        before = points[(i - 1) % size] if closed or i else points[0]
        here, there = points[i], points[(i + 1) % size]
        after = points[(i + 2) % size] if closed or i + 2 < size else there
        path.append(
            f"C{here[0] + (there[0] - before[0]) / 6:.1f} {here[1] + (there[1] - before[1]) / 6:.1f}"
            f" {there[0] - (after[0] - here[0]) / 6:.1f} {there[1] - (after[1] - here[1]) / 6:.1f}"
            f" {there[0]:.1f} {there[1]:.1f}"
        )
    return "".join(path) + ("z" if closed else "")


def around(x: float, y: float, radius: float, count: int, start: float = 0.0) -> list[Point]:
    """`count` points on a circle, the first at `start` turns (0 = right, .75 = top)."""
    turns = (2 * pi * (start + i / count) for i in range(count))
    return [(x + radius * cos(t), y + radius * sin(t)) for t in turns]


def wedge(x: float, y: float, length: float, thick: float) -> str:
    """A horizontal graver's cut: blunt at (x, y), fading out `length` away (negative: to the left)."""
    return (
        f"M{x:.1f} {y - thick / 2:.1f}l{length:.1f} {thick / 2:.1f}l{-length:.1f} {thick / 2:.1f}z"
    )


def lens(x: float, y: float, length: float, thick: float) -> str:
    """A horizontal cut that swells in the middle and fades at both ends; `x` is its left end."""
    return f"M{x:.1f} {y:.1f}q{length / 2:.1f} {-thick:.1f} {length:.1f} 0q{-length / 2:.1f} {thick:.1f} {-length:.1f} 0z"


def turned(profile: Sequence[tuple[float, float]], rows: int = 36) -> Rows:
    """Rows (y, radius) of a lathe profile given as (y, radius) from top to bottom, by a monotone cubic.

    Source: Fritsch and Butland, 1984; no belly is drawn that the profile does not name.
    """
    first, last = profile[0][0], profile[-1][0]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(profile)]
    tangents = [slopes[0]]
    for before, after in pairwise(slopes):
        tangents.append(0.0 if before * after <= 0 else 2 * before * after / (before + after))
    tangents.append(slopes[-1])
    out: Rows = []
    part = 0
    for i in range(rows + 1):
        y = first + (last - first) * i / rows
        while part < len(profile) - 2 and y > profile[part + 1][0]:
            part += 1
        (y0, r0), (y1, r1) = profile[part], profile[part + 1]
        high = y1 - y0
        t = (y - y0) / high
        r = r0 * (1 + 2 * t) * (1 - t) ** 2 + r1 * t * t * (3 - 2 * t)
        r += high * (tangents[part] * t * (1 - t) ** 2 + tangents[part + 1] * t * t * (t - 1))
        out.append((y, r))
    return out


def outline(rows: Rows) -> str:
    return poly([(-r, y) for y, r in rows] + [(r, y) for y, r in reversed(rows)])


def shade(rng: Random, rows: Rows, depth: float, thick: float, side: int = 1) -> str:
    """Wedges cut inwards from one edge (1 = right, -1 = left) of a turned body, `depth` as a share of its radius."""
    cuts = []
    for y, r in rows[1:-1]:
        reach = r * depth * rng.uniform(0.55, 1.0)
        cuts.append(wedge(side * r, y, -side * reach, thick))
    return "".join(cuts)
