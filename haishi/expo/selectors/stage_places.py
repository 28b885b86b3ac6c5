"""Where and when a session takes place, for modules that link to one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from haishi.expo.models import Edition, Slot
from haishi.expo.selectors.programme import released_slots
from haishi.expo.states import EditionState
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.prepared import Given, Prepared
from haishi.foundation.wording import day_and_time

__all__ = ["StagePlace", "sessions_to_link", "stage_places"]


@dataclass(frozen=True, slots=True)
class StagePlace:
    """A slot of the version that visitors see."""

    stage: Bilingual
    starts_at: dt.datetime
    ends_at: dt.datetime
    url: str


_SLOTS = Prepared(
    lambda: Slot.objects.filter(
        session__id__among=Given("sessions"), version__number=F("version__edition__schedule_number")
    )
    .exclude(version__edition__state=EditionState.DRAFT)
    .values_list(
        "session", "stage__name", "stage__name_en", "starts_at", "ends_at",
        "version__edition__slug", "session__code",
    )
)  # fmt: skip


def stage_places(session_ids: Sequence[int]) -> dict[int, StagePlace]:
    """{session id: its released slot}; one query, none for no ids."""
    if not session_ids:
        return {}
    return {
        pk: StagePlace(Bilingual(name, name_en), start, end, address("expo:session", slug, code))
        for pk, name, name_en, start, end, slug, code in _SLOTS(sessions=[*session_ids])
    }


def sessions_to_link(edition: Edition, organisation_id: int) -> list[tuple[int, str]]:
    """(id, when, where and what) of released sessions of an edition that no other firm hosts."""
    return [
        (
            slot.session_id,
            f"{day_and_time(slot.starts_at, edition.time_zone)} · {slot.stage.title} · "
            f"{slot.session.heading}",
        )
        for slot in released_slots(edition).select_related("session")
        if slot.session.host_id in (None, organisation_id)
    ]
