"""Pictures that fill their whole frame: seas, hills, springs, looms, caves, ribbons, tides of figures."""

from __future__ import annotations

from math import cos, exp, hypot, pi, sin
from random import Random

from .inks import Inks, mix
from .pen import Pen, Point, around, box, lens, poly, ring, smooth, wedge


def waves(pen: Pen, rng: Random, inks: Inks, w: int, h: int) -> None:
    """Scales of sea in rows, each row a tone nearer."""
    cell = h / rng.choice((5.0, 6.0, 7.5))
    rows = int(h * 0.66 / (cell * 0.46)) + 2
    pen.fill(ring(w * rng.uniform(0.2, 0.8), h * 0.24, h * 0.14), inks.spark)
    sky = "".join(
        lens(rng.uniform(-60, w), h * rng.uniform(0.02, 0.36), rng.uniform(90, 320), 3)
        for _ in range(26)
    )
    pen.fill(sky, inks.tint)
    lift, turn = rng.uniform(0.02, 0.09) * h, rng.uniform(0, 6)
    for row in range(rows):
        y0 = h * 0.42 + row * cell * 0.46
        shift = cell * (row % 2)
        discs, lines = [], []
        for k in range(-1, int(w / cell / 2) + 2):
            x = k * cell * 2 + shift
            y = y0 + lift * sin(turn + x / w * 7)
            discs.append(_arch(x, y + cell * 0.4, cell) + "z")
            lines += [_arch(x, y + cell * 0.4, cell * s) for s in (0.94, 0.72, 0.5)]
        pen.fill("".join(discs), mix(inks.tint, inks.body, min(1.0, row / (rows - 2))))
        pen.line("".join(lines), inks.ground if row > 1 else inks.body, 2.2)


def _arch(x: float, y: float, r: float) -> str:
    return f"M{x - r:.0f} {y:.0f}a{r:.0f} {r:.0f} 0 0 1 {2 * r:.0f} 0"


def mountains(pen: Pen, rng: Random, inks: Inks, w: int, h: int) -> None:
    """Ranges one behind another, fog between; the graver runs down every flank."""
    pen.fill(ring(w * rng.uniform(0.15, 0.85), h * rng.uniform(0.16, 0.3), h * 0.1), inks.spark)
    layers = 4
    for layer in range(layers):
        base = h * (0.36 + 0.17 * layer)
        count = rng.randint(5, 8)
        peaks: list[Point] = [(-20, base)]
        for k in range(count * 2 + 1):
            rise = (
                rng.uniform(0.1, 0.24) * h * (1 - 0.12 * layer)
                if k % 2
                else rng.uniform(0, 0.05) * h
            )
            peaks.append((w * k / (count * 2), base - rise))
        peaks.append((w + 20, base))
        colour = mix(inks.tint, inks.ink if layer == 3 else inks.body, 0.25 + 0.25 * layer)
        pen.fill(poly(peaks, closed=False) + f"V{h}H-20z", colour)
        cuts = []
        for k in range(2, len(peaks) - 2, 2):
            (x, y), (_, foot) = peaks[k], peaks[k + 1]
            drop = max(foot - y, 30)
            for j in range(9):
                a = j / 9
                cuts.append(
                    poly(
                        [
                            (x + a * drop * 0.62, y + a * drop * 0.8),
                            (x + a * drop * 0.62 + 3, y + a * drop * 0.8),
                            (x + a * drop * 0.5 + 14, y + a * drop * 0.8 + drop * (0.55 - 0.3 * a)),
                        ]
                    )
                )
        pen.fill("".join(cuts), mix(colour, inks.ground, 0.55))
        fog = "".join(
            lens(rng.uniform(-100, w), base + h * rng.uniform(0.02, 0.15), rng.uniform(200, 600), 5)
            for _ in range(7)
        )
        pen.fill(fog, mix(colour, inks.ground, 0.4))


