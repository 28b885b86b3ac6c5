"""Requests to come again, for the organiser who asks and the firm that answers."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from haishi.expo import policies
from haishi.expo.models import Edition, Exhibitor, Reconfirmation
from haishi.expo.states import EditionState, ExhibitorState, ReconfirmationState
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties

__all__ = [
    "earlier_editions",
    "lock_request",
    "lock_request_to",
    "request_counts",
    "request_facts",
    "request_for",
    "requests_for",
    "requests_to",
    "waiting_requests",
]
PER_PAGE = 50


def earlier_editions(edition: Edition) -> list[tuple[Edition, int]]:
    """Other editions of the organiser with approved exhibitors, newest first, with their number."""
    approved = Count("exhibitors", filter=Q(exhibitors__state=ExhibitorState.APPROVED))
    rows = Edition.objects.filter(series__organiser=edition.series.organiser_id)
    rows = rows.exclude(pk=edition.pk).annotate(approved=approved).filter(approved__gt=0)
    return [(row, row.approved) for row in rows.order_by("-opens_at", "-pk")]


def request_counts(edition: Edition) -> dict[str, int]:
    """{state: requests to come to this edition}, every state named. One query."""
    rows = Reconfirmation.objects.filter(edition=edition).values_list("state").annotate(Count("pk"))
    return {**dict.fromkeys(ReconfirmationState.values, 0), **dict(rows.order_by())}


def requests_to(edition: Edition, state: str = "", number: str = "") -> Page[Reconfirmation]:
    """A page of requests by firm; each knows the `new_id` of the exhibitor it became, or None."""
    new = Exhibitor.objects.filter(
        edition=edition, organisation=OuterRef("previous__organisation")
    ).values("pk")
    rows: Any = Reconfirmation.objects.filter(edition=edition).annotate(new_id=Subquery(new[:1]))
    if state in ReconfirmationState.values:
        rows = rows.filter(state=state)
    rows = rows.select_related("previous__organisation", "previous__tier", "previous__edition")
    return Paginator(rows.order_by("previous__organisation__name", "pk"), PER_PAGE).get_page(number)


def _whole() -> QuerySet[Reconfirmation]:
    return Reconfirmation.objects.select_related(
        "edition__series",
        "previous__organisation",
        "previous__tier",
        "previous__booth__hall",
        "previous__wished_hall",
    )


def lock_request_to(edition: Edition, request_id: int) -> Reconfirmation:
    """A request to come to this edition, row locked, for its organiser. Raises NotFound."""
    rows = _whole().filter(edition=edition).select_for_update(of=("self",))
    if found := rows.filter(pk=request_id).first():
        return found
    raise NotFound


def lock_request(actor: Actor, request_id: int) -> Reconfirmation:
    """A request to one's firm, row locked, for its managers. Raises NotFound, Forbidden."""
    rows = _whole()
    if not actor.is_staff:
        rows = rows.filter(previous__organisation__in=parties.roles_of(actor))
    found = rows.select_for_update(of=("self",)).filter(pk=request_id).first()
    if found is None:
        raise NotFound
    if not policies.can_set_up(actor, found.previous):
        raise Forbidden
    return found


def requests_for(exhibitor: Exhibitor) -> list[Reconfirmation]:
    """What an exhibitor was asked, newest first; each knows its `new_id` as in `requests_to`."""
    new = Exhibitor.objects.filter(
        edition=OuterRef("edition"), organisation=exhibitor.organisation_id
    ).values("pk")
    rows = Reconfirmation.objects.filter(previous=exhibitor).annotate(new_id=Subquery(new[:1]))
    return list(rows.select_related("edition").order_by("-asked_at", "-pk"))


def request_for(exhibitor: Exhibitor, request_id: int) -> Reconfirmation:
    """One of them. Raises NotFound."""
    found = Reconfirmation.objects.filter(previous=exhibitor, pk=request_id).first()
    if found is None:
        raise NotFound
    return found


def waiting_requests(exhibitor: Exhibitor) -> int:
    """How many editions wait for the exhibitor's answer."""
    return (
        Reconfirmation.objects.filter(previous=exhibitor, state=ReconfirmationState.ASKED)
        .exclude(edition__state=EditionState.CLOSED)
        .count()
    )


def request_facts(request_id: int) -> Reconfirmation | None:
    """A request for those who tell people about it."""
    return _whole().filter(pk=request_id).first()
