"""What one person has at launches: claims and reminders."""

from django.db.models import QuerySet

from haishi.foundation.errors import NotFound
from haishi.foundation.types import Actor
from haishi.launches.models import Claim, Launch, Reservation
from haishi.launches.selectors.shown import announced, pay_url, shown
from haishi.launches.states import LaunchState
from haishi.launches.types import Shown
from haishi.launches.wording import claim_text


def claims_of(actor: Actor) -> list[tuple[Claim, Shown, str, str]]:
    """One's own claims with their launches, what they mean and where to pay, newest first."""
    rows = Claim.objects.filter(person_id=actor.pk).select_related(
        "order", "allotment__launch__exhibitor__organisation"
    )
    found = list(rows.order_by("-created_at", "-pk")[:60])
    cards = {card.pk: card for card in shown(row.allotment.launch for row in found)}
    return [
        (row, card, claim_text(row), pay_url(row, card.slug))
        for row in found
        for card in [cards[row.allotment.launch_id]]
    ]


def own_claims(actor: Actor) -> QuerySet[Claim]:
    """One's own claims with launch and order."""
    rows = Claim.objects.filter(person_id=actor.pk)
    return rows.select_related("order", "allotment__launch")


def own_claim(actor: Actor, claim_id: int) -> Claim:
    """One of them. Raises NotFound."""
    if found := own_claims(actor).filter(pk=claim_id).first():
        return found
    raise NotFound


def reserved_for_calendar(actor: Actor) -> list[tuple[Shown, str]]:
    """(launch, time zone) of what one wants to be reminded of, soonest first."""
    rows = _reserved(actor)
    zones = {row.pk: row.exhibitor.edition.time_zone for row in rows}
    return [(card, zones[card.pk]) for card in shown(rows)]


def reserved_by(actor: Actor) -> list[Shown]:
    """Announced launches that the person wants to be reminded of, soonest first."""
    return shown(_reserved(actor))


def _reserved(actor: Actor) -> list[Launch]:
    wanted = Reservation.objects.filter(person_id=actor.pk).values("launch_id")
    rows = announced().filter(pk__in=wanted, state=LaunchState.ANNOUNCED)
    return list(rows.order_by("unveil_at", "pk")[:60])
