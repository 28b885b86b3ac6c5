"""The launch hall: what is live, what comes, the calendar by day and hour, the ranking."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncHour
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.catalogue import selectors as catalogue
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual
from haishi.launches.models import Launch
from haishi.launches.selectors.shown import announced, shown
from haishi.launches.states import LaunchState
from haishi.launches.types import Cell, Day, DayPart, HallPage, Option, Shown

PER_PAGE, LIVE, RANKED, PAST = 12, 6, 10, 6
FILTERS = ("hall", "channel")
# (first hour, its words) of the parts of a day.
PARTS = ((0, _("上午")), (12, _("下午")), (18, _("晚间")))


def hall_page(wish: Mapping[str, str]) -> HallPage:
    """The hall by what its address asks for: `day` (2026-12-03; else today or the next with a
    launch), `part` (its first hour) or `hour` of that day, else that of the present; `page` of the
    part; `hall`, `channel` (slugs). Unknown values count as not asked.

    A channel is that of the firm's admitted products, never that of a product still secret.
    """
    now, zone = clock.now(), ZoneInfo(settings.TIME_ZONE)
    halls, channels = _halls(wish), _channels(wish)
    rows = _filtered(halls, channels)
    hourly = rows.order_by().annotate(hour=TruncHour("unveil_at", tzinfo=zone))
    counts = dict(hourly.values_list("hour").annotate(n=Count("pk")).order_by("hour"))
    dates = sorted({hour.date() for hour in counts})
    chosen = _chosen(dates, wish.get("day", ""), now.astimezone(zone).date())
    on_day = {hour.hour: number for hour, number in counts.items() if hour.date() == chosen}
    present = now.astimezone(zone) if chosen == now.astimezone(zone).date() else None
    part = _open_part(on_day, wish, present)
    pages = _page({h: n for h, n in on_day.items() if _part_of(h) == part}, wish, present)
    parts = _parts(rows, now, _span(chosen, part, zone), pages)
    cards = {card.pk: card for card in shown({row.pk: row for p in parts for row in p}.values())}
    live, coming, of_part, ranked, past = ([cards[row.pk] for row in part] for part in parts)
    days = [_day(date, chosen, counts, wish) for date in dates]
    return HallPage(
        live=live,
        following=next(iter(coming), None),
        days=days,
        grid=_grid(days, counts),
        chosen=_day_parts(
            on_day,
            part,
            next((d.url for d in days if d.current), ""),
            _with_now(of_part, zone, now),
        ),
        pages=pages,
        ranking=list(zip(ranked, (row.points for row in parts[3]), strict=True)),
        past=past,
        halls=halls,
        channels=channels,
        filtered=any(option.current for option in (*halls, *channels)),
        total=sum(counts.values()),
    )


def _part_of(hour: int) -> int:
    return max(first for first, _label in PARTS if first <= hour)


def _asked(wish: Mapping[str, str], name: str, below: int) -> int | None:
    """A number of the address; None for anything else."""
    text = wish.get(name, "")
    known = text.isascii() and text.isdecimal() and len(text) < 5 and int(text) < below
    return int(text) if known else None


def _open_part(
    on_day: Mapping[int, int], wish: Mapping[str, str], present: dt.datetime | None
) -> int:
    """The part that is asked for, by itself or by an hour; else that of the present or the next."""
    there = sorted({_part_of(hour) for hour in on_day})
    part, hour = _asked(wish, "part", 24), _asked(wish, "hour", 24)
    for each in (part, None if hour is None else _part_of(hour)):
        if each in there and each is not None:
            return each
    since = _part_of(present.hour) if present else 0
    return next((each for each in there if each >= since), there[-1] if there else 0)


def _page(
    of_part: Mapping[int, int], wish: Mapping[str, str], present: dt.datetime | None
) -> Page[int]:
    """The page of the part that is asked for: by number, by hour, else that of the present."""
    pager: Paginator[int] = Paginator(range(sum(of_part.values())), PER_PAGE)
    number, hour = _asked(wish, "page", 10_000), _asked(wish, "hour", 24)
    if number is not None:
        return pager.get_page(number)
    since = hour if hour is not None else present.hour if present else 0
    before = sum(count for each, count in of_part.items() if each < since)
    return pager.get_page(before // PER_PAGE + 1)


def _span(day: dt.date, part: int, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The half-open interval of a part of a day."""
    later = [first for first, _label in PARTS if first > part]
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    ends = dt.datetime.combine(day, dt.time(later[0]), zone) if later else midnight
    return dt.datetime.combine(day, dt.time(part), zone), ends


