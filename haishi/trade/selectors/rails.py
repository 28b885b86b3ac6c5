"""Which ways to pay can carry a deal."""

from collections.abc import Sequence
from fractions import Fraction

from django.conf import settings
from django.utils.translation import gettext as _

from haishi.foundation import clock
from haishi.foundation.money import Money
from haishi.foundation.types import Actor
from haishi.trade import policies, providers, rails
from haishi.trade.models import Order, Payment, PayoutAccount
from haishi.trade.types import RailAnswer, Share

__all__ = [
    "last_way",
    "payee_of",
    "rails_for",
    "usual_fee",
    "ways_known",
    "ways_on",
    "ways_to_pay",
    "why_not_pay",
]


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


def payee_of(organisation_id: int, provider: str) -> str:
    """A firm's account with a provider, "" when it has none."""
    rows = PayoutAccount.objects.filter(organisation=organisation_id, provider=provider)
    return rows.values_list("account", flat=True).first() or ""


def why_not_pay(order: Order, provider: str) -> list[str]:
    """Why an order cannot be paid this way, in the reader's language; empty: it can.

    The sharing was checked before it was signed and is checked again: ceilings change.
    """
    return _why_not(order, provider, _to_others(order), payee_of(order.seller_id, provider))


def _to_others(order: Order) -> Fraction:
    shares = [Share(*row) for row in order.shares.values_list("organisation_id", "points")]
    return rails.to_others(shares, order.seller_id, order.fee_points)


def _why_not(order: Order, provider: str, others: Fraction, payee: str) -> list[str]:
    reasons = rails.carries(rails.known()[provider], order.total, others, 0)
    if lacks := providers.lacks(provider):
        reasons.append(_("本站未安装 %(package)s") % {"package": lacks})
    if providers.get(provider).needs_payee and not payee:
        reasons.append(_("卖家还没有登记这个渠道的收款账户"))
    if provider == "bank" and order.pay_by - clock.now() < policies.BANK_NEEDS:
        reasons.append(_("转账到账需要一个工作日，这张订单的付款时限更短"))
    return reasons


def ways_to_pay(order: Order) -> list[RailAnswer]:
    """Every way that is switched on, with the reasons why one cannot be used for this order."""
    rows = PayoutAccount.objects.filter(organisation=order.seller_id)
    payees = dict(rows.values_list("provider", "account"))
    others, answers = _to_others(order), []
    for name, rail in rails.known().items():
        if name in settings.PAYMENT_PROVIDERS:
            reasons = tuple(_why_not(order, name, others, payees.get(name, "")))
            answers.append(RailAnswer(name, str(rail.title), not reasons, reasons))
    return answers


def ways_known() -> list[tuple[str, str]]:
    """(name, title) of every way to pay there is, switched on or not."""
    return [(name, str(rail.title)) for name, rail in rails.known().items()]


def ways_on() -> list[tuple[str, str]]:
    """(name, title) of those that are switched on."""
    return [(name, title) for name, title in ways_known() if name in settings.PAYMENT_PROVIDERS]


def last_way(actor: Actor) -> str:
    """The way the person paid last, "" before the first time."""
    rows = Payment.objects.filter(order__buyer=actor.pk).order_by("-pk")
    return rows.values_list("provider", flat=True).first() or ""
