"""What one person has at launches: claims and reminders."""

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
