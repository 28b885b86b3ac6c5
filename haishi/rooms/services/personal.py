"""What this module knows about a person: handed out, and erased."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from haishi.foundation.service import service
from haishi.rooms.models import HeldLine, RoomEntry, Sanction
from haishi.rooms.services.revoking import revoke_person

LINES = ("room", "at", "text", "removed_at")
SANCTIONS = ("room__name", "measure", "reason", "made_at", "until", "lifted_at")
HELD = ("room__name", "text", "held_at", "state")


def export_personal(person_id: int) -> dict[str, Any]:
    """Lines, sanctions and held lines of a person, as plain JSON."""
    mine = {"person": person_id}
    found = {
        "lines": list(RoomEntry.objects.filter(**mine).order_by("pk").values(*LINES)),
        "sanctions": list(Sanction.objects.filter(**mine).order_by("pk").values(*SANCTIONS)),
        "held": list(HeldLine.objects.filter(**mine).order_by("pk").values(*HELD)),
    }
    plain: dict[str, Any] = json.loads(json.dumps(found, cls=DjangoJSONEncoder))
    return plain


@service
def erase_personal(person_id: int) -> None:
    """Forget what the person said and what was done about it; end their tokens.

    The places stay, so that the order of a room has no holes.
    """
    RoomEntry.objects.filter(person=person_id).update(person=0, name="", text="")
    HeldLine.objects.filter(person=person_id).delete()
    Sanction.objects.filter(person=person_id).delete()
    revoke_person(person_id)
