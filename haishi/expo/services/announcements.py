"""What the organiser tells everybody, registered visitors or exhibitors."""

from haishi.expo import policies, selectors
from haishi.expo.events import AnnouncementPublished
from haishi.expo.models import Announcement
from haishi.foundation import audit
from haishi.foundation.errors import Forbidden
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor


@service
def announce(
    actor: Actor,
    edition_id: int,
    *,
    title: str,
    body: str,
    title_en: str = "",
    body_en: str = "",
    audience: str = "everybody",
) -> Announcement:
    """Publish at once; those it is for get a notice. Raises NotFound, Forbidden."""
    edition = selectors.get_edition_by_id(actor, edition_id)
    if not policies.can_moderate(actor, edition):
        raise Forbidden
    row = Announcement.objects.create(
        edition=edition,
        title=title,
        title_en=title_en,
        body=body,
        body_en=body_en,
        audience=audience,
        author_id=actor.pk,
    )
    row.refresh_from_db(fields=["published_at"])
    audit.record(actor, "announcement.published", row, audience=audience)
    publish(AnnouncementPublished(row.pk))
    return row


@service
def take_down(actor: Actor, announcement_id: int) -> None:
    """Remove an announcement from the pages. Raises NotFound, Forbidden."""
    row = selectors.get_announcement(announcement_id)
    if not policies.can_moderate(actor, row.edition):
        raise Forbidden
    audit.record(actor, "announcement.removed", row, title=row.title)
    row.delete()
