"""The pictures an expo needs: works, banners, booth fronts, halls, seals of organisations, portraits of speakers."""

from __future__ import annotations

from random import Random

from .compose import MOTIFS, SCENES, SETTINGS, SUBJECTS, compose
from .inks import Inks, colourway, mix
from .pen import Pen, around, box, lens, poly, ring, smooth, wedge

PRODUCT = (1200, 800)
BANNER = (1680, 720)
PORTRAIT = (800, 1000)
HALL = (1680, 720)
MARK = (512, 512)
SPEAKER = (640, 640)
GROUNDS = (
    "waves",
    "mountains",
    "tide",
    "bars",
    "terraces",
    "ribbons",
    "weave",
    "springs",
    "halftone",
)


def product_picture(seed: int, motif: str, shot: int = 0, size: tuple[int, int] = PRODUCT) -> str:
    """SVG of a work, 3:2. Shots 0, 1, 2 of one seed show one form in other settings and inks. KeyError: unknown motif."""
    if motif not in MOTIFS:
        raise KeyError(motif)
    inks = colourway(Random(f"{seed}:inks:{shot}"))
    return compose(Random(f"{seed}:set:{shot}"), inks, motif, *size, Random(f"{seed}:form")).svg(
        *size
    )


def booth_banner(seed: int, motif: str) -> str:
    """SVG of a booth's horizon, 21:9: a calm scene, with the booth's own motif small at the right third."""
    return _horizon(Random(f"{seed}:banner"), motif, BANNER)


def hall_header(seed: int, motif: str) -> str:
    """SVG of a hall's header, 21:9: a row of the hall's things along the shore."""
    return _horizon(Random(f"{seed}:hall"), motif, HALL, row=5)


def _horizon(rng: Random, motif: str, size: tuple[int, int], row: int = 1) -> str:
    w, h = size
    inks = colourway(rng)
    pen = Pen()
    pen.fill(box(0, 0, w, h), inks.ground)
    if motif in SCENES:
        SCENES[motif](pen, rng, inks, w, h)
        return pen.svg(w, h)
    if row == 1 and rng.random() < 0.55:
        SCENES[rng.choice(GROUNDS[:5])](pen, rng, inks, w, h)
        x = w * rng.choice((0.26, 0.7))
        pen.fill(ring(x, h / 2, h * 0.4), inks.ground)
        pen.line(ring(x, h / 2, h * 0.38), inks.ink, 2)
        with pen.moved(x, h / 2, h / 290):
            SUBJECTS[motif](pen, rng, inks)
        return pen.svg(w, h)
    _shore(pen, rng, inks, motif, size, row)
    return pen.svg(w, h)


def _shore(pen: Pen, rng: Random, inks: Inks, motif: str, size: tuple[int, int], row: int) -> None:
    """Things of one kind by size along a waterline.

    `row` 1 sets three in perspective; more sets that many side by side.
    """
    w, h = size
    line = h * 0.74
    pen.fill(
        "".join(
            lens(rng.uniform(-0.1, 0.9) * w, rng.uniform(0, line), rng.uniform(160, 620), 5)
            for _ in range(40)
        ),
        inks.tint,
    )
    pen.fill(
        ring(w * rng.uniform(0.15, 0.85), line - h * 0.3, h * 0.17),
        mix(inks.spark, inks.ground, 0.3),
    )
    pen.fill(box(0, line, w, h), mix(inks.tint, inks.body, 0.35))
    cuts = (
        lens(rng.uniform(-0.1, 0.95) * w, line + (h - line) * k / 40, rng.uniform(120, 520), 6)
        for k in range(1, 40)
    )
    pen.fill("".join(cuts), inks.ground)
    for k in range(max(row, 3)):
        scale = h / 300 * (rng.uniform(0.5, 1.0) if row > 1 else (1.0, 0.6, 0.42)[k])
        with pen.moved(
            w * ((k + 0.5) / max(row, 3) if row > 1 else (0.66, 0.26, 0.88)[k]),
            line - 98 * scale,
            scale,
        ):
            SUBJECTS[motif](pen, rng, inks)
    pen.fill(box(0, line - 1, w, 3), inks.ink)


