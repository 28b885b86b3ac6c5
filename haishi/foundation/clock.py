"""Time is a UTC instant plus the event's named zone. Intervals are half-open."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Invalid


def now() -> dt.datetime:
    """The server's clock, aware, UTC. The only clock that counts."""
    return timezone.now()


def instant(local: dt.datetime, zone: str) -> dt.datetime:
    """The UTC instant of a wall-clock time in `zone`.

    Raises Invalid for a time that the zone skips or has twice (daylight saving), because a guess
    would be an hour wrong for everybody.
    """
    place = ZoneInfo(zone)
    first, second = (local.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        if first.astimezone(dt.UTC).astimezone(place).replace(tzinfo=None) != local:
            raise Invalid(_("这个时刻在当地时区因夏令时并不存在，请换一个时间。"))
        raise Invalid(_("这个时刻在当地时区因夏令时出现两次，请换一个时间。"))
    return first.astimezone(dt.UTC)


def local(moment: dt.datetime, zone: str) -> dt.datetime:
    """`moment` on the wall clock of `zone`."""
    return moment.astimezone(ZoneInfo(zone))


@dataclass(frozen=True, order=True)
class Interval:
    """[start, end): two that touch do not overlap."""

    start: dt.datetime
    end: dt.datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise Invalid(_("结束时间必须晚于开始时间。"))

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two share an instant."""
        return self.start < other.end and other.start < self.end

    @property
    def minutes(self) -> int:
        """Whole minutes from start to end."""
        return int((self.end - self.start).total_seconds() // 60)
