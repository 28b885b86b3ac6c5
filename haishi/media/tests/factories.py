"""The least valid files, ready to be shown."""

from itertools import count
from typing import Any

from haishi.media.models import Asset

_numbers = count(1)


def ready_asset(organisation: Any, kind: str = "image", **fields: Any) -> Any:
    """A file of that organisation as the row the platform keeps of it; nothing lies on disk."""
    values = {"state": "ready", "token": f"token-{next(_numbers)}", "size": 10, **fields}
    return Asset.objects.create(organisation=organisation, kind=kind, name="海.jpg", **values)


def owner_of(asset_id: int) -> tuple[int | None, int | None]:
    """Who uploaded a file, and whose it is."""
    row = Asset.objects.get(pk=asset_id)
    return row.uploader_id, row.organisation_id
