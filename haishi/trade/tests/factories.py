"""What a deal needs before it begins, and short ways through it."""

import datetime as dt
from typing import Any

from haishi.catalogue.tests.factories import ListedFactory, PriceTierFactory
from haishi.foundation import clock
from haishi.media.tests.factories import kept_asset
from haishi.parties.tests.factories import MembershipFactory, PersonFactory
from haishi.trade import selectors, services
from haishi.trade.models import Address, Entitlement, Order, Payment, Refund, Review
from haishi.trade.providers import sandbox
from haishi.trade.types import Wanted

# What tests of modules above look at.
__all__ = [
    "Address",
    "Order",
    "Payment",
    "Refund",
    "address",
    "callback",
    "completed",
    "file_order",
    "film",
    "firm_owner",
    "open_link",
    "order",
    "pay",
    "product",
    "review",
    "sandbox",
    "somebody",
    "want",
]


def product(firm: Any, price: int = 12_800, tiers: dict[int, int] | None = None, **fields: Any):
    """A listed product with a price, or with tiers {from: price}."""
    mode = "tiers" if tiers else "fixed"
    lowest = min(tiers.values()) if tiers else price
    row = ListedFactory(organisation=firm, price_mode=mode, price_minor=lowest, **fields)
    for minimum, minor in (tiers or {}).items():
        PriceTierFactory(product=row, minimum=minimum, price_minor=minor)
    return row


def address(person: Any) -> Address:
    """Where the person lives."""
    return Address.objects.create(
        person=person, name="外人", phone="13800000000", region="山东省烟台市", street="海岸路 8 号"
    )


def want(row: Any, quantity: int = 1, price: int | None = None) -> Wanted:
    """A line at the product's own price, unless told otherwise."""
    return Wanted(row.pk, quantity, row.price_minor if price is None else price, row.currency)


_keys = iter(range(10**9))


def order(buyer: Any, *wanted: Wanted) -> Order:
    """An order that waits for its money."""
    home = Address.objects.filter(person=buyer).first() or address(buyer)
    return services.place(buyer, wanted, key=f"test-{next(_keys)}", address_id=home.pk)


def callback(headers: dict[str, str], body: bytes) -> bool:
    """The way a callback comes in."""
    return services.take_callback("sandbox", headers, body)


def pay(row: Order) -> Payment:
    """Paid at the sandbox's cashier, and heard of."""
    payment = services.start(row.buyer, row.pk, "sandbox")
    sandbox.pay(payment.reference)
    sandbox.deliver_due(callback)
    row.refresh_from_db()
    payment.refresh_from_db()
    return payment


def somebody() -> Any:
    """Another buyer."""
    return PersonFactory()


def completed(firm: Any, buyer: Any, **fields: Any) -> Order:
    """Ordered, paid, sent, received and settled."""
    row = order(buyer, want(product(firm, **fields)))
    pay(row)
    services.ship(firm_owner(firm), row.pk)
    services.receive(buyer, row.pk)
    services.settle_due(clock.now() + dt.timedelta(days=8))
    row.refresh_from_db()
    return row


def firm_owner(firm: Any) -> Any:
    """Somebody who may answer for the firm's money."""
    known = firm.memberships.filter(role="owner").first()
    return known.person if known else MembershipFactory(organisation=firm, role="owner").person


def review(firm: Any, buyer: Any, rating: int = 4, text: str = "做工很细，值得等。") -> Review:
    """A buyer's word."""
    line = completed(firm, buyer).lines.get()
    return services.write_review(buyer, line.pk, rating, text)


def film(firm: Any, *names: str, **fields: Any) -> Any:
    """A digital product with a sealed file for each of `names`."""
    row = product(firm, kind="file", **{"name": "纹样库", **fields})
    files = [
        kept_asset(
            firm, "document", {"document.pdf": name.encode()}, purpose="sealed", private=True,
            main="document.pdf",
        )
        for name in names or ("纹样",)
    ]  # fmt: skip
    services.set_deliverables(firm_owner(firm), row.pk, [file.pk for file in files])
    return row


def file_order(firm: Any, buyer: Any, row: Any = None) -> Entitlement:
    """Files that were paid, not opened yet."""
    made = order(buyer, want(row or film(firm)))
    pay(made)
    services.grant(made.pk)
    return Entitlement.objects.get(line__order=made)


def open_link(row: Entitlement) -> str:
    """A fresh link of the buyer to the first file."""
    services.open_files(row.person, row.pk)
    return selectors.parcel(row.person, row.pk).files[0].link
