"""Royalties to the minor unit. Pure: no database.

A channel's base is the sum of its lines, each turned into the licence's currency and rounded half
up; its royalty is base × basis points / 10,000, rounded half up once. What is earned is set against
what is to be recouped (the guarantee, or a credit from a correction); only the rest is due.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from haishi.foundation.money import EXPONENTS, Money
from haishi.licences.errors import ChannelUnknown, RateWrong
from haishi.licences.states import Channel, Period
from haishi.licences.types import Earned, Sale, Settled, Terms, add_months


def worth(sale: Sale, currency: str) -> int:
    """Minor units of `currency` that a line is worth. Raises RateWrong, Invalid (currency)."""
    money = Money(sale.amount_minor, sale.currency)
    try:
        rate = Decimal(sale.rate)
        fine = -int(rate.as_tuple().exponent) <= 8 and rate.is_finite()
    except (InvalidOperation, TypeError, ValueError):
        raise RateWrong from None
    if not fine or not 0 < rate < 10**9 or (sale.currency == currency and rate != 1):
        raise RateWrong
    minor = (money.amount * rate).scaleb(EXPONENTS[currency])
    return int(minor.to_integral_value(rounding=ROUND_HALF_UP))


def earn(
    sales: Iterable[tuple[Sale, int]], rates: Mapping[str, int], currency: str
) -> list[Earned]:
    """Royalty by channel of (line, its worth), in the order of the channels.

    Raises ChannelUnknown for one without a rate.
    """
    units: dict[str, int] = {}
    bases: dict[str, int] = {}
    for sale, minor in sales:
        if sale.channel not in rates:
            raise ChannelUnknown(channel=sale.channel)
        units[sale.channel] = units.get(sale.channel, 0) + sale.units
        bases[sale.channel] = bases.get(sale.channel, 0) + minor
    return [
        Earned(
            channel,
            units[channel],
            bases[channel],
            rates[channel],
            Money(bases[channel], currency).rate(Decimal(rates[channel]) / 10_000).minor,
        )
        for channel in Channel.values
        if channel in bases
    ]


def settle(royalty: int, superseded: int, recoup: int) -> Settled:
    """What a report comes to: its royalty, less that of the report it corrects, less `recoup`."""
    earned = royalty - superseded
    rest = earned - recoup
    return Settled(earned, recoup, max(0, rest), max(0, -rest))


def periods(terms: Terms) -> Iterator[tuple[dt.date, dt.date]]:
    """The [from, to) periods of the term and of the sell-off, the last one cut at its end."""
    last = terms.sold_off_on
    if terms.starts_on is None or last is None:
        return
    step = 1 if terms.period == Period.MONTH else 3
    number = 0
    while (start := add_months(terms.starts_on, number)) < last:
        yield start, min(add_months(terms.starts_on, number + step), last)
        number += step
