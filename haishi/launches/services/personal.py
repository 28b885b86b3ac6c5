"""A person's data at launches."""

from typing import Any

from haishi.foundation.service import service
from haishi.launches.models import Claim, Launch, Reservation
from haishi.launches.services.claims import let_go
from haishi.launches.services.reservations import forget
from haishi.launches.states import CLAIM, ClaimState


def export_personal(person_id: int) -> dict[str, Any]:
    """{reservations, claims} as plain values."""
    kept = Reservation.objects.filter(person=person_id).order_by("pk")
    claims = Claim.objects.filter(person=person_id).order_by("pk")
    return {
        "reservations": [
            {"launch": slug, "at": at.isoformat()}
            for slug, at in kept.values_list("launch__slug", "created_at")
        ],
        "claims": [
            {"launch": slug, "ticket": ticket, "state": state, "at": at.isoformat()}
            for slug, ticket, state, at in claims.values_list(
                "allotment__launch__slug", "ticket", "state", "created_at"
            )
        ],
    }


@service
def erase_personal(person_id: int) -> None:
    """Reminders are forgotten and open wishes given up; a bought unit stays with its order.

    An order that still waits for its money is not touched: trade refuses the erasure before.
    """
    for launch_id in Reservation.objects.filter(person=person_id).values_list("launch", flat=True):
        forget(Launch.objects.select_for_update().get(pk=launch_id), person_id)
    open_states = (ClaimState.REQUESTED, ClaimState.WAITING, ClaimState.WON)
    for row in Claim.objects.select_for_update().filter(person=person_id, state__in=open_states):
        row.state = CLAIM.after(row.state, "cancel")
        let_go(row)
