"""What contracts keep about people: who signed, wrote and handed over what.

Signed contracts are books that the law makes us keep; the private key of a person goes with them.
"""

from typing import Any

from haishi.contracts.errors import ContractsOpen
from haishi.contracts.models import Comment, Delivery, Milestone, Party
from haishi.contracts.states import MOVING
from haishi.foundation.papers import keys
from haishi.foundation.service import service


def export_personal(person_id: int) -> dict[str, Any]:
    """Signatures, comments and deliveries as plain JSON."""
    signed = Party.objects.filter(signed_by=person_id).select_related("contract", "organisation")
    said = Comment.objects.filter(author=person_id).select_related("contract").order_by("pk")
    handed = Delivery.objects.filter(by=person_id).select_related("milestone__contract")
    return {
        "signatures": [
            {
                "contract": row.contract.number,
                "for": row.organisation.name,
                "at": row.signed_at.isoformat() if row.signed_at else None,
            }
            for row in signed.order_by("pk")
        ],
        "comments": [
            {"contract": row.contract.number, "at": row.created_at.isoformat(), "text": row.text}
            for row in said
        ],
        "deliveries": [
            {
                "contract": row.milestone.contract.number,
                "milestone": row.milestone.name,
                "at": row.at.isoformat(),
                "note": row.note,
            }
            for row in handed.order_by("pk")
        ],
    }


@service
def erase_personal(person_id: int) -> None:
    """Destroy the person's signing keys; what was signed stays. Raises ContractsOpen."""
    deals = Milestone.objects.filter(state__in=MOVING, deliveries__by=person_id).distinct()
    if count := deals.count():
        raise ContractsOpen(count=count)
    keys.forget(person_id)
