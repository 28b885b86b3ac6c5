"""Turned and blown things: vases, plates, teapots, lanterns, bells, glass."""

from __future__ import annotations

from random import Random

from .inks import Inks, mix
from .pen import Pen, Rows, around, box, outline, poly, ring, shade, smooth, turned, wedge

# (height from -100 to 100, radius), mouth first: 梅瓶, 玉壶春, 胆瓶, 罐, 高柄杯, 葫芦, 尊
PROFILES = (
    ((-100, 17), (-90, 13), (-78, 16), (-48, 54), (0, 46), (60, 27), (100, 30)),
    ((-100, 28), (-84, 14), (-52, 13), (8, 40), (48, 56), (84, 36), (92, 30), (100, 32)),
    ((-100, 15), (-40, 13), (0, 22), (46, 46), (76, 44), (96, 28), (100, 29)),
    ((-70, 40), (-60, 34), (-48, 42), (-8, 70), (40, 62), (92, 36), (100, 38)),
    ((-100, 46), (-72, 40), (-40, 30), (-26, 10), (10, 8), (52, 12), (84, 30), (100, 36)),
    ((-100, 12), (-88, 14), (-56, 34), (-26, 16), (-14, 18), (40, 56), (84, 42), (100, 32)),
    ((-92, 62), (-66, 38), (-50, 34), (-10, 48), (20, 46), (64, 30), (100, 46)),
)


def _bands(rng: Random, rows: Rows, inks: Inks, pen: Pen) -> None:
    """One or two ornamental registers round the body, bent as the eye sees them from slightly above."""
    for _ in range(rng.randint(1, 2)):
        start = rng.randrange(8, len(rows) - 9)
        (y, r), (below, s) = rows[start], rows[start + 4]
        kind = rng.choice(("rings", "zigzag", "pearls", "leaves"))
        if kind == "rings":
            lines = (
                f"M{-q:.1f} {p:.1f}Q0 {p + q * 0.22:.1f} {q:.1f} {p:.1f}"
                for p, q in rows[start : start + 5]
            )
            pen.line("".join(lines), inks.ink, 1.6)
        elif kind == "pearls":
            pen.dots(
                [(x / 7 * r, (y + below) / 2 + 6 - abs(x)) for x in range(-6, 7)], inks.ground, 5
            )
        else:
            teeth = [(-r + 2 * r * i / 14, y + r * 0.08 if i % 2 else below - 2) for i in range(15)]
            pen.line(
                smooth(teeth) if kind == "leaves" else poly(teeth, closed=False), inks.ground, 2.4
            )
        pen.line(f"M{-r:.1f} {y:.1f}Q0 {y + r * 0.2:.1f} {r:.1f} {y:.1f}", inks.ink, 1.4)
        pen.line(
            f"M{-s:.1f} {below:.1f}Q0 {below + s * 0.2:.1f} {s:.1f} {below:.1f}", inks.ink, 1.4
        )


def _crackle(rng: Random, rows: Rows) -> str:
    lines = []
    for _ in range(18):
        y, r = rows[rng.randrange(6, len(rows) - 4)]
        x = rng.uniform(-0.7, 0.5) * r
        steps = [(x, y)]
        for _ in range(3):
            x, y = x + rng.uniform(-9, 9), y + rng.uniform(2, 10)
            steps.append((max(-r * 0.8, min(r * 0.8, x)), min(y, 96)))
        lines.append(poly(steps, closed=False))
    return "".join(lines)


def vase(pen: Pen, rng: Random, inks: Inks) -> None:
    rows = turned(rng.choice(PROFILES), 40)
    glaze = rng.choice((inks.body, inks.body, inks.spark, inks.tint))
    pen.fill(outline(rows), glaze)
    if rng.random() < 0.35:
        cut = rng.randrange(12, 24)
        drip = [
            (r * (i / 6 - 1), rows[cut][0] + rng.uniform(0, 16))
            for i, r in enumerate([rows[cut][1]] * 13)
        ]
        top = [(r, y) for y, r in reversed(rows[:cut])] + [(-r, y) for y, r in rows[:cut]]
        pen.fill(poly(drip + top), mix(glaze, inks.ink, 0.55))
    pen.fill(shade(rng, rows, 0.85, 3.4), mix(glaze, inks.ink, 0.62))
    pen.fill(shade(rng, rows, 0.28, 2.0, -1), mix(glaze, inks.ground, 0.55))
    if rng.random() < 0.4:
        pen.line(_crackle(rng, rows), mix(glaze, inks.ink, 0.7), 0.9)
    else:
        _bands(rng, rows, inks, pen)
    y, r = rows[0]
    pen.fill(ring(0, y, r, r * 0.2), mix(glaze, inks.ink, 0.75))
    pen.line(ring(0, y, r, r * 0.2), glaze, 2.2)


