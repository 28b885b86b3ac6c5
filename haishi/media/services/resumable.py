"""Uploads in pieces, after tus 1.0 (https://tus.io/protocols/resumable-upload).

The part lies on this machine's disk and its size is the offset: what the disk has is what counts,
whatever broke. One writer at a time is a lock on the file, which dies with its process.
"""

import base64
import binascii
import contextlib
import datetime as dt
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.files import File
from django.db import transaction

from haishi.foundation import clock
from haishi.foundation.errors import DomainError, Forbidden, NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.text import clean
from haishi.foundation.types import Actor
from haishi.media import policies, selectors
from haishi.media.errors import (
    ChecksumWrong,
    FileTooBig,
    OffsetWrong,
    UploadBusy,
    UploadMalformed,
)
from haishi.media.events import UploadExpired
from haishi.media.models import Asset, Upload, holder_key
from haishi.media.services import room
from haishi.media.services.receiving import identify, take_in
from haishi.media.states import RULES
from haishi.media.types import size_words

LIFETIME = dt.timedelta(hours=24)
PIECE = 1 << 16
CHECKSUMS = ("sha1", "sha256")


class Readable(Protocol):
    """A request body."""

    def read(self, size: int, /) -> bytes: ...


class PartFile(File):  # type: ignore[type-arg]
    """A finished part; storage on the same disk moves it instead of copying."""

    def temporary_file_path(self) -> str:
        """Where it lies."""
        return str(self.path)

    def __init__(self, stream: Any, name: str, path: Path) -> None:
        super().__init__(stream, name)
        self.path = path


def part_path(token: str) -> Path:
    """Where the bytes of an upload gather."""
    return Path(settings.MEDIA_ROOT) / "arriving" / f"{token}.part"


@service
def begin_upload(
    actor: Actor, organisation_id: int | None, purpose: str, name: str, length: int
) -> Upload:
    """Announce a file of `length` bytes; its room is taken now, for 24 hours.

    Raises Forbidden, UploadMalformed, FileTooBig, QuotaExceeded.
    """
    if actor.pk is None or not policies.can_add(actor, organisation_id):
        raise Forbidden
    if purpose not in RULES or length <= 0:
        raise UploadMalformed(what="purpose" if length > 0 else "Upload-Length")
    limit = RULES[purpose].max_bytes
    if length > limit:
        raise FileTooBig(size_words(length), size_words(limit))
    room.take(holder_key(organisation_id, actor.pk), length, selectors.quota(organisation_id))
    row = Upload.objects.create(
        organisation_id=organisation_id,
        uploader_id=actor.pk,
        purpose=purpose,
        name=clean(name)[:160] or "file",
        length=length,
        expires_at=clock.now() + LIFETIME,
    )
    path = part_path(row.token)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    return row


def offset_of(row: Upload) -> int:
    """Bytes that arrived so far."""
    if row.asset_id is not None:
        return row.length
    try:
        return part_path(row.token).stat().st_size
    except FileNotFoundError:
        raise NotFound from None


@contextlib.contextmanager
def _part(row: Upload) -> Iterator[Any]:
    """The part, open for writing by this request alone. Raises UploadBusy, NotFound."""
    try:
        stream = part_path(row.token).open("r+b")
    except FileNotFoundError:
        raise NotFound from None
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UploadBusy from None
        yield stream


def append(
    actor: Actor, token: str, offset: int, body: Readable, size: int | None, checksum: str = ""
) -> tuple[int, Asset | None]:
    """Add a piece at `offset`; returns (new offset, the asset once everything is there).

    What arrived before a cut stays, unless `checksum` (`sha1 base64`) covers the piece and fails.
    Raises NotFound, UploadBusy, OffsetWrong, ChecksumWrong, FileTooBig; and, for the finished file,
    what `receive` raises; then the upload is gone and its room is free again.
    """
    row = selectors.get_upload(actor, token)
    if row.asset_id is not None:
        if offset != row.length:
            raise OffsetWrong(offset=row.length)
        return row.length, row.asset
    with _part(row) as stream:
        here = os.fstat(stream.fileno()).st_size
        if offset != here:
            raise OffsetWrong(offset=here)
        if size is not None and offset + size > row.length:
            raise FileTooBig(size_words(offset + size), size_words(row.length))
        there = _write(stream, here, row.length, body, checksum)
        if there < row.length:
            return there, None
        return there, _finish(actor, row, stream)


def _write(stream: Any, start: int, end: int, body: Readable, checksum: str) -> int:
    """Copy the body to [start, end); returns where it ended, be it by a cut connection."""
    wanted, sums = _expected(checksum)
    stream.seek(start)
    at = start
    try:
        while at < end and (piece := body.read(min(PIECE, end - at))):
            stream.write(piece)
            sums.update(piece)
            at += len(piece)
    except OSError:  # the line is cut; what came before it is kept for the next try
        pass
    stream.flush()
    if wanted is not None and sums.digest() != wanted:
        stream.truncate(start)
        raise ChecksumWrong
    return at


def _expected(checksum: str) -> tuple[bytes | None, Any]:
    if not checksum:
        return None, hashlib.sha256()
    name, _, encoded = checksum.partition(" ")
    if name not in CHECKSUMS:
        raise UploadMalformed(what="Upload-Checksum")
    try:
        return base64.b64decode(encoded, validate=True), hashlib.new(name)
    except binascii.Error:
        raise UploadMalformed(what="Upload-Checksum") from None


def _finish(actor: Actor, row: Upload, stream: Any) -> Asset:
    path = part_path(row.token)
    try:
        asset = _receive(actor, row.pk, PartFile(stream, row.name, path))
    except DomainError:
        _drop(row.pk)
        raise
    path.unlink(missing_ok=True)
    return asset


@service
def _receive(actor: Actor, upload_id: int, file: PartFile) -> Asset:
    """The finished file becomes an asset; its room was taken when it was announced."""
    row = Upload.objects.select_for_update(of=("self",)).get(pk=upload_id)
    sniffed = identify(file, row.purpose)
    # The file keeps the token of its upload: a form that holds one holds the other.
    row.asset = take_in(actor, row.organisation_id, file, row.purpose, sniffed, token=row.token)
    row.save(update_fields=["asset"])
    return row.asset


@service
def cancel_upload(actor: Actor, token: str) -> None:
    """Throw an unfinished upload away. Raises NotFound."""
    row = selectors.get_upload(actor, token)
    if row.asset_id is not None:
        raise NotFound
    _drop(row.pk)


@service
def _drop(upload_id: int) -> bool:
    row = Upload.objects.select_for_update(of=("self",)).filter(pk=upload_id).first()
    if row is None:
        return False
    if row.asset_id is None:
        room.give_back(row.holder, row.length)
    path = part_path(row.token)
    row.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return True


def expire_uploads(limit: int = 100) -> int:
    """Throw away what was begun a day ago; who began it hears of it. Returns how many."""
    due = Upload.objects.filter(expires_at__lte=clock.now()).order_by("expires_at")
    rows = list(due[:limit])
    for row in rows:
        _expire(row)
    return len(rows)


@service
def _expire(row: Upload) -> None:
    if _drop(row.pk) and row.asset_id is None:
        publish(
            UploadExpired(
                uploader_id=row.uploader_id, organisation_id=row.organisation_id, name=row.name
            )
        )
