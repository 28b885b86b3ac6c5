"""The archive of a closed edition: how far it is, and its public addresses."""

from django.urls import reverse

from haishi.expo.archive import keeping
from haishi.expo.archive.keeping import Kept
from haishi.expo.models import Archive, Edition
from haishi.expo.selectors.programme import released_slots
from haishi.expo.states import ArchiveState, EditionState

__all__ = [
    "Kept",
    "archive_damage",
    "archive_of",
    "archive_stands",
    "archive_url",
    "archived_editions",
    "archived_file",
    "archived_whole",
    "programme_paths",
]
archived_file = keeping.find
archived_whole = keeping.whole
archive_damage = keeping.damage


def archive_of(edition: Edition) -> Archive | None:
    """How far the archive is; None for an edition that is open, or was closed without one."""
    return Archive.objects.filter(edition=edition).first()


def archive_stands(edition: Edition) -> bool:
    """Whether a complete archive lies on the disk; its sums are the doctor's business."""
    return keeping.stands(edition.slug)


def archive_url(edition: Edition) -> str:
    """Where visitors read the archive; "" while there is none. No query."""
    if edition.state != EditionState.CLOSED or edition.archived_at is None:
        return ""
    return f"/archive/{edition.slug}/"


def programme_paths(edition: Edition) -> list[str]:
    """Addresses of the programme's public pages and of announcements, for the archive."""
    own = ("programme", "programme_changes", "speakers", "public_announcements")
    codes = released_slots(edition).values_list("session__code", flat=True)
    return [
        *(reverse(f"expo:{name}", args=[edition.slug]) for name in own),
        *(reverse("expo:session", args=[edition.slug, code]) for code in codes.distinct()),
    ]


def archived_editions() -> list[str]:
    """Addresses of the editions whose archive was built, oldest first."""
    rows = Archive.objects.filter(state=ArchiveState.READY).order_by("finished_at", "pk")
    return list(rows.values_list("edition__slug", flat=True))
