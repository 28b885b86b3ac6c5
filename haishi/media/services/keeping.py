"""Texts of a file, and its removal."""

from collections.abc import Iterable

from django.db.models import ProtectedError

from haishi.foundation import audit
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.text import clean
from haishi.foundation.types import Actor
from haishi.media import selectors
from haishi.media.errors import InUse
from haishi.media.events import AssetRemoved, AssetRenamed
from haishi.media.models import Asset
from haishi.media.services import room, shelf
from haishi.media.sniffing import clean_name
from haishi.media.states import AssetState, Purpose


@service
def set_alt(actor: Actor, asset_id: int, alt: str, alt_en: str = "") -> Asset:
    """Say in words what a picture shows. Raises NotFound, Forbidden."""
    row = selectors.lock_changeable(actor, asset_id)
    before = {"alt": row.alt, "alt_en": row.alt_en}
    row.alt, row.alt_en = clean(alt)[:200], clean(alt_en)[:300]
    after = {"alt": row.alt, "alt_en": row.alt_en}
    if after != before:
        row.save(update_fields=["alt", "alt_en"])
        audit.record(actor, "media.described", row, before=before, after=after)
    return row


@service
def rename(actor: Actor, asset_id: int, name: str, name_en: str = "") -> Asset:
    """What a file is called on pages and when it is saved, in two languages.

    The extension stays that of what the file is; "" leaves the name. Raises NotFound, Forbidden.
    """
    row = selectors.lock_changeable(actor, asset_id)
    extension = row.name.rsplit(".", 1)[-1]
    before = {"name": row.name, "name_en": row.name_en}
    row.name = clean_name(name, extension) if clean(name) else row.name
    row.name_en = clean_name(name_en, extension) if clean(name_en) else ""
    after = {"name": row.name, "name_en": row.name_en}
    if after != before:
        row.save(update_fields=["name", "name_en"])
        audit.record(actor, "media.renamed", row, before=before, after=after)
        publish(AssetRenamed(asset_id=row.pk, organisation_id=row.organisation_id))
    return row


@service
def show(actor: Actor, asset_ids: Iterable[int | None]) -> None:
    """Open sealed files to everybody: what they belong to has been unveiled.

    The caller has checked that `actor` may. Files that are public already stay so.
    """
    _set_private(actor, asset_ids, private=False)


@service
def hide(actor: Actor, asset_ids: Iterable[int | None]) -> None:
    """Seal files again; the counterpart of `show`."""
    _set_private(actor, asset_ids, private=True)


def _set_private(actor: Actor, asset_ids: Iterable[int | None], *, private: bool) -> None:
    wanted = [each for each in asset_ids if each is not None]
    rows = Asset.objects.select_for_update().filter(pk__in=wanted, purpose=Purpose.SEALED)
    for row in rows.exclude(private=private).order_by("pk"):
        row.private = private
        row.save(update_fields=["private"])
        audit.record(actor, "media.hidden" if private else "media.shown", row)


@service
def remove(actor: Actor, asset_id: int) -> None:
    """Delete a file, its pictures and its bytes. Raises NotFound, Forbidden, InUse."""
    row = selectors.lock_changeable(actor, asset_id)
    paths = [row.original, *row.variants.values_list("path", flat=True)]
    audit.record(actor, "media.removed", row, name=row.name, sha256=row.sha256)
    publish(AssetRemoved(asset_id=row.pk, organisation_id=row.organisation_id))
    if row.state != AssetState.REFUSED:  # its room was given back when it was refused
        room.give_back(row.holder, row.size)
    try:
        row.delete()
    except ProtectedError:
        raise InUse from None
    shelf.discard(paths)
