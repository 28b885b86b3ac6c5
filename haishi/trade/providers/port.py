"""What trade asks of a payment provider, whoever it is."""

from collections.abc import Mapping
from typing import Protocol

from haishi.foundation.money import Money
from haishi.trade.types import Charge, Created, Known, News, Outcome, Transfer


class Provider(Protocol):
    """One way to pay. Every call may go over the network, so none belongs inside a transaction.

    All may be repeated: `reference` and `number` are ours, and the provider knows them again.
    `heard` is what it wants to read when its callback was believed: (content type, body).
    `needs_payee`: the seller must have an account with the provider before anybody can pay.
    `knows_receivers`: an account must be made known (`admit`) before it can get a part.
    """

    name: str
    heard: tuple[str, str]
    needs_payee: bool
    knows_receivers: bool

    @property
    def merchant(self) -> str:
        """Our own number at the provider; also where the platform's fee goes."""
        ...

    def create(self, charge: Charge) -> Created:
        """Ask for money. Raises ProviderFailed."""
        ...

    def verify(self, headers: Mapping[str, str], body: bytes) -> News | None:
        """What a callback says; None when it is genuine and tells nothing that we act on.

        Raises CallbackRefused unless it is the provider's, fresh and ours.
        """
        ...

    def query(self, known: Known) -> list[News]:
        """All that happened to a payment, asked by us. Raises ProviderFailed."""
        ...

    def refund(self, known: Known, number: str, amount: Money) -> News | None:
        """Send money back; the news when it has arrived, None while it travels.

        Raises ProviderFailed.
        """
        ...

    def admit(self, number: str, account: str, holder: str) -> Outcome:
        """Make an account known as a receiver of parts; twice is once. `number` is ours.

        Asked only of providers that know receivers. Raises ProviderFailed.
        """
        ...

    def transfer(self, known: Known, wish: Transfer) -> Outcome:
        """Hand a part of a settled payment to whom it belongs. Raises ProviderFailed."""
        ...
