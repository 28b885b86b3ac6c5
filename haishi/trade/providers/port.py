"""What trade asks of a payment provider, whoever it is."""

from collections.abc import Mapping
from typing import Protocol

from haishi.foundation.money import Money
from haishi.trade.types import Charge, Created, News


class Provider(Protocol):
    """One way to pay. Every call may go over the network, so none belongs inside a transaction.

    All four may be repeated: `reference` and `number` are ours, and the provider knows them again.
    """

    name: str
    merchant: str

    def create(self, charge: Charge) -> Created:
        """Ask for money. Raises ProviderFailed."""
        ...

    def verify(self, headers: Mapping[str, str], body: bytes) -> News:
        """What a callback says. Raises CallbackRefused unless it is the provider's, fresh, ours."""
        ...

    def query(self, reference: str) -> list[News]:
        """All that happened to a payment, asked by us. Raises ProviderFailed."""
        ...

    def refund(self, reference: str, number: str, amount: Money) -> News | None:
        """Send money back; the news when it has arrived, None while it travels.

        Raises ProviderFailed.
        """
        ...
