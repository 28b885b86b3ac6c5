"""The close look: outside any transaction, between two short ones."""

import datetime as dt
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db.models import Q

from haishi.foundation import audit, clock
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM
from haishi.media import sandbox
from haishi.media.errors import FileRefused
from haishi.media.events import AssetReady, AssetRefused
from haishi.media.models import Asset, Variant
from haishi.media.services import room, shelf
from haishi.media.services.receiving import defer
from haishi.media.states import ASSET, PENDING, AssetState, Kind
from haishi.media.types import Finished, Renditions

STUCK = dt.timedelta(minutes=15)
PENDING_HOURS = 24
MAIN = {Kind.MODEL: "model", Kind.DOCUMENT: "file", Kind.VIDEO: "video"}
AVIF_PRIORITY = -10


def process_now(asset_id: int) -> None:
    """Check a received asset and make its pictures; it ends ready or refused. Repeatable.

    A failure of our own (disk full, storage unreachable) is raised, and the job tries again.
    """
    row = _begin(asset_id)
    if row is None:
        return
    extension = row.original.rpartition(".")[2]
    with (
        shelf.local_copy(row.original) as source,
        tempfile.TemporaryDirectory(prefix="haishi-media-") as made,
    ):
        try:
            finished = sandbox.look(row.kind, source, Path(made), extension)
        except FileRefused as refusal:
            _refuse(asset_id, refusal.code, refusal.values)
            return
        variants = [_stored(row, entry, Path(made)) for entry in finished.files]
        if row.kind in (Kind.MODEL, Kind.DOCUMENT):
            entry = {"name": f"{MAIN[Kind(row.kind)]}.{extension}", "format": extension}
            variants.append(_stored(row, entry, source.parent, source.name))
    _finish(asset_id, finished, variants)


def _stored(row: Asset, entry: Mapping[str, Any], folder: Path, file_name: str = "") -> Variant:
    name = str(entry["name"])
    source = folder / (file_name or name)
    return Variant(
        asset_id=row.pk,
        name=name,
        format=entry["format"],
        width=entry.get("width"),
        height=entry.get("height"),
        size=source.stat().st_size,
        path=shelf.put_path(shelf.variant_path(row.token, name), source),
    )


@service
def _begin(asset_id: int) -> Asset | None:
    row = (
        Asset.objects.select_for_update(of=("self",)).filter(pk=asset_id, state__in=PENDING).first()
    )
    if row is None:  # removed meanwhile, or another job was quicker
        return None
    row.state = ASSET.after(row.state, "begin")
    row.started_at = clock.now()
    row.save(update_fields=["state", "started_at"])
    return row


@service
def _finish(asset_id: int, finished: Finished, variants: list[Variant]) -> None:
    row = (
        Asset.objects.select_for_update(of=("self",)).filter(pk=asset_id, state__in=PENDING).first()
    )
    if row is None:
        shelf.discard(variant.path for variant in variants)
        return
    complete(row, finished, variants)
    if row.renditions:
        defer("media.add_avif", row.pk, priority=AVIF_PRIORITY)


def complete(row: Asset, finished: Finished, variants: list[Variant]) -> None:
    """Write what was found and made; the asset is ready."""
    for name, value in finished.facts.items():
        setattr(row, name, value)
    row.state = ASSET.after(row.state, "finish")
    row.renditions = renditions_of(variants)
    row.main = next((each.name for each in variants if each.width is None), "")
    row.save()
    Variant.objects.bulk_create(variants)
    audit.record(SYSTEM, "media.ready", row)
    publish(AssetReady(asset_id=row.pk, organisation_id=row.organisation_id, kind=row.kind))


def renditions_of(variants: list[Variant]) -> Renditions:
    """{format: [[width, height], …]} of the pictures among `variants`, narrow to wide."""
    found: Renditions = {}
    for variant in sorted(variants, key=lambda each: each.width or 0):
        if variant.width is not None and variant.height is not None:
            found.setdefault(variant.format, []).append([variant.width, variant.height])
    return found


@service
def _refuse(asset_id: int, code: str, values: dict[str, object]) -> None:
    """Say no: the bytes are deleted, their room is given back, the reason stays for the person."""
    row = (
        Asset.objects.select_for_update(of=("self",)).filter(pk=asset_id, state__in=PENDING).first()
    )
    if row is None:
        return
    row.state = ASSET.after(row.state, "refuse")
    row.reason, row.reason_values = code, {name: str(value) for name, value in values.items()}
    shelf.discard([row.original])
    row.original = ""
    row.save(update_fields=["state", "reason", "reason_values", "original"])
    room.give_back(row.holder, row.size)
    audit.record(SYSTEM, "media.refused", row, reason=code)
    publish(
        AssetRefused(
            asset_id=row.pk,
            organisation_id=row.organisation_id,
            uploader_id=row.uploader_id,
            name=row.name,
            reason=code,
        )
    )


def add_avif(asset_id: int) -> None:
    """Add AVIF to a ready picture (a third smaller than WebP, slow to make). Repeatable."""
    row = Asset.objects.filter(pk=asset_id, state=AssetState.READY).first()
    if row is None or "jpg" not in row.renditions or "avif" in row.renditions:
        return
    path = row.original
    if row.kind == Kind.VIDEO:
        path = (
            row.variants.filter(format="jpg").order_by("-width").values_list("path", flat=True)[0]
        )
    with (
        shelf.local_copy(path) as source,
        tempfile.TemporaryDirectory(prefix="haishi-media-") as made,
    ):
        try:
            finished = sandbox.look("avif", source, Path(made), path.rpartition(".")[2])
        except FileRefused:  # too heavy for this format: JPEG and WebP stay
            return
        _extend(asset_id, [_stored(row, entry, Path(made)) for entry in finished.files])


@service
def _extend(asset_id: int, variants: list[Variant]) -> None:
    row = Asset.objects.select_for_update(of=("self",)).filter(pk=asset_id).first()
    if row is None or "avif" in row.renditions:
        shelf.discard(variant.path for variant in variants)
        return
    Variant.objects.bulk_create(variants)
    row.renditions = {**row.renditions, **renditions_of(variants)}
    row.save(update_fields=["renditions"])


@service
def retry_stuck(limit: int = 50) -> int:
    """Queue again what a killed worker left behind. Returns how many."""
    late = Q(state=AssetState.PROCESSING, started_at__lt=clock.now() - STUCK)
    rows = Asset.objects.select_for_update(skip_locked=True, of=("self",)).filter(late)
    ids = list(rows.order_by("id").values_list("pk", flat=True)[:limit])
    Asset.objects.filter(pk__in=ids).update(state=AssetState.RECEIVED, started_at=None)
    for asset_id in ids:
        defer("media.process", asset_id)
    return len(ids)


def expire_pending(limit: int = 50) -> int:
    """Refuse what nobody finished within 24 hours; the uploader hears of it. Returns how many."""
    old = Q(state__in=PENDING, created_at__lt=clock.now() - dt.timedelta(hours=PENDING_HOURS))
    ids = list(Asset.objects.filter(old).order_by("id").values_list("pk", flat=True)[:limit])
    for asset_id in ids:
        _refuse(asset_id, "expired", {})
    return len(ids)
