"""Reading people and organisations. What a person may not see does not exist."""

from collections.abc import Iterable

from django.db.models import QuerySet

from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.parties import policies
from haishi.parties.models import Membership, Organisation, OrganiserDuty, Person
from haishi.parties.policies import (  # noqa: F401 - the questions other modules may ask
    can_manage,
    can_own,
    can_verify,
    duties_of,
    has_duty,
    is_member,
    roles_of,
)
from haishi.parties.states import Duty


def organisations() -> QuerySet[Organisation]:
    """All organisations; their public page is for everybody."""
    return Organisation.objects.all()


def get_organisation(slug: str) -> Organisation:
    """One by its address. Raises NotFound."""
    if found := organisations().filter(slug=slug).first():
        return found
    raise NotFound


def organisations_of(actor: Actor) -> QuerySet[Organisation]:
    """Those the person is a member of, by name."""
    return organisations().filter(pk__in=policies.roles_of(actor)).order_by("name", "pk")


def managed_by(actor: Actor) -> list[int]:
    """Ids of organisations the person may manage."""
    return [pk for pk, role in policies.roles_of(actor).items() if role in policies.MANAGING]


def organisers_of(actor: Actor, duties: Iterable[str] = tuple(Duty)) -> list[int]:
    """Ids of organisers the person works for in one of `duties`."""
    wanted = set(duties) | {Duty.OWNER}
    return [pk for pk, mine in policies.duties_of(actor).items() if mine & wanted]


def lock_managed(actor: Actor, organisation_id: int) -> Organisation:
    """The organisation, row locked, for one of its managers. Raises NotFound, Forbidden."""
    row = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if row is None:
        raise NotFound
    if not policies.can_manage(actor, organisation_id):
        raise Forbidden
    return row


def members(organisation_id: int) -> QuerySet[Membership]:
    """Memberships with their people, owners first."""
    rows = Membership.objects.filter(organisation_id=organisation_id).select_related("person")
    return rows.order_by("joined_at", "pk")


def member_ids(organisation_id: int, managing: bool = False) -> list[int]:
    """Ids of the people in an organisation, or only of its owners and managers."""
    rows = Membership.objects.filter(organisation_id=organisation_id, person__is_active=True)
    if managing:
        rows = rows.filter(role__in=policies.MANAGING)
    return list(rows.order_by("person_id").values_list("person_id", flat=True))


def people_with_duty(organiser_id: int, duties: Iterable[str]) -> list[int]:
    """Ids of those who have one of `duties` for the organiser, its owners included."""
    rows = OrganiserDuty.objects.filter(
        organisation_id=organiser_id, duty__in={*duties, Duty.OWNER}, person__is_active=True
    )
    return sorted(set(rows.values_list("person_id", flat=True)))


def people(ids: Iterable[int]) -> dict[int, Person]:
    """{id: person} of active accounts."""
    return Person.objects.in_bulk([*ids])


def get_person(person_id: int) -> Person:
    """An active person by id. Raises NotFound."""
    if found := Person.objects.filter(pk=person_id, is_active=True).first():
        return found
    raise NotFound
