"""Pictures: decoded, turned upright, brought to sRGB, stripped, sized and written anew.

Nothing of the original's bytes survives: no EXIF (no place, no camera), no comments, no trailing
content. libvips options: https://www.libvips.org/API/current/.
"""

from pathlib import Path
from typing import Any

import pyvips

from haishi.media.workbench.refusal import Refusal

WIDTHS = (320, 640, 1280, 1920)
MAX_PIXELS = 80_000_000
MAX_SIDE = 16_384
SAFE_LOADERS = ("Jpeg", "Png", "Webp", "Nsgif", "Heif")
Files = list[dict[str, Any]]


def allow_only_safe_loaders() -> None:
    """Let this process decode five raster formats and nothing else. For child processes only."""
    pyvips.operation_block_set("VipsForeignLoad", True)
    for name in SAFE_LOADERS:
        pyvips.operation_block_set(f"VipsForeignLoad{name}", False)


def render(source: Path, folder: Path, extension: str) -> dict[str, Any]:
    """JPEG and WebP in all sizes. Raises Refusal: pixels, sides, damaged."""
    width, height = upright_size(source)
    base = decode(source)
    facts = {"width": width, "height": height, "color": mean_color(base)}
    return {"facts": facts, "files": write(base, folder, ("jpg", "webp"))}


def render_avif(source: Path, folder: Path, extension: str) -> dict[str, Any]:
    """AVIF in all sizes, from the original or a video's poster. Raises Refusal."""
    upright_size(source)
    return {"facts": {}, "files": write(decode(source), folder, ("avif",))}


def upright_size(source: Path) -> tuple[int, int]:
    """(width, height) after rotation, by the header. Raises Refusal: pixels, sides, damaged."""
    try:
        header = pyvips.Image.new_from_file(str(source), access="sequential")
    except pyvips.Error:
        raise Refusal("damaged") from None
    width, height = header.width, header.height
    if width * height > MAX_PIXELS:
        raise Refusal("pixels", given=round(width * height / 1e6), limit=MAX_PIXELS // 10**6)
    if max(width, height) > MAX_SIDE:
        raise Refusal("sides", limit=MAX_SIDE)
    turned = header.get_typeof("orientation") != 0 and header.get("orientation") >= 5
    return (height, width) if turned else (width, height)


def decode(source: Path) -> Any:
    """The picture in memory: upright, 8-bit sRGB, at most 1920 wide. Raises Refusal: damaged."""
    try:
        header = pyvips.Image.new_from_file(str(source), access="sequential")
        profiled = header.get_typeof("icc-profile-data") != 0 or header.interpretation == "cmyk"
        image = pyvips.Image.thumbnail(
            str(source),
            WIDTHS[-1],
            height=MAX_SIDE,
            size="down",
            fail_on="truncated",
            # Converting what has no profile would cost a third of the time and change nothing.
            **({"output_profile": "srgb"} if profiled else {}),
        )
        if image.interpretation != "srgb":
            image = image.colourspace("srgb")
        return image.cast("uchar").copy_memory()
    except pyvips.Error:
        raise Refusal("damaged") from None


def widths_of(width: int) -> list[int]:
    """The sizes to make for a picture `width` pixels wide: never larger than itself."""
    return [size for size in WIDTHS if size < width] + ([width] if width <= WIDTHS[-1] else [])


def write(base: Any, folder: Path, formats: tuple[str, ...], effort: int = 4) -> Files:
    """Write every size of `base` in `formats` into `folder`; narrow to wide."""
    flat = base.flatten(background=255) if base.hasalpha() else base
    files: Files = []
    for width in widths_of(base.width):
        for form in formats:
            image = _sized(flat if form == "jpg" else base, width)
            name = f"{width}.{form}"
            _save(image, str(folder / name), form, effort)
            files.append({"name": name, "format": form, "width": width, "height": image.height})
    return files


def _sized(image: Any, width: int) -> Any:
    if image.width == width:
        return image
    return image.thumbnail_image(width, height=MAX_SIDE, size="down")


def _save(image: Any, path: str, form: str, effort: int) -> None:
    """Write without metadata. Low effort: a little larger, several times quicker."""
    thorough = effort > 2
    if form == "jpg":
        image.jpegsave(path, Q=82, optimize_coding=thorough, interlace=thorough, keep="none")
    elif form == "webp":
        image.webpsave(path, Q=80, effort=effort, keep="none")
    else:
        image.heifsave(path, Q=55, compression="av1", effort=3, keep="none")


def mean_color(base: Any) -> str:
    """`#rrggbb`, the mean of the picture; transparent parts count as white."""
    flat = base.flatten(background=255) if base.hasalpha() else base
    small = flat.thumbnail_image(16, height=16, size="force")
    return "#" + "".join(f"{round(small[band].avg()):02x}" for band in range(3))
