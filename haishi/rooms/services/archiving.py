"""The archive: every line of every room, written once, however often it is delivered."""

import datetime as dt
from collections.abc import Iterable

import msgspec
from django.conf import settings
from django.db import connection

from haishi.foundation import audit, clock
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.rooms import selectors
from haishi.rooms.models import NAME_LENGTH, TEXT_LENGTH, RoomEntry
from haishi.rooms.services.telling import send
from haishi.rooms.states import EntryKind
from haishi.rooms.types import Entry
from haishi.rooms.veil import unveiled
from wire import envelope, messages
from wire.broker import Stored

_stored = msgspec.msgpack.Decoder(Stored)
# A tick holds at most so many hidden lines; their offsets stand below zero.
_TICK = 10_000

# A removal and its line may come in either order and twice.
_REMOVE = """
UPDATE rooms_roomentry AS line SET removed_at = removal.at
FROM rooms_roomentry AS removal
WHERE removal.kind = 'removed' AND removal.room = ANY(%(rooms)s) AND line.removed_at IS NULL
  AND line.room = removal.room AND line.epoch = removal.epoch AND line."offset" = removal.about
"""


def entries_of(room: str, number: int, content: bytes) -> list[Entry]:
    """What entry `number` of a room's log holds. Raises msgspec.DecodeError, Malformed."""
    stored = _stored.decode(content)
    batch = envelope.unpack(stored.frame)
    shown = [
        _entry(room, batch.epoch, offset, item)
        for offset, item in enumerate(batch.items, batch.first)
    ]
    hidden = [
        _entry(room, batch.epoch, -(number * _TICK + place), item)
        for place, item in enumerate(stored.hidden)
    ]
    return [entry for entry in shown + hidden if entry is not None]


def _entry(room: str, epoch: int, offset: int, content: bytes) -> Entry | None:
    item = messages.read_item(content)
    at = dt.datetime.fromtimestamp(item.at / 1000, dt.UTC)
    if isinstance(item, messages.Said):
        return Entry(
            room, epoch, offset, EntryKind.SAID, at, unveiled(item.user), item.name[:NAME_LENGTH],
            item.text[:TEXT_LENGTH], item.style, item.colour, item.role,
        )  # fmt: skip
    if isinstance(item, messages.Posted):
        body = {"kind": item.kind, "body": item.body}
        return Entry(room, epoch, offset, EntryKind.POSTED, at, body=body)
    return Entry(room, epoch, offset, EntryKind.REMOVED, at, about=item.offset)


@service
def keep(entries: Iterable[Entry]) -> int:
    """Write entries; those that are there stay as they are. Returns how many were given."""
    given = list(entries)
    people = parties.people({entry.person_id for entry in given if entry.person_id})
    here = {pk for pk, person in people.items() if person.is_active}
    rows = [_row(entry, erased=entry.person_id not in here) for entry in given]
    RoomEntry.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE, {"rooms": sorted({row.room for row in rows})})
    return len(rows)


def _row(entry: Entry, *, erased: bool) -> RoomEntry:
    """The row of an entry. A line that arrives after its speaker was erased arrives empty."""
    row = RoomEntry(
        room=entry.room, epoch=entry.epoch, offset=entry.offset, kind=entry.kind, at=entry.at,
        person=entry.person_id, name=entry.name, text=entry.text, style=entry.style,
        colour=entry.colour, role=entry.role, body=entry.body, about=entry.about,
    )  # fmt: skip
    if erased:
        row.person, row.name, row.text = 0, "", ""
    return row


@service
def remove_line(actor: Actor, room: str, epoch: int, offset: int) -> None:
    """Take a line away, here and on all screens. Raises NotFound, Forbidden."""
    row = selectors.get_line(actor, room, epoch, offset)
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])
    item = messages.Removed(int(row.removed_at.timestamp() * 1000), offset)
    send(room, item, key=f"remove:{epoch}:{offset}")
    audit.record(actor, "line.removed", row, room=room, epoch=epoch, offset=offset)


@service
def sweep(now: dt.datetime, limit: int = 10_000) -> int:
    """Forget lines that are older than the installation keeps them; returns how many."""
    oldest = now - dt.timedelta(days=settings.ROOM_DAYS)
    due = RoomEntry.objects.filter(at__lt=oldest).order_by("at").values("pk")[:limit]
    return RoomEntry.objects.filter(pk__in=due).delete()[0]
