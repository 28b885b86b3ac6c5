"""The funnel of a booth: view → card → enquiry → answered; higher modules add later stages.

Counts come from what happened (tallies, cards, enquiries), never from estimates.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haishi.expo.models import CardGrant, Enquiry, Exhibitor, Tally
from haishi.foundation import clock
from haishi.foundation.money import Money

__all__ = [
    "ExhibitOutcome",
    "Funnel",
    "Shown",
    "Step",
    "exhibit_outcomes",
    "exhibit_sheet",
    "funnel_of_booth",
    "funnel_steps",
    "register_sales",
    "register_shown",
    "register_stage",
]
DAYS = 14
Counter = Callable[[Exhibitor], int]


@dataclass(frozen=True)
class Stage:
    """A step of the funnel."""

    key: str
    label: Any
    count: Counter


def _views(exhibitor: Exhibitor) -> int:
    rows = Tally.objects.filter(subject=f"exhibitor:{exhibitor.pk}", kind="view")
    return int(rows.aggregate(n=Sum("count"))["n"] or 0)


STAGES: list[Stage] = [
    Stage("view", _("浏览"), _views),
    Stage("card", _("收到名片"), lambda e: CardGrant.objects.filter(exhibitor=e).count()),
    Stage("enquiry", _("收到询价"), lambda e: Enquiry.objects.filter(exhibitor=e).count()),
    Stage(
        "answered",
        _("已回复"),
        lambda e: Enquiry.objects.filter(exhibitor=e).exclude(answered_at=None).count(),
    ),
]


def register_stage(key: str, label: Any, count: Counter) -> None:
    """Add a later stage (meeting, intent, signed, delivered). Twice is once."""
    if all(stage.key != key for stage in STAGES):
        STAGES.append(Stage(key, label, count))


_SALES: dict[str, Callable[[Exhibitor], list[Money]]] = {}


def register_sales(key: str, source: Callable[[Exhibitor], list[Money]]) -> None:
    """Let a higher module say what a booth was paid, by currency. One query."""
    _SALES[key] = source


@dataclass(frozen=True)
class Step:
    """A stage with its count, the share of the stage before and the bar's length in per cent."""

    label: Any
    count: int
    share: int | None
    width: int


@dataclass(frozen=True)
class Day:
    """Views of one day; `x` and `height` place its bar in a 280 × 80 drawing."""

    date: dt.date
    views: int
    x: int
    height: int


@dataclass(frozen=True)
class Funnel:
    """The funnel of a booth, its last days, and the median of the booths of its hall."""

    steps: list[Step]
    days: list[Day]
    hall_median: int | None
    paid: list[Money]


def funnel_of_booth(exhibitor: Exhibitor) -> Funnel:
    """Everything the funnel page shows."""
    counts = [(stage.label, stage.count(exhibitor)) for stage in STAGES]
    paid = [money for source in _SALES.values() for money in source(exhibitor)]
    return Funnel(funnel_steps(counts), _days(exhibitor), _hall_median(exhibitor), paid)


def funnel_steps(counts: Sequence[tuple[Any, int]]) -> list[Step]:
    """(label, count) of each stage with shares and bars."""
    top = max(1, *(count for _label, count in counts))
    steps: list[Step] = []
    before = 0
    for label, count in counts:
        share = round(100 * count / before) if before else None
        steps.append(Step(label, count, share, max(1, round(100 * count / top))))
        before = count
    return steps


def _days(exhibitor: Exhibitor) -> list[Day]:
    today = clock.local(clock.now(), exhibitor.edition.time_zone).date()
    rows = Tally.objects.filter(subject=f"exhibitor:{exhibitor.pk}", kind="view")
    known = dict(rows.filter(day__gt=today - dt.timedelta(days=DAYS)).values_list("day", "count"))
    dates = [today - dt.timedelta(days=back) for back in reversed(range(DAYS))]
    most = max([1, *known.values()])
    return [
        Day(date, known.get(date, 0), 20 * n, round(80 * known.get(date, 0) / most))
        for n, date in enumerate(dates)
    ]


def _hall_median(exhibitor: Exhibitor) -> int | None:
    if exhibitor.booth is None:
        return None
    ids = Exhibitor.objects.filter(booth__hall=exhibitor.booth.hall_id).values_list("pk", flat=True)
    subjects = [f"exhibitor:{pk}" for pk in ids]
    rows = Tally.objects.filter(subject__in=subjects, kind="view").values("subject")
    counts = [row["n"] for row in rows.annotate(n=Sum("count"), days=Count("day"))]
    return round(median(counts)) if counts else None


@dataclass(frozen=True)
class Shown:
    """Something at a booth that is seen and asked about: `kind` and `id` as in tallies."""

    kind: str
    id: int
    title: Any
    url: str


@dataclass(frozen=True)
class ExhibitOutcome:
    """What came of one exhibit."""

    shown: Shown
    views: int
    enquiries: int
    answered: int


_shown: list[Callable[[Exhibitor], list[Shown]]] = []


def register_shown(function: Callable[[Exhibitor], list[Shown]]) -> None:
    """Let a higher module name what stands at a booth. Twice is once."""
    if function not in _shown:
        _shown.append(function)


def exhibit_outcomes(exhibitor: Exhibitor) -> list[ExhibitOutcome]:
    """Exhibits, those asked about most first, then those seen most. Two queries of our own."""
    things = [thing for function in _shown for thing in function(exhibitor)]
    subjects = [f"{thing.kind}:{thing.id}" for thing in things]
    seen = Tally.objects.filter(subject__in=subjects, kind="view").values_list("subject")
    views = dict(seen.annotate(n=Sum("count")).order_by())
    rows = Enquiry.objects.filter(exhibitor=exhibitor).values_list("about_kind", "about_id")
    answered = Count("pk", filter=~Q(answered_at=None))
    asked = {
        (kind, pk): (n, done) for kind, pk, n, done in rows.annotate(n=Count("pk"), done=answered)
    }
    found = [
        ExhibitOutcome(thing, views.get(subject, 0), *asked.get((thing.kind, thing.id), (0, 0)))
        for thing, subject in zip(things, subjects, strict=True)
    ]
    return sorted(found, key=lambda one: (-one.enquiries, -one.views, one.shown.id))


def exhibit_sheet(exhibitor: Exhibitor) -> tuple[list[str], list[list[Any]]]:
    """(header, lines) of the same."""
    header = [gettext("展品"), gettext("浏览"), gettext("收到询价"), gettext("已回复")]
    return header, [
        [str(one.shown.title), one.views, one.enquiries, one.answered]
        for one in exhibit_outcomes(exhibitor)
    ]
