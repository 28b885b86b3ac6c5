"""Enquiries by who may see them: the person who asked and the members of the firm, nobody else."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)

from haishi.expo.models import Enquiry, EnquiryMessage, Exhibitor, ReplyTemplate
from haishi.expo.states import EnquiryState
from haishi.foundation import clock, signing
from haishi.foundation.errors import NotFound
from haishi.foundation.prepared import Given, Prepared
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties

__all__ = [
    "ReplyRecord",
    "colleagues",
    "conversation",
    "enquiries_of_booth",
    "enquiries_of_person",
    "enquiries_visible_to",
    "enquiry_facts",
    "get_enquiry",
    "read_about",
    "reply_record",
    "response_pace",
    "templates_of",
    "waiting_enquiries",
]
WAITING = (EnquiryState.OPEN, EnquiryState.MISSED)
# A pace said from one or two answers would be chance.
ENOUGH = 3


def enquiries_visible_to(actor: Actor) -> QuerySet[Enquiry]:
    """One's own questions and those to one's firms. Operators and organisers see none."""
    rows = Enquiry.objects.select_related(
        "exhibitor__organisation", "exhibitor__edition", "person", "owner"
    )
    if not actor.is_authenticated:
        return rows.none()
    return rows.filter(
        Q(person_id=actor.pk) | Q(exhibitor__organisation__in=parties.roles_of(actor))
    )


def get_enquiry(actor: Actor, enquiry_id: int) -> Enquiry:
    """One by its id. Raises NotFound."""
    if found := enquiries_visible_to(actor).filter(pk=enquiry_id).first():
        return found
    raise NotFound


def conversation(enquiry: Enquiry) -> list[EnquiryMessage]:
    """All messages in order, with who wrote them."""
    return list(enquiry.messages.select_related("author").order_by("pk"))


def enquiries_of_person(actor: Actor) -> QuerySet[Enquiry]:
    """What the person asked; answered ones first, then by time."""
    rows = enquiries_visible_to(actor).filter(person_id=actor.pk)
    return rows.order_by("-created_at", "-pk")


def enquiries_of_booth(
    exhibitor: Exhibitor, *, state: str = "", owner_id: int | None = None, query: str = ""
) -> QuerySet[Enquiry]:
    """The firm's desk: what waits longest first, then the latest. `state` may be "waiting"."""
    rows = Enquiry.objects.filter(exhibitor=exhibitor).select_related("person", "owner")
    if state == "waiting":
        rows = rows.filter(state__in=WAITING)
    elif state:
        rows = rows.filter(state=state)
    if owner_id:
        rows = rows.filter(owner=owner_id)
    if query:
        rows = rows.filter(Q(subject__icontains=query) | Q(person__name__icontains=query))
    late = Case(
        When(state__in=WAITING, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    due = Case(When(state__in=WAITING, then=F("due_at")))
    return rows.alias(late=late, due=due).order_by("late", "due", "-pk")


def waiting_enquiries(exhibitor_id: int) -> int:
    """How many questions to this booth nobody answered yet."""
    return Enquiry.objects.filter(exhibitor=exhibitor_id, state__in=WAITING).count()


def colleagues(exhibitor: Exhibitor) -> list[Any]:
    """Members of the firm, who may own an enquiry or a lead."""
    found = parties.people(parties.member_ids(exhibitor.organisation_id))
    return sorted(found.values(), key=lambda person: (person.name, person.pk))


def templates_of(exhibitor: Exhibitor) -> QuerySet[ReplyTemplate]:
    """Stock answers by name."""
    return ReplyTemplate.objects.filter(exhibitor=exhibitor).order_by("title", "pk")


def read_about(token: str) -> tuple[str, int | None, str]:
    """(kind, id, title) of an `about_token`; ("", None, "") for none or a forged one."""
    kind, _one, rest = (signing.unsign("about", token) or "").partition(":")
    pk, _two, title = rest.partition(":")
    return (kind[:12], int(pk), title[:120]) if pk.isdecimal() else ("", None, "")


@dataclass(frozen=True)
class ReplyRecord:
    """How a booth answers: `hours` is the median (None before enough answers), `share` 0…1."""

    asked: int
    answered: int
    hours: float | None

    @property
    def share(self) -> float | None:
        """Answered of all whose time is over or that were answered; None when there is none."""
        return self.answered / self.asked if self.asked else None


def reply_record(exhibitor_id: int) -> ReplyRecord:
    """The public record of one booth. Questions still within their time do not count."""
    rows = Enquiry.objects.filter(exhibitor=exhibitor_id)
    counted = rows.filter(~Q(answered_at=None) | Q(due_at__lte=clock.now()))
    waits = list(_waits(counted))
    return ReplyRecord(counted.count(), len(waits), _median_hours(waits))


def response_pace(exhibitor_id: int) -> float | None:
    """Median hours to the first answer; None with fewer than three answers."""
    return _median_hours(_WAITS(exhibitor=exhibitor_id))


def _waits(rows: QuerySet[Enquiry]) -> QuerySet[Enquiry, dt.timedelta]:
    wait = ExpressionWrapper(F("answered_at") - F("created_at"), output_field=DurationField())
    answered = rows.exclude(answered_at=None).annotate(wait=wait).order_by("-pk")
    # The last hundred: a firm that learned to answer is known for it.
    return answered.values_list("wait", flat=True)[:100]


_WAITS = Prepared(lambda: _waits(Enquiry.objects.filter(exhibitor=Given("exhibitor"))))


def _median_hours(waits: Iterable[dt.timedelta]) -> float | None:
    ordered = sorted(wait.total_seconds() / 3600 for wait in waits)
    if len(ordered) < ENOUGH:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def enquiry_facts(enquiry_id: int) -> Enquiry | None:
    """The enquiry with its firm and edition, for work that no person asked for."""
    rows = Enquiry.objects.select_related("exhibitor__organisation", "exhibitor__edition__series")
    return rows.filter(pk=enquiry_id).first()
