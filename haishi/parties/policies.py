"""Who may do what in an organisation. Pure questions; services ask them, pages show them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

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


@dataclass(frozen=True)
class Ties:
    """Which firms have to do with which organisers; a module above registers what it knows.

    `firms`: a query of the ids of firms that came to one of these organisers. `organisers`: ids of
    the organisers that a firm came to.
    """

    firms: Callable[[Iterable[int]], QuerySet[Any, Any]]
    organisers: Callable[[int], Iterable[int]]


_ties: list[Ties] = []


def register_ties(ties: Ties) -> None:
    """Let reviewers of organisers judge the firms that come to them."""
    _ties.append(ties)


def verifies_for(actor: Actor) -> list[int]:
    """Ids of the organisers for which a person looks at papers."""
    duties = duties_of(actor).items()
    return [pk for pk, mine in duties if mine & {Duty.OWNER, Duty.REVIEWER}]


def can_verify(actor: Actor) -> bool:
    """Whether a person looks at papers at all: operators, and reviewers of organisers."""
    return actor.is_staff or bool(verifies_for(actor))


def firms_to_verify(actor: Actor) -> Q:
    """The firms whose papers a person may see, as a condition on `organisation`.

    Operators see all. Reviewers see those that came to their organiser: papers are nobody else's.
    """
    if actor.is_staff:
        return Q()
    mine = verifies_for(actor)
    found = Q(pk__in=[])
    for ties in _ties if mine else ():
        found |= Q(organisation__in=ties.firms(mine))
    return found


def can_verify_firm(actor: Actor, organisation_id: int) -> bool:
    """Whether a person may see and judge the papers of this firm."""
    if actor.is_staff:
        return True
    mine = set(verifies_for(actor))
    return bool(mine) and any(mine & {*ties.organisers(organisation_id)} for ties in _ties)


def organisers_concerned(organisation_id: int) -> set[int]:
    """Ids of the organisers that a firm came to."""
    return {pk for ties in _ties for pk in ties.organisers(organisation_id)}
