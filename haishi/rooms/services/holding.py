"""Lines that wait for a moderator."""

import datetime as dt
from collections.abc import Iterable

from haishi.foundation import audit, clock
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.rooms import selectors
from haishi.rooms.errors import AlreadyDecided
from haishi.rooms.events import LineHeld
from haishi.rooms.models import NAME_LENGTH, TEXT_LENGTH, WORD_LENGTH, HeldLine, Room
from haishi.rooms.services.telling import send
from haishi.rooms.states import HELD, Action, HeldState
from haishi.rooms.veil import unveiled, veiled
from wire import broker, messages

LIFETIME = dt.timedelta(minutes=10)


@service
def keep_held(lines: Iterable[broker.Held]) -> int:
    """Keep what gateways held back for moderators; returns how many are new. Repeating is safe."""
    wanted = [line for line in lines if line.action == Action.HOLD]
    rooms = {row.name: row for row in Room.objects.filter(name__in={w.room for w in wanted})}
    people = parties.people({unveiled(line.user) for line in wanted})
    new = 0
    for line in wanted:
        person, room = people.get(unveiled(line.user)), rooms.get(line.room)
        if person is None or room is None:  # erased, or a room that no token was ever given for
            continue
        at = dt.datetime.fromtimestamp(line.at, dt.UTC)
        row, fresh = HeldLine.objects.get_or_create(
            key=f"{person.pk}:{line.nonce}"[:140],
            defaults={
                "room": room,
                "person": person,
                "name": line.name[:NAME_LENGTH],
                "text": line.text[:TEXT_LENGTH],
                "word": line.word[:WORD_LENGTH],
                "style": line.style,
                "colour": line.colour,
                "held_at": at,
                "expires_at": at + LIFETIME,
            },
        )
        if fresh:
            new += 1
            publish(LineHeld(room.name, row.pk))
    return new


@service
def decide(actor: Actor, line_id: int, action: str) -> HeldLine:
    """`show` says the line in its speaker's name, `drop` forgets it.

    Raises NotFound, Forbidden, AlreadyDecided.
    """
    found = selectors.get_held(actor, line_id)
    row = HeldLine.objects.select_for_update().get(pk=line_id)
    if row.state != HeldState.WAITING or row.expires_at <= clock.now():
        raise AlreadyDecided
    row.state = HELD.after(row.state, action)
    row.decided_at, row.decided_by_id = clock.now(), actor.pk
    row.save(update_fields=["state", "decided_at", "decided_by"])
    if row.state == HeldState.SHOWN:
        _say(found.room, row)
    audit.record(actor, f"line.{action}", row, room=found.room.name, word=row.word)
    return row


def _say(room: Room, row: HeldLine) -> None:
    now = int(clock.now().timestamp() * 1000)
    item = messages.Said(now, veiled(row.person_id), row.name, row.text, row.style, row.colour)
    send(room.name, item, key=f"held:{row.pk}")


@service
def expire_held(now: dt.datetime) -> int:
    """Close lines that nobody looked at in time, forget old ones; returns how many closed."""
    HeldLine.objects.filter(expires_at__lte=now - dt.timedelta(days=30)).delete()
    due = HeldLine.objects.filter(state=HeldState.WAITING, expires_at__lte=now)
    return due.update(state=HeldState.EXPIRED, decided_at=now)
