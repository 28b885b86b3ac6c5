"""Files that a killed load left: its rows were never committed, so nobody else knows of them."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage

from haishi.media.models import Asset


def clear() -> int:
    """Remove media that no row names, on a platform without any media; returns how many entries.

    A bucket is left alone: it may hold what other installations keep.
    """
    if not isinstance(default_storage, FileSystemStorage) or Asset.objects.exists():
        return 0
    root = Path(default_storage.location)
    found = sorted(root.iterdir()) if root.is_dir() else []
    for path in found:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return len(found)