def plate(pen: Pen, rng: Random, inks: Inks) -> None:
    """A dish seen from above: rim, registers of strokes, and a flower or fish in the well."""
    pen.fill(ring(0, 0, 98), inks.tint)
    pen.fill(ring(0, 0, 94), inks.body)
    pen.fill(ring(0, 0, 70), inks.tint)
    count = rng.choice((24, 32, 40, 48))
    outer, inner = around(0, 0, 90, count), around(0, 0, 74, count, 0.5 / count)
    zigzag = [p for pair in zip(outer, inner, strict=True) for p in pair]
    pen.line(poly(zigzag) if rng.random() < 0.5 else smooth(zigzag, closed=True), inks.ground, 2.2)
    petals = rng.choice((5, 6, 8, 12))
    tips, bases = around(0, 0, 58, petals), around(0, 0, 22, petals, 0.5 / petals)
    for width, colour in ((1.0, inks.spark), (0.62, mix(inks.spark, inks.ink, 0.5))):
        flower = [(x * width, y * width) for pair in zip(tips, bases, strict=True) for x, y in pair]
        pen.fill(smooth(flower, closed=True), colour)
    rays = zip(around(0, 0, 14, petals * 2), around(0, 0, 44, petals * 2), strict=True)
    pen.line("".join(poly(pair, closed=False) for pair in rays), inks.ground, 1.5)
    pen.fill(ring(0, 0, 9), inks.ground)
    pen.line(ring(0, 0, 66) + ring(0, 0, 62), inks.ink, 1.3)
    pen.line(ring(0, 0, 97), inks.ink, 2)


def teapot(pen: Pen, rng: Random, inks: Inks) -> None:
    wide = rng.uniform(54, 68)
    rows = turned(
        (
            (-20, 22),
            (-10, wide * 0.72),
            (30, wide),
            (74, wide * 0.72),
            (84, wide * 0.6),
            (88, wide * 0.64),
        ),
        30,
    )
    spout = [
        (wide * 0.7, 46),
        (wide + 18, 12),
        (wide + 34, -18),
        (wide + 24, -16),
        (wide * 0.72, 4),
    ]
    pen.fill(smooth(spout, closed=True), inks.body)
    pen.line(
        smooth([(-wide * 0.8, -2), (-wide - 30, -6), (-wide - 26, 40), (-wide * 0.86, 54)]),
        inks.body,
        10,
    )
    pen.fill(outline(rows), inks.body)
    pen.fill(shade(rng, rows, 0.9, 3.2), mix(inks.body, inks.ink, 0.62))
    pen.fill(shade(rng, rows, 0.3, 1.8, -1), mix(inks.body, inks.ground, 0.5))
    _lid(pen, inks, wide)


def _lid(pen: Pen, inks: Inks, wide: float) -> None:
    """Lid, seam and steam."""
    lid = turned(((-50, 3), (-44, 8), (-36, 4), (-30, 24), (-18, 34)), 12)
    pen.fill(outline(lid), mix(inks.body, inks.ink, 0.4))
    pen.line(
        f"M-34 -18Q0 -10 34 -18M{-wide * 0.94:.0f} 20Q0 36 {wide * 0.94:.0f} 20", inks.ground, 1.6
    )
    steam = [
        smooth(
            [(-20 + 18 * i, -60), (-28 + 18 * i, -74), (-14 + 18 * i, -86), (-22 + 18 * i, -100)]
        )
        for i in range(3)
    ]
    pen.line("".join(steam), inks.spark, 2.4)


