"""Who helps in a session: moderators and speakers, by the e-mail address of their account."""

from haishi.foundation import audit
from haishi.foundation.errors import NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.live import policies, selectors
from haishi.live.errors import LiveIsOver, PersonUnknown, TooManyHelpers
from haishi.live.events import HelperInvited
from haishi.live.models import Invited
from haishi.parties import selectors as parties


@service
def invite(actor: Actor, live_id: int, *, email: str, role: str) -> Invited:
    """Let somebody keep order or speak; the person is told.

    Raises NotFound, Forbidden, LiveIsOver, PersonUnknown, TooManyHelpers.
    """
    session = selectors.lock_for_host(actor, live_id)
    if policies.is_over(session):
        raise LiveIsOver
    person = parties.person_by_email(email)
    if person is None:
        raise PersonUnknown
    if len(selectors.helpers_of(session)) >= policies.MOST_HELPERS:
        raise TooManyHelpers(most=policies.MOST_HELPERS)
    row, fresh = Invited.objects.get_or_create(
        session=session, person=person, role=role, defaults={"added_by_id": actor.pk}
    )
    if fresh:
        audit.record(actor, "live.helper_invited", session, person=person.pk, role=role)
        publish(HelperInvited(session.pk, person.pk, role))
    return row


@service
def dismiss(actor: Actor, live_id: int, invited_id: int) -> None:
    """They help no more. Raises NotFound, Forbidden."""
    session = selectors.lock_for_host(actor, live_id)
    row = Invited.objects.filter(session=session, pk=invited_id).first()
    if row is None:
        raise NotFound
    audit.record(actor, "live.helper_dismissed", session, person=row.person_id, role=row.role)
    row.delete()
