"""The archive of a closed edition is ordered, built by whichever worker is free, and noted.

A builder holds the work by a lease: each sign of life renews it. A worker that dies leaves its
side folder behind, and after `LEASE` another one begins anew; one that was only thought dead
finds its lease gone and stops.
"""

import datetime as dt
import shutil
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import structlog
from django.db.models import Q

from haishi import __version__
from haishi.expo import selectors
from haishi.expo.archive import keeping, writing
from haishi.expo.errors import ArchiveStands, EditionNotOpen
from haishi.expo.events import ArchiveBuilt, ArchiveFailed
from haishi.expo.models import Archive, Edition
from haishi.expo.states import ARCHIVE, ArchiveState, EditionState
from haishi.foundation import audit, clock
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor

log = structlog.get_logger("haishi.archive")
LEASE = dt.timedelta(minutes=2)
TELL_SECONDS = 1.0


class LeaseLost(Exception):
    """Another worker took the build over."""


def order_archive(edition: Edition) -> None:
    """Ask for the archive of an edition that is being closed; within the caller's service."""
    Archive.objects.get_or_create(edition=edition)


@service
def build_again(actor: Actor, edition_id: int) -> Archive:
    """Order an archive that failed, went missing or was never made.

    Raises NotFound, Forbidden, EditionNotOpen before the edition is closed, ArchiveStands when
    there is nothing to repair, Conflict while it is being built.
    """
    edition = selectors.lock_edition(actor, edition_id)
    if edition.state != EditionState.CLOSED:
        raise EditionNotOpen
    row, made = Archive.objects.select_for_update().get_or_create(edition=edition)
    if not made:
        if row.state == ArchiveState.READY and keeping.stands(edition.slug):
            raise ArchiveStands
        row.state = ARCHIVE.after(row.state, "again")
        row.reason, row.done, row.total, row.asked_at = "", 0, 0, clock.now()
        row.save()
    audit.record(actor, "archive.ordered", edition)
    return row


@service
def take_archive(now: dt.datetime) -> Archive | None:
    """The archive that waits longest, or whose builder fell silent, now held by the caller."""
    silent = Q(state=ArchiveState.BUILDING, beat_at__lt=now - LEASE)
    rows = Archive.objects.filter(Q(state=ArchiveState.WAITING) | silent).order_by("asked_at", "pk")
    row = rows.select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return None
    row.state = ARCHIVE.after(row.state, "build")
    row.builder, row.beat_at, row.done, row.total = uuid.uuid4().hex, now, 0, 0
    row.save(update_fields=["state", "builder", "beat_at", "done", "total"])
    return row


@service
def note_archive(held: Archive, done: int, total: int) -> None:
    """Sign of life of the builder: so many pages of so many. Raises LeaseLost."""
    mine = Archive.objects.filter(pk=held.pk, builder=held.builder, state=ArchiveState.BUILDING)
    if not mine.update(done=done, total=total, beat_at=clock.now()):
        raise LeaseLost


def _lock_held(held: Archive) -> Archive:
    rows = Archive.objects.select_for_update(of=("self",)).select_related("edition__series")
    row = rows.filter(pk=held.pk, builder=held.builder, state=ArchiveState.BUILDING).first()
    if row is None:
        raise LeaseLost
    return row


@service
def finish_archive(held: Archive, built: Path, packed: keeping.Packed) -> Edition:
    """Move the folder `built` into its place and say so. Raises LeaseLost."""
    row = _lock_held(held)
    edition, now = row.edition, clock.now()
    keeping.put_in_place(built, edition.slug)
    row.state = ARCHIVE.after(row.state, "finish")
    row.files, row.size, row.finished_at, row.reason = packed.files, packed.size, now, ""
    row.save()
    Edition.objects.filter(pk=edition.pk).update(archived_at=now)
    audit.record(SYSTEM, "archive.built", edition, files=packed.files, size=packed.size)
    publish(ArchiveBuilt(edition.pk))
    return edition


@service
def fail_archive(held: Archive, reason: str) -> None:
    """Note why the archive could not be built. Raises LeaseLost."""
    row = _lock_held(held)
    row.state = ARCHIVE.after(row.state, "fail")
    row.reason = reason[:400]
    row.save(update_fields=["state", "reason"])
    audit.record(SYSTEM, "archive.failed", row.edition, reason=row.reason)
    publish(ArchiveFailed(row.edition_id))


def build_due() -> int:
    """Build one archive that waits; 1, or 0 when none does. For the worker: takes minutes."""
    held = take_archive(clock.now())
    if held is None:
        return 0
    root = None
    try:
        root = keeping.side_folder(held.edition.slug, held.builder)
        finish_archive(held, root, _build(held, root))
    except LeaseLost:
        log.warning("archive.lease_lost", edition=held.edition_id)
    except Exception as error:  # whatever broke: the organiser reads why and may order it again
        log.exception("archive.failed", edition=held.edition_id)
        fail_archive(held, f"{type(error).__name__}: {error}")
    finally:
        if root is not None:
            shutil.rmtree(root, ignore_errors=True)
    return 1


def _build(held: Archive, root: Path) -> keeping.Packed:
    edition = held.edition
    tell = _throttled(held)
    written = writing.write(edition, root, tell)
    facts = {
        "edition": edition.slug,
        "name": edition.name,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "haishi": __version__,
        **asdict(written),
    }
    count = written.pages
    return keeping.pack(root, edition.slug, facts, lambda: tell(count, count))


def _throttled(held: Archive) -> Callable[[int, int], None]:
    """`note_archive` at most once in `TELL_SECONDS`, and at the first page."""
    last = -TELL_SECONDS

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= TELL_SECONDS:
            last = time.monotonic()
            note_archive(held, done, total)

    return tell
