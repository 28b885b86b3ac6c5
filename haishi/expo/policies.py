"""Who may do what at an expo. Pure questions; services ask them, pages show them."""

from haishi.expo.models import Edition, Exhibitor
from haishi.expo.states import EditionState, ExhibitorState
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.parties.states import Duty


def can_run(actor: Actor, edition: Edition) -> bool:
    """The organiser's owners: structure, tiers, opening and closing."""
    return parties.has_duty(actor, edition.series.organiser_id, (Duty.OWNER,))


def can_review(actor: Actor, edition: Edition) -> bool:
    """Reviewers: applications, booths, tiers of exhibitors."""
    return parties.has_duty(actor, edition.series.organiser_id, (Duty.REVIEWER,))


def can_moderate(actor: Actor, edition: Edition) -> bool:
    """Moderators: content, suspension, announcements."""
    return parties.has_duty(actor, edition.series.organiser_id, (Duty.MODERATOR, Duty.REVIEWER))


def can_programme(actor: Actor, edition: Edition) -> bool:
    """Programme editors: stages, sessions, speakers, releases."""
    return parties.has_duty(actor, edition.series.organiser_id, (Duty.PROGRAMME,))


def works_for(actor: Actor, edition: Edition) -> bool:
    """Any duty for the edition's organiser."""
    return parties.has_duty(actor, edition.series.organiser_id)


def can_set_up(actor: Actor, exhibitor: Exhibitor) -> bool:
    """Owners and managers of the exhibiting firm: the application and the booth page."""
    return parties.can_manage(actor, exhibitor.organisation_id)


def can_serve(actor: Actor, exhibitor: Exhibitor) -> bool:
    """Every member of the firm: leads and enquiries."""
    return parties.is_member(actor, exhibitor.organisation_id)


def can_enter(actor: Actor, exhibitor: Exhibitor) -> bool:
    """Members of the firm, and operators who help with the booth: the exhibitor's desk."""
    return can_serve(actor, exhibitor) or can_set_up(actor, exhibitor)


def is_shown(exhibitor: Exhibitor) -> bool:
    """Whether visitors see the booth: approved, complete, edition not in planning."""
    return (
        exhibitor.state == ExhibitorState.APPROVED
        and exhibitor.complete
        and exhibitor.edition.state != EditionState.DRAFT
    )
