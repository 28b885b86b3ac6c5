"""From SVG to pixels with libvips."""

from __future__ import annotations

import pyvips


def rasterise(svg: str, scale: float = 1.0) -> pyvips.Image:
    """An 8-bit sRGB image of three bands. Every picture covers its sheet, so the alpha band is dropped, not blended."""
    image = pyvips.Image.svgload_buffer(svg.encode(), scale=scale)
    return image.extract_band(0, n=3)


def encode(svg: str, suffix: str = ".webp", quality: int = 82, scale: float = 1.0) -> bytes:
    """The picture as `.webp`, `.jpg` or `.png` bytes."""
    options = {} if suffix == ".png" else {"Q": quality}
    if suffix == ".webp":
        options["effort"] = 2
    encoded: bytes = rasterise(svg, scale).write_to_buffer(suffix, **options)
    return encoded
