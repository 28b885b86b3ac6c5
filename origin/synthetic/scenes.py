"""Which scenes there are, and how their files are made and kept."""

import asyncio
import hashlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from origin.films import Shape, Sound, film
from origin.loops import BadClip, Clip, read
from origin.synthetic import lantern, sounds, street, tide

# Changes with the drawings: files of an older edition are made anew.
EDITION = 1
# Kinder than anything else on the machine: nobody waits for a demo's pictures.
NICE = 19


class NotDrawn(Exception):
    """The child that draws the scenes failed; the message is its last words."""


@dataclass(frozen=True)
class Scene:
    """A stream of the demo."""

    name: str
    shape: Shape
    pictures: Callable[[], Iterator[bytes]]
    sound: Callable[[Shape], Sound]

    def path(self, folder: Path) -> Path:
        """Its file, whether it is there or not."""
        mark = hashlib.sha256(repr((EDITION, self.name, self.shape)).encode()).hexdigest()[:12]
        return folder / f"{self.name}-{mark}.flv"

    def clip(self, folder: Path) -> Clip:
        """What `prepare` made. Raises OSError, BadClip."""
        return read(self.path(folder), self.shape.length)

    def ready(self, folder: Path) -> bool:
        """The file is there and whole."""
        try:
            self.clip(folder)
        except (OSError, BadClip):
            return False
        return True

    def make(self, folder: Path) -> None:
        """Draw, encode and keep it, here and now; seconds of work."""
        path = self.path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        content = film(self.shape, self.pictures(), self.sound(self.shape))
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(content)
        unfinished.replace(path)


WALK = tuple(f"street-{angle}" for angle in street.ANGLES)
SCENES = (
    Scene("tide", tide.SHAPE, tide.pictures, sounds.tide),
    Scene("lantern", lantern.SHAPE, lantern.pictures, sounds.lantern),
    *(
        Scene(name, street.SHAPE, partial(street.pictures, angle), sounds.street)
        for name, angle in zip(WALK, street.ANGLES, strict=True)
    ),
)


def scene(name: str) -> Scene:
    """Raises LookupError."""
    for one in SCENES:
        if one.name == name:
            return one
    raise LookupError(name)


async def prepare(folder: Path) -> None:
    """Make what is missing, in a child process of lowest priority. Raises NotDrawn, OSError."""
    if await asyncio.to_thread(lambda: all(one.ready(folder) for one in SCENES)):
        return
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "origin.synthetic", str(folder),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE, env=os.environ | {"VIPS_CONCURRENCY": "1"},
    )  # fmt: skip
    try:
        _out, errors = await child.communicate()
    except asyncio.CancelledError:
        if child.returncode is None:
            child.send_signal(signal.SIGTERM)
            await child.wait()
        raise
    if child.returncode:
        raise NotDrawn(errors.decode(errors="replace")[-500:])
