"""What one person wants to attend, and the longer texts that calendars and exports carry."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, QuerySet

from haishi.expo.models import AgendaFeed, AgendaItem, Edition, ScheduleVersion, Slot
from haishi.expo.selectors.programme import SlotRow, programme_rows, released_slots
from haishi.expo.states import EditionState
from haishi.foundation import signing
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.types import Actor

__all__ = [
    "AgendaRow",
    "abstracts",
    "agenda",
    "agenda_holders",
    "agenda_owner",
    "agenda_token",
    "get_version",
    "released_at",
]
PURPOSE = "agenda"


@dataclass(slots=True)
class AgendaRow:
    """A remembered session; `clashes` says that it runs while an earlier one still does."""

    edition: Edition
    slot: SlotRow
    clashes: bool = False


def agenda(person_id: int) -> list[AgendaRow]:
    """Sessions the person remembers, by time; three queries an edition at most.

    One that a later release took out stays, cancelled, where it last stood: a calendar that
    subscribes must hear of it. Half-open: a session that starts when another ends does not clash.
    """
    slots = Slot.objects.filter(session__in=_remembered(person_id))
    slots = slots.exclude(version__edition__state=EditionState.DRAFT)
    slots = slots.filter(version__number__lte=F("version__edition__schedule_number"))
    last = slots.order_by("session", "-version__number").distinct("session")
    numbers = dict(last.values_list("session_id", "version__number"))
    found = Slot.objects.filter(pk__in=last.values("pk"))
    editions = Edition.objects.filter(pk__in=found.values("version__edition"))
    rows = [
        AgendaRow(edition, slot)
        for edition in editions
        for slot in programme_rows(edition, found.filter(version__edition=edition))
    ]
    for row in rows:
        row.slot.cancelled |= numbers[row.slot.session_id] != row.edition.schedule_number
    rows.sort(key=lambda row: (row.slot.starts_at, row.slot.session_id))
    _note_clashes(rows)
    return rows


def _note_clashes(rows: list[AgendaRow]) -> None:
    until: dt.datetime | None = None
    for row in rows:
        if row.slot.cancelled:
            continue
        row.clashes = until is not None and row.slot.starts_at < until
        until = max(until, row.slot.ends_at) if until else row.slot.ends_at


def _remembered(person_id: int) -> QuerySet[AgendaItem, int]:
    return AgendaItem.objects.filter(person_id=person_id).values_list("session_id", flat=True)


def agenda_token(actor: Actor) -> str:
    """The secret part of the address of a person's calendar feed."""
    return signing.sign(PURPOSE, f"{actor.pk}-{_feed_number(int(actor.pk or 0))}")


def agenda_owner(token: str) -> int | None:
    """The person of a feed's address, None when it was revoked or the signature is not ours."""
    person, _one, number = (signing.unsign(PURPOSE, token) or "").partition("-")
    if not (person.isdecimal() and number.isdecimal()):
        return None
    return int(person) if _feed_number(int(person)) == int(number) else None


def _feed_number(person_id: int) -> int:
    rows = AgendaFeed.objects.filter(person_id=person_id)
    return rows.values_list("number", flat=True).first() or 0


def agenda_holders(edition_id: int, codes: Iterable[str]) -> dict[int, set[str]]:
    """{person id: the codes among `codes` that stand in their agenda}."""
    rows = AgendaItem.objects.filter(session__edition=edition_id, session__code__in=[*codes])
    found: dict[int, set[str]] = defaultdict(set)
    for person_id, code in rows.values_list("person_id", "session__code"):
        found[person_id].add(code)
    return dict(found)


def abstracts(edition: Edition) -> dict[int, Bilingual]:
    """{session id: abstract} of public sessions, in one query."""
    rows = released_slots(edition).select_related(None)
    return {
        pk: Bilingual(zh, en)
        for pk, zh, en in rows.values_list(
            "session_id", "session__abstract", "session__abstract_en"
        )
    }


def released_at(edition: Edition) -> dt.datetime | None:
    """When the version that visitors see was released."""
    versions = ScheduleVersion.objects.filter(edition=edition, number=edition.schedule_number or 0)
    return versions.values_list("released_at", flat=True).first()


def get_version(edition_id: int, number: int) -> ScheduleVersion | None:
    """A released version with its edition, for work that no person asked for."""
    rows = ScheduleVersion.objects.select_related("edition")
    return rows.filter(edition=edition_id, number=number).first()
