"""The bulk path for pictures that this installation drew itself, already sized and encoded."""

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, default_storage

from haishi.foundation import audit
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.media.models import Asset, Variant, new_token
from haishi.media.services import room, shelf
from haishi.media.services.processing import renditions_of
from haishi.media.states import AssetState, Kind, Purpose

UNBOUNDED = 10**15


@dataclass(frozen=True)
class Sheet:
    """One picture. `files` in `folder`: {name, format, width, height}; `facts`: width, height
    (pixels) and mean color; `sha256` in hex of what it was drawn from.
    """

    organisation_id: int | None
    name: str
    alt: str
    alt_en: str
    folder: Path
    files: Sequence[dict[str, Any]]
    facts: dict[str, Any]
    sha256: str


@service
def import_drawn(actor: Actor, sheets: Sequence[Sheet]) -> list[Asset]:
    """Ready pictures in the order of `sheets`, in a few statements; the files are moved.

    For pictures drawn by our own code only: nothing is sniffed or decoded. The widest JPEG counts
    as the original. One audit row names the first and last; no `AssetReady` is published, as
    nobody waits for them. Counts against the quota without being refused by it.
    """
    rows = [_row(actor, sheet) for sheet in sheets]
    kept = [_variants(row, sheet) for row, sheet in zip(rows, sheets, strict=True)]
    taken: Counter[str] = Counter()
    for row, variants in zip(rows, kept, strict=True):
        row.renditions = renditions_of(variants)
        widest = max((v for v in variants if v.format == "jpg"), key=lambda v: v.width or 0)
        row.original, row.size = widest.path, widest.size
        taken[row.holder] += row.size
    Asset.objects.bulk_create(rows, batch_size=1_000)
    Variant.objects.bulk_create((each for some in kept for each in some), batch_size=2_000)
    for holder, size in sorted(taken.items()):
        room.take(holder, size, UNBOUNDED)
    if rows:
        audit.record(
            actor, "media.drawn", rows[0], count=len(rows), first=rows[0].pk, last=rows[-1].pk
        )
    return rows


def _row(actor: Actor, sheet: Sheet) -> Asset:
    return Asset(
        token=new_token(),
        organisation_id=sheet.organisation_id,
        uploader_id=actor.pk,
        purpose=Purpose.PICTURE,
        kind=Kind.IMAGE,
        content_type="image/jpeg",
        name=sheet.name,
        alt=sheet.alt,
        alt_en=sheet.alt_en,
        sha256=sheet.sha256,
        state=AssetState.READY,
        **sheet.facts,
    )


def _variants(row: Asset, sheet: Sheet) -> list[Variant]:
    rows = []
    for entry in sheet.files:
        source = sheet.folder / entry["name"]
        size = source.stat().st_size
        path = _moved(shelf.variant_path(row.token, entry["name"]), source)
        rows.append(Variant(asset=row, path=path, size=size, **entry))
    return rows


def _moved(path: str, source: Path) -> str:
    """On a local disk under a token nobody has, a file is moved without being read."""
    if not isinstance(default_storage, FileSystemStorage):
        return shelf.put_path(path, source)
    target = Path(default_storage.path(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)
    target.chmod(default_storage.file_permissions_mode or 0o644)
    return path


__all__ = ["Sheet", "import_drawn"]
