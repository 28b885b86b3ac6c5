"""Goods, approvals, reports and statements of a licence the caller may see."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from haishi.foundation.errors import NotFound
from haishi.foundation.money import Money, split
from haishi.licences import policies, royalties
from haishi.licences.models import Approval, Good, Licence, Report, SalesLine, Statement
from haishi.licences.states import ApprovalState, Stage
from haishi.parties import selectors as parties
from haishi.trade import selectors as trade

__all__ = [
    "PeriodRow",
    "approval_facts",
    "approved_goods",
    "get_statement",
    "goods_of",
    "lines_of",
    "next_stage",
    "order_number",
    "periods_of",
    "report_due",
    "split_of",
    "statement_facts",
    "statements_of",
]


def approved_goods(licence: Licence) -> set[int]:
    """Ids of goods whose production stage was approved."""
    rows = Approval.objects.filter(
        good__licence=licence, stage=Stage.PRODUCTION, state=ApprovalState.APPROVED
    )
    return set(rows.values_list("good_id", flat=True))


def goods_of(licence: Licence) -> list[Good]:
    """Goods with their approvals, oldest first, in two queries; each with `next_stage`."""
    rows = licence.goods.prefetch_related(
        Prefetch("approvals", Approval.objects.order_by("pk"), to_attr="rounds")
    )
    goods: list[Any] = list(rows.order_by("pk"))
    for good in goods:
        good.next_stage = next_stage(licence, good.rounds)
    return goods


def next_stage(licence: Licence, rounds: list[Approval]) -> str:
    """The stage that may be handed in now; "" while one waits and when all passed."""
    if any(each.state == ApprovalState.SUBMITTED for each in rounds):
        return ""
    passed = {each.stage for each in rounds if each.state == ApprovalState.APPROVED}
    return next((stage for stage in licence.stages if stage not in passed), "")


def approval_facts(approval_id: int) -> Approval | None:
    """For the platform's own messages."""
    return Approval.objects.select_related("good__licence").filter(pk=approval_id).first()


def statement_facts(statement_id: int) -> Statement | None:
    """For the platform's own messages."""
    return Statement.objects.select_related("licence").filter(pk=statement_id).first()


def statements_of(licence: Licence) -> list[Statement]:
    """Newest first, with their reports."""
    return list(licence.statements.select_related("report").order_by("-number"))


def get_statement(licence: Licence, number: int) -> Statement:
    """One of a licence. Raises NotFound."""
    rows = licence.statements.select_related("report__author")
    if found := rows.filter(number=number).first():
        return found
    raise NotFound


def lines_of(statement: Statement) -> list[SalesLine]:
    """The sales behind a statement, each with its `worth` in the statement's currency."""
    rows = SalesLine.objects.filter(report=statement.report_id).select_related("good")
    lines: list[Any] = list(rows.order_by("pk"))
    for line in lines:
        line.worth = Money(line.worth_minor, statement.currency)
    return lines


@dataclass(frozen=True)
class PeriodRow:
    """A period of a licence; `report` is its newest, `closed` once it may be reported."""

    starts_on: dt.date
    ends_on: dt.date
    report: Report | None
    closed: bool

    @property
    def last_day(self) -> dt.date:
        """The last day of it, for people."""
        return self.ends_on - dt.timedelta(days=1)


def periods_of(licence: Licence) -> list[PeriodRow]:
    """Periods that have begun, in order. One query."""
    newest = {row.starts_on: row for row in licence.reports.order_by("revision")}
    today = policies.today()
    return [
        PeriodRow(start, end, newest.get(start), end <= today)
        for start, end in royalties.periods(licence.terms)
        if start <= today
    ]


def report_due(licence: Licence) -> dt.date | None:
    """When the first period without a report has to be reported; None after the last."""
    known = set(licence.reports.values_list("starts_on", flat=True))
    for start, end in royalties.periods(licence.terms):
        if start not in known:
            return end + policies.REPORT_WITHIN
    return None


def order_number(order_id: int | None) -> str:
    """The number of an order of trade, for a link; "" when there is none."""
    return trade.number_of(order_id) if order_id else ""


def split_of(licence: Licence, due: Money) -> list[tuple[Any, Money]]:
    """[(rights holder, part)] of an amount before the platform's share, exact to the minor unit."""
    rows = licence.shares or [[licence.licensor_id, 10_000]]
    firms = parties.organisations().in_bulk([firm for firm, _points in rows])
    own = next((n for n, (firm, _p) in enumerate(rows) if firm == licence.licensor_id), 0)
    parts = split(due.minor, [points for _firm, points in rows], own)
    return [
        (firms[firm], Money(part, due.currency))
        for (firm, _points), part in zip(rows, parts, strict=True)
    ]
