"""What one person wants to attend, and the longer texts that calendars and exports carry."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F

from haishi.expo.models import AgendaItem, Edition, ScheduleVersion, Slot
from haishi.expo.selectors.programme import SlotRow, programme_rows, released_slots
from haishi.expo.states import EditionState
from haishi.foundation import signing
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.types import Actor

__all__ = ["AgendaRow", "abstracts", "agenda", "agenda_owner", "agenda_token", "released_at"]
PURPOSE = "agenda"


@dataclass(slots=True)
class AgendaRow:
    """A remembered session; `clashes` says that it runs while an earlier one still does."""

    edition: Edition
    slot: SlotRow
    clashes: bool = False


def agenda(person_id: int) -> list[AgendaRow]:
    """Public sessions the person remembers, by time; three queries an edition at most.

    Half-open: a session that starts when another ends does not clash with it.
    """
    slots = Slot.objects.filter(
        version__number=F("version__edition__schedule_number"),
        session__in=_remembered(person_id),
    ).exclude(version__edition__state=EditionState.DRAFT)
    editions = Edition.objects.filter(pk__in=slots.values("version__edition"))
    rows = [
        AgendaRow(edition, slot)
        for edition in editions
        for slot in programme_rows(edition, slots.filter(version__edition=edition))
    ]
    rows.sort(key=lambda row: (row.slot.starts_at, row.slot.session_id))
    until: dt.datetime | None = None
    for row in rows:
        if row.slot.cancelled:
            continue
        row.clashes = until is not None and row.slot.starts_at < until
        until = max(until, row.slot.ends_at) if until else row.slot.ends_at
    return rows


def _remembered(person_id: int) -> list[int]:
    found = AgendaItem.objects.filter(person_id=person_id)
    return list(found.values_list("session_id", flat=True))


def agenda_token(actor: Actor) -> str:
    """The secret part of the address of a person's calendar feed."""
    return signing.sign(PURPOSE, str(actor.pk))


def agenda_owner(token: str) -> int | None:
    """The person of a feed's address, None when the signature is not ours."""
    value = signing.unsign(PURPOSE, token)
    return int(value) if value and value.isdigit() else None


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
