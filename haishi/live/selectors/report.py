"""The report of a session: viewers and what they did, minute by minute."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from haishi.expo.selectors import Step, funnel_steps
from haishi.foundation import clock
from haishi.live.models import LiveSession, MinuteFigure, Moment, Question
from haishi.live.selectors.contributed import by_minute
from haishi.live.selectors.things import counted, outcome_kinds
from haishi.rooms import selectors as rooms

__all__ = ["Report", "ReportMinute", "report_of", "report_sheet"]
# Longer broadcasts are shown by the hour's minutes; the sheet has all.
MOST_MINUTES = 24 * 60


@dataclass(frozen=True)
class ReportMinute:
    """One minute: most viewers at once, seconds watched by all, chat lines, likes, deeds by key."""

    at: dt.datetime
    viewers: int
    watch_seconds: int
    lines: int
    likes: int
    deeds: tuple[int, ...]


@dataclass(frozen=True)
class Report:
    """`labels`: of the deeds, in the order of their counts; `funnel`: viewers, then deeds."""

    session: Any
    minutes: list[ReportMinute]
    labels: list[str]
    totals: list[int]
    funnel: list[Step]
    seconds: int
    peak: int
    watch_seconds: int
    lines: int
    likes: int
    questions: int
    curve: list[tuple[int, int]]
    likes_curve: list[tuple[int, int]]
    marks: list[tuple[dt.datetime, str]]

    @property
    def rows(self) -> list[tuple[ReportMinute, list[tuple[str, int]]]]:
        """Every minute with its deeds by name, for a table that names each cell."""
        return [(row, list(zip(self.labels, row.deeds, strict=True))) for row in self.minutes]

    @property
    def most_viewers(self) -> int:
        """The top of the viewers' curve."""
        return max((row.viewers for row in self.minutes), default=0)

    @property
    def most_likes(self) -> int:
        """The top of the likes' curve."""
        return max((row.likes for row in self.minutes), default=0)

    @property
    def average_seconds(self) -> int:
        """Watched by each of the most viewers at once: a lower bound of what one watched."""
        return self.watch_seconds // self.peak if self.peak else 0


def report_of(session: LiveSession) -> Report:
    """Five queries and one for each registered outcome."""
    kinds = outcome_kinds()
    counts = counted(session)
    stored = {row.minute: row for row in MinuteFigure.objects.filter(session=session)}
    said = by_minute(rooms.said(session.room), session, "at")
    moments = sorted({*stored, *said, *(minute for each in counts.values() for minute in each)})
    minutes = [
        ReportMinute(
            at=at,
            viewers=stored[at].viewers if at in stored else 0,
            watch_seconds=stored[at].watch_seconds if at in stored else 0,
            lines=said.get(at, 0),
            likes=stored[at].likes if at in stored else 0,
            deeds=tuple(counts[kind.key].get(at, 0) for kind in kinds),
        )
        for at in moments[-MOST_MINUTES:]
    ]
    totals = [sum(counts[kind.key].values()) for kind in kinds]
    labels = [str(kind.label) for kind in kinds]
    peak = session.peak_viewers
    return Report(
        session=session,
        minutes=minutes,
        labels=labels,
        totals=totals,
        funnel=funnel_steps([(_("观众峰值"), peak), *zip(labels, totals, strict=True)]),
        seconds=_length(session),
        peak=peak,
        watch_seconds=session.watch_seconds,
        lines=sum(said.values()),
        likes=sum(row.likes for row in stored.values()),
        questions=Question.objects.filter(session=session).count(),
        curve=_curve(minutes, [row.viewers for row in minutes]),
        likes_curve=_curve(minutes, [row.likes for row in minutes]),
        marks=_marks(session),
    )


def _length(session: LiveSession) -> int:
    if session.opened_at is None:
        return 0
    return int(((session.ended_at or clock.now()) - session.opened_at).total_seconds())


def _curve(minutes: list[ReportMinute], figures: list[int]) -> list[tuple[int, int]]:
    """Points of a line in a box of 600 × 120, its own highest at 0; none where all are 0."""
    if not any(figures):
        return []
    first, last = minutes[0].at, minutes[-1].at
    span = max(60.0, (last - first).total_seconds())
    top = max(figures)
    return [
        (round(600 * (row.at - first).total_seconds() / span), 120 - round(120 * figure / top))
        for row, figure in zip(minutes, figures, strict=True)
    ]


def _marks(session: LiveSession) -> list[tuple[dt.datetime, str]]:
    """What the curve may be explained by: pins, polls, lotteries, chapters."""
    words = {
        "pin": lambda c: _("讲解：%(name)s") % {"name": c["thing"]["title"]},
        "poll": lambda c: _("投票：%(name)s") % {"name": c["question"]},
        "lottery": lambda c: _("抽奖：%(name)s") % {"name": c["prize"]},
        "chapter": lambda c: _("章节：%(name)s") % {"name": c["title"]},
        "station": lambda c: _("到站：%(name)s") % {"name": c["name"]},
    }
    rows = Moment.objects.filter(session=session, kind__in=[*words]).order_by("at")[:200]
    return [(row.at, words[row.kind](row.content)) for row in rows]


def report_sheet(session: LiveSession) -> tuple[list[str], list[list[Any]]]:
    """(header, rows) by minute, times on the edition's wall clock."""
    report = report_of(session)
    zone = session.edition.time_zone
    header = [_("分钟"), _("观看人数"), _("观看秒数"), _("弹幕"), _("点赞"), *report.labels]
    rows = [
        [
            clock.local(row.at, zone).strftime("%Y-%m-%d %H:%M"),
            row.viewers,
            row.watch_seconds,
            row.lines,
            row.likes,
            *row.deeds,
        ]
        for row in report.minutes
    ]
    return header, rows
