"""Points by the published weights. Pure arithmetic: the same numbers give the same order."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from haishi.sourcing.states import RECKONED, Criterion

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Bid:
    """What counts of an offer. `total` in the request's minor units; None: not every line."""

    key: int
    total: int | None
    lead_days: int
    marks: Mapping[str, int]


@dataclass(frozen=True)
class Score:
    """Points by criterion, each 0 to 100, their weighted sum, and the place among all (from 1).

    Equal sums share a place. `whole` says whether every criterion could be judged.
    """

    points: dict[str, Decimal]
    total: Decimal
    place: int
    whole: bool


def _round(value: Decimal) -> Decimal:
    return value.quantize(TENTH, rounding=ROUND_HALF_UP)


def _share(best: int, own: int) -> Decimal:
    return _round(Decimal(100) * max(best, 1) / max(own, 1))


def scores(weights: Mapping[str, int], bids: list[Bid]) -> dict[int, Score]:
    """{key: score}. Price: 100 × lowest complete total / own; 0 for an offer that lacks a line.
    Lead time: 100 × shortest / own. The rest: the buyer's marks, 0 until given.
    """
    totals = [bid.total for bid in bids if bid.total is not None]
    quickest = min((bid.lead_days for bid in bids), default=0)
    points: dict[int, dict[str, Decimal]] = {}
    for bid in bids:
        found: dict[str, Decimal] = {}
        for name in weights:
            if name == Criterion.PRICE:
                found[name] = Decimal(0) if bid.total is None else _share(min(totals), bid.total)
            elif name == Criterion.LEAD:
                found[name] = _share(quickest, bid.lead_days)
            else:
                found[name] = Decimal(bid.marks.get(name, 0))
        points[bid.key] = found
    sums = {key: _sum(weights, found) for key, found in points.items()}
    judged = [name for name in weights if name not in RECKONED]
    return {
        bid.key: Score(
            points=points[bid.key],
            total=sums[bid.key],
            place=1 + sum(other > sums[bid.key] for other in sums.values()),
            whole=all(name in bid.marks for name in judged),
        )
        for bid in bids
    }


def _sum(weights: Mapping[str, int], points: Mapping[str, Decimal]) -> Decimal:
    return _round(
        sum((points[name] * weight for name, weight in weights.items()), Decimal(0)) / 100
    )
