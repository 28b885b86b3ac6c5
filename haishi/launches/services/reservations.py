"""Asking to be reminded. One for each account, members of the firm do not count in the ranking.

What a reservation counts in the ranking follows from its account, so that accounts made for the
purpose move nothing: see `POINTS`.
"""

import datetime as dt

from django.db.models import F, QuerySet

from haishi.foundation import audit, clock
from haishi.foundation.limits import limit
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.launches import policies, selectors
from haishi.launches.errors import AlreadyUnveiled, OwnLaunch
from haishi.launches.models import Launch, Reservation
from haishi.launches.services.dossier import LEAD
from haishi.launches.states import LaunchState
from haishi.parties import selectors as parties

# Age of an account with a verified e-mail address → what its reservations count. Others: nothing.
GROWN, LONG = dt.timedelta(days=1), dt.timedelta(days=30)
POINTS = ((LONG, 2), (GROWN, 1))


@service
def reserve(actor: Actor, launch_id: int) -> bool:
    """Ask to be reminded; returns whether this call did. Raises NotFound, AlreadyUnveiled,
    OwnLaunch, TooMany.
    """
    launch = selectors.lock_announced(launch_id)
    if not policies.is_reservable(launch):
        raise AlreadyUnveiled
    if parties.is_member(actor, launch.exhibitor.organisation_id):
        raise OwnLaunch
    limit(f"reserve:{actor.pk}", 60, 3600)
    # Whoever reserves in the last minutes is looking at the countdown: nothing to remind of.
    near = launch.unveil_at is not None and launch.unveil_at <= clock.now() + LEAD
    values = {"reminded_at": clock.now() if near else None, "points": _points(actor)}
    row, fresh = Reservation.objects.get_or_create(
        launch=launch, person_id=actor.pk, defaults=values
    )
    if fresh:
        _count(launch, 1, row.points)
        audit.record(actor, "launch.reserved", launch)
    return fresh


@service
def unreserve(actor: Actor, launch_id: int) -> bool:
    """No longer wish to be reminded; returns whether one did. Raises NotFound."""
    launch = selectors.lock_announced(launch_id)
    if not forget(launch, actor.pk or 0):
        return False
    audit.record(actor, "launch.unreserved", launch)
    return True


def forget(launch: Launch, person_id: int) -> bool:
    """Take a reservation out of a locked launch; returns whether there was one."""
    row = Reservation.objects.filter(launch=launch, person_id=person_id).first()
    if row is None:
        return False
    row.delete()
    _count(launch, -1, -row.points)
    return True


def _count(launch: Launch, people: int, points: int) -> None:
    Launch.objects.filter(pk=launch.pk).update(
        reservations=F("reservations") + people, points=F("points") + points
    )


def _points(actor: Actor) -> int:
    now = clock.now()
    for age, points in POINTS:
        if parties.grown_accounts(now - age).filter(pk=actor.pk).exists():
            return points
    return 0


def weigh_due(now: dt.datetime, limit: int = 50) -> int:
    """Let reservations count whose account has grown up meanwhile; returns how many.

    For the worker. Each launch in a transaction of its own, its row locked first as in `reserve`.
    """
    rows = _grown(now).filter(launch__state=LaunchState.ANNOUNCED, launch__unveil_at__gt=now)
    ids = rows.order_by("launch").values_list("launch", flat=True).distinct()
    return sum(_weigh(pk, now) for pk in list(ids[:limit]))


def _grown(now: dt.datetime) -> QuerySet[Reservation]:
    return Reservation.objects.filter(points=0, person__in=parties.grown_accounts(now - GROWN))


@service
def _weigh(launch_id: int, now: dt.datetime) -> int:
    launch = selectors.lock_announced(launch_id)
    number = _grown(now).filter(launch=launch).update(points=1)
    _count(launch, 0, number)
    return number
