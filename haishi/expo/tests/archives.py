"""What tests of higher modules ask and do about archives."""

import datetime as dt
from typing import Any

from haishi.expo.health import archives as doctor  # noqa: F401 - part of this door
from haishi.expo.models import Archive
from haishi.foundation import clock


def archive_row() -> Any:
    """The only archive, with its edition."""
    return Archive.objects.select_related("edition").get()


def fall_silent(minutes: int) -> None:
    """The builder's last sign of life is so old."""
    Archive.objects.update(beat_at=clock.now() - dt.timedelta(minutes=minutes))


def take_over(edition: Any) -> list[str]:
    """Another worker holds the build now; usable as a source of pages, of which it has none."""
    Archive.objects.filter(edition=edition).update(builder="another")
    return []


def get_to(done: int, total: int) -> None:
    """So many pages are written."""
    Archive.objects.update(done=done, total=total)
