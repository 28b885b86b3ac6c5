"""The least valid files, ready to be shown."""

from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from haishi.media.models import Asset, Variant

_numbers = count(1)


def ready_asset(organisation: Any, kind: str = "image", **fields: Any) -> Any:
    """A file of that organisation as the row the platform keeps of it; nothing lies on disk."""
    values = {"state": "ready", "token": f"token-{next(_numbers)}", "size": 10, **fields}
    return Asset.objects.create(organisation=organisation, kind=kind, name="海.jpg", **values)


def owner_of(asset_id: int) -> tuple[int | None, int | None]:
    """Who uploaded a file, and whose it is."""
    row = Asset.objects.get(pk=asset_id)
    return row.uploader_id, row.organisation_id


def kept_asset(organisation: Any, kind: str, files: dict[str, bytes], **fields: Any) -> Any:
    """The same with `files` {variant name: content} on the disk, where visitors get them."""
    row = ready_asset(organisation, kind, **fields)
    for name, content in files.items():
        path = default_storage.save(f"{row.token}/{name}", ContentFile(content))
        form = name.rpartition(".")[2]
        Variant.objects.create(asset=row, name=name, format=form, path=path, size=len(content))
    return row