def springs(pen: Pen, rng: Random, inks: Inks, w: int, h: int) -> None:
    """Rings from three sources that cross, and the bubbles that made them."""
    pen.fill(box(0, 0, w, h), inks.body)
    sources = [
        (w * (0.22 + 0.28 * k) + rng.uniform(-60, 60), h * rng.uniform(0.3, 0.72)) for k in range(3)
    ]
    for k, (x, y) in enumerate(sources):
        rings_ = "".join(
            ring(x, y, r, r * 0.55) for r in range(24, int(h * (0.62 - 0.14 * k)), 30 + 6 * k)
        )
        pen.line(rings_, (inks.tint, inks.ground, mix(inks.body, inks.ink, 0.5))[k], 2.4)
    for x, y in sources:
        pearls = [(x + rng.gauss(0, 22), y - abs(rng.gauss(0, 70))) for _ in range(9)]
        pen.fill("".join(ring(px, py, rng.uniform(3, 13)) for px, py in pearls), inks.ground)
        pen.fill("".join(ring(px, py, rng.uniform(2, 6)) for px, py in pearls[:5]), inks.spark)
    weed = [
        smooth(
            [
                (x, h + 10),
                (x + rng.uniform(-30, 30), h * 0.9),
                (x + rng.uniform(-50, 50), h * rng.uniform(0.72, 0.86)),
            ]
        )
        for x in range(0, w, 52)
    ]
    pen.line("".join(weed), inks.ink, 5)


def weave(pen: Pen, rng: Random, inks: Inks, w: int, h: int) -> None:
    """鲁锦: a check of coloured warps and wefts, each crossing over or under."""
    unit = h / rng.choice((8, 10, 12))
    cols, rows = int(w / unit) + 1, int(h / unit) + 1
    choice = [inks.body, inks.tint, inks.ink, inks.spark, inks.tint, inks.body]
    half = rng.randint(4, 6)
    run = [rng.choice(choice) for _ in range(half)]
    stripe = run + run[::-1]
    for colour in dict.fromkeys(stripe):
        warps = "".join(
            box(i * unit + unit * 0.08, 0, unit * 0.84, h)
            for i in range(cols)
            if stripe[i % len(stripe)] == colour
        )
        pen.fill(warps, colour)
    twill = rng.choice((2, 2, 3, 4))
    for colour in dict.fromkeys(stripe):
        over = []
        for j in range(rows):
            if stripe[j % len(stripe)] == colour:
                over += [
                    box(i * unit - unit * 0.04, j * unit + unit * 0.08, unit * 1.08, unit * 0.84)
                    for i in range(cols)
                    if (i + j) % twill == 0
                ]
        pen.fill("".join(over), colour)
    threads = "".join(f"M0 {j * unit + unit * q:.1f}H{w}" for j in range(rows) for q in (0.3, 0.7))
    pen.line(threads, mix(inks.ground, inks.body, 0.2), 1)


def tide(pen: Pen, rng: Random, inks: Inks, w: int, h: int) -> None:
    """A moon and its road: nothing but horizontal cuts, swelling where light lies."""
    horizon, moon = h * rng.uniform(0.4, 0.52), w * rng.uniform(0.25, 0.75)
    r = h * rng.uniform(0.13, 0.2)
    pen.fill(ring(moon, horizon - r * rng.uniform(0.5, 1.6), r), inks.spark)
    pen.fill(box(0, horizon, w, h), inks.body)
    bright, dark = [], []
    y = horizon + 4
    while y < h:
        depth = (y - horizon) / (h - horizon)
        for _ in range(3):
            spread = r * (0.5 + 1.6 * depth)
            long_ = rng.uniform(0.2, 1.0) * spread * 1.6
            bright.append(lens(moon + rng.uniform(-1, 0.4) * spread, y, long_, 3 + 7 * depth))
        dark += [
            lens(rng.uniform(-150, w), y + 4, rng.uniform(120, 420), 3 + 6 * depth)
            for _ in range(4)
        ]
        y += 7 + 20 * depth
    pen.fill("".join(dark), mix(inks.body, inks.ink, 0.55))
    pen.fill("".join(bright), inks.ground)
    far = [
        (w * k / 12, horizon - (h * 0.07 * abs(sin(k * 1.3 + moon)) if 2 < k < 10 else 0))
        for k in range(13)
    ]
    pen.fill(smooth(far) + f"V{horizon:.0f}H0z", inks.ink)
    pen.fill(
        "".join(
            lens(rng.uniform(-80, w), h * rng.uniform(0.02, 0.3), rng.uniform(140, 420), 4)
            for _ in range(22)
        ),
        inks.tint,
    )