def booth_portrait(seed: int, motif: str) -> str:
    """SVG of a booth front, 4:5."""
    w, h = PORTRAIT
    rng = Random(f"{seed}:booth")
    inks = colourway(rng)
    if motif in SCENES:
        return compose(rng, inks, motif, w, h, rng).svg(w, h)
    pen = Pen()
    pen.fill(box(0, 0, w, h), inks.ground)
    {"table": SETTINGS["table"], "niche": _arch, "halo": _arch}[
        rng.choice(("table", "niche", "halo"))
    ](pen, rng, inks, w, h, SUBJECTS[motif])
    return pen.svg(w, h)


def _arch(pen: Pen, rng: Random, inks: Inks, w: int, h: int, draw: object) -> None:
    """A tall doorway with the subject on its sill."""
    pen.line("".join(f"M0 {22 * k}H{w}" for k in range(1, int(h / 22))), inks.tint, 3)
    for k, colour in enumerate((inks.ink, inks.body, mix(inks.ground, inks.tint, 0.5))):
        half = w * (0.4 - 0.03 * k)
        top = h * 0.1 + w * 0.03 * k
        pen.fill(
            f"M{w / 2 - half:.0f} {h * 0.84:.0f}V{top + half:.0f}A{half:.0f} {half:.0f} 0 0 1 {w / 2 + half:.0f} {top + half:.0f}V{h * 0.84:.0f}z",
            colour,
        )
    pen.fill(ring(w / 2, h * 0.4, w * 0.2), mix(inks.spark, inks.ground, 0.35))
    scale = h / 330
    if callable(draw):
        with pen.moved(w / 2, h * 0.84 - 97 * scale, scale):
            draw(pen, rng, inks)
    pen.fill(box(w * 0.06, h * 0.84, w * 0.88, h * 0.03), inks.ink)
    pen.fill(
        "".join(
            wedge(w * 0.06, h * (0.885 + 0.012 * k), w * rng.uniform(0.3, 0.86), 5)
            for k in range(9)
        ),
        inks.body,
    )


def organisation_mark(seed: int) -> str:
    """SVG of a firm's mark, square: a seal of one geometric glyph, built on a 4 × 4 or a polar grid."""
    rng = Random(f"{seed}:mark")
    inks = colourway(rng)
    pen = Pen()
    w, h = MARK
    pen.fill(box(0, 0, w, h), inks.ground)
    frame = rng.choice(("square", "round", "gourd", "none"))
    if frame == "square":
        pen.cut(
            f"M72 56H440q16 0 16 16V440q0 16 -16 16H72q-16 0 -16 -16V72q0 -16 16 -16z{box(84, 84, 344, 344)}",
            inks.spark,
        )
    elif frame == "round":
        pen.cut(ring(256, 256, 208) + ring(256, 256, 184), inks.spark)
    elif frame == "gourd":
        pen.fill(smooth(around(256, 256, 212, 8, 0.06), closed=True), inks.body)
    glyph = rng.choice((_stroke_glyph, _polar_glyph, _wave_glyph, _tile_glyph))
    glyph(
        pen,
        rng,
        inks.ground if frame == "gourd" else inks.ink,
        inks.spark if frame != "gourd" else inks.tint,
    )
    return pen.svg(w, h)


def _stroke_glyph(pen: Pen, rng: Random, ink: str, spark: str) -> None:
    """Strokes of equal weight on a grid, mirrored, as seal script likes them; it is no character."""
    paths = []
    for y in (160, 224, 288, 352):
        kind = rng.randrange(4)
        if kind == 0:
            paths.append(f"M160 {y}H352")
        elif kind == 1:
            paths.append(f"M160 {y}h56v-44M352 {y}h-56v-44")
        elif kind == 2:
            paths.append(f"M192 {y}a64 44 0 0 1 128 0")
        else:
            paths.append(f"M160 {y}v-40h48M352 {y}v-40h-48")
    paths.append("M256 128V384" if rng.random() < 0.6 else "M160 128V384M352 128V384")
    pen.line("".join(paths), ink, 22)
    pen.fill(ring(256, rng.choice((160, 256, 352)), 20), spark)


def _polar_glyph(pen: Pen, rng: Random, ink: str, spark: str) -> None:
    count = rng.choice((3, 4, 5, 6, 8))
    inner, outer = rng.uniform(40, 66), rng.uniform(110, 136)
    petals = []
    for (x, y), (p, q) in zip(
        around(256, 256, inner, count, 0.75),
        around(256, 256, outer, count, 0.75 + 0.25 / count),
        strict=True,
    ):
        petals.append(
            f"M{x:.0f} {y:.0f}A{outer * 0.6:.0f} {outer * 0.6:.0f} 0 0 1 {p:.0f} {q:.0f}A{outer * 0.9:.0f} {outer * 0.9:.0f} 0 0 1 {x:.0f} {y:.0f}"
        )
    pen.fill("".join(petals), ink)
    pen.line("".join(petals), ink, 12)
    pen.fill(ring(256, 256, inner * 0.5), spark)


