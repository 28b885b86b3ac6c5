"""Limits, orders for a firm and bills, for tests of spending."""

import datetime as dt

from haishi.foundation import clock
from haishi.foundation.money import Money
from haishi.parties.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory
from haishi.trade import selectors, services
from haishi.trade.tests.factories import address, product, want
from haishi.trade.types import Agreed, Bill


def kite_in_stock():
    """Something for ¥100 of another firm, three in stock."""
    seller = OrganisationFactory()
    owner = PersonFactory()
    MembershipFactory(person=owner, organisation=seller, role="owner")
    row = product(seller, 10_000, name="沙燕风筝")
    services.set_stock(owner, row.pk, 3)
    return row


def limit(firm, lin, whom, single=None, month=None, currency="CNY"):
    return services.set_limit(lin, firm.pk, whom, currency, single, month)


_keys = iter(range(10**6))


def buy(who, firm, row, quantity=1):
    home = address(who)
    return services.place(
        who,
        [want(row, quantity)],
        key=f"k{next(_keys)}",
        address_id=home.pk,
        firm_id=firm.pk,
    )


def due(buyer, firm, seller, price, **fields) -> Bill:
    return Bill(
        buyer_id=buyer.pk,
        buyer_firm_id=firm.pk,
        seller_id=seller.pk,
        kind="service",
        currency="CNY",
        lines=(Agreed(name="样品", price_minor=price),),
        pay_by=clock.now() + dt.timedelta(days=3),
        origin="agreed:4",
        **fields,
    )


def verdict(who, firm, minor, currency="CNY"):
    found = selectors.spend_verdict(who, firm.pk, Money(minor, currency))
    return found.state, found.reason, found.approvers
