"""Launches by who may see them."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.launches import policies
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


def _lock(actor: Actor, launch_id: int) -> Launch:
    rows = launches_visible_to(actor).select_for_update(of=("self",))
    if found := rows.filter(pk=launch_id).first():
        return found
    raise NotFound


def lock_editable(actor: Actor, launch_id: int) -> Launch:
    """Row locked, for managers of its firm. Raises NotFound, Forbidden."""
    launch = _lock(actor, launch_id)
    if not policies.can_edit(actor, launch):
        raise Forbidden
    return launch


def lock_for_review(actor: Actor, launch_id: int) -> Launch:
    """Row locked, for the organiser's reviewers. Raises NotFound, Forbidden."""
    launch = _lock(actor, launch_id)
    if not policies.can_review(actor, launch):
        raise Forbidden
    return launch


def lock_announced(launch_id: int) -> Launch:
    """Row locked, when visitors may know of it. Raises NotFound."""
    rows = Launch.objects.select_for_update(of=("self",)).select_related("exhibitor")
    if found := rows.filter(pk=launch_id).exclude(state__in=SECRET).first():
        return found
    raise NotFound


def missing_of(launch: Launch) -> list[str]:
    """What a dossier lacks before it can be handed in, in the reader's words."""
    wanted = (
        (launch.teaser.strip(), _("预告语")),
        (launch.story.strip(), _("揭幕内容")),
        (launch.cover_asset_id, _("揭幕图")),
        (launch.unveil_at, _("揭幕时刻")),
    )
    return [label for value, label in wanted if not value]
