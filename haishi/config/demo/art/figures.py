"""Living shapes and the crafts that cut them: kites, shadow puppets, paper-cuts, fish, flowers, fans, busts."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

from .inks import Inks, mix
from .pen import Pen, Point, around, poly, ring, smooth, turned, wedge


def kite(pen: Pen, rng: Random, inks: Inks) -> None:
    """A swallow kite of Weifang make, or a flat diamond with tails."""
    if rng.random() < 0.6:
        half = "M0 -62C-30 -74 -62 -66 -98 -20C-70 -34 -44 -26 -26 -10C-30 20 -44 56 -58 92C-34 72 -14 40 0 22"
        mirror = "C14 40 34 72 58 92C44 56 30 20 26 -10C44 -26 70 -34 98 -20C62 -66 30 -74 0 -62z"
        pen.fill(half + mirror, inks.body)
        for side in (-1, 1):
            eye = [(side * x, y) for x, y in ((22, -48), (48, -54), (78, -34), (48, -36))]
            pen.fill(smooth(eye, closed=True), inks.spark)
            pen.fill(ring(side * 46, -45, 6), inks.ground)
            bars = [f"M{side * (28 + 5 * k)} {18 + 15 * k}l{side * 10} 4" for k in range(5)]
            pen.line("".join(bars), inks.ground, 3)
            pen.fill(
                "".join(wedge(side * (24 - k), -6 + 4 * k, -side * 20, 2.4) for k in range(9)),
                inks.ink,
            )
        pen.fill(ring(0, -70, 13), inks.ink)
        pen.dots([(-5, -73), (5, -73)], inks.ground, 5)
        pen.fill(smooth([(0, -34), (10, -20), (0, 4), (-10, -20)], closed=True), inks.spark)
    else:
        pen.fill(poly([(0, -96), (70, -26), (0, 60), (-70, -26)]), inks.body)
        pen.fill(
            poly([(0, -96), (0, -26), (-70, -26)]) + poly([(0, -26), (70, -26), (0, 60)]),
            inks.spark,
        )
        pen.line("M0 -96V60M-70 -26H70", inks.ink, 2.4)
        pen.line(
            "".join(poly(around(0, -26, r, 4, 0.25), closed=True) for r in (18, 28, 38)),
            inks.ground,
            2,
        )
        tail = [(10 * (k % 2) - 5, 60 + 7 * k) for k in range(7)]
        pen.line(smooth(tail), inks.ink, 2)
        pen.fill(
            "".join(
                f"M{x:.0f} {y:.0f}l-11 -5v10zM{x:.0f} {y:.0f}l11 -5v10z" for x, y in tail[1::2]
            ),
            inks.spark,
        )
    pen.line("M0 0Q-14 60 -34 100", inks.ink, 1)


def puppet(pen: Pen, rng: Random, inks: Inks) -> None:
    """A shadow figure of hide: robe in four joints, pierced with rosettes and combs, held by three rods."""
    lean = rng.choice((-1, 1))
    pen.line(
        f"M0 -20L{lean * -20} 100M{lean * 62} -20L{lean * 40} 100M{lean * -52} 10L{lean * -60} 100",
        inks.ink,
        1.6,
    )
    robe = [
        (-16, -46),
        (16, -46),
        (26, 0),
        (20, 24),
        (52, 88),
        (16, 96),
        (-18, 96),
        (-50, 84),
        (-22, 22),
        (-26, 0),
    ]
    pen.fill(smooth(robe, closed=True), inks.body)
    reach = [(10, -42), (36, -24), (64, -30), (66, -14), (40, 12), (14, -12)]
    near = [(x * lean, y) for x, y in reach]
    far = [
        (-12 * lean, -42),
        (-34 * lean, -16),
        (-56 * lean, 6),
        (-50 * lean, 18),
        (-28 * lean, 8),
        (-10 * lean, -14),
    ]
    pen.fill(smooth(near, closed=True), inks.spark)
    pen.fill(smooth(far, closed=True), mix(inks.body, inks.ink, 0.4))
    _head(pen, inks, lean)
    _piercing(pen, rng, inks, lean)


def _head(pen: Pen, inks: Inks, lean: int) -> None:
    """A profile with crown and pheasant plumes, looking to the side of `lean`."""
    face = [
        (-10 * lean, -82),
        (4 * lean, -88),
        (13 * lean, -76),
        (20 * lean, -68),
        (13 * lean, -64),
        (12 * lean, -54),
        (-2 * lean, -48),
        (-12 * lean, -58),
    ]
    pen.fill(poly(face), inks.spark)
    pen.line(
        f"M{2 * lean} -76l{11 * lean} -2M{3 * lean} -71q{5 * lean} -3 {9 * lean} 1M{8 * lean} -59l{5 * lean} 0",
        inks.ink,
        2,
    )
    crown = [(-14, -80), (-18, -96), (-8, -90), (0, -100), (8, -90), (18, -97), (14, -80)]
    pen.fill(poly(crown), inks.ink)
    pen.line(
        f"M{-12 * lean} -92Q{-44 * lean} -104 {-60 * lean} -70M{-12 * lean} -88Q{-40 * lean} -92 {-50 * lean} -58",
        inks.ink,
        2,
    )


def _piercing(pen: Pen, rng: Random, inks: Inks, lean: int) -> None:
    """Rosettes and combs cut out of the hide, so that light comes through."""
    for x, y, r in (
        (0, -14, 11),
        (0, 40, 13),
        (28 * lean, 70, 9),
        (-28 * lean, 66, 9),
        (42 * lean, -16, 7),
    ):
        petals = "".join(
            ring(px, py, r * 0.24) for px, py in around(x, y, r * 0.66, 6, rng.random())
        )
        pen.fill(petals + ring(x, y, r * 0.26), inks.ground)
    combs = [f"M{-40 + 4 * k} {86 + abs(k - 10) * -0.4:.1f}v-{7 + 3 * (k % 2)}" for k in range(21)]
    pen.line(
        "".join(combs) + "M-22 -30Q0 -22 22 -30M-24 4Q0 12 24 4M-22 20Q0 28 22 20", inks.ground, 1.8
    )


def papercut(pen: Pen, rng: Random, inks: Inks) -> None:
    """A rosette folded and cut: rings of one sheet with its windows taken out."""
    fold = rng.choice((5, 6, 8))
    sheet = inks.spark
    lobes = [
        p
        for pair in zip(
            around(0, 0, 98, fold * 2), around(0, 0, 84, fold * 2, 0.25 / fold), strict=True
        )
        for p in pair
    ]
    path = [smooth(lobes, closed=True)]
    for radius, kind in (
        (80, "drop"),
        (60, "moon"),
        (40, rng.choice(("drop", "leaf"))),
        (20, "leaf"),
    ):
        count = fold * (2 if radius > 50 else 1)
        for k in range(count):
            turn = 2 * pi * (k + (0.5 if radius in (60, 20) else 0)) / count
            path.append(_window(kind, radius, turn, 13 if radius > 30 else 8))
    for k in range(fold * 8):
        turn = 2 * pi * k / (fold * 8)
        path.append(_window("slit", 92 if k % 4 else 88, turn, 4))
    pen.cut("".join(path), sheet)
    pen.fill(ring(0, 0, 7), inks.ground)
    pen.fill(ring(0, 0, 3.4), sheet)


def _window(kind: str, radius: float, turn: float, size: float) -> str:
    shapes: dict[str, list[Point]] = {
        "drop": [(-1, 0), (0, -0.62), (1, 0), (0, 0.62)],
        "moon": [(-0.5, -1), (0.5, -0.6), (0.1, 0), (0.5, 0.6), (-0.5, 1), (-0.3, 0)],
        "leaf": [(-1, 0), (0, -0.42), (1.2, 0), (0, 0.42)],
        "slit": [(-1, -0.22), (1, -0.1), (1, 0.1), (-1, 0.22)],
    }
    c, s = cos(turn), sin(turn)
    points = [
        (radius * c + size * (x * c - y * s), radius * s + size * (x * s + y * c))
        for x, y in shapes[kind]
    ]
    return poly(points) if kind == "slit" else smooth(points, closed=True)


def fish(pen: Pen, rng: Random, inks: Inks) -> None:
    """A carp of the new-year prints: scales by rows, fins by rays."""
    flip = rng.choice((-1, 1))
    body = [
        (-82, 8),
        (-58, -26),
        (-10, -42),
        (38, -24),
        (66, -4),
        (66, 8),
        (36, 26),
        (-14, 40),
        (-60, 30),
    ]
    tail = [(58, 0), (82, -34), (98, -40), (90, -4), (98, 42), (80, 34)]
    fins = [[(-24, -36), (0, -72), (34, -62), (32, -24)], [(-20, 36), (4, 66), (22, 60), (16, 32)]]
    pen.fill(smooth([(flip * x, y) for x, y in tail], closed=True), inks.spark)
    for fin in fins:
        pen.fill(smooth([(flip * x, y) for x, y in fin], closed=True), inks.spark)
    rays = [f"M{flip * 64} 2L{flip * 92} {-32 + 13 * k}" for k in range(6)]
    rays += [
        f"M{flip * (-12 + 9 * k)} -36l{flip * 8} -26M{flip * (-8 + 5 * k)} 34l{flip * 6} 22"
        for k in range(4)
    ]
    pen.line("".join(rays), inks.ink, 1.6)
    pen.fill(smooth([(flip * x, y) for x, y in body], closed=True), inks.body)
    _scales(pen, inks, flip)


def _scales(pen: Pen, inks: Inks, flip: int) -> None:
    """Scales by rows, gill, mouth, eye, and the water below."""
    scales = []
    for row in range(-3, 4):
        reach = 62 - abs(row) * 9
        for k in range(int((reach + 34) / 11)):
            x = -34 + 11 * k + 5.5 * (row % 2)
            scales.append(f"M{flip * x:.1f} {row * 9 - 5.0:.1f}q{flip * 9} 5 0 10")
    pen.line("".join(scales), inks.ground, 1.8)
    pen.line(
        f"M{flip * -44} -30Q{flip * -30} 2 {flip * -44} 34M{flip * -82} 10q{flip * 10} 4 {flip * 16} 1",
        inks.ink,
        2.4,
    )
    pen.fill(ring(flip * -62, -6, 9), inks.ground)
    pen.fill(ring(flip * -63, -6, 4.6), inks.ink)
    pen.line(
        "".join(f"M{-70 + 46 * k} {82 + 6 * (k % 2)}q12 -10 24 0t24 0" for k in range(3)),
        inks.tint,
        3,
    )


def lotus(pen: Pen, rng: Random, inks: Inks) -> None:
    sway = rng.uniform(-14, 14)
    pen.line(
        smooth([(0, 0), (sway, 40), (0, 100)])
        + smooth([(0, 90), (-40, 62), (-56, 44)])
        + smooth([(0, 96), (30, 76), (50, 62)]),
        inks.ink,
        3,
    )
    for x, y, r in ((-62, 40, 34), (58, 60, 26)):
        pen.fill(ring(x, y, r, r * 0.46), inks.body)
        veins = zip(
            [(x, y)] * 10,
            [(px, y + (py - y) * 0.46) for px, py in around(x, y, r * 0.92, 10)],
            strict=True,
        )
        pen.line(
            "".join(poly(pair, closed=False) for pair in veins),
            mix(inks.body, inks.ground, 0.5),
            1.3,
        )
    _petals(pen, inks)


def _petals(pen: Pen, inks: Inks) -> None:
    """Three rings of petals from the back to the front, and the stamens."""
    for layer, count, long_ in ((0, 7, 84), (1, 5, 72), (2, 3, 58)):
        for k in range(count):
            turn = (k - (count - 1) / 2) * (0.5 - 0.06 * layer)
            tip = (long_ * sin(turn), -20 - long_ * cos(turn) * 0.86)
            side = (cos(turn) * 17, sin(turn) * 17)
            middle = (tip[0] * 0.5, (tip[1] + 8) * 0.5)
            petal = [
                (0, 8),
                (middle[0] - side[0], middle[1] - side[1]),
                tip,
                (middle[0] + side[0], middle[1] + side[1]),
            ]
            pen.fill(
                smooth(petal, closed=True),
                (inks.body, inks.spark, mix(inks.spark, inks.ground, 0.4))[layer],
            )
            pen.line(
                "".join(
                    f"M{x * 0.2:.1f} 4Q{middle[0] + x:.1f} {middle[1]:.1f} {tip[0]:.1f} {tip[1]:.1f}"
                    for x in (-8, 0, 8)
                ),
                inks.ground,
                1,
            )
    pen.dots(around(0, -8, 12, 9), inks.ink, 4)


def fan(pen: Pen, rng: Random, inks: Inks) -> None:
    with pen.moved(0, 34, 0.62):
        _folds(pen, rng, inks)


def _folds(pen: Pen, rng: Random, inks: Inks) -> None:
    """An open fan with hills painted across its folds; the pivot lies at (0, 92)."""
    spread, count = rng.uniform(1.05, 1.3), 22
    turns = [-pi / 2 + spread * (2 * k / count - 1) for k in range(count + 1)]

    def at(turn: float, radius: float) -> Point:
        return radius * cos(turn), 92 + radius * sin(turn)

    pen.fill(poly([at(t, 182) for t in turns] + [at(t, 88) for t in turns[::-1]]), inks.tint)
    hills: list[Point] = []
    for t in turns:
        hills.append(at(t, 122 + rng.uniform(-10, 26)))
    pen.fill(
        smooth(hills).rstrip("z")
        + "L"
        + "L".join(f"{x:.1f} {y:.1f}" for x, y in (at(t, 90) for t in turns[::-1]))
        + "z",
        inks.body,
    )
    pen.fill(ring(*at(-pi / 2 + rng.uniform(-0.6, 0.6), 160), 11), inks.spark)
    folds = "".join(poly((at(t, 88), at(t, 182)), closed=False) for t in turns)
    pen.line(folds, mix(inks.tint, inks.ink, 0.5), 1.2)
    pen.line("".join(poly((at(t, 6), at(t, 88)), closed=False) for t in turns[::2]), inks.ink, 3.6)
    pen.line(poly([at(t, 182) for t in turns], closed=False), inks.ink, 2.4)
    pen.fill(ring(0, 92, 6), inks.spark)


def bust(pen: Pen, rng: Random, inks: Inks) -> None:
    """A digital person: a head and shoulders drawn only by its levels, as a scan returns them."""
    neck = rng.uniform(13, 17)
    head = turned(
        (
            (-96, 2),
            (-84, 24),
            (-56, 36),
            (-34, 32),
            (-12, 19),
            (2, neck),
            (18, neck + 3),
            (36, 54),
            (62, 76),
            (100, 82),
        ),
        52,
    )
    turn = rng.choice((-1, 1))
    near: list[str] = []
    far: list[str] = []
    for i, (y, r) in enumerate(head):
        nose = 9 if -46 < y < -30 else (4 if -24 < y < -14 else 0)
        bend = r * 0.26
        line = f"M{-r:.1f} {y:.1f}Q{turn * (r * 0.3 + nose):.1f} {y + bend + nose * 0.6:.1f} {r:.1f} {y:.1f}"
        (near if i % 4 else far).append(line)
    pen.fill(
        poly([(-r, y) for y, r in head] + [(r, y) for y, r in head[::-1]]),
        mix(inks.ground, inks.body, 0.3),
    )
    pen.line("".join(near), inks.body, 1.7)
    pen.line("".join(far), inks.spark, 2.2)
    marks = [(turn * 20, -50.0), (turn * -4, -50.0), (turn * 10, -22.0), (turn * 12, -36.0)]
    pen.dots(marks, inks.ink, 4)
    pen.line(poly((*marks[:2], marks[2])), inks.ink, 1)
    motes = [(rng.gauss(0, 60), rng.uniform(-100, 90)) for _ in range(50)]
    pen.dots(motes, inks.ink, 2)
