"""What changes the programme: speakers, sessions, releases."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr

from haishi.expo import policies, selectors
from haishi.expo.errors import ScheduleClash
from haishi.expo.events import ScheduleReleased, SessionChanged, SpeakerChanged
from haishi.expo.models import (
    Edition,
    ScheduleVersion,
    Session,
    SessionSpeaker,
    Slot,
    Speaker,
    Stage,
)
from haishi.expo.states import SESSION, EditionState
from haishi.foundation import audit
from haishi.foundation.clock import Interval
from haishi.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor


def lock_programme(actor: Actor, edition_id: int) -> Edition:
    """The edition, row locked, for programme editors. Raises NotFound, Forbidden, Conflict."""
    rows = selectors.editions_visible_to(actor).select_for_update(of=("self",))
    edition = rows.filter(pk=edition_id).first()
    if edition is None:
        raise NotFound
    if not policies.can_programme(actor, edition):
        raise Forbidden
    if edition.state == EditionState.CLOSED:
        raise Conflict
    return edition


@service
def create_speaker(actor: Actor, edition_id: int, **fields: Any) -> Speaker:
    """Somebody who will speak. Raises NotFound, Forbidden."""
    edition = lock_programme(actor, edition_id)
    speaker = Speaker.objects.create(edition=edition, **fields)
    audit.record(actor, "speaker.created", speaker, name=speaker.name)
    return speaker


@service
def edit_speaker(actor: Actor, speaker_id: int, seen: int, **changes: Any) -> Speaker:
    """Change a speaker. Raises NotFound, Forbidden, Stale."""
    speaker = Speaker.objects.select_for_update().filter(pk=speaker_id).first()
    if speaker is None:
        raise NotFound
    lock_programme(actor, speaker.edition_id)
    if audit.save_edited(actor, "speaker.edited", speaker, seen, **changes):
        publish(SpeakerChanged(speaker_id=speaker.pk))
    return speaker


def next_code(edition: Edition) -> str:
    """One past the highest `S…` of an edition whose row is locked; gaps are not filled again."""
    rows = Session.objects.filter(edition=edition, code__regex=r"^S[0-9]{1,9}$")
    number = Cast(Substr("code", 2), IntegerField())
    return f"S{(rows.aggregate(last=Max(number))['last'] or 0) + 1:03}"


@service
def create_session(
    actor: Actor,
    edition_id: int,
    *,
    speakers: Sequence[int] = (),
    moderators: Sequence[int] = (),
    **fields: Any,
) -> Session:
    """A session that is not placed yet; it gets the next code. Raises NotFound, Forbidden."""
    edition = lock_programme(actor, edition_id)
    if not fields.get("code"):
        fields["code"] = next_code(edition)
    session = Session.objects.create(edition=edition, **fields)
    set_speakers(session, speakers, moderators)
    audit.record(actor, "session.created", session, title=session.title)
    return session


@service
def edit_session(
    actor: Actor,
    session_id: int,
    seen: int,
    *,
    speakers: Sequence[int] | None = None,
    moderators: Sequence[int] | None = None,
    **changes: Any,
) -> Session:
    """Change texts, kind or speakers; `moderators` None leaves who moderates as it is.

    Raises NotFound, Forbidden, Stale.
    """
    session = _session(actor, session_id)
    audit.save_edited(actor, "session.edited", session, seen, **changes)
    if speakers is not None:
        standing = list(session.appearances.order_by("order", "pk"))
        if moderators is None:
            moderators = [each.speaker_id for each in standing if each.moderates]
        known = [each.speaker_id for each in standing if each.speaker_id in speakers]
        set_speakers(session, [*known, *speakers], moderators)
    publish(SessionChanged(session_id=session.pk))
    return session


@service
def place(
    actor: Actor, session_id: int, seen: int, stage_id: int, starts_at: dt.datetime, minutes: int
) -> Session:
    """Put a session into the draft schedule. Clashes are shown, and only a release refuses them.

    Raises NotFound, Forbidden, Stale, Invalid.
    """
    session = _session(actor, session_id)
    _of(Stage, session.edition, stage_id)
    if not 5 <= minutes <= 24 * 60:
        raise Invalid(field="minutes")
    interval = Interval(starts_at, starts_at + dt.timedelta(minutes=minutes))
    audit.save_edited(
        actor,
        "session.placed",
        session,
        seen,
        stage_id=stage_id,
        starts_at=interval.start,
        ends_at=interval.end,
    )
    return session


@service
def unplace(actor: Actor, session_id: int, seen: int) -> Session:
    """Take a session out of the draft schedule. Raises NotFound, Forbidden, Stale."""
    session = _session(actor, session_id)
    audit.save_edited(
        actor, "session.unplaced", session, seen, stage_id=None, starts_at=None, ends_at=None
    )
    return session


@service
def decide(actor: Actor, session_id: int, action: str) -> Session:
    """`confirm`, `cancel` or `restore` a session. Raises NotFound, Forbidden, Conflict."""
    session = _session(actor, session_id)
    before, session.state = session.state, SESSION.after(session.state, action)
    session.version += 1
    session.save(update_fields=["state", "version", "updated_at"])
    audit.record(actor, f"session.{action}", session, before=before, after={"state": session.state})
    publish(SessionChanged(session_id=session.pk))
    return session


@service
def release(actor: Actor, edition_id: int, note: str = "") -> ScheduleVersion:
    """Make the draft schedule public as a new version with the list of what changed.

    Only confirmed, placed sessions are released. Two editors at once wait for each other: each gets
    a version of its own. Raises NotFound, Forbidden, ScheduleClash.
    """
    edition = lock_programme(actor, edition_id)
    found = selectors.draft_clashes(edition)
    if found:
        raise ScheduleClash(count=len(found))
    changes = selectors.draft_changes(edition)
    version = ScheduleVersion.objects.create(
        edition=edition,
        number=(edition.schedule_number or 0) + 1,
        note=note,
        changes=changes,
        released_by_id=actor.pk,
    )
    placed: Any = selectors.releasable(edition)
    Slot.objects.bulk_create(
        Slot(
            version=version,
            session_id=session.pk,
            stage_id=session.stage_id,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            title=session.title,
            title_en=session.title_en,
        )
        for session in placed
    )
    edition.schedule_number = version.number
    edition.save(update_fields=["schedule_number", "updated_at"])
    audit.record(actor, "schedule.released", edition, number=version.number, changes=len(changes))
    publish(ScheduleReleased(edition_id=edition.pk, number=version.number))
    return version


def _session(actor: Actor, session_id: int) -> Session:
    rows = Session.objects.select_for_update(of=("self",)).select_related("edition")
    session = rows.filter(pk=session_id).first()
    if session is None:
        raise NotFound
    lock_programme(actor, session.edition_id)
    return session


def _of(model: Any, edition: Edition, row_id: int) -> Any:
    if row := model.objects.filter(edition=edition, pk=row_id).first():
        return row
    raise NotFound


def set_speakers(session: Session, speakers: Sequence[int], moderators: Sequence[int]) -> None:
    """Who speaks, in this order, and who of them moderates. Raises NotFound."""
    known = set(
        Speaker.objects.filter(edition_id=session.edition_id, pk__in=speakers).values_list(
            "pk", flat=True
        )
    )
    if known != set(speakers):
        raise NotFound
    SessionSpeaker.objects.filter(session=session).delete()
    SessionSpeaker.objects.bulk_create(
        SessionSpeaker(session=session, speaker_id=pk, moderates=pk in moderators, order=order)
        for order, pk in enumerate(dict.fromkeys(speakers))
    )
