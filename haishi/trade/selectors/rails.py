"""Which ways to pay can carry a deal."""

from collections.abc import Sequence

from django.conf import settings

from haishi.foundation.money import Money
from haishi.trade import policies, rails
from haishi.trade.types import RailAnswer, Share

__all__ = ["rails_for", "usual_fee"]


def rails_for(
    total: Money,
    shares: Sequence[Share],
    seller_id: int,
    hold_days: int,
    fee_points: int | None = None,
) -> list[RailAnswer]:
    """What each way to pay that is switched on says to a plan of sharing `total`.

    `shares` in basis points of what the platform's fee leaves, none: all is the seller's;
    `fee_points` None: the usual fee; `hold_days`: from payment to the last release.
    """
    fee = policies.FEE_POINTS if fee_points is None else fee_points
    others = rails.to_others(shares, seller_id, fee)
    answers = []
    for name, rail in rails.known().items():
        if name in settings.PAYMENT_PROVIDERS:
            reasons = tuple(rails.carries(rail, total, others, hold_days))
            answers.append(RailAnswer(name, str(rail.title), not reasons, reasons))
    return answers


def usual_fee() -> int:
    """The platform's part of an order in basis points, unless it was agreed otherwise."""
    return policies.FEE_POINTS
