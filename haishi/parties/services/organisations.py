"""Organisations: found one, change its public texts."""

import secrets
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from haishi.foundation import audit
from haishi.foundation.errors import Forbidden
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties import selectors
from haishi.parties.errors import NameTaken
from haishi.parties.events import OrganisationChanged, OrganisationCreated
from haishi.parties.models import Membership, Organisation
from haishi.parties.states import Role


@service
def create_organisation(
    actor: Actor,
    name: str,
    *,
    name_en: str = "",
    slug: str = "",
    sides: Sequence[str] = (),
    **fields: object,
) -> Organisation:
    """Register an organisation; its creator becomes the owner. Raises Forbidden, NameTaken.

    Without a `slug` the address is made from the English name; a taken one gets a short tail.
    """
    if not actor.is_authenticated and not actor.is_staff:
        raise Forbidden
    address = slug or _free_address(name_en)
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


def _free_address(name_en: str) -> str:
    wanted = slugify(name_en)[:50].strip("-")
    if wanted and not Organisation.objects.filter(slug=wanted).exists():
        return wanted
    return f"{wanted or 'o'}-{secrets.token_hex(4)}"


@service
def edit_organisation(
    actor: Actor, organisation_id: int, seen: int, **changes: object
) -> Organisation:
    """Change the public texts. Raises NotFound, Forbidden, Stale."""
    row = selectors.lock_managed(actor, organisation_id)
    if audit.save_edited(actor, "organisation.edited", row, seen, **changes):
        publish(OrganisationChanged(organisation_id=row.pk))
    return row


def forget_roles(actor: Actor) -> None:
    """Ask again who this actor object is, after its memberships changed."""
    for name in ("_roles", "_duties"):
        if hasattr(actor, name):
            delattr(actor, name)
