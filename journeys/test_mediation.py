"""A claim that buyer and seller cannot agree on: an officer of the organiser splits the money."""

from collections.abc import Callable

import pytest

from journeys import contract_story as contracts
from journeys import mediation_story as story
from journeys.cast import EDITION, GU, LIN, PASSWORD, SU
from journeys.house import Installation
from journeys.reader import Reader

pytestmark = pytest.mark.journey
PRICE, BACK, REST = "¥128.00", "¥48.01", "¥79.99"


def test_what_is_not_agreed_is_decided_and_the_money_goes_both_ways(
    reader: Callable[..., Reader], house: Installation
) -> None:
    buyer, seller, officer = (
        signed_in(reader, name, email, width)
        for name, email, width in (("su", SU, 390), ("lin", LIN, 1280), ("gu", GU, 1280))
    )
    with buyer.glance():  # other journeys look at these pages
        order = story.buys(buyer, "龙头蜈蚣风筝", PRICE)
        claim = contracts.claims(buyer, order, "100.00", "龙头少了一对角。")
    story.refuses(seller, claim, "出厂时完好。")
    story.asks_for_a_mediator(buyer, claim, "照片已附在订单里。")
    with officer.refused(404):
        officer.go(f"/orders/{order}/")
    story.evidence_ends(house, claim)
    story.decides(officer, EDITION, claim, "48.01", "包装与运输各有责任。")
    for one in (buyer, seller):
        story.sees_the_split(one, claim, BACK, REST, "包装与运输各有责任。")
    with buyer.glance():
        contracts.has_it_back(buyer, order, BACK, "¥0.00")
    contracts.adds_up(house, order)


def signed_in(reader: Callable[..., Reader], name: str, email: str, width: int) -> Reader:
    """One of them."""
    one = reader(f"mediation-{name}", width)
    with one.glance():
        one.sign_in(email, PASSWORD)
    return one
