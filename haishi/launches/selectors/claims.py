"""What is known of a first sale."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from haishi.foundation.types import Actor
from haishi.launches.models import Allotment, Claim, Launch
from haishi.launches.states import ClaimState


def my_claim(actor: Actor, launch: Launch) -> Claim | None:
    """The person's claim at this launch, if there is one."""
    if not actor.is_authenticated:
        return None
    rows = Claim.objects.select_related("order")
    return rows.filter(allotment__launch=launch, person_id=actor.pk).first()


@dataclass(frozen=True)
class SaleNumbers:
    """A first sale in numbers; `left` is what can still be claimed first come."""

    quota: int
    asked: int
    won: int
    bought: int
    waiting: int

    @property
    def left(self) -> int:
        """Units nobody holds or has bought."""
        return self.quota - self.won - self.bought


def sale_numbers(allotment: Allotment) -> SaleNumbers:
    """One query."""
    rows = Claim.objects.filter(allotment=allotment).values_list("state").annotate(n=Count("pk"))
    states = dict(rows.order_by())
    return SaleNumbers(
        quota=allotment.quota,
        asked=sum(states.values()),
        won=states.get(ClaimState.WON, 0),
        bought=states.get(ClaimState.BOUGHT, 0),
        waiting=states.get(ClaimState.WAITING, 0),
    )


def draw_file(allotment: Allotment) -> dict[str, Any]:
    """The public file of a draw: before the result the commitment alone, then all of it.

    Tickets say nothing about persons; whoever asked knows their own.
    """
    shown: dict[str, Any] = {
        "launch": allotment.launch.slug,
        "rule": allotment.rule,
        "quota": allotment.quota,
        "commitment": allotment.commitment,
    }
    if allotment.decided_at is None:
        return shown
    drawn = Claim.objects.filter(allotment=allotment, place__isnull=False).order_by("place")
    order = list(drawn.values_list("ticket", flat=True))
    return shown | {
        "decided_at": allotment.decided_at.isoformat(),
        "seed": allotment.seed,
        "tickets": sorted(order),
        "winners": order[: allotment.quota],
    }
