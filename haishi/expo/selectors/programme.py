"""Reading the programme: the draft for editors, released versions for everybody."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet

from haishi.expo import clashes
from haishi.expo.clashes import Clash, Placed
from haishi.expo.models import (
    AgendaItem,
    Edition,
    ScheduleVersion,
    Session,
    SessionSpeaker,
    Slot,
    Speaker,
)
from haishi.expo.states import EditionState, SessionKind, SessionState
from haishi.foundation import clock
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.errors import NotFound
from haishi.foundation.prepared import Given, Prepared, prepared_by
from haishi.foundation.types import Actor

__all__ = [
    "SlotRow",
    "SpeakerRow",
    "agenda_ids",
    "draft_changes",
    "draft_clashes",
    "draft_placed",
    "draft_sessions",
    "get_draft_session",
    "get_draft_speaker",
    "get_released",
    "get_speaker",
    "is_released",
    "now_and_next",
    "people_of",
    "programme_rows",
    "releasable",
    "released_slots",
    "speaker_ids",
    "speakers_of",
    "speakers_released",
    "versions_of",
]


# The draft


def draft_sessions(edition: Edition) -> QuerySet[Session]:
    """Every session of the edition, for editors."""
    rows = Session.objects.filter(edition=edition).select_related("stage", "track")
    return rows.order_by(F("starts_at").asc(nulls_last=True), "code")


def draft_placed(edition: Edition) -> list[Placed]:
    """Sessions with a place in the draft, with their speakers: two queries."""
    speakers: dict[int, list[int]] = defaultdict(list)
    appearances = SessionSpeaker.objects.filter(session__edition=edition)
    for session_id, speaker_id in appearances.values_list("session_id", "speaker_id"):
        speakers[session_id].append(speaker_id)
    rows: Any = Session.objects.filter(
        edition=edition, stage__isnull=False, starts_at__isnull=False
    )
    return [
        Placed(pk, stage, starts, ends, tuple(speakers[pk]), state == SessionState.CANCELLED)
        for pk, stage, starts, ends, state in rows.values_list(
            "pk", "stage_id", "starts_at", "ends_at", "state"
        )
    ]


def draft_clashes(edition: Edition) -> list[Clash]:
    """What stands in the way of a release: stages and speakers in two places at once, sessions
    outside the edition's time. A cancelled session that is still placed is simply not released.
    """
    found = clashes.find(draft_placed(edition), edition.opens_at, edition.closes_at)
    return [clash for clash in found if clash.kind != clashes.CANCELLED]


def releasable(edition: Edition) -> QuerySet[Session]:
    """Confirmed and placed."""
    return Session.objects.filter(
        edition=edition,
        state=SessionState.CONFIRMED,
        stage__isnull=False,
        starts_at__isnull=False,
    )


def draft_changes(edition: Edition) -> list[dict[str, Any]]:
    """What a release would change, as plain values for the change log.

    Each: kind (new | moved | renamed | cancelled), code, title, title_en, and for a placed one
    stage, stage_en, starts_at, ends_at; where the place changed also `was` with the same keys,
    where the title did `was_title` and `was_title_en`.
    """
    old = {slot.session_id: slot for slot in released_slots(edition).select_related("session")}
    new = {session.pk: session for session in releasable(edition).select_related("stage")}
    changes = []
    for pk, session in new.items():
        place = _place(session.stage, session.starts_at, session.ends_at)
        if extra := _difference(session, place, old.get(pk)):
            changes.append({**_name(session), **place, **extra})
    changes += [{**_name(old[pk].session), "kind": "cancelled"} for pk in old if pk not in new]
    return sorted(changes, key=lambda c: (c.get("starts_at", ""), c["code"]))


def _difference(session: Session, place: dict[str, Any], before: Slot | None) -> dict[str, Any]:
    """{} when nothing changed."""
    if before is None:
        return {"kind": "new"}
    was = _place(before.stage, before.starts_at, before.ends_at)
    extra: dict[str, Any] = {"kind": "moved", "was": was} if was != place else {}
    titles = (before.title, before.title_en)
    if before.title and titles != (session.title, session.title_en):
        extra |= {"was_title": before.title, "was_title_en": before.title_en}
    return {"kind": "renamed", **extra} if extra else {}


def _name(session: Session) -> dict[str, Any]:
    return {"code": session.code, "title": session.title, "title_en": session.title_en}


def _place(stage: Any, starts_at: Any, ends_at: Any) -> dict[str, Any]:
    return {
        "stage": stage.name,
        "stage_en": stage.name_en,
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
    }


# What is public


def released_slots(edition: Edition) -> QuerySet[Slot]:
    """Slots of the version that visitors see; none before the first release."""
    rows = Slot.objects.filter(
        version__edition=edition, version__number=edition.schedule_number or 0
    )
    return rows.select_related("stage").order_by("starts_at", "stage__order", "pk")


def is_released(session_id: int) -> bool:
    """Whether a session stands in the version that visitors of a visible edition see."""
    return (
        Slot.objects.filter(
            session=session_id, version__number=F("version__edition__schedule_number")
        )
        .exclude(version__edition__state=EditionState.DRAFT)
        .exists()
    )


def get_released(edition: Edition, code: str) -> Slot:
    """The slot of a public session by its code. Raises NotFound."""
    rows = released_slots(edition).select_related("session__track", "session__host", "stage__hall")
    if slot := rows.filter(session__code=code).first():
        return slot
    raise NotFound


@dataclass(slots=True)
class SlotRow:
    """A released session in a list; times are UTC instants."""

    session_id: int
    code: str
    url: str
    title: Bilingual
    kind: str
    kind_label: Any
    stage_id: int
    stage: Bilingual
    track_id: int | None
    track: Bilingual | None
    colour: int
    language: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    cancelled: bool
    speakers: list[Bilingual]


_COLUMNS = (
    "session_id", "session__code", "session__title", "session__title_en", "session__kind",
    "stage_id", "stage__name", "stage__name_en", "session__track_id", "session__track__name",
    "session__track__name_en", "session__track__colour", "session__language", "starts_at",
    "ends_at", "session__state",
)  # fmt: skip
_KINDS = {kind.value: kind.label for kind in SessionKind}


def _released(**narrowed: Any) -> QuerySet[Slot]:
    rows = Slot.objects.filter(
        version__edition=Given("edition"), version__number=Given("number"), **narrowed
    )
    return rows.order_by("starts_at", "stage__order", "pk")


_PROGRAMME = Prepared(lambda: _released().values_list(*_COLUMNS))


@prepared_by
def _coming(number: int) -> QuerySet[Slot, Any]:
    return _released(ends_at__gt=Given("now")).values_list(*_COLUMNS)[:number]


def programme_rows(edition: Edition, slots: QuerySet[Slot] | None = None) -> list[SlotRow]:
    """The public programme as light rows: two queries whatever its size."""
    if slots is None:
        number = edition.schedule_number or 0
        return _slot_rows(edition, _PROGRAMME(edition=edition.pk, number=number))
    return _slot_rows(edition, list(slots.select_related(None).values_list(*_COLUMNS)))


def _slot_rows(edition: Edition, values: list[tuple[Any, ...]]) -> list[SlotRow]:
    return _without_query(edition, values, _speaker_names([value[0] for value in values]))


def _without_query(
    edition: Edition, values: list[tuple[Any, ...]], names: dict[int, list[Bilingual]]
) -> list[SlotRow]:
    # One reverse for all: the code is the only part that differs.
    pattern = address("expo:session", edition.slug, "CODE")
    return [_slot_row(value, names, pattern) for value in values]


def _slot_row(v: tuple[Any, ...], names: dict[int, list[Bilingual]], pattern: str) -> SlotRow:
    return SlotRow(
        session_id=v[0],
        code=v[1],
        url=pattern.replace("CODE", v[1]),
        title=Bilingual(v[2], v[3]),
        kind=v[4],
        kind_label=_KINDS[v[4]],
        stage_id=v[5],
        stage=Bilingual(v[6], v[7]),
        track_id=v[8],
        track=Bilingual(v[9], v[10]) if v[8] else None,
        colour=v[11] or 0,
        language=v[12],
        starts_at=v[13],
        ends_at=v[14],
        cancelled=v[15] == SessionState.CANCELLED,
        speakers=names.get(v[0], []),
    )


_SPEAKER_NAMES = Prepared(
    lambda: (
        SessionSpeaker.objects.filter(session__id__among=Given("sessions"))
        .order_by("order", "pk")
        .values_list("session_id", "speaker__name", "speaker__name_en")
    )
)


def _speaker_names(session_ids: Sequence[int]) -> dict[int, list[Bilingual]]:
    names: dict[int, list[Bilingual]] = defaultdict(list)
    for session_id, name, name_en in _SPEAKER_NAMES(sessions=[*session_ids]):
        names[session_id].append(Bilingual(name, name_en))
    return names


def now_and_next(edition: Edition, number: int = 4) -> list[SlotRow]:
    """Running sessions first, then the next ones; without their speakers."""
    given = {"edition": edition.pk, "number": edition.schedule_number or 0, "now": clock.now()}
    return _without_query(edition, _coming(number)(**given), {})


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """A speaker of at least one public session."""

    id: int
    name: Bilingual
    title: Bilingual
    firm: Bilingual
    portrait_id: int | None


def speakers_released(edition: Edition) -> list[SpeakerRow]:
    """Speakers of public sessions by name: one query."""
    ids = released_slots(edition).values("session_id")
    rows = Speaker.objects.filter(edition=edition, appearances__session__in=ids).distinct()
    return [
        SpeakerRow(
            speaker.pk,
            speaker.full_name,
            Bilingual(speaker.title, speaker.title_en),
            Bilingual(speaker.firm, speaker.firm_en),
            speaker.portrait_asset_id,
        )
        for speaker in rows.order_by("name", "pk")
    ]


def get_speaker(edition: Edition, speaker_id: int) -> tuple[Speaker, list[SlotRow]]:
    """A speaker and their public sessions. Raises NotFound for who is in none."""
    slots = released_slots(edition).filter(session__appearances__speaker=speaker_id)
    rows = programme_rows(edition, slots)
    speaker = Speaker.objects.filter(edition=edition, pk=speaker_id).first() if rows else None
    if speaker is None:
        raise NotFound
    return speaker, rows


def versions_of(edition: Edition) -> list[ScheduleVersion]:
    """Released versions, newest first."""
    return list(ScheduleVersion.objects.filter(edition=edition).order_by("-number"))


def agenda_ids(actor: Actor, edition: Edition) -> set[int]:
    """Ids of the sessions of an edition that the person wants to attend."""
    if not actor.is_authenticated:
        return set()
    rows = AgendaItem.objects.filter(person_id=actor.pk, session__edition=edition)
    return set(rows.values_list("session_id", flat=True))


def speakers_of(edition: Edition) -> list[Speaker]:
    """All speakers of an edition, for editors."""
    return list(Speaker.objects.filter(edition=edition).order_by("name", "pk"))


def people_of(session: Session) -> list[dict[str, Any]]:
    """Who speaks in a session, in order, as plain values with the address of their page."""
    rows = SessionSpeaker.objects.filter(session=session).select_related("speaker__edition")
    texts = ("name", "name_en", "title", "title_en", "firm", "firm_en")
    return [
        {
            "id": row.speaker_id,
            "url": settings.PUBLIC_URL
            + address("expo:speaker", row.speaker.edition.slug, row.speaker_id),
            **{name: getattr(row.speaker, name) for name in texts},
            "moderates": row.moderates,
        }
        for row in rows.order_by("order", "pk")
    ]


def get_draft_speaker(edition: Edition, speaker_id: int) -> Speaker:
    """A speaker, public or not, for editors. Raises NotFound."""
    if found := Speaker.objects.filter(edition=edition, pk=speaker_id).first():
        return found
    raise NotFound


def speaker_ids(session: Session) -> list[int]:
    """Who speaks in a session, in order."""
    rows = SessionSpeaker.objects.filter(session=session).order_by("order", "pk")
    return list(rows.values_list("speaker_id", flat=True))


def get_draft_session(edition: Edition, session_id: int) -> Session:
    """A session of the draft, for editors. Raises NotFound."""
    if found := draft_sessions(edition).filter(pk=session_id).first():
        return found
    raise NotFound
