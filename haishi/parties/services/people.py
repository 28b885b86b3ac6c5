"""What a person says about themselves."""

from typing import Any

from allauth.account.models import EmailAddress

from haishi.foundation import audit
from haishi.foundation.errors import Forbidden
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties.events import PersonChanged, SignedOut
from haishi.parties.models import Person

PROFILE = ("name", "name_en", "title", "title_en", "phone", "city", "language")


@service
def edit_profile(actor: Actor, **changes: str) -> Person:
    """Change one's own name, work and city. Raises Forbidden.

    The audit row says which fields changed, not what they hold: it outlives an erasure.
    """
    if not actor.is_authenticated:
        raise Forbidden
    row = Person.objects.select_for_update().get(pk=actor.pk)
    changed = [name for name in PROFILE if name in changes and getattr(row, name) != changes[name]]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, changes[name])
    row.save(update_fields=changed)
    audit.record(actor, "person.edited", row, fields=changed)
    publish(PersonChanged(person_id=row.pk))
    return row


@service
def person_for_import(email: str, name: str, *, verified: bool = False, **fields: Any) -> Person:
    """The account with this address, made without a password when there is none (demo, lists).

    `verified`: whoever imports vouches for the address, so that its owner may log in at once.
    `fields` may hold `password`.
    """
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        person = Person.objects.create_user(email, name=name, **fields)
    if verified:
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
    return person


@service
def note_sign_out(person_id: int, session: str) -> None:
    """State that a session, by its mark, has ended: what was granted to it ends too."""
    publish(SignedOut(person_id, session))
