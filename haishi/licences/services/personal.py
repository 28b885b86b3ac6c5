"""What licences keep about people: seats, fetches, who asked. Contracts are kept by law."""

from typing import Any

from haishi.foundation import clock
from haishi.foundation.service import service
from haishi.licences.errors import LicencesOpen
from haishi.licences.models import Access, Licence, Seat
from haishi.licences.states import GRANTED, TALKING


def export_personal(person_id: int) -> dict[str, Any]:
    """Seats, fetches and requests as plain JSON."""
    seats = Seat.objects.filter(person=person_id).select_related("licence").order_by("pk")
    asked = Licence.objects.filter(buyer=person_id).order_by("pk")
    return {
        "seats": [
            {
                "licence": row.licence.number,
                "since": row.given_at.isoformat(),
                "until": row.taken_at.isoformat() if row.taken_at else None,
            }
            for row in seats
        ],
        "fetched": [
            {"file": row.name, "at": row.at.isoformat()}
            for row in Access.objects.filter(person=person_id).order_by("pk")
        ],
        "asked": [{"number": row.number, "state": row.state} for row in asked],
    }


@service
def erase_personal(person_id: int) -> None:
    """Give seats back. Raises LicencesOpen while licences that the person asked for go on."""
    mine = Licence.objects.filter(buyer=person_id, state__in=(*TALKING, *GRANTED))
    if count := mine.count():
        raise LicencesOpen(count=count)
    Seat.objects.filter(person=person_id, taken_at=None).update(taken_at=clock.now())
