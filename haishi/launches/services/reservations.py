"""Asking to be reminded. One for each account, members of the firm do not count in the ranking."""

from django.db.models import F

from haishi.foundation import audit, clock
from haishi.foundation.limits import limit
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.launches import policies, selectors
from haishi.launches.errors import AlreadyUnveiled, OwnLaunch
from haishi.launches.models import Launch, Reservation
from haishi.launches.services.dossier import LEAD
from haishi.parties import selectors as parties


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
    values = {"reminded_at": clock.now()} if near else {}
    _row, fresh = Reservation.objects.get_or_create(
        launch=launch, person_id=actor.pk, defaults=values
    )
    if fresh:
        Launch.objects.filter(pk=launch.pk).update(reservations=F("reservations") + 1)
        audit.record(actor, "launch.reserved", launch)
    return fresh


@service
def unreserve(actor: Actor, launch_id: int) -> bool:
    """No longer wish to be reminded; returns whether one did. Raises NotFound."""
    launch = selectors.lock_announced(launch_id)
    gone, _ = Reservation.objects.filter(launch=launch, person_id=actor.pk).delete()
    if gone:
        Launch.objects.filter(pk=launch.pk).update(reservations=F("reservations") - 1)
        audit.record(actor, "launch.unreserved", launch)
    return bool(gone)
