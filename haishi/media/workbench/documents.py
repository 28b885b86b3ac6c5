"""PDF and Office documents: counted and searched for what acts by itself; offered as downloads."""

import zipfile
import zlib
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from haishi.media.workbench.refusal import Refusal

MAX_PAGES = 500
MAX_OBJECTS = 200_000
MAX_NESTING = 60
ACTING = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie"}
ACTING_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/RichMediaContent", "/XFA"}
MAX_ENTRIES = 5_000
MAX_UNPACKED = 500_000_000
MAX_RATIO = 200
RATIO_FROM = 5_000_000
FORBIDDEN_PARTS = ("vbaproject.bin", "activex/", "/embeddings/oleobject")
FORBIDDEN_ENDS = (".exe", ".dll", ".js", ".vbs", ".bat", ".ps1", ".lnk", ".html", ".svgz")


def examine(source: Path, folder: Path, extension: str) -> dict[str, Any]:
    """Facts of a document. Raises Refusal."""
    return _pdf(source) if extension == "pdf" else _office(source)


def _pdf(source: Path) -> dict[str, Any]:
    """Raises Refusal: encrypted, pages, active, heavy, damaged."""
    try:
        with PdfReader(source, strict=False) as reader:
            if reader.is_encrypted:
                raise Refusal("encrypted")
            pages = len(reader.pages)
            if pages > MAX_PAGES:
                raise Refusal("pages", given=pages, limit=MAX_PAGES)
            if pages == 0:
                raise Refusal("damaged")
            _search(reader)
    except Refusal:
        raise
    except RecursionError:
        raise Refusal("heavy") from None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError):
        raise Refusal("damaged") from None
    return {"facts": {"pages": pages}, "files": []}


def _search(reader: PdfReader) -> None:
    """Look at every object of the file, reachable or not, for actions and attached files."""
    numbers = {number for table in reader.xref.values() for number in table}
    numbers |= set(reader.xref_objStm)
    if len(numbers) > MAX_OBJECTS:
        raise Refusal("heavy")
    for number in numbers:
        _inspect(reader.get_object(number), 0)
    _inspect(reader.trailer, 0)


def _inspect(value: Any, depth: int) -> None:
    if depth > MAX_NESTING:
        raise Refusal("heavy")
    if isinstance(value, DictionaryObject):
        if "/S" in value and str(value["/S"]) in ACTING:
            raise Refusal("active")
        if not ACTING_KEYS.isdisjoint(value):
            raise Refusal("active")
        parts: Any = value.values()
    elif isinstance(value, ArrayObject):
        parts = value
    else:
        return
    for part in parts:
        if not isinstance(part, IndirectObject):  # those are looked at by their own number
            _inspect(part, depth + 1)


def _office(source: Path) -> dict[str, Any]:
    """Raises Refusal: bomb, paths, macros, encrypted, damaged."""
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            _directory(entries, source.stat().st_size)
            for entry in entries:
                _unpack(archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError):
        raise Refusal("damaged") from None
    return {"facts": {}, "files": []}


def _directory(entries: list[zipfile.ZipInfo], size: int) -> None:
    """What the directory claims: few entries, bounded size, safe names, no entry inside another."""
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or packed > size:
        raise Refusal("bomb")
    if unpacked > RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1):
        raise Refusal("bomb")
    names: set[str] = set()
    for entry in entries:
        name = entry.filename.lower()
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise Refusal("paths")
        if name in names:
            raise Refusal("paths")
        names.add(name)
        if entry.flag_bits & 1:
            raise Refusal("encrypted")
        if name.endswith(FORBIDDEN_ENDS) or any(part in name for part in FORBIDDEN_PARTS):
            raise Refusal("macros")
    ends = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < ends:
            raise Refusal("bomb")
        ends = entry.header_offset + 30 + entry.compress_size


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Prove the directory's claim: reading verifies length and checksum."""
    with archive.open(entry) as stream:
        while stream.read(1 << 20):
            pass
