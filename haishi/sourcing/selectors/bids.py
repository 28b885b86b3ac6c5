"""Quotations side by side: amounts at frozen rates, points by the published weights."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from haishi.foundation.money import EXPONENTS, Money
from haishi.sourcing import policies
from haishi.sourcing.diffs import tiers_text
from haishi.sourcing.errors import NotClosedYet, RateMissing
from haishi.sourcing.models import Mark, Quotation, QuotationVersion, Rate, Rfq, RfqLine
from haishi.sourcing.scores import Bid, Score, scores
from haishi.sourcing.selectors.core import offer_of
from haishi.sourcing.states import RECKONED, QuotationState
from haishi.sourcing.types import Offer
from haishi.sourcing.wording import instant_text, weights_of

__all__ = [
    "Cell",
    "Column",
    "Comparison",
    "LineRow",
    "bids_of",
    "comparison",
    "comparison_sheet",
    "in_base",
    "latest_of",
    "rates_of",
    "scores_of",
]
COUNTED = (QuotationState.SUBMITTED, QuotationState.WON, QuotationState.LOST)


def bids_of(rfq: Rfq) -> list[Quotation]:
    """Quotations that count, in the order of their first version; the caller may read them."""
    rows = Quotation.objects.filter(rfq=rfq, state__in=COUNTED).select_related("bidder")
    return list(rows.order_by("pk"))


def latest_of(bids: Iterable[Quotation]) -> dict[int, QuotationVersion]:
    """{quotation id: its latest version}, in one query."""
    ids = [bid.pk for bid in bids]
    rows = QuotationVersion.objects.filter(quotation__in=ids, number=F("quotation__latest"))
    return {row.quotation_id: row for row in rows}


def rates_of(rfq: Rfq) -> dict[str, Rate]:
    """{currency: frozen rate}."""
    return {row.currency: row for row in Rate.objects.filter(rfq=rfq).order_by("currency")}


def _in_base(money: Money, base: str, rates: Mapping[str, Rate]) -> Money | None:
    if money.currency == base:
        return money
    rate = rates.get(money.currency)
    if rate is None:
        return None
    major = money.amount * rate.rate
    minor = major.scaleb(EXPONENTS[base]).to_integral_value(rounding=ROUND_HALF_UP)
    return Money(int(minor), base)


def in_base(rfq: Rfq, sums: Sequence[Money]) -> Money:
    """The sum in the request's currency, each rounded half up. Raises RateMissing."""
    rates = rates_of(rfq)
    total = Money(0, rfq.currency)
    for money in sums:
        own = _in_base(money, rfq.currency, rates)
        if own is None:
            raise RateMissing(currency=money.currency)
        total = total + own
    return total


@dataclass(frozen=True)
class Column:
    """One bidder of a comparison. `total` is None when the offer lacks a line or a rate."""

    bid: Quotation
    offer: Offer
    version: QuotationVersion
    own_total: Money
    total: Money | None
    covers: bool
    expired: bool
    outdated: bool
    score: Score
    marks: Mapping[str, int]
    points: list[tuple[str, str, Decimal, bool]]
    best: bool

    @property
    def converted(self) -> bool:
        """Whether the amount shown was in another currency."""
        return self.own_total.currency != (self.total or self.own_total).currency


@dataclass(frozen=True)
class Cell:
    """A bidder's answer to one line; `best` is the lowest amount of the line."""

    column: Column
    amount: Money | None
    price: Money | None
    tiers: str
    best: bool


@dataclass(frozen=True)
class LineRow:
    """A line across all bidders."""

    line: RfqLine
    cells: list[Cell]


@dataclass(frozen=True)
class Comparison:
    """Bidders × lines × criteria. `missing` names currencies that have no rate yet."""

    weights: list[tuple[str, str, int]]
    judged: list[tuple[str, str, int]]
    columns: list[Column]
    lines: list[LineRow]
    rates: list[Rate]
    missing: list[str]


