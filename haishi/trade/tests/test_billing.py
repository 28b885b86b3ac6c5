"""Orders agreed outside the shop: shared among many, kept by the ledger like all others."""

import datetime as dt

import pytest

from haishi.foundation import clock, scarcity
from haishi.foundation.models import Hold, Outbox
from haishi.foundation.once import KeyReused
from haishi.parties.tests.factories import OrganisationFactory
from haishi.trade import selectors, services
from haishi.trade.errors import NothingOrdered, SharesWrong
from haishi.trade.models import Order
from haishi.trade.states import Side
from haishi.trade.tests.factories import pay
from haishi.trade.types import AccountName, Agreed, Bill, Share

pytestmark = pytest.mark.django_db
FIVE = (4_000, 2_000, 2_000, 1_000, 1_000)


def due(buyer, firm, price=100_001, **fields) -> Bill:
    line = Agreed(name="第一阶段：样品", price_minor=price, hold_id=fields.pop("hold_id", None))
    return Bill(
        buyer_id=buyer.pk,
        seller_id=firm.pk,
        kind="service",
        currency="CNY",
        lines=(line,),
        pay_by=clock.now() + dt.timedelta(days=3),
        origin="agreed:4",
        **fields,
    )


def earned(firm) -> int:
    return selectors.balance(AccountName(f"seller:{firm.pk}", "CNY", Side.CREDIT)).minor


def settle(row, buyer, seller) -> None:
    pay(row)
    services.ship(seller, row.pk)
    services.receive(buyer, row.pk)
    assert services.settle_due(clock.now() + dt.timedelta(days=30)) == 1


def test_five_parties_share_what_an_order_releases_to_the_fen(firm, lin, stranger):
    firms = [firm, *(OrganisationFactory() for _n in range(4))]
    shares = tuple(Share(each.pk, points) for each, points in zip(firms, FIVE, strict=True))
    row = services.bill(stranger, due(stranger, firm, shares=shares, fee_points=0), key="a")
    settle(row, stranger, lin)
    # 1,000.01: the fen that cannot be shared goes to the seller, who is named for it.
    assert [earned(each) for each in firms] == [40_001, 20_000, 20_000, 10_000, 10_000]
    assert selectors.held(row).minor == 0
    assert selectors.trial_balance().balanced


def test_the_platform_takes_its_part_before_the_firms_share_the_rest(firm, lin, stranger):
    other = OrganisationFactory()
    shares = (Share(firm.pk, 6_000), Share(other.pk, 4_000))
    row = services.bill(stranger, due(stranger, firm, 10_000, shares=shares), key="a")
    settle(row, stranger, lin)
    assert (earned(firm), earned(other)) == (5_820, 3_880)
    assert selectors.balance(AccountName("fees", "CNY", Side.CREDIT)).minor == 300


def test_without_parts_all_is_the_sellers(firm, lin, stranger):
    row = services.bill(stranger, due(stranger, firm, 10_000, fee_points=0), key="a")
    settle(row, stranger, lin)
    assert earned(firm) == 10_000


def test_what_comes_of_it_names_where_it_was_agreed(firm, lin, stranger):
    row = services.bill(stranger, due(stranger, firm), key="a")
    settle(row, stranger, lin)
    rows = Outbox.objects.filter(label__startswith="trade.Order").order_by("pk")
    told = [(each.label, each.payload["origin"]) for each in rows]
    assert told == [
        (f"trade.Order{what}", "agreed:4")
        for what in ("Placed", "Paid", "Shipped", "Received", "Completed")
    ]


def test_the_same_key_bills_once_and_another_bill_under_it_is_refused(firm, stranger):
    first = due(stranger, firm)
    row = services.bill(stranger, first, key="a")
    assert services.bill(stranger, first, key="a") == row
    with pytest.raises(KeyReused):
        services.bill(stranger, due(stranger, firm, 1), key="a")
    assert Order.objects.count() == 1


@pytest.mark.parametrize("points", [(10_000, 1), (5_000, 4_999), (10_001, -1), (9_999,)])
def test_parts_that_are_not_a_whole_are_refused(firm, stranger, points):
    shares = tuple(Share(OrganisationFactory().pk, each) for each in points)
    with pytest.raises(SharesWrong):
        services.bill(stranger, due(stranger, firm, shares=shares), key="a")
    assert Order.objects.count() == 0


def test_a_firm_cannot_be_named_twice_and_nothing_costs_something(firm, stranger):
    twice = (Share(firm.pk, 5_000), Share(firm.pk, 5_000))
    with pytest.raises(SharesWrong):
        services.bill(stranger, due(stranger, firm, shares=twice), key="a")
    with pytest.raises(NothingOrdered):
        services.bill(stranger, due(stranger, firm, 0), key="a")
    assert Order.objects.count() == 0


def held_unit() -> int:
    pool = scarcity.open_pool("launch:1", 1)
    return scarcity.reserve(pool.pk, "person:1", "claim:1", ttl=dt.timedelta(days=4)).hold_id


def test_a_unit_that_came_along_is_final_when_paid(firm, stranger):
    unit = held_unit()
    pay(services.bill(stranger, due(stranger, firm, hold_id=unit), key="a"))
    assert Hold.objects.get(pk=unit).state == "confirmed"


def test_a_unit_that_came_along_is_free_again_when_the_order_ends(firm, stranger):
    unit = held_unit()
    row = services.bill(stranger, due(stranger, firm, hold_id=unit), key="a")
    services.cancel(stranger, row.pk)
    assert Hold.objects.get(pk=unit).state == "released"
