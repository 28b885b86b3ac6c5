"""What one person wants to attend, and the address of their calendar feed."""

from typing import Any

from haishi.expo import selectors
from haishi.expo.models import AgendaFeed, AgendaItem
from haishi.foundation import audit
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.service import service
from haishi.foundation.types import Actor


@service
def add_to_agenda(actor: Actor, session_id: int) -> bool:
    """Remember a public session; returns whether it was new. Raises NotFound, Forbidden."""
    if not actor.is_authenticated:
        raise Forbidden
    if not selectors.is_released(session_id):
        raise NotFound
    _, new = AgendaItem.objects.get_or_create(person_id=actor.pk, session_id=session_id)
    return new


@service
def drop_from_agenda(actor: Actor, edition_id: int, code: str) -> bool:
    """Forget a session, public or not; returns whether it was remembered."""
    rows = AgendaItem.objects.filter(person_id=actor.pk, session__edition=edition_id)
    gone, _ = rows.filter(session__code=code).delete()
    return bool(gone)


@service
def renew_feed(actor: Actor) -> AgendaFeed:
    """Give the calendar feed a new address; calendars that hold the old one get nothing more.

    Raises Forbidden.
    """
    if not actor.is_authenticated:
        raise Forbidden
    AgendaFeed.objects.get_or_create(person_id=actor.pk)
    row = AgendaFeed.objects.select_for_update().get(person_id=actor.pk)
    row.number += 1
    row.save(update_fields=["number"])
    audit.record(actor, "agenda_feed.renewed", row)
    return row


def export_agenda(person_id: int) -> list[dict[str, Any]]:
    """Remembered sessions as plain JSON."""
    rows = AgendaItem.objects.filter(person_id=person_id).select_related("session__edition")
    return [
        {
            "edition": row.session.edition.slug,
            "session": row.session.code,
            "title": row.session.title,
            "added_at": row.added_at.isoformat(),
        }
        for row in rows.order_by("pk")
    ]


@service
def erase_agenda(person_id: int) -> None:
    """What the person wanted to attend; the feed is empty from now on."""
    AgendaItem.objects.filter(person_id=person_id).delete()
