"""Times and amounts in the reader's words."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from haishi.foundation import bilingual, clock
from haishi.foundation.money import Money


def money(minor: int | None, currency: str = "CNY") -> str:
    """Symbol, grouping and the right number of places; "" for None."""
    return "" if minor is None else str(Money(minor, currency))


def clock_time(moment: dt.datetime | None, zone: str = "") -> str:
    """`19:30` on the wall clock of `zone` (default: of the installation)."""
    return "" if moment is None else _there(moment, zone).strftime("%H:%M")


def day(moment: dt.datetime | None, zone: str = "") -> str:
    """`11 月 23 日` / `23 Nov` in `zone`, with the year when it is not this one."""
    if moment is None:
        return ""
    there = _there(moment, zone)
    if bilingual.speaks_english():
        text = f"{there.day} {there:%b}"
        return text if there.year == clock.now().year else f"{text} {there.year}"
    text = f"{there.month} 月 {there.day} 日"
    return text if there.year == clock.now().year else f"{there.year} 年 {text}"


def day_and_time(moment: dt.datetime | None, zone: str = "") -> str:
    """Day and time together."""
    return "" if moment is None else f"{day(moment, zone)} {clock_time(moment, zone)}"


def span(first: dt.datetime | None, last: dt.datetime | None, zone: str = "") -> str:
    """`11 月 23 日 19:30–20:15`; the day of the end only when it is another one."""
    if first is None or last is None:
        return day_and_time(first or last, zone)
    same = _there(first, zone).date() == _there(last, zone).date()
    end = clock_time(last, zone) if same else day_and_time(last, zone)
    return f"{day_and_time(first, zone)}{'–' if same else ' – '}{end}"


def ago(moment: dt.datetime | None) -> str:
    """How long ago, or how long until, in words."""
    if moment is None:
        return ""
    seconds = int((clock.now() - moment).total_seconds())
    size, past = abs(seconds), seconds >= 0
    if size < 60:
        return _("刚刚") if past else _("马上")
    units = ((86_400, _("%d 天")), (3_600, _("%d 小时")), (60, _("%d 分钟")))
    length, words = next(unit for unit in units if size >= unit[0])
    return (_("%s前") if past else _("%s后")) % (words % (size // length))


def _there(moment: dt.datetime, zone: str) -> dt.datetime:
    return clock.local(moment, zone) if zone else timezone.localtime(moment)