def cave(pen: Pen, rng: Random, inks: Inks, w: int, h: int) -> None:
    """A painted niche: arch within arch, flames, a halo, and an empty throne of lotus."""
    x, foot = w * rng.choice((0.5, 0.5, 0.36, 0.64)), h * 0.86
    shades = (
        inks.ink,
        inks.body,
        inks.tint,
        mix(inks.body, inks.ink, 0.4),
        inks.spark,
        mix(inks.ground, inks.tint, 0.5),
    )
    pen.fill(box(0, 0, w, h), mix(inks.ground, inks.tint, 0.6))
    wall = "".join(
        ring(i * 88 + 44 * (j % 2), j * 76 + 30, 17)
        for i in range(int(w / 88) + 2)
        for j in range(int(h / 76) + 1)
    )
    pen.fill(wall, inks.tint)
    pen.line(wall, inks.body, 2)
    _arches(pen, inks, shades, x, h)
    _throne(pen, inks, x, foot, h)


def _arches(pen: Pen, inks: Inks, shades: tuple[str, ...], x: float, h: int) -> None:
    """Arch within arch; the second and fourth carry flames."""
    for k, colour in enumerate(shades):
        half = h * (0.52 - 0.068 * k)
        top = h * (0.04 + 0.075 * k)
        pen.fill(
            f"M{x - half:.1f} {h}V{top + half:.1f}Q{x - half:.1f} {top + half * 0.3:.1f} {x:.1f} {top:.1f}Q{x + half:.1f} {top + half * 0.3:.1f} {x + half:.1f} {top + half:.1f}V{h}z",
            colour,
        )
        if k in (1, 3):
            r = half * 0.94
            flames = [
                poly((p, q), closed=False)
                for p, q in zip(
                    around(x, top + half, r, 44, 0.5),
                    around(x, top + half, r * 0.9, 44, 0.508),
                    strict=True,
                )
            ]
            pen.line("".join(flames[:23]), inks.ground, 3.4)


def _throne(pen: Pen, inks: Inks, x: float, foot: float, h: int) -> None:
    """A halo that waits, over a lotus seat."""
    halo = h * 0.5
    pen.line("".join(ring(x, halo, r) for r in (h * 0.1, h * 0.115, h * 0.075)), inks.body, 4)
    pen.fill(
        "".join(
            poly((p, q, s))
            for p, q, s in zip(
                around(x, halo, h * 0.07, 24),
                around(x, halo, h * 0.07, 24, 0.02),
                around(x, halo, h * 0.02, 24, 0.01),
                strict=True,
            )
        ),
        inks.spark,
    )
    petals = [
        smooth(
            [
                (x + (k - 4) * 30, foot),
                (x + (k - 4) * 37 - 15, foot - 34),
                (x + (k - 4) * 40, foot - 62 + abs(k - 4) * 6),
                (x + (k - 4) * 37 + 15, foot - 34),
            ],
            closed=True,
        )
        for k in range(9)
    ]
    pen.fill("".join(petals), inks.body)
    pen.line("".join(petals), inks.ground, 2.4)
    pen.fill(box(x - 150, foot, 300, 16) + box(x - 190, foot + 16, 380, h), inks.ink)


def ribbons(pen: Pen, rng: Random, inks: Inks, w: int, h: int) -> None:
    """飞天: sashes without their dancer, drawn as bundles of parallel hair lines."""
    for k, colour in enumerate((inks.tint, inks.body, inks.spark, inks.ink)):
        spine = [
            (
                w * (i / 6) + rng.uniform(-60, 60),
                h * (0.5 + 0.34 * sin(i * 1.15 + k * 1.7) + rng.uniform(-0.06, 0.06)),
            )
            for i in range(-1, 8)
        ]
        wide = h * rng.uniform(0.08, 0.2)
        for share in (0,):
            upper = [
                (x, y - wide * (0.25 + 0.75 * abs(sin(i * 0.9 + k))))
                for i, (x, y) in enumerate(spine)
            ]
            pen.fill(
                smooth(upper) + "L" + smooth(spine[::-1])[1:] + "z",
                mix(colour, inks.ground, 0.15 + share),
            )
        hairs = []
        for j in range(1, 7):
            hairs.append(
                smooth(
                    [
                        (x, y - wide * (0.25 + 0.75 * abs(sin(i * 0.9 + k))) * j / 9)
                        for i, (x, y) in enumerate(spine)
                    ]
                )
            )
        pen.line("".join(hairs), inks.ground, 1.6)
    pen.fill(
        "".join(
            _blossom(rng, rng.uniform(0, w), rng.uniform(0, h), rng.uniform(10, 24))
            for _ in range(14)
        ),
        inks.spark,
    )


def _blossom(rng: Random, x: float, y: float, r: float) -> str:
    return "".join(ring(px, py, r * 0.42) for px, py in around(x, y, r * 0.6, 5, rng.random()))


