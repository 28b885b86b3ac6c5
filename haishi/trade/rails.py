"""What each way to pay can carry: currencies, amounts, how much may go to others, how long.

A rail holds the buyer's money for the seller and pays parts of it to others when it is told to. How
much and how long is the provider's rule, so a plan is checked before anybody signs it:

- WeChat Pay (电商收付通, rules of 分账): at most 30 % of a payment to others than the seller,
  within 180 days;
- Alipay (互联网平台直付通, rules of 分账): 30 % unless the contract with Alipay says otherwise
  (HAISHI_ALIPAY_SPLIT_PERCENT), frozen for at most 30 days;
- a custody account at a bank: what the custody agreement says, hence no ceiling of its own;
- Stripe (Connect, separate charges and transfers): no ceiling, 90 days;
- the sandbox: what an installation wants to practise (HAISHI_SANDBOX_SPLIT_PERCENT).

The platform's fee goes to somebody else than the seller too: it counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haishi.foundation.money import EXPONENTS, Money
from haishi.trade.types import Share

WHOLE = 10_000


@dataclass(frozen=True)
class Rail:
    """One provider's ceilings. `others`: percent of a payment; `days` None: no limit.

    `least` and `most` are major units of the currency, as the providers state them.
    """

    title: Any
    currencies: tuple[str, ...]
    others: int = 100
    days: int | None = None
    least: Fraction = Fraction(1, 100)
    most: int | None = None


def known() -> Mapping[str, Rail]:
    """{provider name: its rail}, with the ceilings of this installation, in the order offered."""
    every = tuple(EXPONENTS)
    return {
        "alipay": Rail(
            gettext_lazy("支付宝"), ("CNY",), settings.ALIPAY_SPLIT_PERCENT, 30, most=100_000_000
        ),
        "wechat": Rail(gettext_lazy("微信支付"), ("CNY",), 30, 180, most=10_000_000),
        "bank": Rail(gettext_lazy("银行转账"), settings.BANK_CURRENCIES),
        "stripe": Rail(
            gettext_lazy("Stripe 银行卡"), every, 100, 90, least=Fraction(1, 2), most=999_999
        ),
        "sandbox": Rail(gettext_lazy("沙箱（演练）"), every, settings.SANDBOX_SPLIT_PERCENT),
    }


def to_others(shares: Sequence[Share], seller_id: int, fee_points: int) -> Fraction:
    """The part of a payment that goes to anybody but the seller, the platform included."""
    left = Fraction(WHOLE - fee_points, WHOLE)
    mine = sum(share.points for share in shares if share.organisation_id == seller_id)
    return 1 - (Fraction(mine, WHOLE) if shares else 1) * left


def takes(rail: Rail, total: Money) -> list[str]:
    """Why this way to pay cannot collect `total`; empty: it can."""
    if total.currency not in rail.currencies:
        words = {"currencies": ", ".join(rail.currencies), "currency": total.currency}
        return [_("只收 %(currencies)s，不收 %(currency)s") % words]
    least, most = (_minor(limit, total.currency) for limit in (rail.least, rail.most))
    if least and total.minor < least:
        return [_("单笔不少于 %(least)s") % {"least": Money(least, total.currency)}]
    if most and total.minor > most:
        return [_("单笔不超过 %(most)s") % {"most": Money(most, total.currency)}]
    return []


def _minor(limit: Fraction | int | None, currency: str) -> int | None:
    return None if limit is None else int(limit * 10 ** EXPONENTS[currency])


def carries(rail: Rail, total: Money, others: Fraction, hold_days: int) -> list[str]:
    """Why this rail cannot carry a plan, in the reader's language; empty: it can.

    `others` as `to_others` gives it; `hold_days`: from payment to the last release.
    """
    reasons = takes(rail, total)
    if others > Fraction(rail.others, 100):
        reasons.append(
            _("卖家以外各方（含平台服务费）最多分得 %(most)d%%，此方案为 %(planned)s%%")
            % {"most": rail.others, "planned": f"{float(others * 100):.2f}".rstrip("0").rstrip(".")}
        )
    if rail.days is not None and hold_days > rail.days:
        reasons.append(
            _("款项最多托管 %(most)d 天，此方案需要 %(planned)d 天")
            % {"most": rail.days, "planned": hold_days}
        )
    return reasons
