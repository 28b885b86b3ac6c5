"""走马灯: a lantern that turns by the heat of its own flame, and a kiln fire behind the water.

Riders, cranes, a junk and a pagoda go round on its paper: one strip of silhouettes, seen on a
cylinder.
"""

import math
from collections.abc import Iterator

import pyvips

from origin.films import Shape
from origin.synthetic import brush
from origin.synthetic.brush import Layer, swing

SHAPE = Shape(960, 540, fps=25, frames=300, rounds=2, kbps=900)
_WIDE, _HIGH = SHAPE.width, SHAPE.height
_WATER = 452
_SPARKS = (96, 828)  # over which places they rise
# The lantern's paper: left edge, top, width, height; the strip that goes round it.
_LEFT, _TOP, _ACROSS, _TALL, _ROUND = 330, 96, 300, 268, 1200


def pictures() -> Iterator[bytes]:
    """RGB of every picture."""
    room, frame = _room(), _frame()
    strip = _strip()
    shades = _cylinder()
    sparks = _sparks()
    room = frame.over(room).copy_memory()
    ribs = Layer(*(one.crop(_LEFT, _TOP, _ACROSS, _TALL) for one in frame))
    for index in range(SHAPE.frames):
        flame = 0.93 + 0.04 * swing(index, SHAPE.frames, 9) + 0.03 * swing(index, SHAPE.frames, 14)
        paper = ribs.over(_paper(strip, shades, index, flame))
        ground = room.insert(paper, _LEFT, _TOP)
        for begin in (0, 1):
            left = _SPARKS[begin] - 70
            column = room.crop(left, 90, 140, 350)
            for number in range(begin, 8, 2):
                column = _spark(column, sparks, index, number)
            ground = ground.insert(column, left, 90)
        upper = ground.crop(0, 0, _WIDE, _WATER).copy_memory()
        yield upper.join(_mirror(upper, index), "vertical").write_to_memory()


def _spark(ground: pyvips.Image, sparks: list[Layer], index: int, number: int) -> pyvips.Image:
    """One of a kiln's sparks: up once or twice a loop, swaying, brightest halfway."""
    rise = ((1 + number % 2) * index / SHAPE.frames + number * 0.377) % 1
    x = 65 + round(30 * math.sin(number * 2.1) + 22 * math.sin(2 * math.pi * (rise * 2 + number)))
    spark = sparks[int(math.sin(math.pi * rise) * (len(sparks) - 0.01))]
    return spark.placed(ground, x, 336 - round(rise * 330))


def _sparks() -> list[Layer]:
    """From dark to bright."""
    one = brush.layer(
        10, 10, '<circle cx="5" cy="5" r="5" fill="url(#g)"/>', brush.glow("g", "#FFD9A0")
    )
    return [
        Layer(one.ink, (one.mask * (step / 8)).cast("uchar").copy_memory()) for step in range(1, 9)
    ]


