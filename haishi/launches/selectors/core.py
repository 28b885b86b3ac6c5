"""Launches by who may see them."""

from django.db.models import Q, QuerySet

from haishi.foundation.errors import NotFound
from haishi.foundation.types import Actor
from haishi.launches.models import Launch
from haishi.launches.policies import SECRET
from haishi.launches.states import LaunchState
from haishi.parties import selectors as parties
from haishi.parties.states import Duty


def launches_visible_to(actor: Actor) -> QuerySet[Launch]:
    """Announced launches, those of one's own firms, and what firms handed in to one's organiser."""
    rows = Launch.objects.select_related(
        "exhibitor__organisation", "exhibitor__edition__series", "product", "allotment"
    )
    if actor.is_staff:
        return rows
    mine = Q(exhibitor__organisation__in=parties.roles_of(actor))
    organisers = parties.organisers_of(actor, (Duty.MODERATOR, Duty.REVIEWER))
    handed_in = Q(exhibitor__edition__series__organiser__in=organisers) & ~Q(
        state=LaunchState.DRAFT
    )
    return rows.filter(~Q(state__in=SECRET) | mine | handed_in)


def get_launch(actor: Actor, slug: str) -> Launch:
    """One by its address. Raises NotFound."""
    if found := launches_visible_to(actor).filter(slug=slug).first():
        return found
    raise NotFound


def lock_launch(actor: Actor, launch_id: int) -> Launch:
    """The launch, row locked, for whoever may see it; the caller asks the policy."""
    rows = launches_visible_to(actor).select_for_update(of=("self",))
    if found := rows.filter(pk=launch_id).first():
        return found
    raise NotFound
