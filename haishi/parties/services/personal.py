"""Personal data: everything about a person in one file, and its erasure.

Each module registers what it keeps about people. What must stay for others (the audit log, signed
deals) keeps the person's number, behind which stands no name any more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties import selectors
from haishi.parties.errors import StillOwner
from haishi.parties.events import MemberLeft, PersonErased
from haishi.parties.models import ApiToken, Invitation, Membership, OrganiserDuty, Person
from haishi.parties.states import INVITATION, Duty, InvitationState, Role

Export = Callable[[int], Any]
Erase = Callable[[int], None]


@dataclass(frozen=True)
class Personal:
    """What one module keeps about people: `export(person_id)` as plain JSON, `erase(person_id)`."""

    export: Export
    erase: Erase


_registry: dict[str, Personal] = {}


def register_personal(name: str, export: Export, erase: Erase) -> None:
    """Declare a module's personal data; `name` becomes its part of the export.

    Both run inside one service. `erase` deletes or detaches; it may raise a DomainError, which
    stops the whole erasure and is shown to the person.
    """
    _registry[name] = Personal(export, erase)


def forget_personal(name: str) -> None:
    """Take a registration back."""
    _registry.pop(name, None)


@service
def export_person(actor: Actor) -> dict[str, Any]:
    """{part: JSON} of everything the platform keeps about the person who asks. Raises Forbidden."""
    if not actor.is_authenticated:
        raise Forbidden
    person = Person.objects.get(pk=actor.pk)
    parts = {"account": _account(person), "organisations": _organisations(person)}
    parts |= {name: part.export(person.pk) for name, part in sorted(_registry.items())}
    audit.record(actor, "person.exported", person, parts=list(parts))
    return parts


def _account(person: Person) -> dict[str, Any]:
    fields = ("email", "name", "name_en", "title", "title_en", "phone", "city", "language")
    return {
        "id": person.pk,
        **{name: getattr(person, name) for name in fields},
        "joined": person.date_joined.isoformat(),
        "last_login": person.last_login.isoformat() if person.last_login else None,
        "addresses": list(
            EmailAddress.objects.filter(user=person).order_by("pk").values("email", "verified")
        ),
        "second_factors": [
            {"type": row.type, "created": row.created_at.isoformat()}
            for row in Authenticator.objects.filter(user=person).order_by("pk")
        ],
        "linked_accounts": list(
            SocialAccount.objects.filter(user=person).order_by("pk").values("provider", "uid")
        ),
        "tokens": [
            {
                "name": row.name,
                "prefix": row.prefix,
                "scopes": row.scopes,
                "created": row.created_at.isoformat(),
                "expires": row.expires_at.isoformat(),
            }
            for row in ApiToken.objects.filter(person=person).order_by("pk")
        ],
    }


def _organisations(person: Person) -> list[dict[str, Any]]:
    duties: dict[int, list[str]] = {}
    for row in OrganiserDuty.objects.filter(person=person).order_by("pk"):
        duties.setdefault(row.organisation_id, []).append(row.duty)
    memberships = Membership.objects.filter(person=person).select_related("organisation")
    roles = {row.organisation_id: row for row in memberships}
    named = selectors.organisations().in_bulk({*roles, *duties})
    return [
        {
            "name": named[pk].name,
            "role": roles[pk].role if pk in roles else None,
            "since": roles[pk].joined_at.isoformat() if pk in roles else None,
            "duties": duties.get(pk, []),
        }
        for pk in sorted(named)
    ]


@service
def erase_person(actor: Actor) -> None:
    """Erase the account of the person who asks. Raises Forbidden, StillOwner.

    Refused while others would be left without an owner.
    """
    if not actor.is_authenticated:
        raise Forbidden
    person = Person.objects.select_for_update().get(pk=actor.pk)
    _refuse_if_needed(person)
    for _name, part in sorted(_registry.items()):
        part.erase(person.pk)
    for membership in Membership.objects.filter(person=person):
        publish(MemberLeft(organisation_id=membership.organisation_id, person_id=person.pk))
    _erase_traces(person)
    _blank(person)
    # Written as nobody: the row must not bring the name back.
    audit.record(_Erased(person.pk), "person.erased", person)
    publish(PersonErased(person_id=person.pk))


@dataclass(frozen=True)
class _Erased:
    pk: int
    is_authenticated: bool = True
    is_staff: bool = False


def _refuse_if_needed(person: Person) -> None:
    owned = Membership.objects.filter(person=person, role=Role.OWNER)
    held = OrganiserDuty.objects.filter(person=person, duty=Duty.OWNER)
    needed = [
        row.organisation.name
        for row in owned.select_related("organisation")
        if selectors.would_orphan_members(row)
    ] + [
        row.organisation.name
        for row in held.select_related("organisation")
        if selectors.would_orphan_organiser(row)
    ]
    if needed:
        raise StillOwner(organisations="、".join(dict.fromkeys(needed)))


def _erase_traces(person: Person) -> None:
    """Everything that exists only for this person."""
    Membership.objects.filter(person=person).delete()
    OrganiserDuty.objects.filter(person=person).delete()
    ApiToken.objects.filter(person=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    for row in Invitation.objects.filter(email__iexact=person.email):
        if row.state == InvitationState.OPEN:
            row.state = INVITATION.after(row.state, "revoke")
        row.email = f"erased-{row.pk}@erased.invalid"
        row.save(update_fields=["state", "email"])


def _blank(person: Person) -> None:
    person.email = f"erased-{person.pk}@erased.invalid"
    person.name = "已注销用户"
    person.name_en = "Erased account"
    person.title = person.title_en = person.phone = person.city = ""
    person.portrait_asset_id = None
    person.is_active = person.is_staff = False
    person.last_login = None
    person.erased_at = clock.now()
    person.set_unusable_password()
    person.save()
