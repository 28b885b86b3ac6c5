"""Soft generated sound: plucked strings in the five tones, a drone, a wooden clock, a bell.

Sums of sines that die away, computed as images one pixel high. Echoes and tails that reach past the
end come back at the beginning, so that the sound goes round without a seam.
"""

import array
import functools
from collections.abc import Callable, Iterable

import pyvips

from origin.films import SOUND_RATE, Shape, Sound

Note = tuple[float, float, float]  # seconds, hertz, loudness 0 to 1
# 宫商角徵羽 on D, two octaves.
_TONES = (146.83, 164.81, 185.0, 220.0, 246.94, 293.66, 329.63, 369.99, 440.0, 493.88)


def tide(shape: Shape) -> Sound:
    """Slow strings over a low drone, for the sea."""
    melody = (0, 5, 3, 7, 6, 4, 8, 5, 3, 9, 7, 5, 4, 6, 3, 2)
    notes = [(at * 1.5, _TONES[step], 0.5 + at % 3 * 0.12) for at, step in enumerate(melody)]
    notes += [(at * 6.0 + 0.75, _TONES[step] / 2, 0.5) for at, step in enumerate((0, 3, 0, 4))]
    return _mix(shape, [(_string, notes)], _drone(shape, (73.42, 110.0), 0.13, 3))


def lantern(shape: Shape) -> Sound:
    """A music box for the lantern that turns."""
    melody = (5, 7, 8, 9, 8, 7, 5, 6, 7, 8, 5, 3, 4, 6, 5, 7)
    notes = [
        (at * 0.75, _TONES[melody[(at + at // 16 * 3) % 16]] * 2, 0.3 + at % 4 * 0.07)
        for at in range(32)
        if at % 8 not in (5, 7)
    ]
    return _mix(shape, [(_chime, notes)], _drone(shape, (146.83, 220.0), 0.05, 4))


@functools.cache
def street(shape: Shape) -> Sound:
    """The clock: a wooden beat a second, a bell when the hand is back at 子; strings far away."""
    seconds = shape.length // 1000
    beats = [(float(at), 880.0 if at % 12 else 1046.5, 0.22) for at in range(seconds)]
    bells = [(float(at), 196.0, 0.7) for at in range(0, seconds, 12)]
    notes = [(at * 2.0 + 0.5, _TONES[step], 0.2) for at, step in
             enumerate((3, 5, 4, 6, 5, 7, 3, 4, 2, 5, 3, 0))]  # fmt: skip
    parts = [(_block, beats), (_bell, bells), (_string, notes)]
    return _mix(shape, parts, _drone(shape, (98.0,), 0.04, 2))


def _tone(seconds: float, partials: Iterable[tuple[float, float, float]]) -> pyvips.Image:
    """Sines that die away: (hertz, loudness, how often they fall to 1/e in a second)."""
    time = pyvips.Image.xyz(round(seconds * SOUND_RATE), 1)[0] / SOUND_RATE
    attack = 1 - (time * -250).exp()
    voices = [
        (time * (360 * hertz)).math("sin") * (time * -dying).exp() * loud
        for hertz, loud, dying in partials
    ]
    return (pyvips.Image.sum(voices) * attack).copy_memory()


@functools.cache
def _string(hertz: float) -> pyvips.Image:
    parts = ((1, 0.6, 1.7), (2, 0.28, 2.6), (3, 0.14, 4.0), (4.01, 0.06, 6.0))
    return _tone(3.2, [(hertz * times, loud, dying) for times, loud, dying in parts])


@functools.cache
def _chime(hertz: float) -> pyvips.Image:
    parts = ((1, 0.55, 3.2), (2.76, 0.16, 6.0), (5.4, 0.05, 11.0))
    return _tone(1.8, [(hertz * times, loud, dying) for times, loud, dying in parts])


@functools.cache
def _block(hertz: float) -> pyvips.Image:
    return _tone(0.25, [(hertz, 0.7, 42), (hertz * 1.52, 0.4, 60)])


@functools.cache
def _bell(hertz: float) -> pyvips.Image:
    parts = ((0.5, 0.3, 0.6), (1, 0.5, 0.8), (1.19, 0.2, 1.1), (2, 0.16, 1.8), (2.74, 0.1, 2.6))
    return _tone(6.0, [(hertz * times, loud, dying) for times, loud, dying in parts])


def _drone(shape: Shape, tones: Iterable[float], loud: float, breaths: int) -> pyvips.Image:
    """Tones that swell `breaths` times; rounded so that they fit into the length."""
    seconds = shape.samples / SOUND_RATE
    time = pyvips.Image.xyz(shape.samples, 1)[0] / SOUND_RATE
    swell = (time * (360 * breaths / seconds)).math("sin") * 0.4 + 0.6
    voices = [
        (time * (360 * round(hertz * seconds) / seconds)).math("sin") * swell for hertz in tones
    ]
    return pyvips.Image.sum(voices) * loud


def _mix(
    shape: Shape,
    parts: Iterable[tuple[Callable[[float], pyvips.Image], Iterable[Note]]],
    under: pyvips.Image,
) -> Sound:
    """Left and right, each with an echo of its own."""
    dry = under.cast("float").copy_memory()
    for make, notes in parts:
        for at, hertz, loud in notes:
            voice, place = make(hertz) * loud, round(at * SOUND_RATE) % shape.samples
            # What reaches past the end is heard at the beginning.
            here = min(voice.width, shape.samples - place)
            dry = _added(dry, voice.crop(0, 0, here, 1), place)
            if here < voice.width:
                dry = _added(dry, voice.crop(here, 0, voice.width - here, 1), 0)
    channels = []
    for echo in ((0.113, 0.29), (0.137, 0.353)):
        wet = dry
        for delay, loud in zip(echo, (0.32, 0.2), strict=True):
            wet += dry.wrap(x=round(delay * SOUND_RATE), y=0) * loud
        channels.append(wet.copy_memory())
    most = max(max(abs(one.min()), one.max()) for one in channels)
    left, right = (
        array.array("f", bytes((one * (0.6 / most)).cast("float").write_to_memory()))
        for one in channels
    )
    return left, right


def _added(ground: pyvips.Image, voice: pyvips.Image, place: int) -> pyvips.Image:
    there = ground.crop(place, 0, voice.width, 1)
    return ground.insert((there + voice).cast("float"), place, 0).copy_memory()
