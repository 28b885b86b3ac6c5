"""Organisers: which organisations may run an expo, and who does what for them."""

from haishi.foundation import audit
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties import policies, selectors
from haishi.parties.errors import LastOrganiserOwner, NobodyWithAddress, NotAnOrganiser
from haishi.parties.events import DutyChanged, OrganiserChanged
from haishi.parties.models import Organisation, OrganiserDuty
from haishi.parties.services.organisations import forget_roles
from haishi.parties.states import Duty


@service
def make_organiser(actor: Actor, organisation_id: int, owner_email: str) -> Organisation:
    """Let an organisation run an expo, with its first responsible person. Operators only.

    Raises Forbidden, NotFound, NobodyWithAddress.
    """
    row = _lock_as_operator(actor, organisation_id)
    person = selectors.person_by_email(owner_email)
    if person is None:
        raise NobodyWithAddress(field="owner_email")
    row.is_organiser = True
    row.save(update_fields=["is_organiser", "updated_at"])
    _give(actor, row, person.pk, Duty.OWNER)
    audit.record(actor, "organiser.made", row)
    publish(OrganiserChanged(organisation_id=row.pk, is_organiser=True))
    return row


@service
def unmake_organiser(actor: Actor, organisation_id: int) -> Organisation:
    """End it: all duties end with it. Operators only. Raises Forbidden, NotFound."""
    row = _lock_as_operator(actor, organisation_id)
    row.is_organiser = False
    row.save(update_fields=["is_organiser", "updated_at"])
    OrganiserDuty.objects.filter(organisation=row).delete()
    audit.record(actor, "organiser.unmade", row)
    publish(OrganiserChanged(organisation_id=row.pk, is_organiser=False))
    return row


def _lock_as_operator(actor: Actor, organisation_id: int) -> Organisation:
    if not actor.is_staff:
        raise Forbidden
    row = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if row is None:
        raise NotFound
    return row


def _lock_organiser(actor: Actor, organisation_id: int) -> Organisation:
    row = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if row is None or not policies.has_duty(actor, organisation_id):
        raise NotFound
    if not policies.has_duty(actor, organisation_id, (Duty.OWNER,)):
        raise Forbidden
    if not row.is_organiser:
        raise NotAnOrganiser
    return row


@service
def appoint(actor: Actor, organisation_id: int, person_id: int, duty: str) -> OrganiserDuty:
    """Give a person a duty for an organiser. Only its owner or an operator.

    Raises NotFound, Forbidden, NotAnOrganiser.
    """
    row = _lock_organiser(actor, organisation_id)
    return _give(actor, row, selectors.get_person(person_id).pk, duty)


@service
def appoint_by_email(actor: Actor, organisation_id: int, email: str, duty: str) -> OrganiserDuty:
    """The same for the account with this address. Also raises NobodyWithAddress."""
    row = _lock_organiser(actor, organisation_id)
    person = selectors.person_by_email(email)
    if person is None:
        raise NobodyWithAddress
    return _give(actor, row, person.pk, duty)


def _give(actor: Actor, organisation: Organisation, person_id: int, duty: str) -> OrganiserDuty:
    row, created = OrganiserDuty.objects.get_or_create(
        organisation=organisation, person_id=person_id, duty=duty
    )
    if created:
        _tell(actor, "organiser.appointed", row)
    return row


@service
def dismiss(actor: Actor, duty_id: int) -> None:
    """End a duty; an organiser keeps at least one responsible person.

    Raises NotFound, Forbidden, LastOrganiserOwner.
    """
    row = OrganiserDuty.objects.filter(pk=duty_id).first()
    if row is None:
        raise NotFound
    _lock_organiser(actor, row.organisation_id)
    owners = OrganiserDuty.objects.filter(organisation_id=row.organisation_id, duty=Duty.OWNER)
    if row.duty == Duty.OWNER and not owners.exclude(pk=row.pk).exists():
        raise LastOrganiserOwner
    _tell(actor, "organiser.dismissed", row)
    row.delete()


def _tell(actor: Actor, action: str, row: OrganiserDuty) -> None:
    if row.person_id == actor.pk:
        forget_roles(actor)
    audit.record(actor, action, row.organisation, person=row.person_id, duty=row.duty)
    publish(
        DutyChanged(
            organisation_id=row.organisation_id,
            person_id=row.person_id,
            duty=row.duty,
            held=action == "organiser.appointed",
        )
    )
