"""How a motif is set on a sheet: on the sea, on a table, in a row, in a halo, in a niche, cropped, or as a pair."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from . import buildings, devices, figures, scenes, vessels
from .inks import Inks, mix
from .pen import Pen, around, box, lens, poly, ring

Subject = Callable[[Pen, Random, Inks], None]
Scene = Callable[[Pen, Random, Inks, int, int], None]

SUBJECTS: dict[str, Subject] = {
    "vase": vessels.vase,
    "plate": vessels.plate,
    "teapot": vessels.teapot,
    "lantern": vessels.lantern,
    "bells": vessels.bells,
    "glass": vessels.glass,
    "pagoda": buildings.pagoda,
    "pavilion": buildings.pavilion,
    "kiln": buildings.kiln,
    "gate": buildings.gate,
    "ship": buildings.ship,
    "bridge": buildings.bridge,
    "kite": figures.kite,
    "puppet": figures.puppet,
    "papercut": figures.papercut,
    "fish": figures.fish,
    "lotus": figures.lotus,
    "fan": figures.fan,
    "bust": figures.bust,
    "film": devices.film,
    "cubes": devices.cubes,
    "cloud": devices.cloud,
    "visor": devices.visor,
    "scroll": devices.scroll,
    "stele": devices.stele,
    "book": devices.book,
    "board": devices.board,
    "signal": devices.signal,
}
SCENES: dict[str, Scene] = {
    "waves": scenes.waves,
    "mountains": scenes.mountains,
    "springs": scenes.springs,
    "weave": scenes.weave,
    "tide": scenes.tide,
    "cave": scenes.cave,
    "ribbons": scenes.ribbons,
    "bars": scenes.bars,
    "halftone": scenes.halftone,
    "terraces": scenes.terraces,
}
MOTIFS: tuple[str, ...] = (*SUBJECTS, *SCENES)
WIDE = frozenset({"gate", "bridge", "pavilion", "ship", "book", "signal"})
FLOATING = frozenset(
    {
        "kite",
        "papercut",
        "plate",
        "film",
        "glass",
        "visor",
        "fish",
        "puppet",
        "lantern",
        "fan",
        "board",
    }
)
AFLOAT = frozenset({"pagoda", "pavilion", "ship", "bridge", "gate", "kiln", "lotus", "signal"})


def _sky(pen: Pen, rng: Random, inks: Inks, w: int, floor: float) -> None:
    """Long tapered cuts, as wood leaves them when a sky is cleared."""
    for colour, count in ((inks.tint, 20), (mix(inks.ground, inks.tint, 0.5), 16)):
        cuts = (
            lens(
                rng.uniform(-0.1, 0.9) * w,
                rng.uniform(0.02, 0.96) * floor,
                rng.uniform(0.1, 0.36) * w,
                5,
            )
            for _ in range(count)
        )
        pen.fill("".join(cuts), colour)


def sea(pen: Pen, rng: Random, inks: Inks, w: int, h: int, draw: Subject) -> None:
    """The subject stands above one line; under it lies water, and what the water keeps of the subject."""
    line = h * rng.uniform(0.68, 0.76)
    _sky(pen, rng, inks, w, line)
    r = h * rng.uniform(0.16, 0.27)
    x = w * rng.choice((0.38, 0.5, 0.62))
    pen.fill(
        ring(
            x + rng.choice((-1, 1)) * w * rng.uniform(0.1, 0.24),
            line - r * rng.uniform(0.7, 1.6),
            r,
        ),
        mix(inks.spark, inks.ground, 0.25),
    )
    hills = [(k / 9 * w, line - h * rng.uniform(0.0, 0.12)) for k in range(10)]
    pen.fill(poly(hills, closed=False) + f"V{line:.0f}H0z", inks.tint)
    pen.fill(box(0, line, w, h - line), mix(inks.tint, inks.body, 0.3))
    scale = line / 236
    state = rng.getstate()
    with pen.moved(x, line + 60 * scale, scale * 0.62, flip=True):
        draw(pen, rng, _pale(inks))
    cuts = "".join(
        lens(
            rng.uniform(-0.1, 0.95) * w,
            line + (h - line) * (k / 34) ** 1.3 + 4,
            rng.uniform(80, 360),
            5 + k * 0.16,
        )
        for k in range(34)
    )
    pen.fill(cuts, inks.ground)
    rng.setstate(state)
    with pen.moved(x, line - 99 * scale, scale):
        draw(pen, rng, inks)
    pen.fill(box(0, line - 1, w, 2.5), inks.ink)


def _pale(inks: Inks) -> Inks:
    """The inks of a thing seen in water."""
    low, middle, high = (mix(inks.tint, inks.body, share) for share in (0.3, 0.62, 0.8))
    return Inks(inks.tint, middle, middle, low, high)


def table(pen: Pen, rng: Random, inks: Inks, w: int, h: int, draw: Subject) -> None:
    """One thing on a board, off the middle; a window's light on the wall behind."""
    edge = h * rng.uniform(0.76, 0.84)
    x = w * rng.choice((0.36, 0.42, 0.58, 0.64))
    if rng.random() < 0.6:
        side = w * (0.14 if x > w / 2 else 0.62)
        pen.fill(
            f"M{side:.0f} {h * 0.1:.0f}l{w * 0.2:.0f} {h * 0.06:.0f}v{h * 0.46:.0f}l{-w * 0.2:.0f} {h * 0.02:.0f}z",
            inks.tint,
        )
        bars = "".join(
            f"M{side + w * 0.05 * k:.0f} {h * 0.1:.0f}v{h * 0.56:.0f}" for k in range(1, 4)
        )
        pen.line(
            bars
            + f"M{side:.0f} {h * 0.26:.0f}h{w * 0.2:.0f}M{side:.0f} {h * 0.42:.0f}h{w * 0.2:.0f}",
            inks.ground,
            7,
        )
    else:
        pen.fill(ring(x, edge - h * 0.4, h * rng.uniform(0.3, 0.38)), inks.tint)
    _board(pen, rng, inks, (w, h), edge)
    scale = edge / 236
    pen.fill(_shadow(x, edge, scale), inks.ink)
    with pen.moved(x, edge - 94 * scale, scale):
        draw(pen, rng, inks)


