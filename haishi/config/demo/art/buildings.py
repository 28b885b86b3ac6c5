"""Things that stand against the sky: pagodas, pavilions, kilns, gates, ships, bridges."""

from __future__ import annotations

from random import Random

from .inks import Inks, mix
from .pen import Pen, box, outline, poly, ring, shade, smooth, turned, wedge


def eave(y: float, half: float, rise: float, top: float) -> str:
    """A hipped roof with lifted corners: eave line at `y`, `half` wide each way, ridge `top` wide
    at `y - rise`.
    """
    lift = rise * 0.42
    return (
        f"M{-half:.1f} {y - lift:.1f}Q{-half * 0.72:.1f} {y:.1f} "
        f"{-half * 0.4:.1f} {y:.1f}H{half * 0.4:.1f}"
        f"Q{half * 0.72:.1f} {y:.1f} {half:.1f} {y - lift:.1f}Q{(half + top) * 0.42:.1f} {y - rise * 0.5:.1f} {top:.1f} {y - rise:.1f}"
        f"H{-top:.1f}Q{-(half + top) * 0.42:.1f} {y - rise * 0.5:.1f} {-half:.1f} {y - lift:.1f}z"
    )


def tiles(y: float, half: float, rise: float, top: float, count: int) -> str:
    """Lines down a roof of the same shape."""
    lines = []
    for i in range(1, count):
        share = i / count * 2 - 1
        lines.append(
            f"M{top * share:.1f} {y - rise + 2:.1f}Q{half * share * 0.5:.1f} {y - rise * 0.4:.1f} {half * share * 0.74:.1f} {y - 2:.1f}"
        )
    return "".join(lines)


def pagoda(pen: Pen, rng: Random, inks: Inks) -> None:
    storeys = rng.randint(5, 9)
    wide, taper = rng.uniform(34, 46), rng.uniform(0.86, 0.92)
    step = 158 / storeys
    y = 92.0
    pen.fill(box(-wide - 14, y, 2 * wide + 28, 8), inks.ink)
    for storey in range(storeys):
        half = wide * taper**storey
        pen.fill(box(-half, y - step, 2 * half, step), inks.body)
        pen.fill(
            "".join(
                wedge(half, y - step + 2 + k * 3.2, -half * 0.9, 1.8)
                for k in range(int(step / 3.2))
            ),
            mix(inks.body, inks.ink, 0.6),
        )
        door = half * (0.34 if storey == 0 else 0.2)
        pen.fill(
            f"M{-door:.1f} {y:.1f}v{-step * 0.36:.1f}a{door:.1f} {door:.1f} 0 0 1 {2 * door:.1f} 0v{step * 0.36:.1f}z",
            inks.spark,
        )
        pen.fill(eave(y - step + 3, half * 1.5, step * 0.56, half * taper), inks.ink)
        pen.line(tiles(y - step + 3, half * 1.5, step * 0.56, half * taper, 9), inks.ground, 0.9)
        y -= step
    pen.line(f"M0 {y:.1f}V-100", inks.ink, 3)
    pen.line(
        "".join(f"M{-6 + k} {y - 8 - k * 4:.1f}h{12 - 2 * k}" for k in range(5)), inks.spark, 2.4
    )


