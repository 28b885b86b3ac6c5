"""What viewers see while no camera lives: a quiet moving card with the session's title.

A mirage of a city comes and goes above a horizon, as off Dengzhou in Shen Kuo's 《梦溪笔谈》; the
title stands above the line, what to expect below it.
"""

import contextlib
import hashlib
import math
import os
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pyvips

from origin.bus import AUDIO, Feed, Message
from origin.films import SAMPLES, SOUND_RATE, Shape, film, silence
from origin.loops import BadClip, Clip, Loop, read

__all__ = ["SAMPLES", "SOUND_RATE", "Slate", "clip", "pictures"]

SHAPE = Shape(width=960, height=540, fps=20, frames=160, kbps=300)
# Changes with the drawing, so that cards of an older one are made anew.
EDITION = 1
MOST_TITLE = 120
SOON = ("画面稍后回来", "Back in a moment")
FONT, PLAIN_FONT = "Noto Serif CJK SC, Source Han Serif SC, Songti SC, serif", "sans"
_HORIZON, _MARGIN = 372, 72


class Slate:
    """A loop with a feed of its own. It speaks between `start` and `stop`, when `tick`ed.

    `sound`, `silence`: the header of its AAC and a frame of nothing, for cameras without sound.
    """

    def __init__(self, session_id: str, clip: Clip) -> None:
        self.feed = Feed(f"{session_id}/slate")
        self.silence = clip.silence()
        self.sound = next(one for one in clip.headers if one.kind == AUDIO)
        self._loop = Loop(clip, lambda kind, at, body: self.feed.push(Message(kind, at, body)))

    def start(self, now: float) -> None:
        """Begin at the first picture, at once. `now`: seconds of a steady clock."""
        self._loop.start(now)

    def tick(self, now: float) -> None:
        """Give what is due."""
        self._loop.tick(now)

    def stop(self) -> None:
        """Say nothing more."""
        self._loop.stop()


def clip(title: str, folder: Path) -> Clip:
    """The card for a title, from `folder` or made in some seconds: not for the event loop.

    Raises OSError when the folder cannot be written.
    """
    title = " ".join(title.split())[:MOST_TITLE]
    name = hashlib.sha256(repr((EDITION, SHAPE, SOON, title)).encode()).hexdigest()[:24]
    path = folder / f"slate-{name}.flv"
    with contextlib.suppress(OSError, BadClip):
        return read(path, SHAPE.length)
    content = film(SHAPE, pictures(title), silence(SHAPE))
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)
    return read(path, SHAPE.length)


