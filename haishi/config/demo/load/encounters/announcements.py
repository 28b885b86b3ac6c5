"""What the organiser told everybody so far; each stands in the inboxes of those it is for."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from haishi.config.demo.load.encounters.season import Season
from haishi.config.demo.load.world import World
from haishi.config.demo.prose import table
from haishi.expo import selectors
from haishi.expo.models import Announcement
from haishi.notices.models import Notice


def announce(world: World, season: Season) -> None:
    """The announcements of the table, hours counted from the midnight of the second day."""
    owner = world.accounts["owner"]
    today = world.day_one + dt.timedelta(days=1)
    rows = [
        Announcement(
            edition=season.edition, title=zh, title_en=en, body=body, body_en=body_en,
            audience=audience, author=owner,
            published_at=min(today + dt.timedelta(hours=hours), season.until),
        )
        for hours, audience, zh, en, body, body_en in table("encounters")["announcements"]
    ]  # fmt: skip
    Announcement.objects.bulk_create(rows)
    for row in rows:
        world.ledger.note(
            row.published_at, owner, "announcement.published", row, audience=row.audience
        )
        _tell(world, row)


def _tell(world: World, row: Announcement) -> None:
    """Older ones have been read; nothing leaves the house for what is told after the fact."""
    address = {
        "everybody": reverse("expo:public_announcements", args=[row.edition.slug]),
        "registered": row.edition.get_absolute_url(),
        "exhibitors": reverse("expo:exhibits"),
    }
    old = world.now - row.published_at > dt.timedelta(days=1)
    Notice.objects.bulk_create(
        (
            Notice(
                person_id=pk, kind="announcement", subject=row.title, subject_en=row.title_en,
                body=row.body, body_en=row.body_en, url=address[row.audience],
                created_at=row.published_at,
                read_at=row.published_at + dt.timedelta(hours=3) if old else None,
            )
            for pk in selectors.audience_of(row)
        ),
        batch_size=2_000,
    )  # fmt: skip
