"""The fast path for content the platform itself made: demo pictures, brochures, recordings."""

import hashlib
import tempfile
from pathlib import Path

from django.core.files.base import ContentFile

from haishi.foundation import audit
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.media import workbench
from haishi.media.errors import FileRefused
from haishi.media.models import Asset, Variant, holder_key, new_token
from haishi.media.services import room, shelf
from haishi.media.services.processing import MAIN, complete
from haishi.media.sniffing import Sniffed, clean_name, sniff
from haishi.media.states import RULES, AssetState, Kind, Purpose
from haishi.media.types import Finished

UNBOUNDED = 10**15


@service
def import_generated(
    actor: Actor,
    organisation_id: int | None,
    content: bytes,
    *,
    name: str,
    purpose: str = Purpose.PICTURE,
    alt: str = "",
    alt_en: str = "",
    name_en: str = "",
    formats: tuple[str, ...] = ("jpg", "webp"),
) -> Asset:
    """A ready asset from bytes that this installation made itself: no job, no child process.

    Never for bytes from outside. Counts against the quota without being refused by it. A 1200 × 800
    picture costs about 120 ms of CPU, with `formats=("jpg",)` about 40. Raises FileRefused.
    """
    sniffed = sniff(content[:4096], content[-65_536:])
    row = Asset(
        token=new_token(),
        organisation_id=organisation_id,
        uploader_id=actor.pk,
        purpose=purpose,
        kind=sniffed.kind,
        private=RULES[purpose].private,
        content_type=sniffed.content_type,
        name=clean_name(name, sniffed.extension),
        size=len(content),
        alt=alt,
        alt_en=alt_en,
        name_en=clean_name(name_en, sniffed.extension) if name_en else "",
        sha256=hashlib.sha256(content).hexdigest(),
        state=AssetState.PROCESSING,
    )
    room.take(holder_key(organisation_id, actor.pk), len(content), UNBOUNDED)
    row.original = shelf.put(
        shelf.original_path(row.token, sniffed.extension), ContentFile(content)
    )
    row.save()
    audit.record(actor, "media.imported", row, name=row.name, sha256=row.sha256)
    with tempfile.TemporaryDirectory(prefix="haishi-media-") as folder:
        finished, variants = _make(row, content, Path(folder), sniffed, formats)
    complete(row, finished, variants)
    return row


def _make(
    row: Asset, content: bytes, folder: Path, sniffed: Sniffed, formats: tuple[str, ...]
) -> tuple[Finished, list[Variant]]:
    source = folder / f"original.{sniffed.extension}"
    source.write_bytes(content)
    try:
        answer = _look(source, folder, sniffed, formats)
    except workbench.Refusal as refusal:
        raise FileRefused(refusal.code, **refusal.values) from None
    finished = Finished(answer["facts"], answer["files"])
    entries = list(finished.files)
    if sniffed.kind in (Kind.MODEL, Kind.DOCUMENT):
        name = f"{MAIN[Kind(sniffed.kind)]}.{sniffed.extension}"
        source.rename(folder / name)
        entries.append({"name": name, "format": sniffed.extension, "width": None, "height": None})
    variants = []
    for entry in entries:
        made = folder / entry["name"]
        path = shelf.put_path(shelf.variant_path(row.token, entry["name"]), made)
        variants.append(Variant(asset=row, path=path, size=made.stat().st_size, **entry))
    return finished, variants


def _look(
    source: Path, folder: Path, sniffed: Sniffed, formats: tuple[str, ...]
) -> workbench.Answer:
    """Pictures are decoded once and written with little effort; all else as for anybody."""
    if sniffed.kind != Kind.IMAGE:
        return workbench.look(sniffed.kind, source, folder, sniffed.extension)
    from haishi.media.workbench import pictures  # libvips is loaded by those who draw only

    width, height = pictures.upright_size(source)
    base = pictures.decode(source)
    facts = {"width": width, "height": height, "color": pictures.mean_color(base)}
    return {"facts": facts, "files": pictures.write(base, folder, formats, effort=0)}
