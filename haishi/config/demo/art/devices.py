"""Made things of the screen and the study: film, cubes, clouds of points, visors, scrolls, steles, books, boards."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

from .inks import Inks, mix
from .pen import Pen, Point, around, box, poly, ring, smooth, turned, wedge
from .vessels import PROFILES


def film(pen: Pen, rng: Random, inks: Inks) -> None:
    """A strip of five frames; the same hill under a moving sun."""
    with pen.moved(0, 0, 1.0, rng.uniform(-9, 9)):
        pen.fill(box(-100, -40, 200, 80), inks.ink)
        pen.fill(
            "".join(box(-97 + 10 * k, y, 5.4, 6.4) for k in range(20) for y in (-36, 29.6)),
            inks.ground,
        )
        rise = [rng.uniform(2, 18) for _ in range(6)]
        for k in range(4):
            x = -96 + 48.6 * k
            pen.fill(box(x, -25, 46, 50), inks.tint if k % 2 else mix(inks.tint, inks.body, 0.35))
            pen.fill(ring(x + 10 + 8 * k, -6 - 7 * sin(k), 7), inks.spark)
            hills = [(x + 46 * i / 5, 12 - rise[(i + k) % 6]) for i in range(6)]
            pen.fill(smooth(hills) + f"L{x + 46:.1f} 25H{x:.1f}z", inks.body)
            pen.fill(
                "".join(wedge(x + 46, 14 + 3 * j, -rng.uniform(18, 44), 1.8) for j in range(4)),
                inks.ink,
            )
    pen.line(ring(-58, -72, 24) + ring(-58, -72, 6), inks.body, 3)
    pen.fill(
        "".join(ring(x, y, 5.4) for x, y in around(-58, -72, 14.5, 6, rng.random())), inks.spark
    )
    pen.line("M-40 -56Q-10 -40 10 -40", inks.body, 2)


def cubes(pen: Pen, rng: Random, inks: Inks) -> None:
    """A stack of cubes in isometric view; each face has its own cut of line."""
    size = 22.0
    tops, lefts, rights, grain = [], [], [], []
    heights = [[rng.choice((0, 1, 1, 2, 3)) for _ in range(4)] for _ in range(4)]
    for i in range(4):
        for j in range(4):
            tall = heights[i][j] * size
            x, y = (j - i) * size * 0.87, (i + j) * size * 0.5 - 6 - tall
            w, h = size * 0.87, size * 0.5
            tops.append((poly([(x, y - h), (x + w, y), (x, y + h), (x - w, y)]), (i + j) % 3 == 0))
            lefts.append(
                poly([(x - w, y), (x, y + h), (x, y + h + tall + 14), (x - w, y + tall + 14)])
            )
            rights.append(
                poly([(x + w, y), (x, y + h), (x, y + h + tall + 14), (x + w, y + tall + 14)])
            )
            lines = [
                f"M{x - w:.1f} {y + 4 * k:.1f}l{w:.1f} {h:.1f}"
                for k in range(1, int((tall + 14) / 4))
            ]
            grain.append("".join(lines))
    for k, (top, bright) in enumerate(tops):
        pen.fill(lefts[k], inks.body)
        pen.fill(rights[k], inks.ink)
        pen.line(grain[k], mix(inks.body, inks.ground, 0.4), 0.9)
        pen.fill(top, inks.spark if bright else inks.tint)


def cloud(pen: Pen, rng: Random, inks: Inks) -> None:
    """A scanned vessel as points: dense where the surface turns away, loose where the scan flew off."""
    rows = turned(rng.choice(PROFILES), 60)
    near: list[Point] = []
    far: list[Point] = []
    for y, r in rows:
        for _ in range(int(5 + r * 0.28)):
            turn = rng.uniform(0, 2 * pi)
            point = (r * cos(turn), y + r * 0.22 * sin(turn))
            (near if sin(turn) > 0 else far).append(point)
    pen.dots(far, inks.tint, 2)
    pen.dots(near, inks.body, 2.6)
    pen.dots([(rng.gauss(0, 55), rng.gauss(10, 50)) for _ in range(70)], inks.ink, 1.6)
    bound = max(r for _, r in rows) + 8
    ticks = "".join(
        f"M{sx * bound:.0f} {sy * 98}h{-sx * 14}M{sx * bound:.0f} {sy * 98}v{-sy * 14}"
        for sx in (-1, 1)
        for sy in (-1, 1)
    )
    pen.line(ticks, inks.spark, 2.2)
    cut = rows[rng.randrange(20, 44)]
    pen.line(ring(0, cut[0], cut[1], cut[1] * 0.22), inks.spark, 2.2)


def visor(pen: Pen, rng: Random, inks: Inks) -> None:
    """A headset, and the hills it shows its wearer."""
    pen.line("M-70 -14Q-96 -70 0 -72Q96 -70 70 -14", inks.body, 13)
    pen.line("M-70 -14Q-96 -70 0 -72Q96 -70 70 -14", inks.ink, 2)
    shell = [
        (-84, -22),
        (-40, -34),
        (40, -34),
        (84, -22),
        (86, 30),
        (58, 48),
        (22, 42),
        (0, 24),
        (-22, 42),
        (-58, 48),
        (-86, 30),
    ]
    pen.fill(smooth(shell, closed=True), inks.ink)
    pen.fill(smooth([(x * 0.88, y * 0.8 + 1) for x, y in shell], closed=True), inks.body)
    hills = [(-74 + 148 * k / 10, 2 + rng.uniform(-14, 10)) for k in range(11)]
    pen.line(smooth(hills), inks.ground, 2.4)
    pen.line(
        "".join(smooth([(x * (1 - 0.05 * j), y * 0.8 + 7 * j) for x, y in hills]) for j in (1, 2)),
        inks.tint,
        1.8,
    )
    pen.fill(ring(rng.uniform(-40, 40), -14, 8), inks.spark)
    beams = "".join(f"M{x} 60L{x * 1.5:.0f} 98" for x in range(-60, 61, 12))
    pen.line(beams, inks.tint, 1.8)
    pen.line("M-30 80h60M-44 90h88", inks.spark, 2.2)


def scroll(pen: Pen, rng: Random, inks: Inks) -> None:
    """A hanging scroll: mounting silk, picture, rollers, and mountains with one small boat."""
    pen.line("M-20 -92L0 -100L20 -92", inks.ink, 1.6)
    pen.fill(box(-52, -92, 104, 180), inks.body)
    pen.line(
        "".join(f"M{-52 + 6 * k} -92v180" for k in range(18)), mix(inks.body, inks.ink, 0.4), 0.9
    )
    pen.fill(box(-40, -62, 80, 116), mix(inks.tint, inks.ground, 0.6))
    for layer in range(3):
        base = -16 + 22 * layer
        peaks = [(-40 + 80 * k / 6, base - rng.uniform(4, 34 - 8 * layer)) for k in range(7)]
        colour = mix(inks.tint, inks.ink, 0.3 + 0.3 * layer)
        pen.fill(poly(peaks)[:-1] + f"L40 {base + 14}H-40z", colour)
        pen.line(
            "".join(
                f"M{x:.1f} {y + 2:.1f}l{rng.uniform(2, 6):.1f} {rng.uniform(9, 18):.1f}"
                for x, y in peaks[1:-1]
            ),
            inks.ground,
            1.3,
        )
    pen.line(
        "".join(
            f"M{rng.uniform(-36, 10):.0f} {46 + 2.6 * k:.1f}h{rng.uniform(12, 26):.0f}"
            for k in range(3)
        ),
        inks.ink,
        0.9,
    )
    x = rng.uniform(-24, 16)
    pen.fill(f"M{x:.1f} 43q8 6 16 0l-3 5h-10zM{x + 7:.1f} 42v-9l6 8z", inks.spark)
    pen.fill(box(26, -54, 7, 7), inks.spark)
    pen.fill(
        box(-58, -95, 116, 5) + box(-60, 86, 120, 8) + box(-68, 87, 8, 6) + box(60, 87, 8, 6),
        inks.ink,
    )


def stele(pen: Pen, rng: Random, inks: Inks) -> None:
    """A carved stone in registers: a procession of carts, beasts that bite their tails, a lozenge border."""
    pen.fill("M-72 100V-66Q-72 -100 0 -100Q72 -100 72 -66V100z", inks.ink)
    pen.fill("M-62 92V-64Q-62 -90 0 -90Q62 -90 62 -64V92z", mix(inks.ink, inks.body, 0.45))
    lozenges = "".join(f"M{-58 + 12.9 * k:.1f} -42l6.4 -6l6.4 6l-6.4 6z" for k in range(9))
    pen.fill(
        lozenges + "".join(f"M{-58 + 12.9 * k:.1f} 26l6.4 -6l6.4 6l-6.4 6z" for k in range(9)),
        inks.tint,
    )
    for side in (-1, 1):
        pen.line(
            smooth(
                [
                    (side * 4, -56),
                    (side * 24, -80),
                    (side * 44, -66),
                    (side * 28, -56),
                    (side * 18, -66),
                ]
            ),
            inks.tint,
            4.5,
        )
    pen.fill(ring(0, -74, 7), inks.spark)
    _procession(pen, rng, inks)


def _procession(pen: Pen, rng: Random, inks: Inks) -> None:
    """Two carts, four walkers, and the chips of age."""
    for k in range(2):
        x = -30 + 58 * k
        pen.line(
            ring(x, 6, 11)
            + "".join(poly(((x, 6), p), closed=False) for p in around(x, 6, 11, 8, rng.random())),
            inks.tint,
            1.8,
        )
        pen.fill(f"M{x - 20} -14q20 -14 34 0l-4 3h-26zM{x - 14} -10h24v8h-24z", inks.tint)
        pen.line(
            smooth([(x + 12, -2), (x + 22, -12), (x + 27, -20)])
            + f"M{x + 20} -4l3 18M{x + 14} -2l-2 16",
            inks.tint,
            3.4,
        )
    for k in range(4):
        x = -45 + 30 * k
        pen.fill(
            ring(x, 46, 5) + f"M{x - 8} 84l3 -32h10l3 32z", inks.spark if k == 1 else inks.tint
        )
        pen.line(f"M{x - 4} 58l{-8 - 3 * (k % 2)} 12M{x + 4} 58l9 {4 - 8 * (k % 2)}", inks.tint, 3)
    chips = [(rng.uniform(-60, 60), rng.uniform(-84, 90)) for _ in range(90)]
    pen.dots(chips, inks.ink, 1.7)


def book(pen: Pen, rng: Random, inks: Inks) -> None:
    """Thread-bound volumes in a stack, one lying open."""
    y = 100.0
    for k in range(rng.randint(2, 4)):
        wide, tall, shift = rng.uniform(120, 150), rng.uniform(15, 22), rng.uniform(-12, 12)
        y -= tall
        pen.fill(
            box(shift - wide / 2, y, wide, tall),
            (inks.body, inks.spark, mix(inks.body, inks.ink, 0.5))[k % 3],
        )
        pen.fill(
            box(shift - wide / 2 + 6, y + 3, wide - 6, tall - 6), mix(inks.ground, inks.tint, 0.4)
        )
        pen.line(
            "".join(
                f"M{shift - wide / 2 + 8:.1f} {y + 4 + j * 2.6:.1f}h{wide - 9:.1f}"
                for j in range(int((tall - 7) / 2.6))
            ),
            inks.ink,
            0.8,
        )
    page = mix(inks.ground, inks.tint, 0.25)
    for side in (-1, 1):
        pen.fill(
            f"M0 {y - 6:.1f}Q{side * 40} {y - 34:.1f} {side * 96} {y - 16:.1f}V{y - 96:.1f}Q{side * 40} {y - 114:.1f} 0 {y - 86:.1f}z",
            page,
        )
        pen.line(f"M0 {y - 2:.1f}Q{side * 40} {y - 30:.1f} {side * 98} {y - 11:.1f}", inks.ink, 3)
        rows = []
        for k in range(7):
            x = side * (14 + 11 * k)
            rows.append(f"M{x} {y - 90 - 6 * sin(k):.1f}v{rng.uniform(34, 66):.1f}")
        pen.line("".join(rows), inks.ink, 2.6)
    pen.fill(box(60, y - 44, 11, 11), inks.spark)
    pen.line(f"M0 {y - 86:.1f}V{y - 6:.1f}", inks.ink, 1.6)


def board(pen: Pen, rng: Random, inks: Inks) -> None:
    """A game board of nine by nine with its pieces mid-game."""
    pen.fill(box(-96, -96, 192, 192), inks.body)
    pen.fill(box(-88, -88, 176, 176), inks.tint)
    lines = "".join(f"M{-80 + 20 * k} -80v160M-80 {-80 + 20 * k}h160" for k in range(9))
    pen.line(lines, mix(inks.tint, inks.ink, 0.7), 1.2)
    cells = [(i, j) for i in range(9) for j in range(9)]
    rng.shuffle(cells)
    first = "".join(ring(-80 + 20 * i, -80 + 20 * j, 8.6) for i, j in cells[:12])
    second = "".join(ring(-80 + 20 * i, -80 + 20 * j, 8.6) for i, j in cells[12:23])
    pen.fill(first, inks.ink)
    pen.fill(second, inks.ground)
    pen.fill("".join(ring(-80 + 20 * i, -80 + 20 * j, 8.6) for i, j in cells[23:26]), inks.spark)
    shine = "".join(f"M{-85 + 20 * i} {-83 + 20 * j}q4 -4 9 -1" for i, j in cells[:23])
    pen.line(shine, inks.body, 1.5)


def signal(pen: Pen, rng: Random, inks: Inks) -> None:
    """A mast that speaks: arcs, and the net of places that listen."""
    pen.line(
        "M-34 100L0 -30L34 100M-24 62H24M-14 24H14M-34 100L24 62L-14 24M34 100L-24 62L14 24",
        inks.ink,
        3,
    )
    arcs = []
    for k in range(1, 5):
        r = 15 * k
        arcs.append(
            f"M{r * 0.7:.1f} {-40 - r * 0.7:.1f}A{r} {r} 0 0 1 {r * 0.7:.1f} {-40 + r * 0.7:.1f}"
        )
        arcs.append(
            f"M{-r * 0.7:.1f} {-40 - r * 0.7:.1f}A{r} {r} 0 0 0 {-r * 0.7:.1f} {-40 + r * 0.7:.1f}"
        )
    pen.line("".join(arcs), inks.body, 5)
    pen.fill(ring(0, -40, 9), inks.spark)
    nodes = [(rng.choice((-1, 1)) * rng.uniform(52, 96), rng.uniform(-10, 90)) for _ in range(8)]
    pen.line("".join(poly(((0, -40), n), closed=False) for n in nodes), inks.tint, 1.3)
    pen.fill("".join(ring(x, y, rng.uniform(3, 7)) for x, y in nodes), inks.body)
