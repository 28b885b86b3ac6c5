"""What sourcing asks of its neighbours: may somebody spend this."""

from enum import StrEnum

from haishi.foundation.money import Money
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties


class Verdict(StrEnum):
    """Whether somebody may commit a firm to a sum."""

    ALLOWED = "allowed"
    APPROVAL = "approval"
    FORBIDDEN = "forbidden"


def spend_verdict(actor: Actor, firm_id: int, total: Money) -> Verdict:
    """Owners and managers may spend what their firm lets them."""
    return Verdict.ALLOWED if parties.can_manage(actor, firm_id) else Verdict.FORBIDDEN