def _wave_glyph(pen: Pen, rng: Random, ink: str, spark: str) -> None:
    """Water in three or four lines, and what floats on it."""
    count, swell, gap = rng.choice((3, 4)), rng.uniform(22, 46), rng.uniform(32, 44)
    lines = [f"M136 {228 + gap * k:.0f}q30 {-swell:.0f} 60 0t60 0t60 0t60 0" for k in range(count)]
    pen.line("".join(lines), ink, rng.uniform(14, 20))
    x, r = rng.choice((196, 256, 316)), rng.uniform(26, 40)
    sail = poly([(x, 160 - r * 1.3), (x + r * 1.5, 160 + r * 0.8), (x - r * 1.5, 160 + r * 0.8)])
    hull = f"M{x - 2 * r:.0f} 180h{4 * r:.0f}l-24 {-r - 24:.0f}h{-4 * r + 48:.0f}z"
    pen.fill(rng.choice((ring(x, 160, r), sail, hull)), spark)


def _tile_glyph(pen: Pen, rng: Random, ink: str, spark: str) -> None:
    unit, cells = 56, []
    for j in range(4):
        for i in range(2):
            kind = rng.randrange(5)
            for col in (i, 3 - i):
                x, y = 144 + unit * col, 144 + unit * j
                if kind in (0, 1):
                    cells.append(box(x + 3, y + 3, unit - 6, unit - 6))
                elif kind == 2:
                    cells.append(
                        f"M{x + 3} {y + 53}A50 50 0 0 1 {x + 53} {y + 3}V{y + 53}z"
                        if col < 2
                        else f"M{x + 53} {y + 53}A50 50 0 0 0 {x + 3} {y + 3}V{y + 53}z"
                    )
                elif kind == 3:
                    cells.append(ring(x + 28, y + 28, 23))
    pen.fill("".join(cells), ink)
    pen.fill(ring(256, 256, 17), spark)


def speaker_portrait(seed: int) -> str:
    """SVG of a speaker in a roundel: a quiet silhouette with hair, collar and a graver's light; nobody's likeness."""
    rng = Random(f"{seed}:speaker")
    inks = colourway(rng)
    pen = Pen()
    w, h = SPEAKER
    pen.fill(box(0, 0, w, h), inks.ground)
    pen.fill(ring(320, 320, 284), inks.tint)
    pen.fill(
        "".join(
            lens(320 - rng.uniform(60, 240), 70 + 17 * k, rng.uniform(80, 300), 4)
            for k in range(24)
        ),
        mix(inks.tint, inks.ground, 0.6),
    )
    _figure(pen, rng, inks)
    pen.cut(box(0, 0, w, h) + ring(320, 320, 284), inks.ground)
    pen.line(ring(320, 320, 290), inks.ink, 3)
    pen.line(ring(320, 320, 276), inks.ground, 2)
    return pen.svg(w, h)


def _figure(pen: Pen, rng: Random, inks: Inks) -> None:
    skin = mix(
        rng.choice(("#E8C4A2", "#D9A982", "#C08A62", "#8E5D3F", "#F0D3B8", "#A9754F")),
        inks.tint,
        0.18,
    )
    hair = rng.choice((inks.ink, mix(inks.ink, "#2A2320", 0.5), mix(inks.ink, "#9A9A98", 0.7)))
    lean, wide = rng.choice((-1, 1)), rng.uniform(74, 86)
    style = rng.choice(("short", "bob", "long", "bun", "crop", "side"))
    if style in ("bob", "long"):
        drop = 150 if style == "bob" else 250
        pen.fill(
            f"M{320 - wide - 22:.0f} 250C{320 - wide - 30:.0f} 110 {320 + wide + 30:.0f} 110 {320 + wide + 22:.0f} 250L{320 + wide + 30:.0f} {240 + drop}H{320 - wide - 30:.0f}z",
            hair,
        )
    if style == "bun":
        pen.fill(ring(320 - lean * 40, 142, 46), hair)
    _coat(pen, rng, inks, skin)
    _face(pen, rng, inks, skin, wide, lean)
    _hair(pen, style, hair, wide, lean)
    _features(pen, rng, inks, (skin, hair), lean)