def comparison(rfq: Rfq) -> Comparison:
    """Everything side by side. Raises NotClosedYet for a sealed request before its instant."""
    if not policies.is_readable(rfq):
        raise NotClosedYet(closes=instant_text(rfq.closes_at) if rfq.closes_at else "—")
    bids, lines, rates = bids_of(rfq), list(rfq.lines.order_by("number")), rates_of(rfq)
    versions = latest_of(bids)
    offers = {bid.pk: offer_of(versions[bid.pk], rfq) for bid in bids}
    marks = _marks(bids)
    found = scores(rfq.criteria, [_bid(rfq, bid, offers, lines, rates, marks) for bid in bids])
    columns = [
        _column(rfq, bid, offers[bid.pk], versions[bid.pk], lines, rates, marks, found[bid.pk])
        for bid in bids
    ]
    columns.sort(key=lambda column: (column.score.place, column.bid.pk))
    weights = weights_of(rfq.criteria)
    used = {offer.currency for offer in offers.values()} - {rfq.currency}
    return Comparison(
        weights=weights,
        judged=[each for each in weights if each[0] not in RECKONED],
        columns=columns,
        lines=[_line(rfq, line, columns, rates) for line in lines],
        rates=list(rates.values()),
        missing=sorted(used - set(rates)),
    )


def scores_of(rfq: Rfq) -> dict[int, Score]:
    """{quotation id: score} as of now."""
    return {column.bid.pk: column.score for column in comparison(rfq).columns}


def _marks(bids: Sequence[Quotation]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for row in Mark.objects.filter(quotation__in=[bid.pk for bid in bids]):
        found.setdefault(row.quotation_id, {})[row.criterion] = row.points
    return found


def _whole(rfq: Rfq, offer: Offer, lines: Sequence[RfqLine], rates: Mapping[str, Rate]) -> Any:
    quantities = {line.pk: line.quantity for line in lines}
    own = Money(offer.total(quantities), offer.currency)
    covers = offer.covers(quantities)
    return own, _in_base(own, rfq.currency, rates) if covers else None, covers


def _bid(
    rfq: Rfq, bid: Quotation, offers: Mapping[int, Offer], lines: Sequence[RfqLine],
    rates: Mapping[str, Rate], marks: Mapping[int, Mapping[str, int]],
) -> Bid:  # fmt: skip
    offer = offers[bid.pk]
    _own, total, _covers = _whole(rfq, offer, lines, rates)
    return Bid(bid.pk, total.minor if total else None, offer.lead_days, marks.get(bid.pk, {}))


def _column(
    rfq: Rfq, bid: Quotation, offer: Offer, version: QuotationVersion, lines: Sequence[RfqLine],
    rates: Mapping[str, Rate], marks: Mapping[int, Mapping[str, int]], score: Score,
) -> Column:  # fmt: skip
    own, total, covers = _whole(rfq, offer, lines, rates)
    mine = marks.get(bid.pk, {})
    return Column(
        bid=bid,
        offer=offer,
        version=version,
        own_total=own,
        total=total,
        covers=covers,
        expired=offer.valid_until < timezone.localdate(),
        outdated=version.revision < rfq.revision,
        score=score,
        marks=mine,
        points=[
            (key, label, score.points[key], key in RECKONED or key in mine)
            for key, label, _weight in weights_of(rfq.criteria)
        ],
        best=score.place == 1,
    )


def _line(rfq: Rfq, line: RfqLine, columns: Sequence[Column], rates: Mapping[str, Rate]) -> LineRow:
    amounts = []
    for column in columns:
        minor = column.offer.amount(line.pk, line.quantity)
        own = None if minor is None else Money(minor, column.offer.currency)
        amounts.append(_in_base(own, rfq.currency, rates) if own else None)
    least = min((amount.minor for amount in amounts if amount), default=None)
    cells = []
    for column, amount in zip(columns, amounts, strict=True):
        offered = column.offer.line(line.pk)
        price = offered.price_for(line.quantity) if offered else None
        cells.append(
            Cell(
                column=column,
                amount=amount,
                price=None if price is None else Money(price, column.offer.currency),
                tiers=tiers_text(offered.tiers, column.offer.currency) if offered else "",
                best=amount is not None and amount.minor == least,
            )
        )
    return LineRow(line, cells)


def comparison_sheet(rfq: Rfq) -> tuple[list[str], list[list[Any]]]:
    """(header, lines) of the comparison; amounts in major units. Raises NotClosedYet."""
    page = comparison(rfq)
    header = [_("单位"), _("名次"), _("总分"), _("货币"), _("总价"), _("折算总价"), _("交期（天）")]
    header += [row.line.name for row in page.lines]
    lines = []
    for n, column in enumerate(page.columns):
        cells = [row.cells[n].amount for row in page.lines]
        lines.append(
            [
                str(column.bid.bidder.title), column.score.place, str(column.score.total),
                column.offer.currency, str(column.own_total.amount),
                str(column.total.amount) if column.total else "", column.offer.lead_days,
                *(str(cell.amount) if cell else "" for cell in cells),
            ]
        )  # fmt: skip
    return header, lines
