"""Hearts: gateways count them, the house keeps a number for each minute."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from haishi.foundation import clock
from haishi.foundation.errors import NotFound
from haishi.foundation.service import service
from haishi.rooms import selectors
from haishi.rooms.models import NAME_LENGTH, Heart
from wire import broker

# What a gateway with a wrong clock says of another day is not believed.
FUTURE = dt.timedelta(minutes=2)
MOST = 1_000_000_000
_KEEP = """
INSERT INTO rooms_heart (room, minute, source, count) VALUES (%s, %s, %s, %s)
ON CONFLICT (room, minute, source) DO UPDATE SET count = greatest(rooms_heart.count, excluded.count)
"""


@service
def keep_hearts(found: Iterable[broker.Hearts]) -> int:
    """Keep what gateways counted and tell the rooms' modules; returns for how many rooms.

    Repeating is safe: the largest number of a minute and a gateway holds.
    """
    touched: dict[str, set[dt.datetime]] = {}
    for each in sorted(found, key=lambda each: (each.room, each.minute, each.source)):
        at = dt.datetime.fromtimestamp(each.minute * 60, dt.UTC)
        if not _is_known(each.room) or at > clock.now() + FUTURE or not 0 < each.count < MOST:
            continue
        _keep(each, at)
        touched.setdefault(each.room, set()).add(at)
    for room, minutes in touched.items():
        selectors.kind_of(room).hearts(room, _counted(room, minutes))
    return len(touched)


def _is_known(room: str) -> bool:
    try:
        selectors.kind_of(room)
    except NotFound:
        return False
    return True


def _keep(each: broker.Hearts, at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [each.room[:NAME_LENGTH], at, each.source[:80], each.count])


def _counted(room: str, minutes: set[dt.datetime]) -> dict[dt.datetime, int]:
    rows = Heart.objects.filter(room=room, minute__in=minutes).order_by()
    return dict(rows.values_list("minute").annotate(whole=Sum("count")))


@service
def sweep_hearts(now: dt.datetime) -> int:
    """Forget single gateways' numbers after as long as lines are kept; returns how many."""
    oldest = now - dt.timedelta(days=settings.ROOM_DAYS)
    return Heart.objects.filter(minute__lt=oldest).delete()[0]