def _board(pen: Pen, rng: Random, inks: Inks, size: tuple[int, int], edge: float) -> None:
    """A table top with its grain."""
    w, h = size
    pen.fill(box(0, edge, w, h - edge), inks.body)
    grain = "".join(
        lens(
            rng.uniform(-0.1, 0.9) * w,
            edge + 10 + rng.uniform(0, 1) * (h - edge),
            rng.uniform(100, 520),
            4,
        )
        for _ in range(26)
    )
    pen.fill(grain, mix(inks.body, inks.ink, 0.55))


def _shadow(x: float, edge: float, scale: float) -> str:
    cuts = (
        lens(x - scale * (70 - 4 * k), edge + 5 + 8 * k, scale * (190 - 12 * k), 8)
        for k in range(6)
    )
    return "".join(cuts)


def trio(pen: Pen, rng: Random, inks: Inks, w: int, h: int, draw: Subject) -> None:
    """Three of a kind by height, one print's worth of comparison."""
    edge = h * 0.84
    pen.fill(box(0, edge, w, h - edge), inks.tint)
    pen.line(
        "".join(f"M0 {edge + 9 * k:.0f}H{w}" for k in range(1, int((h - edge) / 9))), inks.ground, 2
    )
    sizes = rng.sample([0.62, 0.82, 1.0], 3)
    for k, size in enumerate(sizes):
        scale = edge / 262 * size
        x = w * (0.2 + 0.3 * k)
        pen.fill(
            "".join(
                lens(x - scale * (56 - 6 * j), edge + 4 + 7 * j, scale * (150 - 16 * j), 6)
                for j in range(4)
            ),
            mix(inks.tint, inks.ink, 0.5),
        )
        with pen.moved(x, edge - 97 * scale, scale):
            draw(
                pen,
                rng,
                Inks(
                    inks.ground,
                    inks.ink,
                    (inks.body, inks.spark, inks.body)[k],
                    inks.tint,
                    (inks.spark, inks.body, inks.tint)[k],
                ),
            )
    pen.fill(box(0, edge - 1, w, 2.5), inks.ink)


def halo(pen: Pen, rng: Random, inks: Inks, w: int, h: int, draw: Subject) -> None:
    """Rays or rings behind a centred subject."""
    x, y = w / 2, h / 2
    if rng.random() < 0.5:
        count = rng.choice((36, 48, 60))
        rays = zip(around(x, y, w, count), around(x, y, w, count, 0.5 / count), strict=True)
        pen.fill("".join(poly(((x, y), *pair)) for pair in rays), mix(inks.ground, inks.tint, 0.7))
    else:
        pen.line("".join(ring(x, y, h * 0.09 * k) for k in range(4, 10)), inks.tint, 6)
    pen.fill(ring(x, y, h * 0.4), inks.tint)
    pen.line(ring(x, y, h * 0.415), inks.ink, 2)
    with pen.moved(x, y, h / 272):
        draw(pen, rng, inks)


def crop(pen: Pen, rng: Random, inks: Inks, w: int, h: int, draw: Subject) -> None:
    """Too near to be seen whole."""
    band = h / 26
    bars = "".join(box(0, band * k, w, band * rng.uniform(0.12, 0.5)) for k in range(26))
    pen.fill(bars, mix(inks.ground, inks.tint, 0.55))
    x = w * rng.choice((0.22, 0.34, 0.66, 0.8))
    with pen.moved(
        x, h * rng.uniform(0.5, 0.66), h / 200 * rng.uniform(1.15, 1.5), rng.uniform(-8, 8)
    ):
        draw(pen, rng, inks)