def pavilion(pen: Pen, rng: Random, inks: Inks) -> None:
    """An open hall with columns, one or two roofs, a balustrade and steps."""
    half, double = rng.uniform(66, 84), rng.random() < 0.6
    pen.fill(
        box(-half - 10, 74, 2 * half + 20, 12) + box(-half - 16, 86, 2 * half + 32, 14), inks.tint
    )
    pen.line(
        "".join(f"M{-half - 16 + k * 12:.1f} 87v12" for k in range(int((2 * half + 32) / 12) + 1)),
        inks.body,
        1.2,
    )
    pen.fill(box(-half * 0.8, 4, half * 1.6, 70), mix(inks.tint, inks.ground, 0.3))
    bays = rng.choice((4, 5, 6))
    columns = "".join(
        box(-half * 0.8 + half * 1.6 * k / bays - 3, 0, 6, 74) for k in range(bays + 1)
    )
    span = half * 1.6 / bays
    lattice = []
    for bay in range(bays):
        x = -half * 0.8 + span * bay
        lattice += [f"M{x + span * q / 4:.1f} 6v22" for q in (1, 2, 3)] + [
            f"M{x:.1f} {yy}h{span:.1f}" for yy in (10, 18, 26)
        ]
    pen.line("".join(lattice), inks.body, 1.3)
    pen.fill(columns, inks.spark)
    pen.line(
        f"M{-half * 0.8:.1f} 58h{half * 1.6:.1f}M{-half * 0.8:.1f} 66h{half * 1.6:.1f}",
        inks.body,
        2,
    )
    pen.fill(eave(6, half * 1.3, 34, half * 0.66), inks.ink)
    pen.line(tiles(6, half * 1.3, 34, half * 0.66, 22), inks.ground, 1)
    if double:
        pen.fill(box(-half * 0.5, -46, half, 20), inks.spark)
        pen.fill(eave(-42, half * 0.86, 38, half * 0.3), inks.ink)
        pen.line(tiles(-42, half * 0.86, 38, half * 0.3, 15), inks.ground, 1)
    _ridge(pen, inks, *((-80, half * 0.3) if double else (-28, half * 0.66)))


def _ridge(pen: Pen, inks: Inks, top: float, ridge: float) -> None:
    pen.fill(
        f"M{-ridge - 8:.1f} {top - 10}q4 8 10 6H{ridge - 2:.1f}q6 2 10 -6l-2 12H{-ridge - 6:.1f}z",
        inks.body,
    )


def kiln(pen: Pen, rng: Random, inks: Inks) -> None:
    """A bottle kiln of brick courses with its fire mouth open, and smoke that leans with the wind."""
    rows = turned(((-70, 16), (-50, 18), (-10, 44), (30, 66), (96, 78), (100, 80)), 34)
    smoke, lean = [], rng.choice((-1, 1))
    for k in range(4):
        smoke.append(
            smooth(
                [
                    (-9 + 6 * k, -72),
                    (-12 + 6 * k + lean * 4, -82),
                    (lean * (8 + 6 * k), -90),
                    (lean * (26 + 10 * k), -100),
                ]
            )
        )
    pen.line("".join(smoke), inks.tint, 4)
    pen.fill(outline(rows), inks.body)
    courses, joints = [], []
    for i, (y, r) in enumerate(rows[::2]):
        courses.append(f"M{-r:.1f} {y:.1f}Q0 {y + r * 0.12:.1f} {r:.1f} {y:.1f}")
        joints += [
            f"M{-r + (k + 0.5 * (i % 2)) * r / 4:.1f} {y + 1 + r * 0.02:.1f}v4.6"
            for k in range(1, 8)
        ]
    pen.line("".join(courses + joints), mix(inks.body, inks.ground, 0.55), 1.1)
    pen.fill(shade(rng, rows, 0.7, 3.8), mix(inks.body, inks.ink, 0.7))
    pen.fill("M-26 100v-34a26 30 0 0 1 52 0v34z", inks.ink)
    for width, colour in ((1.0, inks.spark), (0.55, mix(inks.spark, inks.ground, 0.6))):
        tongues = [
            (-20, 100),
            (-18, 74),
            (-10, 86),
            (-3, 60 + 14 * (1 - width)),
            (6, 84),
            (14, 68),
            (20, 100),
        ]
        pen.fill(poly([(x * width, 100 - (100 - y) * width) for x, y in tongues]), colour)


def gate(pen: Pen, rng: Random, inks: Inks) -> None:
    """A 牌坊: three openings, stacked roofs, a name board that stays empty."""
    pen.fill(
        "".join(box(x - 5, -40 if abs(x) < 50 else -10, 10, 134) for x in (-84, -36, 36, 84)),
        inks.spark,
    )
    pen.fill("".join(box(x - 9, 90, 18, 10) for x in (-84, -36, 36, 84)), inks.ink)
    pen.fill(
        box(-94, 2, 188, 8) + box(-94, 18, 188, 7) + box(-40, -36, 80, 8) + box(-40, -16, 80, 7),
        inks.body,
    )
    pen.fill(box(-26, -28, 52, 14), inks.tint)
    pen.line(
        "".join(f"M{x} 10v8" for x in range(-92, 94, 8))
        + "".join(f"M{x} -9v11" for x in range(-34, 36, 8)),
        inks.ink,
        1.5,
    )
    for x, y, half in ((-60, -2, 38), (60, -2, 38), (0, -40, 60)):
        with pen.moved(x, 0):
            pen.fill(eave(y, half, half * 0.52, half * 0.5), inks.ink)
            pen.line(tiles(y, half, half * 0.52, half * 0.5, 13), inks.ground, 1)
    if rng.random() < 0.6:
        pen.fill(f"M0 -100L8 -88L0 -76L-8 -88z{ring(0, -70, 3)}", inks.spark)


