"""潮: ink mountains in drifting mist, a sun, a boat, and celadon waves that roll for ever."""

import math
from collections.abc import Iterator

import pyvips

from origin.films import Shape
from origin.synthetic import brush
from origin.synthetic.brush import Layer, fade, swing

SHAPE = Shape(960, 540, fps=25, frames=300, rounds=2, kbps=1100)
_WIDE, _HIGH = SHAPE.width, SHAPE.height
# Where mist begins, where the water does, and where the first wave hides all behind it.
_MIST, _SEA, _SHORE = 130, 318, 390
# (period, amplitude, top, colours, periods a loop): far and slow to near and quick.
_WAVES = (
    (80, 5, 12, ("#B9D3CC", "#9DC3BB"), 1),
    (120, 9, 44, ("#8FBDB4", "#6DA79F"), -1),
    (192, 15, 84, ("#5F9F98", "#3F857F"), 1),
    (320, 24, 134, ("#347B77", "#17585A"), -1),
)


def pictures() -> Iterator[bytes]:
    """RGB of every picture."""
    near = brush.layer(
        _WIDE, _HIGH,
        f'<path d="{brush.ridge(_WIDE, 322, 120, 5, 4)}" fill="url(#a)"/>',
        _ink("a", "#1F3B42", 0.92),
    )  # fmt: skip
    middle = brush.layer(
        _WIDE, _HIGH,
        f'<path d="{brush.ridge(_WIDE, 300, 150, 2, 4)}" fill="url(#a)"/>',
        _ink("a", "#47656B", 0.8),
    )  # fmt: skip
    sky = middle.over(_sky()).copy_memory()
    mists = (
        brush.mist(_WIDE, _HIGH, (240, 244, 239), 250, 60, 0.95, 4),
        brush.mist(_WIDE, _HIGH, (232, 240, 236), 312, 34, 1.0, 9),
    )
    waves = [_wave(*one[:4]) for one in _WAVES]
    boat = _boat()
    still, hills = sky.crop(0, 0, _WIDE, _MIST), sky.crop(0, _MIST, _WIDE, _SHORE - _MIST)
    for index in range(SHAPE.frames):
        slide = index * _WIDE // SHAPE.frames
        misty = mists[0].over(hills, slide, _MIST)
        misty = mists[1].over(near.over(misty, 0, _MIST), _WIDE - slide, _MIST)
        above = misty.crop(0, 0, _WIDE, _SEA - 40 - _MIST)
        sea = misty.crop(0, _SEA - 40 - _MIST, _WIDE, _SHORE - _SEA + 40)
        sea = _sea(index, sea.embed(0, 0, _WIDE, _HIGH - _SEA + 40), waves, boat)
        yield still.join(above, "vertical").join(sea, "vertical").write_to_memory()


def _sea(
    index: int, sea: pyvips.Image, waves: list[Layer], boat: Layer
) -> pyvips.Image:  # fmt: skip
    for number, ((period, amplitude, top, _colours, turns), wave) in enumerate(
        zip(_WAVES, waves, strict=True)
    ):
        left = round(period * (index * turns / SHAPE.frames % 1))
        bob = round(amplitude * 0.35 * swing(index, SHAPE.frames, 3, number / 4))
        # Above its crests a row of swell hides nothing.
        crest = 37 + top + bob - math.ceil(amplitude * 1.5)
        low = sea.crop(0, crest, _WIDE, sea.height - crest)
        sea = sea.crop(0, 0, _WIDE, crest).join(wave.over(low, left, 60 - bob + crest), "vertical")
        if number == 1:
            deck = 40 + top - 58 + round(5 * swing(index, SHAPE.frames, 3, 0.1))
            sea = boat.placed(sea, 610 + round(14 * swing(index, SHAPE.frames)), deck)
    return sea


