"""Values that cross the border of trade."""

from dataclasses import dataclass

from haishi.foundation.money import Money


@dataclass(frozen=True)
class AccountName:
    """An account by what it is for; it is opened when first posted to.

    `side`: 1 grows by debits, -1 by credits. `floor` in minor units: the kept balance never falls
    below it; None keeps no balance.
    """

    code: str
    currency: str
    side: int
    floor: int | None = None


@dataclass(frozen=True)
class Line:
    """One posting: positive `amount` debits the account, negative credits it (minor units)."""

    account: AccountName
    amount: int


@dataclass(frozen=True)
class Posted:
    """What `post` answers. `repeated`: the key had been posted before, nothing changed."""

    entry_id: int
    repeated: bool


@dataclass(frozen=True)
class TrialBalance:
    """Sums over the whole ledger. `difference`: {currency: debits − credits}, all zero when well.

    `wrong_accounts`: codes whose kept balance is not the sum of their postings.
    """

    entries: int
    postings: int
    difference: dict[str, int]
    wrong_accounts: tuple[str, ...]

    @property
    def balanced(self) -> bool:
        """Whether everything sums to zero and every kept balance is right."""
        return not any(self.difference.values()) and not self.wrong_accounts


@dataclass(frozen=True)
class StatementLine:
    """A posting of one account with its entry."""

    entry_id: int
    kind: str
    subject: str
    memo: str
    amount: Money