def _coat(pen: Pen, rng: Random, inks: Inks, skin: str) -> None:
    """Neck, shoulders and one of three collars."""
    coat = rng.choice((inks.body, inks.ink, inks.spark))
    pen.fill(box(320 - 36, 330, 72, 110), mix(skin, inks.ink, 0.22))
    pen.fill("M60 640C70 500 150 446 262 424L320 470L378 424C490 446 570 500 580 640z", coat)
    pen.fill(
        "".join(
            wedge(575 - 6 * k * 0.6, 640 - 12 * k, -rng.uniform(60, 190), 6) for k in range(13)
        ),
        mix(coat, inks.ground, 0.3),
    )
    collar = rng.choice(("stand", "lapel", "round"))
    if collar == "stand":
        pen.fill("M266 416L320 462L374 416L380 448L320 496L260 448z", mix(coat, inks.ink, 0.5))
    elif collar == "lapel":
        pen.fill("M268 420L320 468L372 420L330 600H310z", inks.ground)
        pen.fill(
            "M262 424L236 500L312 600L320 520zM378 424L404 500L328 600L320 520z",
            mix(coat, inks.ink, 0.55),
        )
    else:
        pen.line("M262 424Q320 500 378 424", mix(coat, inks.ground, 0.5), 9)


def _face(pen: Pen, rng: Random, inks: Inks, skin: str, wide: float, lean: int) -> None:
    """An oval, cut with light from one side."""
    face = [
        (320 - wide, 262),
        (320 - wide * 0.86, 334),
        (320 - 34, 392),
        (320, 402),
        (320 + 34, 392),
        (320 + wide * 0.86, 334),
        (320 + wide, 262),
        (320 + wide * 0.7, 190),
        (320, 166),
        (320 - wide * 0.7, 190),
    ]
    pen.fill(smooth(face, closed=True), skin)
    cuts = "".join(
        wedge(
            320 + lean * wide * (1 - abs(k - 5) * 0.025),
            244 + 12 * k,
            -lean * rng.uniform(18, 52),
            5,
        )
        for k in range(11)
    )
    pen.fill(cuts, mix(skin, inks.ink, 0.35))


def _features(pen: Pen, rng: Random, inks: Inks, tones: tuple[str, str], lean: int) -> None:
    """Brows, lowered eyes, nose and mouth; glasses for some. `tones` are skin and hair."""
    skin, hair = tones
    pen.line(f"M{320 - 46} 262q16 -9 32 0M{320 + 14} 262q16 -9 32 0", mix(hair, skin, 0.15), 6)
    pen.line(
        f"M{320 - 42} 284q12 7 24 0M{320 + 18} 284q12 7 24 0M{320 + lean * 4} 290l{lean * 9} 36l{-lean * 12} 3M298 356q22 12 44 0",
        mix(skin, inks.ink, 0.72),
        4.4,
    )
    if rng.random() < 0.3:
        pen.line(
            ring(320 - 31, 284, 26, 22) + ring(320 + 31, 284, 26, 22) + "M315 282h10", inks.ink, 4
        )


def _hair(pen: Pen, style: str, hair: str, wide: float, lean: int) -> None:
    left, right = 320 - wide - 6, 320 + wide + 6
    if style == "crop":
        path = f"M{left:.0f} 256C{left - 4:.0f} 130 {right + 4:.0f} 130 {right:.0f} 256C{right - 16:.0f} 204 {left + 16:.0f} 204 {left:.0f} 256z"
    elif style in ("short", "side"):
        part = 320 + lean * 50
        path = f"M{left - 4:.0f} 276C{left - 14:.0f} 110 {right + 14:.0f} 110 {right + 4:.0f} 276L{right - 12:.0f} 232Q{part + 10:.0f} 236 {part:.0f} 196Q{320 - lean * 20:.0f} 244 {left + 12:.0f} 232z"
    else:
        path = f"M{left - 6:.0f} 300C{left - 16:.0f} 112 {right + 16:.0f} 112 {right + 6:.0f} 300Q{right - 10:.0f} 220 {320 + lean * 30:.0f} 192Q{left + 20:.0f} 216 {left - 6:.0f} 300z"
    pen.fill(path, hair)
