"""How a room is: its pace, whether it is open, who may not speak or not be there."""

import datetime as dt

import msgspec

from haishi.foundation import audit, clock
from haishi.foundation.errors import NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.rooms import selectors
from haishi.rooms.errors import AlreadyLifted, NobodyThere, NotOneOfThem
from haishi.rooms.events import PersonSanctioned
from haishi.rooms.models import Room, RoomEntry, Sanction
from haishi.rooms.services.sharing import share
from haishi.rooms.states import Measure
from haishi.rooms.types import HOST, MODERATE
from haishi.rooms.veil import veiled
from wire.broker import RoomSettings


def settle(room: Room) -> None:
    """Let gateways know a room as it is now; part of a service."""
    running = Sanction.objects.filter(room=room, lifted_at=None, until__gt=clock.now())
    until: dict[str, dict[int, float]] = {Measure.MUTE: {}, Measure.BAN: {}}
    for person, measure, end in running.values_list("person_id", "measure", "until"):
        until[measure][veiled(person)] = end.timestamp()
    value = RoomSettings(
        room.slow_seconds * 1000,
        room.closed,
        until[Measure.MUTE],
        until[Measure.BAN],
        str(room.organiser_id or ""),
    )
    share(f"room.{room.name}", msgspec.json.encode(value))


@service
def change_settings(actor: Actor, name: str, *, slow_seconds: int, closed: bool) -> Room:
    """Set a room's pace (0 to 120 s between lines of a person) and whether people may speak.

    Raises NotFound, Forbidden.
    """
    row = _locked(actor, name)
    row.slow_seconds, row.closed = slow_seconds, closed
    row.save(update_fields=["slow_seconds", "closed"])
    settle(row)
    audit.record(actor, "room.settings", row, slow_seconds=slow_seconds, closed=closed)
    return row


@service
def sanction(
    actor: Actor, name: str, person_id: int, measure: str, minutes: int, reason: str
) -> Sanction:
    """Mute somebody or put them out of a room for a while; a second time changes the first.

    Only people who have spoken there. Raises NotFound, Forbidden, NobodyThere, NotOneOfThem.
    """
    row = _locked(actor, name)
    person = parties.people([person_id]).get(person_id)
    spoke = RoomEntry.objects.filter(room=name, person=person_id).exists()
    if person is None or not (spoke or row.held.filter(person_id=person_id).exists()):
        raise NobodyThere
    if _rights(person, name) & (HOST | MODERATE):
        raise NotOneOfThem
    now = clock.now()
    running = Sanction.objects.filter(room=row, person=person, measure=measure, lifted_at=None)
    running.filter(until__lte=now).update(lifted_at=now)
    made, _new = Sanction.objects.update_or_create(
        room=row,
        person=person,
        measure=measure,
        lifted_at=None,
        defaults={
            "until": now + dt.timedelta(minutes=minutes),
            "reason": reason,
            "made_by_id": actor.pk,
        },
    )
    settle(row)
    audit.record(actor, f"room.{measure}", made, room=name, person=person_id, reason=reason)
    publish(PersonSanctioned(name, person_id, measure, made.pk))
    return made


@service
def lift(actor: Actor, sanction_id: int) -> Sanction:
    """End a sanction before its time. Raises NotFound, Forbidden, AlreadyLifted."""
    found = Sanction.objects.filter(pk=sanction_id).select_related("room").first()
    if found is None:
        raise NotFound
    _locked(actor, found.room.name)
    found.refresh_from_db()
    if not found.runs(clock.now()):
        raise AlreadyLifted
    found.lifted_at, found.lifted_by_id = clock.now(), actor.pk
    found.save(update_fields=["lifted_at", "lifted_by"])
    settle(found.room)
    audit.record(actor, "room.lifted", found, room=found.room.name, person=found.person_id)
    return found


@service
def end_sanctions(now: dt.datetime) -> int:
    """Close those whose time is over; returns how many."""
    return Sanction.objects.filter(lifted_at=None, until__lte=now).update(lifted_at=now)


def _locked(actor: Actor, name: str) -> Room:
    selectors.check_moderates(actor, name)
    organiser = selectors.kind_of(name).organiser(name)
    Room.objects.get_or_create(name=name, defaults={"organiser_id": organiser})
    return Room.objects.select_for_update().get(name=name)


def _rights(actor: Actor, name: str) -> int:
    try:
        return selectors.rights_of(actor, name)
    except NotFound:
        return 0