def _paper(
    strip: pyvips.Image, shades: tuple[pyvips.Image, pyvips.Image], index: int, flame: float
) -> pyvips.Image:
    """What of the strip is in front now, with the light of the flame behind it."""
    where, light = shades
    begin = index * _ROUND // SHAPE.frames
    seen = strip.crop(begin, 0, _ROUND // 2, _TALL).mapim(where)
    return seen.ifthenelse(light * 0.07, light * flame, blend=True).cast("uchar")


def _cylinder() -> tuple[pyvips.Image, pyvips.Image]:
    """Where each point of the paper lies on half the strip, and how the flame lights it, RGB."""
    place = pyvips.Image.xyz(_ACROSS, _TALL)
    across = (place[0] - (_ACROSS - 1) / 2) / (_ACROSS / 2)
    angle = across.math("asin") / 180 + 0.5  # of half a turn, vips counts in degrees
    where = (angle * (_ROUND / 2 - 1)).bandjoin(place[1]).cast("float").copy_memory()
    high = (place[1] - _TALL * 0.62) / (_TALL * 0.62)
    near = (across * across * -1.15 + high * high * -0.8).exp()
    light = near * [255, 190, 96] + [18, 8, 2]
    return where, light.cast("float").copy_memory()


def _strip() -> pyvips.Image:
    """The silhouettes, one round and a half, so that any half round can be cut out."""
    body = "".join(
        f'<g transform="translate({x} {y}) scale({size})">{shape}</g>'
        for x, y, size, shape in (
            (60, 186, 1.0, _RIDER), (330, 70, 1.0, _CRANE), (400, 118, 0.7, _CRANE),
            (500, 150, 1.15, _JUNK), (770, 120, 1.0, _PAGODA), (930, 186, 1.0, _RIDER),
            (1080, 62, 0.9, _CRANE), (240, 210, 0.8, _PINE), (690, 206, 0.9, _PINE),
            (1120, 196, 1.0, _PINE),
        )
    )  # fmt: skip
    hills = brush.ridge(_ROUND, 236, 16, 3, 6)
    body += f'<path d="{hills}"/><rect y="0" width="{_ROUND}" height="10"/>'
    body += "".join(
        f'<path d="M{x} 10h24v9h-24zM{x + 5} 19h14v7h-14z"/>' for x in range(0, _ROUND, 30)
    )
    one = brush.svg(_ROUND, _TALL, f'<g fill="#000">{body}</g>').extract_band(3)
    soft = one.gaussblur(0.8).cast("uchar")
    return soft.join(soft, "horizontal").copy_memory()


def _mirror(upper: pyvips.Image, index: int) -> pyvips.Image:
    """The water: everything above it upside down, darker, in moving ripples."""
    deep = _HIGH - _WATER
    image = upper.crop(0, _WATER - 2 * deep, _WIDE, 2 * deep).flipver()
    down = pyvips.Image.xyz(1, deep)[1]
    turn = 360 * index / SHAPE.frames
    ripple = (down * 21 - 3 * turn).math("sin") * (down * 0.05 + 1.2)
    ripple += (down * 7.3 + 2 * turn).math("sin") * (down * 0.04)
    shift = ripple.bandjoin(down).copy_memory().embed(0, 0, _WIDE, deep, extend="copy")
    where = shift + pyvips.Image.xyz(_WIDE, deep)
    nearest = pyvips.Interpolate.new("nearest")
    seen = image.mapim(where, interpolate=nearest, extend="copy")
    return (seen * [0.46, 0.5, 0.52] + [4, 12, 14]).cast("uchar")


def _room() -> pyvips.Image:
    """Night, the glow of the lantern, two kilns on the shore."""
    kiln = (
        '<path d="M0 92V40Q6 4 46 0Q90 4 96 40V92Z" fill="#1A1512"/>'
        '<path d="M30 92V66Q32 50 48 50T66 66V92Z" fill="#FFB45E"/>'
        '<path d="M36 92V70Q38 58 48 58T60 70V92Z" fill="#FFE3AE"/>'
        '<path d="M62 6V-34h16V12Z" fill="#1A1512"/>'
    )
    return brush.ground(
        _WIDE, _HIGH,
        f'<rect width="{_WIDE}" height="{_HIGH}" fill="url(#night)"/>{_stars()}'
        '<ellipse cx="480" cy="250" rx="440" ry="330" fill="url(#lamp)"/>'
        f'<path d="{brush.ridge(_WIDE, 420, 60, 4, 4)}" fill="#0B1A1F"/>'
        '<ellipse cx="96" cy="440" rx="150" ry="90" fill="url(#fire)"/>'
        '<ellipse cx="836" cy="440" rx="150" ry="90" fill="url(#fire)"/>'
        f'<g transform="translate(48 360)">{kiln}</g><g transform="translate(780 360)">{kiln}</g>',
        brush.fade("night", ((0, "#070F16", 1), (0.7, "#0E2228", 1), (1, "#132A2C", 1)))
        + brush.glow("lamp", "#D9722E", 0.62) + brush.glow("fire", "#E0702A", 0.6),
    )  # fmt: skip


def _stars() -> str:
    return "".join(
        f'<circle cx="{(n * 389 + 71) % 960}" cy="{(n * 211 + n * n * 3) % 330}"'
        f' r="{0.6 + n % 3 * 0.35:.1f}" fill="#DCE9E4" opacity="{0.2 + n % 5 * 0.13:.2f}"/>'
        for n in range(90)
    )


def _frame() -> Layer:
    """Roof, ribs, foot and tassels of the lantern, in front of its paper."""
    left, right, top, foot = _LEFT, _LEFT + _ACROSS, _TOP, _TOP + _TALL
    ribs = "".join(
        f'<path d="M{_LEFT + _ACROSS / 2 + _ACROSS / 2 * math.sin(angle):.0f} {top}V{foot}"'
        f' stroke="#3A1F12" stroke-width="{2 + 2 * math.cos(angle):.1f}" opacity=".75"/>'
        for angle in (-1.5, -0.95, 0.95, 1.5)
    )
    tassels = "".join(
        f'<path d="M{x} {y}v22" stroke="#B8452C" stroke-width="2"/><circle cx="{x}" cy="{y + 24}"'
        f' r="5" fill="#E2BF6C"/><path d="M{x - 5} {y + 28}l5 34 5-34z" fill="#B8452C"/>'
        for x, y in ((left - 34, top - 4), (right + 34, top - 4), (480, foot + 26))
    )
    return brush.layer(
        _WIDE, _HIGH,
        f'{ribs}<path d="M480 0V46" stroke="#2A1A12" stroke-width="4"/>'
        f'<path d="M{left - 40} {top + 2}Q{left + 30} {top - 6} {left + 70} 46H{right - 70}'
        f'Q{right - 30} {top - 6} {right + 40} {top + 2}L{right + 6} {top + 10}H{left - 6}Z"'
        ' fill="url(#roof)"/>'
        f'<path d="M{left + 70} 46H{right - 70}" stroke="#E2BF6C" stroke-width="3"/>'
        f'<path d="M{left - 6} {foot - 6}H{right + 6}L{right - 26} {foot + 26}H{left + 26}Z"'
        ' fill="url(#roof)"/>'
        f'<path d="M{left - 6} {foot - 4}H{right + 6}M{left - 4} {top + 9}H{right + 4}"'
        f' stroke="#E2BF6C" stroke-width="2.4" opacity=".9"/>{tassels}',
        brush.fade("roof", ((0, "#7A2E1D", 1), (1, "#3A1710", 1))),
    )  # fmt: skip


_RIDER = (
    '<path d="M6 34Q0 22 -10 26Q-2 18 8 24Q22 14 46 18Q54 6 66 2L78-8'
    " 82 0 92 8 88 14 76 12Q70 22 66 28"
    "Q72 36 84 38L90 48 84 50 78 42Q66 42 58 36Q40 40 26 36Q18 46 6 48"
    'L-2 58-6 54 2 44Q10 40 12 34Z"/>'
    '<path d="M32 20Q30 4 38-4Q36-16 44-16T50-4Q58 2 62-2L64 2Q58 8 50 6L50 20Z"/>'
    '<path d="M54 10L22-34" stroke="#000" stroke-width="2"/><path d="M22-34l14 4-8 8z"/>'
)
_CRANE = (
    '<path d="M0 20Q22 16 34 6Q40-8 58-18Q54-2 46 6Q62 4 78-6'
    'Q70 12 48 14Q40 22 26 22L0 32 18 22Z"/>'
)
_JUNK = (
    '<path d="M-8 58Q40 74 116 50L104 78H16Z"/><path d="M28 54V-30Q64-18 70 40Q48 50 28 54Z"/>'
    '<path d="M80 48V-8Q102 4 104 42Z"/><path d="M22 60V-40" stroke="#000" stroke-width="3"/>'
)
_PAGODA = (
    "".join(
        f'<path d="M{-34 + n * 4} {104 - n * 26}Q{-14 + n * 3} {98 - n * 26} 0 {86 - n * 26}'
        f"Q{14 - n * 3} {98 - n * 26} {34 - n * 4} {104 - n * 26}"
        f'H{20 - n * 3}V{114 - n * 26}H{-20 + n * 3}V{104 - n * 26}Z"/>'
        for n in range(5)
    )
    + '<path d="M-2-16L0-44 2-16Z"/>'
)
_PINE = (
    '<path d="M0 40Q6 10-6-14L0-18Q10 8 8 40Z"/>'
    '<path d="M-34-2Q-14-22 10-14Q-10-2-34-2ZM-18-20Q4-40 34-26Q10-14-18-20Z'
    'M2 6Q22-8 42 2Q22 12 2 6Z"/>'
)