def lantern(pen: Pen, rng: Random, inks: Inks) -> None:
    wide = rng.uniform(42, 66)
    belly = rng.choice(
        (
            ((-62, 0.4), (0, 1.0), (54, 0.4)),
            ((-62, 0.7), (0, 0.86), (54, 0.7)),
            ((-62, 0.9), (10, 0.6), (54, 0.34)),
        )
    )
    rows = turned([(y, wide * share) for y, share in belly], 24)
    pen.line("M0 -100V-72", inks.ink, 2.4)
    pen.fill(outline(rows), inks.spark)
    ribs = []
    for share in (-0.78, -0.5, -0.18, 0.18, 0.5, 0.78):
        ribs.append(poly([(r * share, y) for y, r in rows[::3]], closed=False))
    pen.line("".join(ribs), mix(inks.spark, inks.ground, 0.6), 2)
    pen.fill(shade(rng, rows, 0.6, 3.0), mix(inks.spark, inks.ink, 0.5))
    top, foot = rows[0][1], rows[-1][1]
    pen.fill(box(-top * 0.9, -74, top * 1.8, 14) + box(-foot * 0.9, 52, foot * 1.8, 12), inks.body)
    pen.line(
        "".join(f"M{x * foot * 0.16:.1f} 64v{34 - abs(x) * 2}" for x in range(-4, 5)), inks.body, 2
    )
    sign = (
        "M0 -26L17 -4L0 18L-17 -4zM0 -14L8 -4L0 6L-8 -4z"
        if rng.random() < 0.5
        else ring(0, -4, 17) + box(-6, -10, 12, 12)
    )
    pen.cut(sign, mix(inks.spark, inks.ground, 0.85))


def bells(pen: Pen, rng: Random, inks: Inks) -> None:
    """A rack of chime bells, graded by size, with bosses in three rows."""
    pen.fill(
        box(-100, -88, 200, 9)
        + box(-96, -88, 8, 188)
        + box(88, -88, 8, 188)
        + box(-100, 10, 200, 7),
        inks.body,
    )
    pen.fill(wedge(-100, -84, 190, 5) + wedge(-100, 13, 190, 4), inks.ink)
    for row, (y, count, tall) in enumerate(((-78, 7, 52.0), (18, 5, 64.0))):
        for i in range(count):
            x = -74 + 148 * i / (count - 1)
            high = tall * (1 - 0.09 * (i if row else count - 1 - i) * rng.uniform(0.9, 1.1))
            wide = high * 0.3
            bell = f"M{x - wide * 0.6:.1f} {y + 8}H{x + wide * 0.6:.1f}L{x + wide:.1f} {y + high:.1f}Q{x:.1f} {y + high * 0.78:.1f} {x - wide:.1f} {y + high:.1f}z"
            pen.fill(bell, inks.spark if (i + row) % 3 == 0 else inks.ink)
            pen.line(f"M{x:.1f} {y}v8", inks.ink, 3)
            bosses = [
                (x + dx * wide * 0.34, y + 14 + dy * high * 0.15)
                for dx in (-1, 0, 1)
                for dy in range(3)
            ]
            pen.dots(bosses, inks.ground, 2.6)


def glass(pen: Pen, rng: Random, inks: Inks) -> None:
    """琉璃: blown drops that overlap; each carries a caught window and a seam of colour."""
    drops = [(rng.uniform(-62, 62), rng.uniform(-56, 60), rng.uniform(20, 40)) for _ in range(6)]
    for i, (x, y, r) in enumerate(sorted(drops, key=lambda d: -d[2])):
        colour = (inks.body, inks.spark, inks.tint)[i % 3]
        pen.fill(ring(x, y, r), colour)
        swirl = [
            (x + (r * 0.86 - r * k * 0.1) * (-1 if k % 2 else 1), y - r * 0.6 + r * 0.2 * k)
            for k in range(7)
        ]
        pen.line(smooth(swirl), mix(colour, inks.ground, 0.45), r * 0.07)
        pen.line(ring(x, y, r * 0.96), mix(colour, inks.ink, 0.6), 2.2)
        shadow = "".join(
            wedge(x + r * (1 - (k / 6) ** 2) ** 0.5, y + r * k / 6, -r * 0.5, 3)
            for k in range(-2, 6)
        )
        pen.fill(shadow, mix(colour, inks.ink, 0.5))
        pen.fill(
            smooth(
                [
                    (x - r * 0.6, y - r * 0.2),
                    (x - r * 0.3, y - r * 0.62),
                    (x - r * 0.36, y - r * 0.2),
                ],
                closed=True,
            ),
            inks.ground,
        )
