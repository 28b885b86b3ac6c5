"""Who may do what in an organisation. Pure questions; services ask them, pages show them."""

from collections.abc import Iterable

from haishi.foundation.types import Actor
from haishi.parties.models import Membership, OrganiserDuty
from haishi.parties.states import Duty, Role

MANAGING = (Role.OWNER, Role.MANAGER)


def roles_of(actor: Actor) -> dict[int, str]:
    """{organisation id: role} of a person; asked once per actor object, so once per request."""
    if not actor.is_authenticated:
        return {}
    known: dict[int, str] | None = getattr(actor, "_roles", None)
    if known is None:
        rows = Membership.objects.filter(person_id=actor.pk)
        known = dict(rows.values_list("organisation_id", "role"))
        actor._roles = known  # type: ignore[attr-defined]
    return known


def duties_of(actor: Actor) -> dict[int, set[str]]:
    """{organiser id: duties} of a person; asked once per actor object."""
    if not actor.is_authenticated:
        return {}
    known: dict[int, set[str]] | None = getattr(actor, "_duties", None)
    if known is None:
        known = {}
        rows = OrganiserDuty.objects.filter(person_id=actor.pk)
        for organisation_id, duty in rows.values_list("organisation_id", "duty"):
            known.setdefault(organisation_id, set()).add(duty)
        actor._duties = known  # type: ignore[attr-defined]
    return known


def is_member(actor: Actor, organisation_id: int) -> bool:
    """Any role."""
    return organisation_id in roles_of(actor)


def can_manage(actor: Actor, organisation_id: int) -> bool:
    """Owners and managers: the page, members of lower role, applications, deals."""
    return actor.is_staff or roles_of(actor).get(organisation_id) in MANAGING


def can_own(actor: Actor, organisation_id: int) -> bool:
    """Owners: roles, removal, the organisation itself."""
    return actor.is_staff or roles_of(actor).get(organisation_id) == Role.OWNER


def has_duty(actor: Actor, organiser_id: int, duties: Iterable[str] = tuple(Duty)) -> bool:
    """Whether `actor` has one of `duties` for the organiser; its owner has every duty."""
    mine = duties_of(actor).get(organiser_id, set())
    return actor.is_staff or Duty.OWNER in mine or bool(mine & set(duties))


def can_verify(actor: Actor) -> bool:
    """Operators and any organiser's reviewers look at papers."""
    return actor.is_staff or any(
        mine & {Duty.OWNER, Duty.REVIEWER} for mine in duties_of(actor).values()
    )
