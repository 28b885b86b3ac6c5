"""Asking to be reminded of a session: ten minutes before it, and when it starts.

A reservation lives until its session is over or called off; who still waited then is told.
"""

import datetime as dt

from django.db.models import F

from haishi.foundation import audit, clock
from haishi.foundation.limits import limit
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.live import policies, selectors
from haishi.live.errors import NotReservable, OwnLive
from haishi.live.events import LiveNear, ReservationsEnded
from haishi.live.models import LiveSession, Reservation

# Who reserved is reminded so long before the planned start.
LEAD = dt.timedelta(minutes=10)
TOLD = 500  # people in one fact


@service
def reserve(actor: Actor, live_id: int) -> bool:
    """Ask to be reminded; returns whether this call did.

    Raises NotFound, NotReservable (Conflict), OwnLive (Forbidden), TooMany.
    """
    session = selectors.lock_visible(actor, live_id)
    if not policies.is_reservable(session):
        raise NotReservable
    if policies.takes_part(actor, session):
        raise OwnLive
    limit(f"live-reserve:{actor.pk}", 60, 3600)
    # Whoever reserves in the last minutes is looking at the countdown: only the start is news.
    near = clock.now() if session.starts_at <= clock.now() + LEAD else None
    _row, fresh = Reservation.objects.get_or_create(
        session=session, person_id=actor.pk, defaults={"near_told_at": near}
    )
    if fresh:
        _count(session, 1)
        audit.record(actor, "live.reserved", session)
    return fresh


@service
def unreserve(actor: Actor, live_id: int) -> bool:
    """No longer wish to be reminded; returns whether one did. Raises NotFound."""
    session = selectors.lock_visible(actor, live_id)
    if not forget(session, actor.pk or 0):
        return False
    audit.record(actor, "live.unreserved", session)
    return True


def forget(session: LiveSession, person_id: int) -> bool:
    """Take a reservation out of a locked session; returns whether there was one."""
    gone, _each = Reservation.objects.filter(session=session, person_id=person_id).delete()
    if gone:
        _count(session, -1)
    return bool(gone)


def _count(session: LiveSession, people: int) -> None:
    rows = LiveSession.objects.filter(pk=session.pk)
    rows.update(reservations=F("reservations") + people)


def moved(session: LiveSession) -> None:
    """A locked session has another start: who reserved is reminded of that one."""
    Reservation.objects.filter(session=session).update(near_told_at=None)


def end_reservations(session: LiveSession, *, aired: bool) -> None:
    """A locked session is over (`aired`: visitors saw it) or called off: nothing is left to wait
    for. Without a broadcast its people are told, and their number is forgotten as well.
    """
    rows = Reservation.objects.filter(session=session)
    people = [] if aired else list(rows.order_by("pk").values_list("person_id", flat=True))
    rows.delete()
    for first in range(0, len(people), TOLD):
        publish(ReservationsEnded(session.pk, people[first : first + TOLD]))
    if not aired:
        LiveSession.objects.filter(pk=session.pk).update(reservations=0)
        session.reservations = 0


@service
def remind_due(now: dt.datetime) -> int:
    """State that a start is near, once for each reservation; returns for how many."""
    soon = selectors.planned_between(now, now + LEAD)
    rows = Reservation.objects.filter(near_told_at=None, session__in=soon)
    rows = rows.select_for_update(skip_locked=True, of=("self",))
    due = list(rows.order_by("session_id", "pk")[:TOLD])
    people: dict[int, list[int]] = {}
    for row in due:
        people.setdefault(row.session_id, []).append(row.person_id)
    Reservation.objects.filter(pk__in=[row.pk for row in due]).update(near_told_at=now)
    for live_id, ids in people.items():
        publish(LiveNear(live_id, ids))
    return len(due)


@service
def take_waiting(live_id: int) -> list[int]:
    """People who have not heard that the session started; from here on they have."""
    rows = Reservation.objects.filter(session=live_id, start_told_at=None)
    found = list(rows.select_for_update().order_by("pk"))
    rows.filter(pk__in=[row.pk for row in found]).update(start_told_at=clock.now())
    return [row.person_id for row in found]