def _ink(name: str, colour: str, strength: float) -> str:
    """Ink that is strongest at the crest and thins towards the mist."""
    return (
        f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" x1="0" y1="90"'
        f' x2="0" y2="330">'
        f'<stop offset="0" stop-color="{colour}" stop-opacity="{strength}"/>'
        f'<stop offset=".55" stop-color="{colour}" stop-opacity="{strength * 0.62}"/>'
        f'<stop offset="1" stop-color="{colour}" stop-opacity="{strength * 0.1}"/></linearGradient>'
    )


def _sky() -> pyvips.Image:
    far = brush.ridge(_WIDE, 285, 120, 8, 4)
    return brush.ground(
        _WIDE, _HIGH,
        f'<rect width="{_WIDE}" height="{_HIGH}" fill="url(#sky)"/>'
        '<circle cx="716" cy="118" r="90" fill="url(#halo)"/>'
        '<circle cx="716" cy="118" r="38" fill="#C9573A" opacity=".88"/>'
        f'<path d="{far}" fill="url(#far)"/>{_birds()}',
        fade("sky", ((0, "#DCE8E3", 1), (0.4, "#F1F4EE", 1), (0.62, "#E3ECE6", 1)))
        + brush.glow("halo", "#E9A98F", 0.7) + _ink("far", "#7F9CA0", 0.75),
    )  # fmt: skip


def _birds() -> str:
    birds = ((214, 92, 9), (240, 80, 7), (262, 98, 8), (300, 84, 6), (190, 116, 7))
    path = "".join(
        f"M{x - s} {y - s * 0.4}Q{x - s * 0.4} {y - s * 0.6} {x} {y}Q{x + s * 0.4} {y - s * 0.6} "
        f"{x + s} {y - s * 0.4}" for x, y, s in birds
    )  # fmt: skip
    return f'<path d="{path}" fill="none" stroke="#2B474D" stroke-width="1.6" opacity=".7"/>'


def _wave(period: int, amplitude: int, top: int, colours: tuple[str, str]) -> Layer:
    """One row of swell, with the thin inner lines of old wave patterns."""
    wide, deep, y = _WIDE + period, _HIGH - _SEA + 120, 100 + top
    count = math.ceil(wide / period) + 1

    def line(drop: float, size: float) -> str:
        high, half = amplitude * size * 1.5, period * 0.5
        one = (
            f"c{period * 0.22:.1f} 0 {period * 0.3:.1f} {-high:.1f} {half:.1f} {-high:.1f}"
            f"s{period * 0.28:.1f} {high:.1f} {half:.1f} {high:.1f}"
        )
        return f"M0 {y + drop:.1f}" + one * count

    fill = f'<path d="{line(0, 1)}V{deep}H0Z" fill="url(#w)"/>'
    lines = "".join(
        f'<path d="{line(amplitude * (0.1 + 0.55 * n), 1 - 0.14 * n)}" fill="none" stroke="#F3F7F2"'
        f' stroke-width="{1.7 - n * 0.3:.1f}" opacity="{0.85 - n * 0.2:.2f}"/>' for n in range(4)
    )  # fmt: skip
    return brush.layer(
        wide, deep, fill + lines, fade("w", ((0, colours[0], 0.96), (1, colours[1], 1)))
    )


def _boat() -> Layer:
    """A sampan with a mat roof and a sail."""
    return brush.layer(
        120, 96,
        '<path d="M58 6C80 22 86 44 84 66L58 68Z" fill="#E9DFC8"/>'
        '<path d="M58 22C72 30 80 34 84 48M58 40C70 46 80 50 85 58" stroke="#8A6A3B" fill="none"/>'
        '<path d="M57 2V72" stroke="#2A2320" stroke-width="2"/>'
        '<path d="M20 68Q36 50 54 68Z" fill="#5B4632"/>'
        '<path d="M6 66Q22 74 60 74T114 62Q104 86 84 88H32Q14 86 6 66Z" fill="#2A2320"/>',
    )  # fmt: skip
