"""Sourcing: a sealed request, three bidders, the award; then the contract until the last fen.

At the width of a phone the story ends with the award; at 1280 px it goes on to two milestones that
five firms share by 40/20/20/10/10, the second after a part of it was claimed back.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from journeys import contract_story as contracts
from journeys import sourcing_story as story
from journeys.cast import BIDDERS, LIN, PARTNERS, PASSWORD
from journeys.house import Installation
from journeys.reader import Reader

pytestmark = pytest.mark.journey
HE, LU, WEN = BIDDERS
# ¥4,850.00 in 30 and 70 %, the platform's 3 % first; of what is left 40/20/20/10/10. The fen that
# cannot be shared goes to the first with the largest remainder.
FIRST = {
    "潍坊风筝厂": "¥564.54",
    "青岛礼品社": "¥282.27",
    "烟台工坊": "¥282.27",
    "蓬莱影业": "¥141.14",
    "东昌木版年画社": "¥141.13",
    "平台服务费": "¥43.65",
}
# ¥3,395.00 less the ¥395.00 that went back.
SECOND = {
    "潍坊风筝厂": "¥1,164.00",
    "青岛礼品社": "¥582.00",
    "烟台工坊": "¥582.00",
    "蓬莱影业": "¥291.00",
    "东昌木版年画社": "¥291.00",
    "平台服务费": "¥90.00",
}


def test_three_firms_quote_under_seal_and_the_best_wins_on_a_phone(
    reader: Callable[..., Reader], house: Installation
) -> None:
    title = "城市礼物采购"
    buyer, one, two, three = people(reader, 390)
    until_the_award(house, buyer, (one, two, three), title)
    story.hears_the_result(two, title)


def test_from_the_sealed_request_to_a_contract_that_five_firms_have_earned_by(
    reader: Callable[..., Reader], house: Installation, tmp_path: Path
) -> None:
    title = "城市礼物采购（第二批）"
    buyer, one, two, three = people(reader, 1280)
    until_the_award(house, buyer, (one, two, three), title)
    contract = story.shares_with_four(one, title)
    partners = [signed_in(reader, 1280, f"partner-{n}", email) for n, email in enumerate(PARTNERS)]
    all_sign(contract, buyer, one, two, three, *partners)
    first = the_first_milestone(contract, buyer, one)
    second = the_second_milestone(contract, buyer, one)
    buyer.go(contract)
    buyer.sees("已履行")
    contracts.holds_before_others(buyer, contract, 6, tmp_path)
    for order in (first, second):
        contracts.adds_up(house, order)


def people(reader: Callable[..., Reader], width: int) -> tuple[Reader, ...]:
    """The buyer, then the three who quote, all logged in."""
    named = (("buyer", LIN), ("he", HE), ("lu", LU), ("wen", WEN))
    return tuple(signed_in(reader, width, name, email) for name, email in named)


def signed_in(reader: Callable[..., Reader], width: int, name: str, email: str) -> Reader:
    """One of them."""
    one = reader(f"sourcing-{name}", width)
    one.sign_in(email, PASSWORD)
    return one


def until_the_award(
    house: Installation, buyer: Reader, bidders: tuple[Reader, Reader, Reader], title: str
) -> None:
    """Asked, quoted under seal, opened at the deadline, decided."""
    one, two, three = bidders
    slug = story.publishes(buyer, title)
    story.quotes(one, title, "38", "12", "20")
    story.changes_its_mind(one, slug, "36.5")
    story.quotes(two, title, "40", "11", "30")
    story.quotes(three, title, "45", "15", "45")
    story.cannot_look_yet(buyer, slug)
    story.reach_the_deadline(house, slug)
    story.is_late(three, slug)
    story.compares_and_awards(buyer, slug)


def all_sign(contract: str, buyer: Reader, *suppliers: Reader) -> None:
    """Six firms agree and sign, each by its own owner."""
    firms = ("潍坊风筝厂", "青岛礼品社", "烟台工坊", "蓬莱影业", "东昌木版年画社")
    theirs = list(zip(suppliers, firms, strict=True))
    contracts.agrees(buyer, contract, "青崖风筝坊")
    for each, firm in theirs:
        with each.glance():
            contracts.agrees(each, contract, firm)
    first = suppliers[0]
    contracts.opens_the_signing(first, contract)
    contracts.signs(first, contract, firms[0], "¥4,850.00")
    for each, firm in (*theirs[1:], (buyer, "青崖风筝坊")):
        with each.glance():
            contracts.signs(each, contract, firm, "¥4,850.00")
    buyer.go(contract)
    buyer.sees("履行中", "签约预付", "¥1,455.00", "交付并验收", "¥3,395.00")


def the_first_milestone(contract: str, buyer: Reader, supplier: Reader) -> str:
    """Paid, handed over, accepted, shared. Returns the number of its order."""
    milestone = f"{contract}milestones/1/"
    order = contracts.funds(buyer, milestone, "¥1,455.00")
    contracts.hands_over(supplier, milestone, "封样与生产排期已寄出。")
    contracts.accepts(buyer, milestone, "¥1,455.00", FIRST)
    with supplier.glance():
        supplier.go(milestone)
    contracts.shares_are(supplier, FIRST, "已放款")
    return order


def the_second_milestone(contract: str, buyer: Reader, supplier: Reader) -> str:
    """A part of it is claimed and goes back; the rest is shared. Returns the order's number."""
    milestone = f"{contract}milestones/2/"
    with buyer.glance(), supplier.glance():
        order = contracts.funds(buyer, milestone, "¥3,395.00")
        contracts.hands_over(supplier, milestone, "徽章与礼盒各一百套已送达。")
    claim = contracts.claims(buyer, order, "395.00", "礼盒少了三十二套。")
    contracts.gives_in(supplier, claim, "¥395.00", "¥3,000.00")
    contracts.has_it_back(buyer, order, "¥395.00", "¥3,000.00")
    contracts.accepts(buyer, milestone, "¥3,000.00", SECOND)
    return order