def bars(pen: Pen, rng: Random, inks: Inks, w: int, h: int) -> None:
    """A tide of figures: thousands of thin columns whose tops are a coast."""
    centres = [
        (rng.uniform(0, w), rng.uniform(0.15, 0.5) * h, rng.uniform(60, 240)) for _ in range(5)
    ]
    step = rng.choice((8, 10, 14))
    tall, low, caps = [], [], []
    columns = range(4, w, step)
    rises = [
        sum(a * exp(-(((x - c) / s) ** 2)) for c, a, s in centres) + rng.uniform(8, 46)
        for x in columns
    ]
    full = h * 0.62 / max(rises)
    for x, rise in zip(columns, rises, strict=True):
        top = h * 0.78 - rise * full
        tall.append(box(x, top, step * 0.5, h * 0.78 - top))
        low.append(box(x, h * 0.78, step * 0.5, (h * 0.78 - top) * 0.26))
        caps.append((x + step * 0.25, top - 8))
    pen.fill("".join(tall), mix(inks.body, inks.ink, 0.45))
    pen.fill("".join(low), mix(inks.tint, inks.body, 0.3))
    pen.dots(caps, inks.spark, step * 0.5)
    pen.fill(box(0, h * 0.78 - 1, w, 2.4), inks.ink)
    grid = "".join(f"M0 {h * k / 8:.0f}H{w}" for k in range(1, 6))
    pen.line(grid, inks.tint, 1.2)


def halftone(pen: Pen, rng: Random, inks: Inks, w: int, h: int) -> None:
    """Light as a press prints it: a screen of dots over a globe and its swell."""
    cx, cy, r = w * rng.uniform(0.3, 0.7), h * 0.5, h * rng.uniform(0.3, 0.4)
    light = (rng.uniform(-0.5, 0.5), -0.4)
    step, big, small = 27.0, [], []
    for j in range(int(h / step) + 1):
        for i in range(int(w / step) + 1):
            x, y = i * step + (step / 2 if j % 2 else 0), j * step
            dx, dy = (x - cx) / r, (y - cy) / r
            far = hypot(dx, dy)
            if far < 1:
                tone = min(1.0, hypot(dx - light[0], dy - light[1]) * 0.75)
                big.append((x, y, 3 + 22 * tone))
            else:
                tone = 0.5 + 0.5 * sin(y / h * 9 + 2.4 * sin(x / w * 6))
                small.append((x, y, 2 + 9 * tone))
    for dots, colour in ((small, inks.tint), (big, inks.body)):
        pen.fill(
            "".join(
                f"M{x:.0f} {y - s / 2:.1f}l{s / 2:.1f} {s / 2:.1f}l{-s / 2:.1f} {s / 2:.1f}l{-s / 2:.1f} {-s / 2:.1f}z"
                for x, y, s in dots
            ),
            colour,
        )
    pen.line(ring(cx, cy, r * 1.08), inks.spark, 5)
    pen.fill(ring(cx + r * 1.08 * cos(5.4), cy + r * 1.08 * sin(5.4), r * 0.09), inks.spark)


def terraces(pen: Pen, rng: Random, inks: Inks, w: int, h: int) -> None:
    """Contours of a coast from the air, with fields ruled between them."""
    x, y = w * rng.uniform(0.2, 0.8), h * rng.uniform(0.3, 0.8)
    bumps = [(rng.uniform(0.04, 0.16), rng.randint(2, 5), rng.uniform(0, 6)) for _ in range(3)]
    tones = (
        inks.tint,
        mix(inks.tint, inks.body, 0.5),
        inks.body,
        mix(inks.body, inks.ink, 0.5),
        inks.ink,
        inks.spark,
    )
    for level in range(11, 0, -1):
        r = h * 0.1 * level
        shape = []
        for k in range(28):
            turn = 2 * pi * k / 28
            swell = 1 + sum(a * sin(n * turn + p + level * 0.12) for a, n, p in bumps)
            shape.append((x + 1.35 * r * swell * cos(turn), y + r * swell * sin(turn)))
        path = smooth(shape, closed=True)
        pen.fill(path, tones[(11 - level) % 5] if level > 1 else tones[5])
        pen.line(path, inks.ground, 2)
    pen.fill("".join(wedge(w, h * k / 40, -rng.uniform(20, 140), 3) for k in range(40)), inks.ink)