def pictures(title: str) -> Iterator[bytes]:
    """RGB of every picture of the card."""
    bare, seen = _card(title, mirage=False), _card(title, mirage=True)
    change = (seen.cast("short") - bare).copy_memory()
    fog = _fog()
    for index in range(SHAPE.frames):
        turn = 2 * math.pi * index / SHAPE.frames
        there = 0.62 - 0.38 * math.cos(turn)
        now = bare + change * there
        # The fog's two layers cross the card a whole number of times in a loop.
        near = fog.crop(index * SHAPE.width // SHAPE.frames, 0, SHAPE.width, SHAPE.height)
        far = fog.fliphor().crop(
            SHAPE.width - index * SHAPE.width // SHAPE.frames, 0, SHAPE.width, SHAPE.height
        )
        pale = (near + far) * (0.8 + 0.2 * math.sin(turn))
        yield (now + pale * [0.75, 1.0, 0.98]).cast("uchar").write_to_memory()


def _card(title: str, *, mirage: bool) -> pyvips.Image:
    """The card without its fog, RGB."""
    card = pyvips.Image.svgload_buffer(_scene(mirage).encode())
    card = card.extract_band(0, n=3)
    width = SHAPE.width - 2 * _MARGIN
    words = _words(title, 44, width, 150) if title else None
    below = (
        (words, 184 - (words.height if words else 0), [233, 240, 237]),
        (_words(SOON[0], 21, width, 40), _HORIZON + 40, [181, 198, 198]),
        (_words(SOON[1], 15, width, 40), _HORIZON + 80, [142, 163, 167]),
    )
    for ink, top, colour in below:
        if ink is not None:
            mask = ink.embed(_MARGIN, max(24, top), SHAPE.width, SHAPE.height)
            card = mask.ifthenelse(card.new_from_image(colour), card, blend=True)
    return card.cast("uchar").copy_memory()


def _words(text: str, size: int, width: int, height: int) -> pyvips.Image | None:
    """A mask of the text, smaller when it does not fit; None when no font can draw it."""
    for font in (FONT, PLAIN_FONT):
        with contextlib.suppress(pyvips.Error):
            ink = pyvips.Image.text(escape(text), font=f"{font} {size}", width=width, dpi=72)
            if ink.height > height or ink.width > width:
                ink = pyvips.Image.text(escape(text), font=font, width=width, height=height)
            return ink
    return None


def _fog() -> pyvips.Image:
    """Two widths of a mist that fits to itself, strongest at the horizon; float, one band."""
    noise = pyvips.Image.perlin(SHAPE.width, SHAPE.height, cell_size=160, seed=7)
    fine = pyvips.Image.perlin(SHAPE.width, SHAPE.height, cell_size=60, seed=3)
    mist = (noise + fine * 0.35) * 46 + 8
    mist = (mist > 0).ifthenelse(mist, 0)
    far = (pyvips.Image.xyz(SHAPE.width, SHAPE.height)[1] - _HORIZON) / 62.0
    mist = mist * ((far * far * -1).exp())
    return mist.join(mist, "horizontal").copy_memory()


def _scene(mirage: bool) -> str:
    """Sea, horizon and, if wanted, the city above the line and its image below, as SVG."""
    city = _city() if mirage else ""
    width, height = SHAPE.width, SHAPE.height
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">
<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="#0A171C"/><stop offset=".72" stop-color="#12323A"/>
<stop offset="1" stop-color="#1B4A50"/></linearGradient>
<linearGradient id="sea" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#123A3E"/>
<stop offset="1" stop-color="#071115"/></linearGradient>
<linearGradient id="city" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#88D8D2"
 stop-opacity=".55"/><stop offset="1" stop-color="#62C4BF" stop-opacity=".06"/></linearGradient>
</defs>
<rect width="{width}" height="{_HORIZON}" fill="url(#sky)"/>
<rect y="{_HORIZON}" width="{width}" height="{height - _HORIZON}" fill="url(#sea)"/>
<g transform="translate(0 {_HORIZON})">{city}
<g transform="scale(1 -.42)" opacity=".3">{city}</g></g>
{_waves()}
<rect y="{_HORIZON}" width="{width}" height="1" fill="#88D8D2" opacity=".55"/></svg>"""


def _city() -> str:
    """Halls, towers and a pagoda on the right of the line, y upwards negative."""
    parts = []
    for x, wide, tall, floors in (
        (520, 60, 46, 1), (576, 38, 96, 3), (618, 74, 60, 2), (690, 34, 150, 6), (726, 90, 70, 2),
        (812, 44, 118, 4), (856, 64, 52, 1), (470, 44, 30, 1), (918, 30, 34, 1),
    ):  # fmt: skip
        for floor in range(floors):
            part = wide * (1 - 0.1 * floor)
            parts.append(
                _storey(x + (wide - part) / 2, part, tall / floors, -tall / floors * floor)
            )
        if floors > 3:
            peak = x + wide / 2
            parts.append(f"M{peak - 1.5} {-tall}L{peak} {-tall - 26}L{peak + 1.5} {-tall}Z")
    return f'<path d="{"".join(parts)}" fill="url(#city)"/>'


def _storey(left: float, wide: float, high: float, base: float) -> str:
    """Two walls under a roof with raised eaves."""
    right, eave, top = left + wide, wide * 0.22, base - high
    wall, under, tip, slope = (top + high * part for part in (0.42, 0.4, 0.26, 0.3))
    return (
        f"M{left + 5:.0f} {base:.0f}V{wall:.0f}"
        f"Q{left - eave:.0f} {under:.0f} {left - eave:.0f} {tip:.0f}"
        f"Q{left + wide * 0.2:.0f} {slope:.0f} {left + wide * 0.34:.0f} {top:.0f}"
        f"H{left + wide * 0.66:.0f}"
        f"Q{left + wide * 0.8:.0f} {slope:.0f} {right + eave:.0f} {tip:.0f}"
        f"Q{right + eave:.0f} {under:.0f} {right - 5:.0f} {wall:.0f}V{base:.0f}Z"
    )


def _waves() -> str:
    """Thin lines of swell, closer together towards the horizon."""
    lines = []
    for row in range(9):
        y = _HORIZON + 14 + row * row * 2.1 + row * 3
        step = 44 + row * 14
        path = f"M{-step + row * 17 % step} {y:.1f}"
        path += "".join(f"q{step / 4:.1f} {-1 - row * 0.5} {step / 2:.1f} 0" for _ in range(60))
        lines.append(f'<path d="{path}" opacity="{0.2 - row * 0.016:.3f}"/>')
    return f'<g fill="none" stroke="#62C4BF" stroke-width="1">{"".join(lines)}</g>'
