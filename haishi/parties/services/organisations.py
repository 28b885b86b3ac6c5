"""Everything that changes people and organisations."""

import secrets
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from haishi.foundation import audit
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.foundation.errors import Forbidden
from haishi.parties import selectors
from haishi.parties.errors import NameTaken
from haishi.parties.events import OrganisationChanged, OrganisationCreated
from haishi.parties.models import Membership, Organisation, OrganiserDuty, Person
from haishi.parties.states import Duty, Role


@service
def create_organisation(
    actor: Actor, name: str, *, name_en: str = "", slug: str = "", sides: Sequence[str] = (), **fields: object
) -> Organisation:
    """Register an organisation; its creator becomes the owner. Raises Forbidden, NameTaken."""
    if not actor.is_authenticated and not actor.is_staff:
        raise Forbidden
    address = slug or slugify(name_en)[:50] or f"o-{secrets.token_hex(4)}"
    try:
        with transaction.atomic():
            row = Organisation.objects.create(
                name=name, name_en=name_en, slug=address, sides=list(sides), **fields
            )
    except IntegrityError:
        raise NameTaken from None
    if actor.is_authenticated:
        Membership.objects.create(person_id=actor.pk, organisation=row, role=Role.OWNER)
        forget_roles(actor)
    audit.record(actor, "organisation.created", row, name=name)
    publish(OrganisationCreated(organisation_id=row.pk, person_id=actor.pk))
    return row


@service
def edit_organisation(actor: Actor, organisation_id: int, seen: int, **changes: object) -> Organisation:
    """Change the public texts. Raises NotFound, Forbidden, Stale."""
    row = selectors.lock_managed(actor, organisation_id)
    if audit.save_edited(actor, "organisation.edited", row, seen, **changes):
        publish(OrganisationChanged(organisation_id=row.pk))
    return row


@service
def appoint(actor: Actor, organisation_id: int, person_id: int, duty: str) -> OrganiserDuty:
    """Give a person a duty for an organiser. Only its owner or an operator. Raises Forbidden."""
    if not selectors.has_duty(actor, organisation_id, (Duty.OWNER,)):
        raise Forbidden
    row, _ = OrganiserDuty.objects.get_or_create(
        organisation_id=organisation_id, person_id=person_id, duty=duty
    )
    audit.record(actor, "organiser.appointed", row.organisation, person=person_id, duty=duty)
    return row


def forget_roles(actor: Actor) -> None:
    """Ask again who this actor object is, after its memberships changed."""
    for name in ("_roles", "_duties"):
        if hasattr(actor, name):
            delattr(actor, name)


def person_for_import(email: str, name: str, **fields: object) -> Person:
    """The account with this address, made without a password when there is none (imports, demo)."""
    found = Person.objects.filter(email__iexact=email).first()
    return found or Person.objects.create_user(email, name=name, **fields)
