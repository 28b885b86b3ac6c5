"""The least valid objects."""

import datetime as dt
from typing import Any

from haishi.foundation import clock
from haishi.rooms.models import HeldLine, Room, RoomEntry
from haishi.rooms.tests.quay import PUBLIC


def room(name: str = PUBLIC, organiser: Any = None) -> Room:
    """A room that somebody entered."""
    row, _new = Room.objects.get_or_create(name=name, defaults={"organiser": organiser})
    return row


def line(person: Any = None, text: str = "你好", **fields: Any) -> RoomEntry:
    """A line in the archive; offsets count up."""
    values: dict[str, Any] = {
        "room": PUBLIC, "epoch": 5, "offset": RoomEntry.objects.count() + 1, "kind": "said",
        "at": clock.now(), "person": person.pk if person else 0,
        "name": person.name if person else "", "text": text,
    }  # fmt: skip
    return RoomEntry.objects.create(**values | fields)


def held(person: Any, text: str = "发个广告", **fields: Any) -> HeldLine:
    """A line that waits for a moderator."""
    now = clock.now()
    values: dict[str, Any] = {
        "room": room(), "person": person, "key": f"{person.pk}:{text}", "name": person.name,
        "text": text, "word": "广告", "held_at": now, "expires_at": now + dt.timedelta(minutes=10),
    }  # fmt: skip
    return HeldLine.objects.create(**values | fields)
