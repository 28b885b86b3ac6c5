"""What a deal needs before it begins, and short ways through it."""

from typing import Any

from haishi.catalogue.tests.factories import ListedFactory, PriceTierFactory
from haishi.parties.tests.factories import PersonFactory
from haishi.trade import services
from haishi.trade.models import Address, Order, Payment, Refund
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
    "order",
    "pay",
    "product",
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
