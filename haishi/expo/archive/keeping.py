"""Where archives lie: manifest and zip, moving into place, finding a file, finding damage.

The manifest is JSON with one file a line, sorted by name, so that a file is found in it by halving
without reading it whole: a hundred thousand names cost no memory.
"""

import hashlib
import json
import mmap
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from haishi.foundation.errors import NotFound

MANIFEST, WHOLE, SUM = "manifest.json", "archive.zip", "archive.zip.sha256"
FILES = b'"files": {\n'
SLUG = re.compile(r"[\w-]+", re.ASCII)
# What a file is to a browser; nothing else is served. None of them runs anything.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".glb": "model/gltf-binary",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
# What is packed already, and gains nothing in a zip.
PACKED = {*TYPES} - {".html", ".css", ".json", ".svg"}


@dataclass(frozen=True)
class Kept:
    """A file of the manifest, with the path where it lies; `size` in bytes."""

    path: Path
    name: str
    digest: str
    size: int

    @property
    def content_type(self) -> str:
        """For the browser. Raises NotFound for a kind that is not served."""
        try:
            return TYPES[self.path.suffix]
        except KeyError:
            raise NotFound from None


@dataclass(frozen=True)
class Packed:
    """What was put into place: how many files, and the zip's size in bytes."""

    files: int
    size: int


def folder(slug: str) -> Path:
    """Where the archive of an edition lies. Raises NotFound for what is no address."""
    if not SLUG.fullmatch(slug):
        raise NotFound
    return Path(settings.ARCHIVE_ROOT) / slug


def side_folder(slug: str, builder: str) -> Path:
    """A new empty folder to build in, beside the place; what earlier builders left is removed."""
    place = folder(slug)
    for left in place.parent.glob(f".{slug}.*.partial"):
        shutil.rmtree(left, ignore_errors=True)
    made = place.with_name(f".{slug}.{builder}.partial")
    made.mkdir(parents=True)
    return made


def pack(root: Path, slug: str, facts: dict[str, Any], beat: Callable[[], None]) -> Packed:
    """Write manifest and zip of everything under `root`. `beat()` is called after each file."""
    count = 0
    head = json.dumps(facts, ensure_ascii=False, indent=1)[:-2]
    with (
        (root / MANIFEST).open("w", encoding="utf-8") as listing,
        zipfile.ZipFile(root / WHOLE, "w") as whole,
    ):
        listing.write(f"{head},\n{FILES.decode()}")
        for path in _walk(root):
            name = path.relative_to(root).as_posix()
            line = json.dumps([_digest(path), path.stat().st_size])
            listing.write(f"{',' * bool(count)}{chr(10) * bool(count)}{json.dumps(name)}: {line}")
            kind = zipfile.ZIP_STORED if path.suffix in PACKED else zipfile.ZIP_DEFLATED
            whole.write(path, f"{slug}/{name}", kind)
            count += 1
            beat()
        listing.write("\n}\n}\n")
        listing.close()
        whole.write(root / MANIFEST, f"{slug}/{MANIFEST}", zipfile.ZIP_DEFLATED)
    (root / SUM).write_text(f"{_digest(root / WHOLE)}  {WHOLE}\n", "utf-8")
    return Packed(count, (root / WHOLE).stat().st_size)


def _walk(root: Path) -> Iterator[Path]:
    """Files below `root` in the order of their names, without its manifest and zip."""
    for entry in sorted(os.scandir(root), key=lambda each: each.name + "/" * each.is_dir()):
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif entry.name not in (MANIFEST, WHOLE):
            yield Path(entry.path)


def put_in_place(root: Path, slug: str) -> None:
    """Move a finished folder to its place in one step; what stood there goes."""
    place = folder(slug)
    os.sync()  # the name must not survive a power cut that the content does not
    aside = place.with_name(f".{slug}.replaced.partial")
    shutil.rmtree(aside, ignore_errors=True)
    if place.exists():
        place.rename(aside)
    root.rename(place)
    shutil.rmtree(aside, ignore_errors=True)


def stands(slug: str) -> bool:
    """Whether a complete archive lies at its place."""
    place = folder(slug)
    return all((place / name).is_file() for name in (MANIFEST, WHOLE, SUM))


def find(slug: str, name: str) -> Kept:
    """A file that the manifest names. Raises NotFound for any other, and for what is no file.

    A name that leads out of the folder, or through a link, is no file of the archive, whatever
    the manifest says.
    """
    place = folder(slug)
    found = _look_up(place / MANIFEST, name)
    path = place / name
    if found is None or path.resolve() != place.resolve() / name or not path.is_file():
        raise NotFound
    return Kept(path, name, *found)


def whole(slug: str) -> Path:
    """The zip. Raises NotFound."""
    path = folder(slug) / WHOLE
    if path.is_symlink() or not path.is_file():
        raise NotFound
    return path


def _look_up(manifest: Path, name: str) -> tuple[str, int] | None:
    """(SHA-256, size) from the manifest by halving. Raises NotFound without a manifest."""
    try:
        with (
            manifest.open("rb") as stream,
            mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text,
        ):
            return _halve(text, json.dumps(name).encode())
    except (OSError, ValueError):  # absent, empty, or not written by us
        raise NotFound from None


def _halve(text: mmap.mmap, wanted: bytes) -> tuple[str, int] | None:
    low, high = text.find(FILES) + len(FILES), text.rfind(b"\n}\n}")
    while low < high:
        middle = (low + high) // 2
        start = text.rfind(b"\n", low, middle) + 1 or low
        end = text.find(b"\n", middle, high)
        end = high if end < 0 else end
        line = text[start:end]
        key, _, value = line.partition(b": ")
        if key == wanted:
            digest, size = json.loads(value.rstrip(b","))
            return digest, size
        # Without the closing quote, so that "a" stands before "a-b" as names do.
        if key[:-1] < wanted[:-1]:
            low = end + 1
        else:
            high = start
    return None


def damage(slug: str) -> list[str]:
    """Names of files that are missing or differ from the manifest or the zip's sum, at most ten."""
    place, wrong = folder(slug), []
    checks = [*_sum(place / SUM)]
    for name, digest in [*checks, *_lines(place / MANIFEST)]:
        path = place / name
        if path.is_symlink() or not path.is_file() or _digest(path) != digest:
            wrong.append(name)
        if len(wrong) == 10:
            break
    return wrong


def _sum(path: Path) -> Iterator[tuple[str, str]]:
    digest = path.read_text("utf-8").partition(" ")[0] if path.is_file() else ""
    yield WHOLE, digest


def _lines(manifest: Path) -> Iterator[tuple[str, str]]:
    """(name, SHA-256) of the manifest, line by line; itself with no sum when it cannot be read."""
    if not manifest.is_file():
        yield MANIFEST, ""
        return
    with manifest.open(encoding="utf-8") as stream:
        inside = False
        for line in stream:
            if inside and line.startswith('"'):
                name, (digest, _size) = next(
                    iter(json.loads("{" + line.rstrip().rstrip(",") + "}").items())
                )
                yield name, digest
            inside = inside or line.encode() == FILES


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