def ship(pen: Pen, rng: Random, inks: Inks) -> None:
    """A sea junk under battened sails."""
    masts = rng.choice((2, 3))
    for mast in range(masts):
        x = -44 + mast * 96 / masts + rng.uniform(-3, 3)
        tall = rng.uniform(104, 138) * (1.1 if mast == masts // 2 else 0.82)
        top, belly = 54 - tall, rng.uniform(10, 20)
        pen.line(f"M{x:.1f} 66V{top - 8:.1f}", inks.ink, 3)
        wide = tall * 0.42
        left, right = [], []
        for k in range(7):
            y = top + (tall - 12) * k / 6
            left.append((x - wide * (0.34 + 0.1 * k / 6), y + 4))
            right.append((x + wide * (0.42 + 0.3 * k / 6) + belly * (k % 2) * 0.35, y - 6 + k * 2))
        sail = inks.spark if mast == masts // 2 else inks.body
        pen.fill(poly(left + right[::-1]), sail)
        pen.line(
            "".join(poly(pair, closed=False) for pair in zip(left, right, strict=True)),
            inks.ground,
            1.6,
        )
        cuts = [
            wedge(rx, (ry + left[k][1]) / 2 + j * 4 - 4, -wide * 0.6, 1.8)
            for k, (rx, ry) in enumerate(right[1:], 1)
            for j in range(3)
        ]
        pen.fill("".join(cuts), mix(sail, inks.ink, 0.5))
        pen.fill(f"M{x:.1f} {top - 10:.1f}l16 3l-16 5z", inks.ink)
    hull = "M-98 46Q-80 62 -70 62H64Q86 58 98 36Q92 74 66 94H-62Q-88 80 -98 46z"
    pen.fill(hull, inks.ink)
    pen.line("M-90 66Q0 80 90 62M-82 76Q0 88 82 74", inks.tint, 2)
    pen.dots([(-60 + 18 * k, 73) for k in range(7)], inks.tint, 4)


def bridge(pen: Pen, rng: Random, inks: Inks) -> None:
    """Stone arches and their half circles in the water."""
    spans = rng.choice((1, 3, 5))
    low = -50 if spans == 1 else 0
    pen.fill(f"M-100 70Q0 {low} 100 70V84H-100z", inks.body)
    holes, rings_ = [], []
    for k in range(spans):
        x = 0 if spans == 1 else -66 + 132 * k / (spans - 1)
        r = (44 if spans == 1 else 84 / spans) * (1 - 0.0022 * abs(x))
        holes.append(f"M{x - r:.1f} 84a{r:.1f} {r:.1f} 0 0 1 {2 * r:.1f} 0z")
        rings_.append(f"M{x - r - 4:.1f} 84a{r + 4:.1f} {r + 4:.1f} 0 0 1 {2 * r + 8:.1f} 0")
        rings_.append(f"M{x - r:.1f} 88a{r:.1f} {r * 0.34:.1f} 0 0 0 {2 * r:.1f} 0")
    pen.fill("".join(holes), inks.ground)
    pen.line("".join(rings_), inks.ink, 2.4)
    posts = []
    for k in range(21):
        t = k / 20
        y = (1 - t) ** 2 * 70 + 2 * t * (1 - t) * low + t * t * 70
        posts.append(f"M{-100 + 200 * t:.1f} {y:.1f}v-13")
    pen.line("".join(posts) + f"M-100 58Q0 {low - 12} 100 58", inks.ink, 2.4)
    pen.line(
        "".join(
            f"M{rng.uniform(-90, 40):.0f} {92 + 3 * k}h{rng.uniform(20, 60):.0f}" for k in range(4)
        ),
        inks.tint,
        2,
    )
