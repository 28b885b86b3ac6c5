"""Registrations, badges, check-in lists."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from haishi.expo import policies
from haishi.expo.models import Checkin, CheckinList, Edition, Registration
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor

__all__ = [
    "RegistrationFilters",
    "badges_of",
    "checkin_lists",
    "get_checkin_list",
    "offline_badges",
    "recent_checkins",
    "registration_of",
    "registration_sheet",
    "registrations",
]


def registration_of(actor: Actor, edition: Edition) -> Registration | None:
    """The person's registration that was not cancelled."""
    if not actor.is_authenticated:
        return None
    rows = Registration.objects.filter(edition=edition, person_id=actor.pk, cancelled_at=None)
    return rows.select_related("person", "edition").first()


def badges_of(actor: Actor) -> list[Registration]:
    """All badges of a person, newest edition first."""
    rows = Registration.objects.filter(person_id=actor.pk, cancelled_at=None)
    return list(rows.select_related("edition", "person").order_by("-edition__opens_at"))


@dataclass(frozen=True)
class RegistrationFilters:
    """How the organiser narrows the list."""

    query: str = ""
    kind: str = ""


def registrations(edition: Edition, filters: RegistrationFilters) -> QuerySet[Registration]:
    """Who registered, newest first; `entries` counts check-ins."""
    rows = Registration.objects.filter(edition=edition).select_related("person")
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.query:
        rows = rows.filter(
            Q(person__name__icontains=filters.query)
            | Q(firm__icontains=filters.query)
            | Q(code__iexact=filters.query)
        )
    return rows.annotate(entries=Count("checkins")).order_by("-pk")


def registration_sheet(rows: QuerySet[Registration]) -> list[list[Any]]:
    """Lines of code, name, kind, firm, title, time, entries, cancelled."""
    return [
        [
            row.code,
            row.person.name,
            row.get_kind_display(),
            row.firm,
            row.title,
            row.registered_at,
            row.entries,  # type: ignore[attr-defined]
            row.cancelled_at,
        ]
        for row in rows
    ]


def checkin_lists(edition: Edition) -> list[CheckinList]:
    """Gates with `entries`, how many passed."""
    rows = CheckinList.objects.filter(edition=edition).annotate(entries=Count("checkins"))
    return list(rows.order_by("pk"))


def get_checkin_list(actor: Actor, list_id: int) -> CheckinList:
    """A gate for whoever works for the organiser. Raises NotFound, Forbidden."""
    rows = CheckinList.objects.select_related("edition__series")
    found = rows.filter(pk=list_id).first()
    if found is None:
        raise NotFound
    if not policies.works_for(actor, found.edition):
        raise Forbidden if actor.is_authenticated and actor.is_staff else NotFound
    return found


def recent_checkins(gate: CheckinList, number: int = 20) -> list[Checkin]:
    """The latest entries at a gate."""
    rows = Checkin.objects.filter(list=gate).select_related("registration__person")
    return list(rows.order_by("-at", "-pk")[:number])


def offline_badges(edition: Edition) -> list[list[str]]:
    """[code, name, kind] of every valid badge, for a gate without network."""
    rows = Registration.objects.filter(edition=edition, cancelled_at=None).select_related("person")
    return [[row.code, row.person.name, str(row.get_kind_display())] for row in rows]