def niche(pen: Pen, rng: Random, inks: Inks, w: int, h: int, draw: Subject) -> None:
    """A moon gate or a shelf window in a patterned wall."""
    pen.fill(box(0, 0, w, h), inks.body)
    step = rng.choice((48, 60, 80))
    lattice = "".join(
        f"M{k * step} 0l{h} {h}M{k * step} 0l{-h} {h}" for k in range(int((w + h) / step) + 1)
    )
    pen.line(lattice, mix(inks.body, inks.tint, 0.4), 2.4)
    r = h * 0.43
    pen.fill(ring(w / 2, h / 2, r + 16), inks.ink)
    pen.fill(ring(w / 2, h / 2, r), inks.ground)
    cuts = "".join(
        lens(w / 2 - r * 0.8, h / 2 - r * 0.6 + 22 * k, r * rng.uniform(0.4, 1.5), 4)
        for k in range(10)
    )
    pen.fill(cuts, inks.tint)
    with pen.moved(w / 2, h / 2, h / 310):
        draw(pen, rng, inks)


def pair(pen: Pen, rng: Random, inks: Inks, w: int, h: int, draw: Subject) -> None:
    """Two sheets side by side, the second printed in exchanged inks."""
    other = inks.reversed()
    pen.fill(box(w / 2, 0, w / 2, h), other.ground)
    for left, sheet in ((0.0, inks), (w / 2, other)):
        hatch = "".join(
            lens(left + rng.uniform(0.02, 0.24) * w, h * k / 30, rng.uniform(0.06, 0.22) * w, 3)
            for k in range(1, 30)
        )
        pen.fill(hatch, sheet.tint)
        with pen.moved(left + w / 4, h / 2, h / 290):
            draw(pen, rng, sheet)


def sheet(pen: Pen, rng: Random, inks: Inks, w: int, h: int, draw: Subject) -> None:
    """A specimen sheet: six small impressions, ruled and ticked like a pattern book."""
    cols, rows = 3, 2
    second = Inks(inks.ground, inks.ink, inks.spark, inks.tint, inks.body)
    third = Inks(inks.ground, inks.ink, mix(inks.body, inks.ink, 0.55), inks.tint, inks.spark)
    turns = (inks, second, third)
    for i in range(cols * rows):
        x, y = w * (i % cols + 0.5) / cols, h * (i // cols + 0.5) / rows
        if (i + i // cols) % 2:
            pen.fill(box(x - w / cols / 2, y - h / rows / 2, w / cols, h / rows), inks.tint)
        with pen.moved(x, y, h / rows / 252):
            draw(pen, rng, turns[i % 3])
    rules = "".join(f"M{w * k / cols:.0f} 0V{h}" for k in (1, 2)) + f"M0 {h / 2:.0f}H{w}"
    pen.line(rules, inks.ink, 2)


def margin(pen: Pen, inks: Inks, w: int, h: int, wide: float) -> None:
    """The sheet's own unprinted edge with a hair line inside it."""
    paper = inks.ground
    pen.cut(box(0, 0, w, h) + box(wide, wide, w - 2 * wide, h - 2 * wide), paper)
    pen.line(box(wide, wide, w - 2 * wide, h - 2 * wide), inks.ink, 2)


SETTINGS = {
    "sea": sea,
    "table": table,
    "trio": trio,
    "halo": halo,
    "crop": crop,
    "niche": niche,
    "pair": pair,
    "sheet": sheet,
}
HEAVY = frozenset({"cloud", "bells", "stele", "board", "film", "puppet", "scroll", "fan", "glass"})


def settings_for(motif: str) -> tuple[str, ...]:
    """Settings that suit a motif: only what can stand in water is mirrored, only light drawings are repeated."""
    out = ["halo", "niche", "crop", "pair"]
    if motif in AFLOAT:
        out += ["sea", "sea", "sea"]
    elif motif not in FLOATING:
        out += ["table", "table"]
    if motif not in HEAVY:
        out += ["sheet" if motif in FLOATING | WIDE else "trio", "sheet"]
    return tuple(out)


def compose(rng: Random, inks: Inks, motif: str, w: int, h: int, form: Random) -> Pen:
    """Draw one picture. `form` decides the subject's shape, so that several shots of one thing show the same thing."""
    pen = Pen()
    pen.fill(box(0, 0, w, h), inks.ground)
    if motif in SCENES:
        SCENES[motif](pen, form, inks, w, h)
    else:
        SETTINGS[rng.choice(settings_for(motif))](pen, form, inks, w, h, SUBJECTS[motif])
    if rng.random() < 0.22:
        margin(pen, inks, w, h, h * 0.045)
    return pen
