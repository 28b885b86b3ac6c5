"""What the house says in rooms: written with the change, carried to a gateway by the worker."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from haishi.foundation import clock
from haishi.foundation.prepared import Prepared
from haishi.foundation.service import inside_service, service
from haishi.rooms import selectors
from haishi.rooms.models import Telling
from wire import envelope, messages
from wire.broker import Order

# After this nobody wants to hear it in the room any more; the page has it.
LIFETIME = dt.timedelta(minutes=10)
_LEASE = dt.timedelta(seconds=15)


class TooLong(ValueError):
    """More than a room carries in one item: link to it instead."""


@dataclass(frozen=True)
class Outgoing:
    """Something to be said, and the row it came from."""

    telling_id: int
    order: Order


_ANY = Prepared(lambda: Telling.objects.values_list("pk")[:1])


def tell(room: str, kind: str, body: Mapping[str, Any], *, key: str = "") -> None:
    """Say something in a room as the house, after commit: readers get `Posted(at, kind, body)`.

    `body` holds plain values. The same `key` of a room (an event's number, at most 70 letters) is
    said once, however often it is told. With the message service down it waits up to ten minutes.
    Raises NotFound for a room of no kind, TooLong above 4 KB.
    """
    item = messages.Posted(int(clock.now().timestamp() * 1000), kind, dict(body))
    send(room, item, key=key)


def send(room: str, item: messages.Message, *, key: str = "") -> None:
    """As `tell`, for any item of a room's order."""
    assert inside_service(), "tell() belongs inside a @service"
    selectors.kind_of(room)
    content = messages.encode(item)
    if len(content) > envelope.MOST_ITEM:
        raise TooLong(f"{room}: {len(content)} bytes")
    row = Telling(
        room=room,
        key=f"{room}:{key or secrets.token_hex(8)}",
        item=content,
        expires_at=clock.now() + LIFETIME,
        next_try_at=clock.now(),
    )
    Telling.objects.bulk_create([row], ignore_conflicts=True)


@service
def claim_tellings(now: dt.datetime, limit: int = 100) -> list[Outgoing]:
    """What is due, for this worker alone for 15 s; of a room nothing ahead of an earlier one."""
    if not _ANY():  # asked ten times a second, and nearly always so
        return []
    Telling.objects.filter(expires_at__lte=now).delete()
    earlier = Telling.objects.filter(room=OuterRef("room"), pk__lt=OuterRef("pk"))
    rows = list(
        Telling.objects.select_for_update(skip_locked=True)
        .filter(~Exists(earlier.filter(next_try_at__gt=now)), next_try_at__lte=now)
        .order_by("pk")[:limit]
    )
    Telling.objects.filter(pk__in=[row.pk for row in rows]).update(next_try_at=now + _LEASE)
    return [Outgoing(r.pk, Order(r.room, f"house:{r.key}", bytes(r.item))) for r in rows]


@service
def note_said(telling_id: int) -> None:
    """A gateway has kept it."""
    Telling.objects.filter(pk=telling_id).delete()


@service
def note_unsaid(telling_id: int, now: dt.datetime) -> None:
    """Nobody took it: again later, up to 30 s later."""
    row = Telling.objects.select_for_update().filter(pk=telling_id).first()
    if row is not None:
        row.failures = min(row.failures + 1, 100)
        pause = min(0.5 * 2 ** min(row.failures, 10), 30)
        row.next_try_at = now + dt.timedelta(seconds=pause)
        row.save(update_fields=["failures", "next_try_at"])
