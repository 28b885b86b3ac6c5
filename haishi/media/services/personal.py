"""Files that belong to a person alone; files of an organisation stay with it."""

from typing import Any

from haishi.foundation.types import SYSTEM
from haishi.media.models import Asset
from haishi.media.services.keeping import remove


def export_personal(person_id: int) -> list[dict[str, Any]]:
    """Name, size in bytes, sha256 and time of each of the person's own files."""
    rows = Asset.objects.filter(organisation=None, uploader_id=person_id).order_by("pk")
    return [
        {
            "name": row.name,
            "name_en": row.name_en,
            "size": row.size,
            "sha256": row.sha256,
            "uploaded_at": row.created_at.isoformat(),
        }
        for row in rows
    ]


def erase_personal(person_id: int) -> None:
    """Remove the person's own files and their bytes; runs inside the service that erases."""
    own = Asset.objects.filter(organisation=None, uploader_id=person_id)
    for asset_id in own.values_list("pk", flat=True):
        remove(SYSTEM, asset_id)
