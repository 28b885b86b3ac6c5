"""What came of an edition: registered → entered → cards → enquiries → answered, and of each booth.

Counts come from rows, never from estimates; registrations that were cancelled do not count.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.expo.models import CardGrant, Checkin, Edition, Enquiry, Exhibitor, Registration, Tally
from haishi.expo.selectors.funnel import Step, funnel_steps
from haishi.expo.states import ExhibitorState
from haishi.foundation.money import Money

__all__ = [
    "BoothOutcome",
    "DayOutcome",
    "Outcome",
    "Turnover",
    "booth_outcomes",
    "outcome",
    "outcome_sheet",
    "register_deed",
    "register_turnover",
]


@dataclass
class Turnover:
    """What a booth sold: how many orders were placed, and what was paid in each currency."""

    orders: int
    paid: list[Money]


Daily = Callable[[Edition], "Counter[dt.date]"]
_DEEDS: dict[str, tuple[Any, Daily]] = {}
_TURNOVER: dict[str, Callable[[Edition], dict[int, Turnover]]] = {}


def register_deed(key: str, label: Any, daily: Daily) -> None:
    """Let a higher module count a later deed (ordered, paid, signed) by day. One query."""
    _DEEDS[key] = (label, daily)


def register_turnover(key: str, source: Callable[[Edition], dict[int, Turnover]]) -> None:
    """Let a higher module say what booths sold: {exhibitor id: Turnover}. One query."""
    _TURNOVER[key] = source


@dataclass(frozen=True)
class DayOutcome:
    """A day on the edition's wall clock, and how often each stage happened on it."""

    date: dt.date
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Outcome:
    """The funnel of an edition: people first (`people`), then what they did (`deeds`)."""

    people: list[Step]
    deeds: list[Step]
    labels: list[str]
    days: list[DayOutcome]


def outcome(edition: Edition) -> Outcome:
    """Everything the organiser's page shows; one query a stage."""
    labels = [_("登记人数"), _("入场人数"), _("收到名片"), _("收到询价"), _("已回复")]
    labels += [str(label) for label, _count in _DEEDS.values()]
    daily = _daily(edition) + [count(edition) for _label, count in _DEEDS.values()]
    totals = [sum(counts.values()) for counts in daily]
    # Who entered on two days is one person.
    entered = Checkin.objects.filter(list__edition=edition, registration__cancelled_at=None)
    totals[1] = entered.aggregate(n=Count("registration", distinct=True))["n"]
    named = list(zip(labels, totals, strict=True))
    dates = sorted({date for counts in daily for date in counts})
    return Outcome(
        people=funnel_steps(named[:2]),
        deeds=funnel_steps(named[2:]),
        labels=labels,
        days=[DayOutcome(date, tuple(counts[date] for counts in daily)) for date in dates],
    )


def _daily(edition: Edition) -> list[Counter[dt.date]]:
    zone = ZoneInfo(edition.time_zone)
    enquiries = Enquiry.objects.filter(exhibitor__edition=edition)

    def by_day(rows: QuerySet[Any], field: str, what: str = "pk") -> Counter[dt.date]:
        days = rows.annotate(on=TruncDate(field, tzinfo=zone)).values_list("on")
        return Counter(dict(days.annotate(n=Count(what, distinct=True)).order_by()))

    return [
        by_day(Registration.objects.filter(edition=edition, cancelled_at=None), "registered_at"),
        by_day(
            Checkin.objects.filter(list__edition=edition, registration__cancelled_at=None),
            "at",
            "registration",
        ),
        by_day(CardGrant.objects.filter(exhibitor__edition=edition), "granted_at"),
        by_day(enquiries, "created_at"),
        by_day(enquiries.exclude(answered_at=None), "answered_at"),
    ]


@dataclass(frozen=True)
class BoothOutcome:
    """What came of one booth."""

    exhibitor: Exhibitor
    url: str
    views: int
    cards: int
    enquiries: int
    answered: int
    orders: int = 0
    paid: str = ""


def _turnover(edition: Edition) -> dict[int, Turnover]:
    """{exhibitor id: what all modules above know of its sales}."""
    found: dict[int, Turnover] = {}
    for source in _TURNOVER.values():
        for pk, sold in source(edition).items():
            known = found.setdefault(pk, Turnover(0, []))
            known.orders += sold.orders
            known.paid += sold.paid
    return found


def booth_outcomes(edition: Edition) -> list[BoothOutcome]:
    """All approved booths, those with most enquiries first; four queries at any size, and one of
    each module above.
    """
    firms = Exhibitor.objects.filter(edition=edition, state=ExhibitorState.APPROVED)
    rows = list(firms.select_related("organisation", "booth__hall").order_by("pk"))
    subjects = [f"exhibitor:{row.pk}" for row in rows]
    seen = Tally.objects.filter(subject__in=subjects, kind="view").values_list("subject")
    views = dict(seen.annotate(n=Sum("count")).order_by())
    given = CardGrant.objects.filter(exhibitor__edition=edition).values_list("exhibitor")
    cards = dict(given.annotate(n=Count("pk")).order_by())
    asked = Enquiry.objects.filter(exhibitor__edition=edition).values_list("exhibitor")
    done = Count("pk", filter=~Q(answered_at=None))
    enquiries = {pk: (n, m) for pk, n, m in asked.annotate(n=Count("pk"), m=done).order_by()}
    sold = _turnover(edition)
    pattern = reverse("expo:review", args=[edition.slug, 0])
    found = [
        BoothOutcome(
            row, pattern.replace("/0/", f"/{row.pk}/"), views.get(subject, 0),
            cards.get(row.pk, 0), *enquiries.get(row.pk, (0, 0)), *_sold(sold.get(row.pk)),
        )
        for row, subject in zip(rows, subjects, strict=True)
    ]  # fmt: skip
    return sorted(found, key=lambda b: (-b.enquiries, -b.cards, -b.views, b.exhibitor.pk))


def _sold(turnover: Turnover | None) -> tuple[int, str]:
    if turnover is None:
        return 0, ""
    return turnover.orders, " + ".join(str(money) for money in turnover.paid)


def outcome_sheet(edition: Edition, what: str) -> tuple[list[str], list[list[Any]]]:
    """(header, lines): `what` is "days", or "booths" with all of them."""
    if what == "days":
        shown = outcome(edition)
        header = [_("日期"), *shown.labels]
        return header, [[day.date.isoformat(), *day.counts] for day in shown.days]
    header = [
        _("参展商"), _("展馆"), _("展位号"), _("浏览"), _("收到名片"), _("收到询价"),
        _("已回复"), _("收到订单"), _("成交金额"),
    ]  # fmt: skip
    lines = []
    for row in booth_outcomes(edition):
        booth = row.exhibitor.booth
        place = [str(booth.hall.title), booth.code] if booth else ["", ""]
        numbers = [row.views, row.cards, row.enquiries, row.answered, row.orders, row.paid]
        lines.append([str(row.exhibitor.organisation.title), *place, *numbers])
    return header, lines
