"""The launch hall: what is live, what comes, the calendar by day and hour, the ranking."""

import datetime as dt
from collections import Counter, defaultdict
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
    launch), `page` or `hour` of that day (else the page of the present), `hall`, `channel` (slugs).
    Unknown values count as not asked.

    A channel is that of the firm's admitted products, never that of a product still secret.
    """
    now, zone = clock.now(), ZoneInfo(settings.TIME_ZONE)
    halls, channels = _halls(wish), _channels(wish)
    rows = _filtered(halls, channels)
    hourly = rows.order_by().annotate(hour=TruncHour("unveil_at", tzinfo=zone))
    counts = dict(hourly.values_list("hour").annotate(n=Count("pk")).order_by("hour"))
    dates = sorted({hour.date() for hour in counts})
    chosen = _chosen(dates, wish.get("day", ""), now.astimezone(zone).date())
    pages = _page(chosen, counts, wish, now.astimezone(zone))
    parts = _parts(rows, now, dt.datetime.combine(chosen, dt.time(), zone), pages)
    cards = {card.pk: card for card in shown({row.pk: row for p in parts for row in p}.values())}
    live, coming, on_day, ranked, past = ([cards[row.pk] for row in part] for part in parts)
    days = [_day(date, chosen, counts, wish) for date in dates]
    return HallPage(
        live=live,
        following=next(iter(coming), None),
        days=days,
        grid=_grid(days, counts),
        chosen=_by_part(on_day, zone, now),
        pages=pages,
        ranking=list(zip(ranked, (row.points for row in parts[3]), strict=True)),
        past=past,
        halls=halls,
        channels=channels,
        filtered=any(option.current for option in (*halls, *channels)),
        total=sum(counts.values()),
    )


def _page(
    day: dt.date, counts: Mapping[dt.datetime, int], wish: Mapping[str, str], now: dt.datetime
) -> Page[int]:
    """The page of the day that is asked for: by number, by hour, else that of the present."""
    on_day = {hour.hour: number for hour, number in counts.items() if hour.date() == day}
    pager: Paginator[int] = Paginator(range(sum(on_day.values())), PER_PAGE)
    number, hour = wish.get("page", ""), wish.get("hour", "")
    if number.isdecimal() and len(number) < 4:
        return pager.get_page(number)
    since = int(hour) if hour.isdecimal() and len(hour) < 3 else 0
    if not hour and day == now.date():
        since = now.hour
    before = sum(count for each, count in on_day.items() if each < since)
    return pager.get_page(before // PER_PAGE + 1)


def _parts(
    rows: QuerySet[Launch], now: dt.datetime, first: dt.datetime, page: Page[int]
) -> list[list[Launch]]:
    """Live, next, a page of the day that begins at `first`, the most awaited, the latest ended."""
    begins = max(page.start_index() - 1, 0)
    on_day = Q(unveil_at__gte=first, unveil_at__lt=first + dt.timedelta(days=1))
    live = Q(state=LaunchState.LIVE) | Q(state=LaunchState.ANNOUNCED, unveil_at__lte=now)
    soon = rows.filter(state=LaunchState.ANNOUNCED, unveil_at__gt=now)
    over = rows.filter(state=LaunchState.CLOSED)
    return [
        list(rows.filter(live).order_by("-unveil_at", "pk")[:LIVE]),
        list(soon.order_by("unveil_at", "pk")[:1]),
        list(rows.filter(on_day).order_by("unveil_at", "pk")[begins : begins + PER_PAGE]),
        list(soon.filter(points__gt=0).order_by("-points", "unveil_at", "pk")[:RANKED]),
        list(over.order_by("-closed_at", "pk")[:PAST]),
    ]


def _by_part(rows: Iterable[Shown], zone: ZoneInfo, now: dt.datetime) -> list[DayPart]:
    """Parts of the day that have launches; the line of the present stands in one at most."""
    found: dict[int, list[tuple[str, Shown]]] = defaultdict(list)
    hours: set[int] = set()
    for row in rows:
        assert row.unveil_at is not None
        hour = row.unveil_at.astimezone(zone).hour
        part = max(first for first, _label in PARTS if first <= hour)
        found[part].append(("" if hour in hours else f"h{hour}", row))
        hours.add(hour)
    return _with_now([(label, found[first]) for first, label in PARTS if first in found], now)


def _with_now(parts: list[tuple[Any, list[tuple[str, Shown]]]], now: dt.datetime) -> list[DayPart]:
    """The line goes before the first launch to come, when something on the page is over."""
    made: list[DayPart] = []
    passed = False
    for label, rows in parts:
        over = [pair for pair in rows if pair[1].unveil_at and pair[1].unveil_at <= now]
        ahead = [pair for pair in rows if pair not in over]
        passed = passed or bool(over)
        here = passed and bool(ahead) and not any(part.now for part in made)
        made.append(DayPart(label, over, ahead, here))
    return made


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
