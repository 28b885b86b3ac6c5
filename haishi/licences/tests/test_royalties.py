"""Royalties to the fen, beside a plain model over many periods."""

import datetime as dt
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from haishi.licences import royalties
from haishi.licences.errors import ChannelUnknown, RateWrong
from haishi.licences.types import Sale, Settled, Terms, add_months

RATES = {"online": 850, "offline": 333, "wholesale": 1}


def sale(amount: int, channel: str = "online", currency: str = "CNY", rate: str = "1") -> Sale:
    return Sale(1, channel, 1, amount, currency, rate)


def test_a_channels_royalty_is_rounded_half_up_once():
    lines = [sale(100), sale(77), sale(1_999, "offline")]
    found = royalties.earn([(line, line.amount_minor) for line in lines], RATES, "CNY")
    # 177 × 8.5 % = 15.045; 1999 × 3.33 % = 66.5667
    assert [(each.channel, each.base_minor, each.royalty_minor) for each in found] == [
        ("online", 177, 15),
        ("offline", 1_999, 67),
    ]
    half = royalties.earn([(sale(100), 100)], {"online": 50}, "CNY")
    assert half[0].royalty_minor == 1


def test_a_channel_without_a_rate_is_refused():
    with pytest.raises(ChannelUnknown):
        royalties.earn([(sale(1, "digital"), 1)], RATES, "CNY")


@pytest.mark.parametrize(
    ("line", "currency", "minor"),
    [
        (sale(12_345), "CNY", 12_345),
        (sale(10_000, currency="USD", rate="7.12345678"), "CNY", 71_235),
        (sale(1_000, currency="JPY", rate="0.0482"), "CNY", 4_820),
        (sale(50, currency="CNY", rate="20.75"), "JPY", 10),
        (sale(1, currency="USD", rate="0.5"), "CNY", 1),
    ],
)
def test_a_line_is_worth_its_amount_at_its_rate_to_the_minor_unit(line, currency, minor):
    assert royalties.worth(line, currency) == minor


@pytest.mark.parametrize("rate", ["0", "-1", "2", "NaN", "Infinity", "x", "", "1.123456789"])
def test_a_rate_that_is_none_or_not_one_in_the_same_currency_is_refused(rate):
    with pytest.raises(RateWrong):
        royalties.worth(sale(100, rate=rate), "CNY")


def test_the_guarantee_is_recouped_first_and_a_correction_is_credited():
    first = royalties.settle(60, 0, 100)
    second = royalties.settle(70, 0, first.after)
    lower = royalties.settle(10, 70, second.after)
    third = royalties.settle(90, 0, lower.after)
    assert (first, second, lower, third) == (
        Settled(60, 100, 0, 40),
        Settled(70, 40, 30, 0),
        Settled(-60, 0, 0, 60),
        Settled(90, 60, 30, 0),
    )


def half_up(number: Fraction) -> int:
    return int((number + Fraction(1, 2)) // 1)


period = some.tuples(
    some.lists(some.tuples(some.sampled_from([*RATES]), some.integers(0, 10**9)), max_size=8),
    some.booleans(),  # whether it is corrected at once
    some.lists(some.tuples(some.sampled_from([*RATES]), some.integers(0, 10**9)), max_size=8),
)


@given(guarantee=some.integers(0, 10**9), periods=some.lists(period, max_size=24))
def test_what_is_paid_is_the_royalty_above_the_guarantee_whatever_the_order(guarantee, periods):
    recoup, paid, reports, model = guarantee, 0, {}, guarantee
    for number, (lines, corrected, again) in enumerate(periods):
        for content in [lines, again][: 2 if corrected else 1]:
            royalty, plain = _royalty(content), _plain(content)
            assert royalty == plain
            before = reports.get(number, 0)
            settled = royalties.settle(royalty, before, recoup)
            # The model: a balance that falls by what is earned; below nothing it is paid.
            model -= plain - before
            due, model = (-model, 0) if model < 0 else (0, model)
            assert (settled.due, settled.after) == (due, model)
            recoup, paid, reports[number] = settled.after, paid + settled.due, royalty
    assert guarantee + paid - sum(reports.values()) == recoup
    assert recoup >= 0


def _royalty(content) -> int:
    lines = [(sale(amount, channel), amount) for channel, amount in content]
    return sum(each.royalty_minor for each in royalties.earn(lines, RATES, "CNY"))


def _plain(content) -> int:
    total = 0
    for channel, points in RATES.items():
        base = sum(amount for name, amount in content if name == channel)
        total += half_up(Fraction(base * points, 10_000))
    return total


def test_periods_follow_the_day_of_the_first_and_the_last_is_cut_at_the_sell_off():
    terms = Terms(starts_on=dt.date(2026, 1, 31), months=4, sell_off_months=1, period="quarter")
    assert list(royalties.periods(terms)) == [
        (dt.date(2026, 1, 31), dt.date(2026, 4, 30)),
        (dt.date(2026, 4, 30), dt.date(2026, 6, 30)),
    ]
    monthly = Terms(starts_on=dt.date(2026, 1, 31), months=2, sell_off_months=0, period="month")
    assert list(royalties.periods(monthly)) == [
        (dt.date(2026, 1, 31), dt.date(2026, 2, 28)),
        (dt.date(2026, 2, 28), dt.date(2026, 3, 31)),
    ]


@given(
    day=some.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)),
    months=some.integers(1, 120),
    sell_off=some.integers(0, 24),
    each=some.sampled_from(["month", "quarter"]),
)
def test_periods_cover_the_term_without_a_gap(day, months, sell_off, each):
    terms = Terms(starts_on=day, months=months, sell_off_months=sell_off, period=each)
    found = list(royalties.periods(terms))
    assert found[0][0] == day
    assert found[-1][1] == add_months(day, months + sell_off)
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert all(start < end for start, end in found)
