"""Where files lie in storage, and how they come and go with the transaction."""

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import structlog
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

log = structlog.get_logger("haishi.media")


def original_path(token: str, extension: str) -> str:
    """Originals lie apart: nothing of them is served."""
    return f"originals/{token[:2].lower()}/{token}.{extension}"


def variant_path(token: str, name: str) -> str:
    """What is served."""
    return f"served/{token[:2].lower()}/{token}/{name}"


def digest(file: Any) -> str:
    """sha256 in hex of an open file, which is rewound afterwards."""
    whole = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(1 << 20):
        whole.update(chunk)
    file.seek(0)
    return whole.hexdigest()


def put(path: str, file: Any) -> str:
    """Store an open file; returns the path it got."""
    return default_storage.save(path, file if isinstance(file, File) else File(file))


def put_path(path: str, source: Path) -> str:
    """Store a file of the workbench."""
    with source.open("rb") as stream:
        return put(path, stream)


@contextlib.contextmanager
def local_copy(path: str) -> Iterator[Path]:
    """The stored file on this machine's disk: itself, or a copy while the block runs."""
    try:
        here = Path(default_storage.path(path))
    except NotImplementedError:
        with tempfile.TemporaryDirectory(prefix="haishi-media-") as folder:
            copy = Path(folder) / "original"
            with default_storage.open(path) as stream, copy.open("wb") as target:
                shutil.copyfileobj(stream, target, 1 << 20)
            yield copy
        return
    yield here


def discard(paths: Iterable[str]) -> None:
    """Delete stored files after the transaction: a rolled-back removal keeps them."""
    names = [path for path in paths if path]
    transaction.on_commit(lambda: _delete(names))


def _delete(paths: list[str]) -> None:
    for path in paths:
        try:
            default_storage.delete(path)
        except OSError as error:  # the row is gone and so is the address; the file only takes room
            log.warning("media.file_left", path=path, error=str(error))
