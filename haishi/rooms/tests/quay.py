"""A kind of rooms for tests: `quay-1` is public and the organiser's, `quay-secret` for the firm."""

from typing import Any

from haishi.foundation.errors import NotFound
from haishi.parties import selectors as parties
from haishi.parties.states import Duty
from haishi.rooms import services
from haishi.rooms.types import MODERATE, READ, SAY

PUBLIC, SECRET = "quay-1", "quay-secret"


def register(firm: Any, organiser: Any) -> None:
    """Rooms of this firm and this organiser."""

    def rights(actor: Any, room: str) -> int:
        if room not in (PUBLIC, SECRET):
            raise NotFound
        if parties.has_duty(actor, organiser.pk, (Duty.MODERATOR,)):
            return READ | SAY | MODERATE
        if room == SECRET and not parties.is_member(actor, firm.pk):
            return 0
        return READ | SAY

    services.register_rooms(
        "quay-", rights, organiser=lambda _room: organiser.pk, title=lambda _room: "码头"
    )
