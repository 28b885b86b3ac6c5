"""云游: one street at dusk from three places, and one clock that all of them show.

The drum tower's hand goes round the twelve double hours (十二时辰) in twelve seconds, a mark a
second; whoever changes the angle finds the same hour, the same walkers and the same lanterns.
"""

import math
from collections.abc import Callable, Iterator

import pyvips

from origin.films import Shape
from origin.synthetic import brush
from origin.synthetic.brush import Layer, swing

SHAPE = Shape(640, 360, fps=25, frames=300, rounds=2, kbps=600)
ANGLES = (1, 2, 3)  # the lane, the balcony, the tower
_WIDE, _HIGH = SHAPE.width, SHAPE.height
_HOURS = "子丑寅卯辰巳午未申酉戌亥"
_ROBES = ("#20323A", "#6B2C22", "#2E4A46", "#4A3A5A")
_PAPERS = ("#C9573A", "#E2BF6C", "#6DA79F", "#B9D3CC")


def pictures(angle: int) -> Iterator[bytes]:
    """RGB of every picture seen from an angle, 1 to 3."""
    scene = {1: _lane, 2: _balcony, 3: _tower}[angle]
    still, dial, lanterns, walks = scene()
    middle, size = dial
    dials = [_dial(size, hour) for hour in range(12)]
    lit = [(_lantern(high), x, y, begin) for high, x, y, begin in lanterns]
    place, size_of_people = walks
    people = [_walker(number, size_of_people) for number in range(4 if size_of_people else 0)]
    haze = brush.mist(_WIDE, _HIGH, (150, 178, 180), 230, 70, 0.34, angle * 5)
    grounds = [
        one.placed(still, middle[0] - size // 2, middle[1] - size // 2).copy_memory()
        for one in dials
    ]
    for index in range(SHAPE.frames):
        ground = grounds[index // SHAPE.fps]
        ground = haze.over(ground, index * _WIDE // SHAPE.frames)
        for number, person in enumerate(people):
            ground = person.placed(ground, *place(index, number))
        for lantern, x, y, begin in lit:
            ground = lantern.placed(
                ground, x + round(2.4 * swing(index, SHAPE.frames, 4, begin)), y
            )
        yield ground.write_to_memory()


Lanterns = list[tuple[int, int, int, float]]
Walks = tuple[Callable[[int, int], tuple[int, int]], float]
Scene = tuple[pyvips.Image, tuple[tuple[int, int], int], Lanterns, Walks]
_DUSK = (
    brush.fade("dusk", ((0, "#1B2C3E", 1), (0.45, "#4A5E6C", 1), (0.75, "#B98A6A", 1),
                        (1, "#E7B98A", 1)))
    + brush.fade("wall", ((0, "#3A3330", 1), (1, "#1C191A", 1)))
    + brush.fade("warm", ((0, "#FFCF86", 0.95), (1, "#E08A3E", 0.9)))
    + brush.fade("stone", ((0, "#6E6A62", 1), (1, "#23262A", 1)))
    + brush.glow("shine", "#FFB45E", 0.7)
)  # fmt: skip


def _walk(index: int, number: int) -> float:
    """Where a walker is in the street, 0 to 1, going round; two go one way, two the other."""
    gone = index / SHAPE.frames + number * 0.29
    return (gone if number % 2 else -gone) % 1


def _lane() -> Scene:
    """From the mouth of the lane: houses on both sides, the tower at its end."""
    sides = ""
    for number in range(5):
        near, far = 0.62**number, 0.62 ** (number + 1)
        x0, x1 = 320 - 300 * near, 320 - 300 * far
        top0, top1, low0, low1 = (190 + k * part for k in (-150, 130) for part in (near, far))
        sides += _house(x0, x1, top0, top1, low0, low1, number)
        sides += _house(640 - x0, 640 - x1, top0, top1, low0, low1, number)
    body = (
        f'<rect width="640" height="360" fill="url(#dusk)"/><path d="{_hills()}" fill="#4E5B66"/>'
        f'<g transform="translate(320 212) scale(.92)">{_drum_tower()}</g>'
        f'<path d="M0 360L300 200H340L640 360Z" fill="url(#stone)"/>{_paving()}{sides}'
        '<ellipse cx="320" cy="330" rx="260" ry="40" fill="url(#shine)" opacity=".35"/>'
    )
    lanterns: Lanterns = [
        (54, 36, 96, 0.0), (54, 568, 96, 0.5), (36, 150, 128, 0.2), (36, 464, 128, 0.7),
        (24, 220, 150, 0.4), (24, 402, 150, 0.9), (16, 262, 166, 0.1), (16, 366, 166, 0.6),
    ]  # fmt: skip

    def walks(index: int, number: int) -> tuple[int, int]:
        return round(-90 + 820 * _walk(index, number)), 214 + number * 13 - index // 4 % 2

    return brush.ground(_WIDE, _HIGH, body, _DUSK), ((320, 131), 52), lanterns, (walks, 1.0)


def _house(
    x0: float, x1: float, top0: float, top1: float, low0: float, low1: float, number: int
) -> str:
    """One front in perspective, with a lit lattice window and an eave over it."""

    def at(across: float, down: float) -> str:
        x = x0 + (x1 - x0) * across
        top, low = top0 + (top1 - top0) * across, low0 + (low1 - low0) * across
        return f"{x:.1f} {top + (low - top) * down:.1f}"

    def box(left: float, right: float, top: float, low: float) -> str:
        return f"M{at(left, top)}L{at(right, top)}L{at(right, low)}L{at(left, low)}Z"

    lit = "url(#warm)" if number % 2 == 0 else "#5A4A3C"
    panes = "".join(f"M{at(x, 0.42)}L{at(x, 0.8)}" for x in (0.38, 0.5, 0.62))
    return (
        f'<path d="{box(0, 1, 0.1, 1)}" fill="url(#wall)"/>'
        f'<path d="{box(0.26, 0.74, 0.42, 0.8)}" fill="{lit}"/>'
        f'<path d="{panes}M{at(0.26, 0.56)}L{at(0.74, 0.56)}" stroke="#2A1A12" stroke-width="1.4"/>'
        f'<path d="M{at(-0.1, 0.16)}Q{at(0.4, 0.1)} {at(1.06, 0.12)}L{at(1, 0)}L{at(0, -0.04)}Z"'
        ' fill="#12181C"/>'
        f'<path d="M{at(-0.1, 0.16)}Q{at(0.4, 0.1)} {at(1.06, 0.12)}" fill="none"'
        ' stroke="#5F7C80"/>'
    )


def _balcony() -> Scene:
    """From a balcony over the roofs: the tower to the right, the street below it."""
    roofs = "".join(
        _roof(x, y, wide)
        for x, y, wide in ((-40, 214, 210), (150, 200, 150), (270, 214, 130), (-30, 270, 260))
    )
    rail = "".join(f"M{x} 318V360" for x in range(10, 640, 22))
    body = (
        '<rect width="640" height="360" fill="url(#dusk)"/>'
        '<circle cx="118" cy="74" r="24" fill="#F4E7CC" opacity=".92"/>'
        f'<path d="{_hills()}" fill="#4E5B66"/>{roofs}'
        '<path d="M380 330Q440 268 640 262V330Z" fill="url(#stone)"/>'
        f'<g transform="translate(500 262) scale(1.75)">{_drum_tower()}</g>'
        '<path d="M0 318H640M0 326H640" stroke="#1A1210" stroke-width="5"/>'
        f'<path d="{rail}" stroke="#1A1210" stroke-width="4"/>'
        '<path d="M0 0H640V16Q320 30 0 16Z" fill="#120E0E"/>'
    )
    lanterns: Lanterns = [(64, 30, 18, 0.1), (64, 330, 20, 0.6), (24, 404, 196, 0.3)]

    def walks(index: int, number: int) -> tuple[int, int]:
        place = _walk(index, number)
        return round(360 + 300 * place), round(258 + 12 * (1 - place) + number * 5)

    return brush.ground(_WIDE, _HIGH, body, _DUSK), ((500, 108), 98), lanterns, (walks, 0.42)


def _roof(x: int, y: int, wide: int) -> str:
    tiles = "".join(
        f"M{x + 16 + n * (wide - 32) / 14:.0f} {y + 6}L{x + n * wide / 14:.0f} {y + 52}"
        for n in range(15)
    )
    return (
        f'<path d="M{x - 14} {y + 50}Q{x + 10} {y + 44} {x + 18} {y}H{x + wide - 18}'
        f'Q{x + wide - 10} {y + 44} {x + wide + 14} {y + 50}V{y + 62}H{x - 14}Z" fill="#1B2226"/>'
        f'<path d="{tiles}" stroke="#34434A" stroke-width="2.4"/>'
        f'<path d="M{x + 12} {y}H{x + wide - 12}" stroke="#5F7C80" stroke-width="4"/>'
        f'<path d="M{x + 8} {y + 62}h{wide - 16}v40h-{wide - 16}z" fill="url(#wall)"/>'
        f'<path d="M{x + wide * 0.3:.0f} {y + 72}h{wide * 0.4:.0f}v22h-{wide * 0.4:.0f}z"'
        ' fill="url(#warm)" opacity=".85"/>'
    )


def _tower() -> Scene:
    """Close to the tower: the dial and its bell."""
    beams = "".join(f"M{x} 40V330" for x in (150, 196, 444, 490))
    lattice = "".join(f"M{x} 60V320" for x in range(20, 150, 18))
    lattice += "".join(f"M{x} 60V320" for x in range(508, 640, 18))
    lattice += "".join(f"M10 {y}H146M494 {y}H630" for y in range(70, 330, 26))
    body = (
        '<rect width="640" height="360" fill="url(#dusk)"/>'
        '<rect y="44" width="640" height="316" fill="#3B1D17"/>'
        f'<path d="{lattice}" stroke="#7A3A28" stroke-width="3"/>'
        '<circle cx="320" cy="190" r="230" fill="url(#shine)" opacity=".55"/>'
        f'<path d="{beams}" stroke="#22100D" stroke-width="14"/>'
        '<path d="M-20 40Q160 66 320 8Q480 66 660 40V-20H-20Z" fill="#141A1E"/>'
        '<path d="M-20 40Q160 66 320 8Q480 66 660 40" fill="none"'
        ' stroke="#5F7C80" stroke-width="4"/>'
        '<path d="M0 326H640V360H0Z" fill="#1A0F0D"/><path d="M0 326H640" stroke="#E2BF6C"'
        ' stroke-width="2" opacity=".7"/>'
    )
    lanterns: Lanterns = [
        (96, 44, 58, 0.0), (96, 520, 58, 0.5), (60, 140, 50, 0.25), (60, 456, 50, 0.75),
    ]  # fmt: skip
    return (
        brush.ground(_WIDE, _HIGH, body, _DUSK),
        ((320, 190), 236),
        lanterns,
        (lambda _index, _number: (0, 0), 0),
    )


def _drum_tower() -> str:
    """Its foot at the origin, about 140 high; the dial goes into its upper floor."""
    storeys = "".join(
        f'<path d="M{-wide - 16} {y + 6}Q{-wide + 4} {y} {-wide + 10} {y - 16}H{wide - 10}'
        f'Q{wide - 4} {y} {wide + 16} {y + 6}V{y + 9}H{-wide - 16}Z" fill="#141A1E"/>'
        f'<path d="M{-wide - 16} {y + 7}H{wide + 16}" stroke="#5F7C80"/>'
        for wide, y in ((48, -52), (42, -120))
    )
    return (
        '<path d="M-56 0L-50-40H50L56 0Z" fill="#4A423C"/><path d="M-12 0V-18Q0-32 12-18V0Z"'
        ' fill="#14100E"/><path d="M-40-40H40V-114H-40Z" fill="#5A2A20"/>'
        f'<path d="M-36-40V-112M36-40V-112M-22-40V-50M22-40V-50"'
        ' stroke="#2A120E" stroke-width="4"/>'
        f'{storeys}<path d="M-3-136L0-156 3-136Z" fill="#E2BF6C"/>'
    )


def _hills() -> str:
    return brush.ridge(_WIDE, 196, 40, 6, 5)


def _paving() -> str:
    rows = "".join(f"M0 {y:.0f}H640" for y in (214, 224, 238, 258, 286, 322))
    rays = "".join(f"M{320 + n * 3} 200L{320 + n * 70} 360" for n in range(-5, 6))
    return f'<path d="{rows}{rays}" stroke="#1C2024" opacity=".4"/>'


def _dial(size: int, hour: int) -> Layer:
    """The clock: twelve marks, the hour's own bright, the hand on it."""
    half, ring = size / 2, size * 0.36
    marks = ""
    for number, sign in enumerate(_HOURS):
        turn = math.radians(number * 30)
        x, y = half + ring * math.sin(turn), half - ring * math.cos(turn)
        colour = "#FFE3AE" if number == hour else "#9DB8B4"
        if size > 90:
            marks += (
                f'<text x="{x:.1f}" y="{y + size * 0.034:.1f}" font-size="{size * 0.095:.1f}"'
                f' text-anchor="middle" font-family="Noto Serif CJK SC, serif" font-weight="bold"'
                f' fill="{colour}">{sign}</text>'
            )
        else:
            marks += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size * 0.03:.1f}" fill="{colour}"/>'
    return brush.layer(
        size, size,
        f'<circle cx="{half}" cy="{half}" r="{half - 1}" fill="#E2BF6C"/>'
        f'<circle cx="{half}" cy="{half}" r="{half * 0.94}" fill="#10242A"/>'
        f'<circle cx="{half}" cy="{half}" r="{half * 0.5}" fill="none" stroke="#62C4BF"'
        f' stroke-width="{size * 0.008:.1f}" opacity=".7"/>{marks}'
        f'<g transform="translate({half} {half}) rotate({hour * 30})">'
        f'<path d="M{-size * 0.022:.1f} {size * 0.08:.1f}L0 {-size * 0.29:.1f} {size * 0.022:.1f}'
        f' {size * 0.08:.1f}Z" fill="#F2A285"/><circle r="{size * 0.04:.1f}" fill="#E2BF6C"/></g>',
    )  # fmt: skip


def _lantern(high: int) -> Layer:
    """A round lantern in its own light, `high` pixels with the tassel."""
    wide = round(high * 1.3)
    scale = high / 60
    return brush.layer(
        wide, high,
        f'<g transform="scale({scale:.3f})"><ellipse cx="39" cy="24" rx="38" ry="30"'
        ' fill="url(#g)"/><path d="M39 0V8" stroke="#1A1210" stroke-width="2"/>'
        '<ellipse cx="39" cy="24" rx="16" ry="14" fill="#C9462C"/>'
        '<ellipse cx="39" cy="25" rx="9" ry="11" fill="#FF9A5A" opacity=".8"/>'
        '<path d="M30 9h18v4h-18zM31 35h16v4h-16z" fill="#E2BF6C"/>'
        '<path d="M36 40h6l-1 16h-4z" fill="#B8452C"/></g>',
        brush.glow("g", "#FFB45E", 0.75),
    )  # fmt: skip


def _walker(number: int, size: float) -> Layer:
    """Somebody under an oil-paper umbrella."""
    return brush.layer(
        round(84 * size), round(116 * size),
        f'<g transform="scale({size})"><path d="M30 112Q28 70 34 56Q42 48 50 56Q58 70 56 112Z"'
        f' fill="{_ROBES[number]}"/><circle cx="42" cy="46" r="8" fill="#E6CDB4"/>'
        f'<path d="M34 44Q42 32 50 44Q42 40 34 44Z" fill="#15181A"/>'
        f'<path d="M58 78L46 8" stroke="#4A3322" stroke-width="2"/>'
        f'<path d="M4 38Q22 4 46 6T82 36Q62 28 44 32T4 38Z" fill="{_PAPERS[number]}"/>'
        '<path d="M46 6Q28 16 24 34M46 6Q46 18 44 32M46 6Q62 14 64 31" fill="none"'
        ' stroke="#2A1A12" opacity=".5"/></g>',
    )  # fmt: skip
