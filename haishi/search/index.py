"""The files under SEARCH_ROOT: one folder for each generation, and a file that names the current.

Layout: `current` holds the folder's name; `g-<id>/` is a tantivy index with `names.json` (words of
facet values). The worker alone writes; web processes open what `current` names and look for news
at most twice a second. A rebuild fills a new folder beside the old one, so readers never wait.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
import tantivy
from django.conf import settings

from haishi.search.errors import IndexBusy
from haishi.search.types import FACETS

log = structlog.get_logger("haishi.search")
# Grows whenever the schema or the cutting of words changes: every installation then rebuilds.
VERSION = 3
LOOK_SECONDS = 0.5
HEAP_BYTES = 64_000_000


@dataclass
class Opened:
    """An index as it was at one commit; shared by the threads of a process, never written to."""

    folder: Path
    mark: tuple[int, ...]
    index: Any
    searcher: Any
    names: dict[str, dict[str, list[str]]]
    # Answers that would be asked again and again at this commit (the page without a question).
    kept: dict[Any, Any] = field(default_factory=dict)
    # What was learnt of the words of this folder; it outlives a commit. See `company`.
    learnt: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def schema(self) -> Any:
        """The tantivy schema."""
        return self.index.schema


class _Shelf:
    """What this process has open, by SEARCH_ROOT."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.opened: dict[Path, Opened | None] = {}
        self.looked: dict[Path, float] = {}

    def current(self) -> Opened | None:
        root: Path = settings.SEARCH_ROOT
        now = time.monotonic()
        if now - self.looked.get(root, -1.0) < LOOK_SECONDS:
            return self.opened.get(root)
        with self.lock:
            self.opened[root] = _renewed(root, self.opened.get(root))
            self.looked[root] = now
        return self.opened[root]

    def forget(self) -> None:
        self.looked.pop(settings.SEARCH_ROOT, None)


_shelf = _Shelf()


def current() -> Opened | None:
    """The newest commit of the index, or None while there is none that can be read."""
    return _shelf.current()


def forget() -> None:
    """Look for news at the next question instead of after half a second."""
    _shelf.forget()


def _renewed(root: Path, known: Opened | None) -> Opened | None:
    try:
        folder = root / (root / "current").read_text(encoding="ascii").strip()
        mark = _mark(folder)
    except (OSError, ValueError):
        return None
    if known is not None and (known.folder, known.mark) == (folder, mark):
        return known
    found = open_folder(folder)
    if found is not None and known is not None and known.folder == folder:
        found.learnt = known.learnt
    return found


def _mark(folder: Path) -> tuple[int, ...]:
    found = [(folder / name).stat() for name in ("meta.json", "names.json")]
    return tuple(part for stat in found for part in (stat.st_mtime_ns, stat.st_ino))


def open_folder(folder: Path) -> Opened | None:
    """The index in `folder`, or None when it cannot be read or is of another version."""
    try:
        mark = _mark(folder)
        stored = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        if stored["version"] != VERSION:
            return None
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual", 0)
        index.reload()
        return Opened(folder, mark, index, index.searcher(), stored["names"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("search.index_unreadable", folder=folder.name, error=str(error)[:300])
        return None


def schema() -> Any:
    """Fields: what is searched, what is filtered and counted, what a card needs.

    `body`: every word, the title's too, so that one list of postings decides whether a word is met.
    `title`: its words. `sound`: its syllables, their pairs, its characters. `begin`: its
    beginnings. `lift`: score is multiplied by log2(2 + lift). `card`: the hit as JSON.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="whitespace")
    builder.add_text_field("body", tokenizer_name="whitespace")
    builder.add_text_field("sound", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("begin", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("audience", tokenizer_name="raw", index_option="basic")
    for facet in FACETS:
        builder.add_text_field(facet, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_float_field("lift", fast=True)
    builder.add_bytes_field("card", stored=True)
    return builder.build()


@contextlib.contextmanager
def writing() -> Iterator[Path]:
    """Hold the only pen; yields SEARCH_ROOT. Raises IndexBusy when another process has it."""
    root = Path(settings.SEARCH_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexBusy from None
        yield root


def writable(root: Path) -> Path | None:
    """The folder to add to, or None when the index must be built anew."""
    try:
        folder = root / (root / "current").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    return folder if open_folder(folder) is not None else None


def new_folder(root: Path) -> tuple[Path, Any]:
    """An empty index beside the current one: (folder, index)."""
    folder = root / f"g-{uuid.uuid4().hex[:12]}"
    folder.mkdir()
    return folder, tantivy.Index(schema(), path=str(folder))


def open_for_writing(folder: Path) -> Any:
    """The index in `folder` for a writer."""
    return tantivy.Index.open(str(folder))


def write_names(folder: Path, names: dict[str, dict[str, list[str]]]) -> None:
    """Keep the words of facet values beside the index, so that pages need no database for them."""
    path = folder / "names.json"
    text = json.dumps({"version": VERSION, "names": names}, ensure_ascii=False)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        partial = folder / "names.json.new"
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, path)


def make_current(root: Path, folder: Path) -> None:
    """Let readers use `folder`, and remove what nobody needs any more."""
    partial = root / "current.new"
    partial.write_text(folder.name, encoding="ascii")
    os.replace(partial, root / "current")
    for other in root.glob("g-*"):
        if other != folder:  # readers that still have it open keep their files, as unix does
            shutil.rmtree(other, ignore_errors=True)
