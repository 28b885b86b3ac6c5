"""How the demo's moving pictures are painted: layers drawn once as SVG, slid and blended in time.

Everything repeats after a scene's last picture: a layer slides by whole periods, a swing is a
sine of whole turns.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

import pyvips


class Layer(NamedTuple):
    """`ink`: RGB; `mask`: how much of it, 0 to 255."""

    ink: pyvips.Image
    mask: pyvips.Image

    def over(self, ground: pyvips.Image, left: int = 0, top: int = 0) -> pyvips.Image:
        """The ground with this layer on it; `left`, `top` of the layer come to its corner."""
        wide, high = ground.width, ground.height
        ink, mask = (one.crop(left, top, wide, high) for one in self)
        return mask.ifthenelse(ink, ground, blend=True)

    def placed(self, ground: pyvips.Image, left: int, top: int) -> pyvips.Image:
        """A small layer on the ground with its corner at (left, top), perhaps partly outside."""
        x, y = max(0, left), max(0, top)
        wide = min(ground.width, left + self.mask.width) - x
        high = min(ground.height, top + self.mask.height) - y
        if wide <= 0 or high <= 0:
            return ground
        ink, mask = self
        if (wide, high) != (mask.width, mask.height):
            ink, mask = (one.crop(x - left, y - top, wide, high) for one in self)
        part = mask.ifthenelse(ink, ground.crop(x, y, wide, high), blend=True)
        return ground.insert(part, x, y)


def svg(width: int, height: int, body: str, definitions: str = "") -> pyvips.Image:
    """RGBA of a drawing."""
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f"<defs>{definitions}</defs>{body}</svg>"
    )
    return pyvips.Image.svgload_buffer(text.encode()).copy_memory()


def layer(width: int, height: int, body: str, definitions: str = "") -> Layer:
    """A drawing as a layer."""
    drawn = svg(width, height, body, definitions)
    return Layer(drawn.extract_band(0, n=3).copy_memory(), drawn.extract_band(3).copy_memory())


def ground(width: int, height: int, body: str, definitions: str = "") -> pyvips.Image:
    """A drawing that covers everything, RGB."""
    return svg(width, height, body, definitions).extract_band(0, n=3).copy_memory()


def fade(name: str, stops: Iterable[tuple[float, str, float]]) -> str:
    """A vertical gradient: (place 0 to 1, colour, opacity)."""
    inner = "".join(
        f'<stop offset="{place}" stop-color="{colour}" stop-opacity="{opacity}"/>'
        for place, colour, opacity in stops
    )
    return f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">{inner}</linearGradient>'


def glow(name: str, colour: str, strength: float = 1.0) -> str:
    """Light that falls off from its middle."""
    stops = ((0, 1.0), (0.25, 0.55), (0.55, 0.2), (1, 0.0))
    inner = "".join(
        f'<stop offset="{place}" stop-color="{colour}" stop-opacity="{part * strength:.3f}"/>'
        for place, part in stops
    )
    return f'<radialGradient id="{name}">{inner}</radialGradient>'


def mist(
    width: int, height: int, colour: tuple[int, int, int], middle: float, spread: float,
    strength: float, seed: int,
) -> Layer:  # fmt: skip
    """A band of mist that fits to itself sideways, twice as wide as the picture."""
    noise = pyvips.Image.perlin(width, height, cell_size=width // 5, seed=seed)
    fine = pyvips.Image.perlin(width, height, cell_size=width // 15, seed=seed + 1)
    far = (pyvips.Image.xyz(width, height)[1] - middle) / spread
    thick = (noise * 1.2 + fine * 0.4 + 0.42) * (far * far * -1).exp() * (255 * strength)
    mask = (thick < 0).ifthenelse(0, thick).cast("uchar")
    mask = mask.join(mask, "horizontal").copy_memory()
    ink = (pyvips.Image.black(2 * width, height) + list(colour)).cast("uchar").copy_memory()
    return Layer(ink, mask)


def ridge(width: int, base: float, height: float, seed: int, step: int = 6) -> str:
    """A mountain line as an SVG path down to far below, `width` wide and fitting to itself."""
    parts = []
    for x in range(0, width + step, step):
        turn = 2 * math.pi * x / width
        y = sum(
            math.sin(turn * wave + seed * wave * 1.7) / wave**0.85
            for wave in (1, 2, 3, 5, 8, 13, 21)
        )
        peak = math.exp(-(((x / width - 0.2 - seed * 0.31 % 0.6) / 0.16) ** 2))
        parts.append(f"{x} {base - height * (0.35 * y + 0.9 * peak):.1f}")
    return "M" + "L".join(parts) + f"V{base + 2000}H0Z"


def swing(index: int, frames: int, turns: int = 1, begin: float = 0.0) -> float:
    """-1 to 1, back where it was after all frames. `begin`: part of a turn."""
    return math.sin(2 * math.pi * (turns * index / frames + begin))