def _parts(
    rows: QuerySet[Launch],
    now: dt.datetime,
    span: tuple[dt.datetime, dt.datetime],
    page: Page[int],
) -> list[list[Launch]]:
    """Live, next, a page of those unveiled within `span`, the most awaited, the latest ended."""
    begins = max(page.start_index() - 1, 0)
    within = Q(unveil_at__gte=span[0], unveil_at__lt=span[1])
    live = Q(state=LaunchState.LIVE) | Q(state=LaunchState.ANNOUNCED, unveil_at__lte=now)
    soon = rows.filter(state=LaunchState.ANNOUNCED, unveil_at__gt=now)
    over = rows.filter(state=LaunchState.CLOSED)
    return [
        list(rows.filter(live).order_by("-unveil_at", "pk")[:LIVE]),
        list(soon.order_by("unveil_at", "pk")[:1]),
        list(rows.filter(within).order_by("unveil_at", "pk")[begins : begins + PER_PAGE]),
        list(soon.filter(points__gt=0).order_by("-points", "unveil_at", "pk")[:RANKED]),
        list(over.order_by("-closed_at", "pk")[:PAST]),
    ]


_Rows = list[tuple[str, Shown]]


def _with_now(rows: Iterable[Shown], zone: ZoneInfo, now: dt.datetime) -> tuple[_Rows, _Rows, bool]:
    """(over, ahead, whether the line of the present lies between them), each with its anchor."""
    over: _Rows = []
    ahead: _Rows = []
    hours: set[int] = set()
    for row in rows:
        assert row.unveil_at is not None
        hour = row.unveil_at.astimezone(zone).hour
        side = over if row.unveil_at <= now else ahead
        side.append(("" if hour in hours else f"h{hour}", row))
        hours.add(hour)
    return over, ahead, bool(over and ahead)


def _day_parts(
    on_day: Mapping[int, int], part: int, url: str, rows: tuple[_Rows, _Rows, bool]
) -> list[DayPart]:
    """Parts of the day that have launches; only the open one brings `rows`."""
    counts: Counter[int] = Counter()
    for hour, number in on_day.items():
        counts[_part_of(hour)] += number
    closed: tuple[_Rows, _Rows, bool] = ([], [], False)
    return [
        DayPart(
            label, counts[first], first == part, f"{url}&part={first}",
            *(rows if first == part else closed),
        )
        for first, label in PARTS
        if counts[first]
    ]  # fmt: skip


def _day(
    date: dt.date, chosen: dt.date, counts: Mapping[dt.datetime, int], wish: Mapping[str, str]
) -> Day:
    query = {name: wish[name] for name in FILTERS if wish.get(name)} | {"day": date.isoformat()}
    return Day(
        date=date,
        count=sum(number for hour, number in counts.items() if hour.date() == date),
        current=date == chosen,
        url=f"{reverse('launches:hall')}?{urlencode(query)}",
    )


def _grid(days: list[Day], counts: Mapping[dt.datetime, int]) -> list[tuple[int, list[Cell]]]:
    """(hour, its cell of each day) for hours that have a launch on any day."""
    numbers: Counter[tuple[dt.date, int]] = Counter()
    for hour, number in counts.items():
        numbers[hour.date(), hour.hour] += number
    return [
        (
            hour,
            [
                Cell(numbers[day.date, hour], f"{day.url}&hour={hour}#h{hour}", day.date)
                for day in days
            ],
        )
        for hour in sorted({hour for _date, hour in numbers})
    ]


def _chosen(days: list[dt.date], wish: str, today: dt.date) -> dt.date:
    for date in days:
        if date.isoformat() == wish:
            return date
    return next((date for date in days if date >= today), days[-1] if days else today)


def _filtered(halls: list[Option], channels: list[Option]) -> QuerySet[Launch]:
    rows = announced()
    for option in halls:
        if option.current:
            rows = rows.filter(exhibitor__booth__hall__slug=option.value)
    for option in channels:
        if option.current:
            admitted = catalogue.listed(catalogue.Filters(brand=option.value))
            mine = admitted.filter(organisation=OuterRef("exhibitor__organisation"))
            rows = rows.filter(Exists(mine))
    return rows


def _halls(wish: Mapping[str, str]) -> list[Option]:
    hall = "exhibitor__booth__hall__"
    rows = announced().exclude(exhibitor__booth=None).order_by(f"{hall}order", f"{hall}pk")
    names: Any = rows.values_list(f"{hall}slug", f"{hall}name", f"{hall}name_en").distinct()
    found = dict.fromkeys(names)
    return [Option(slug, Bilingual(zh, en), slug == wish.get("hall")) for slug, zh, en in found]


def _channels(wish: Mapping[str, str]) -> list[Option]:
    rows = catalogue.brands()
    return [Option(row.slug, row.title, row.slug == wish.get("channel")) for row in rows]
