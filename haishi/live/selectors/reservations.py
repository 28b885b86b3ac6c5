"""Who wants to be reminded of which session."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from haishi.foundation.types import Actor
from haishi.live import policies
from haishi.live.models import LiveSession, Reservation
from haishi.live.selectors.core import PUBLIC
from haishi.live.states import LiveState
from haishi.live.types import LiveRow, ReserveShown

__all__ = [
    "planned_between",
    "reserve_rows",
    "reserve_shown",
    "reserved_among",
    "reserved_for_calendar",
    "reservers_of",
]
_PLANNED = (LiveState.SCHEDULED, LiveState.CONNECTING)


def planned_between(begin: dt.datetime, end: dt.datetime) -> QuerySet[LiveSession]:
    """Public sessions that start in (begin, end] and that nobody sees yet."""
    rows = LiveSession.objects.filter(PUBLIC, state__in=_PLANNED, opened_at=None)
    return rows.filter(starts_at__gt=begin, starts_at__lte=end)


def reservers_of(live_id: int) -> list[int]:
    """Ids of the people who asked to be reminded."""
    rows = Reservation.objects.filter(session=live_id).order_by("pk")
    return list(rows.values_list("person_id", flat=True))


def reserved_among(actor: Actor, live_ids: Iterable[int]) -> set[int]:
    """Which of these sessions the person wants to be reminded of. One query, none for guests."""
    if not actor.is_authenticated:
        return set()
    rows = Reservation.objects.filter(person=actor.pk, session__in=[*live_ids])
    return set(rows.values_list("session_id", flat=True))


def reserve_shown(actor: Actor, session: LiveSession) -> ReserveShown:
    """How the button of one session stands for this person."""
    open_ = policies.is_public(session) and policies.is_reservable(session)
    return ReserveShown(
        public_id=session.public_id,
        url=session.get_absolute_url(),
        people=session.reservations,
        own=bool(reserved_among(actor, [session.pk])),
        may=open_ and not (actor.is_authenticated and policies.takes_part(actor, session)),
    )


def reserve_rows(actor: Actor, rows: Sequence[LiveRow]) -> dict[int, ReserveShown]:
    """{id of the session: its button} of planned sessions in a list. One query at most."""
    own = reserved_among(actor, [row.pk for row in rows])
    return {
        row.pk: ReserveShown(
            public_id=row.public_id,
            url=row.url,
            people=row.reservations,
            own=row.pk in own,
            may=row.phase == "next",
        )
        for row in rows
    }


def reserved_for_calendar(actor: Actor) -> list[LiveSession]:
    """Planned sessions that the person wants to be reminded of, soonest first."""
    wanted = Reservation.objects.filter(person=actor.pk).values("session")
    rows = LiveSession.objects.filter(PUBLIC, pk__in=wanted, state__in=_PLANNED)
    return list(rows.select_related("edition").order_by("starts_at", "pk")[:60])
