"""What gateways must know: written with the change, told by the worker, forgotten in time."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Q, QuerySet

from haishi.foundation import clock
from haishi.foundation.prepared import Given, prepared_by
from haishi.foundation.service import inside_service, service
from haishi.rooms.models import GatewaySetting

_SHARE = """
INSERT INTO rooms_gatewaysetting AS s (key, value, changes, told, forget_at)
VALUES (%(key)s, %(value)s, 1, 0, %(forget_at)s)
ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, changes = s.changes + 1,
  forget_at = EXCLUDED.forget_at
WHERE (s.value, s.forget_at) IS DISTINCT FROM (EXCLUDED.value, EXCLUDED.forget_at)
"""


@dataclass(frozen=True)
class Untold:
    """A setting to be told. `forget`: its time is over."""

    key: str
    value: str
    changes: int
    forget: bool = False


def share(key: str, value: bytes, forget_at: dt.datetime | None = None) -> None:
    """Let gateways know `value` (JSON) under `key`; the same value again changes nothing."""
    assert inside_service(), "share() belongs inside a @service"
    row = {"key": key, "value": value.decode(), "forget_at": forget_at}
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, row)


@prepared_by
def _untold(limit: int) -> QuerySet[GatewaySetting]:
    rows = GatewaySetting.objects.filter(~Q(told=F("changes")) | Q(forget_at__lte=Given("now")))
    return rows.order_by("pk")[:limit]


def untold(limit: int = 100) -> list[Untold]:
    """Settings that gateways do not know yet, and those to be forgotten."""
    now = clock.now()
    return [
        Untold(row.key, row.value, row.changes, forget=bool(row.forget_at and row.forget_at <= now))
        for row in _untold(limit)(now=now)
    ]


@service
def note_told(setting: Untold) -> None:
    """Gateways know it; a change in between is told again."""
    rows = GatewaySetting.objects.filter(key=setting.key, changes=setting.changes)
    if setting.forget:
        rows.delete()
    else:
        rows.update(told=setting.changes)


@service
def tell_all_again() -> int:
    """The broker has forgotten: everything is told once more. Returns how many settings."""
    return GatewaySetting.objects.filter(told=F("changes")).update(told=0)
