"""Joined addresses are those that Django's reverse() gives."""

import pytest
from django.urls import NoReverseMatch, reverse

from haishi.foundation.addresses import address


@pytest.mark.parametrize(
    ("route", "args"),
    [
        ("portal:home", ()),
        ("portal:hall", ("haizhou-2026", "film")),
        ("portal:booth", ("haizhou-2026", 42)),
        ("catalogue:product", ("swallow-kite",)),
        ("expo:session", ("haizhou-2026", "A-07")),
    ],
)
def test_joined_addresses_are_those_of_reverse(route, args):
    assert address(route, *args) == address(route, *args) == reverse(route, args=args)


def test_unknown_routes_and_wrong_numbers_of_arguments_are_refused():
    with pytest.raises(NoReverseMatch):
        address("portal:nowhere")
    with pytest.raises(NoReverseMatch):
        address("portal:hall", "haizhou-2026")
