"""Money is integer minor units plus a currency; a split is exact.

Largest remainder (Hare quota): each share gets the floor of its part, the minor units left over go
to the largest fractional remainders; ties go to the named remainder receiver, then to list order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Invalid

# ISO 4217 exponents of the currencies the platform accepts.
EXPONENTS = {"CNY": 2, "USD": 2, "EUR": 2, "HKD": 2, "GBP": 2, "SGD": 2, "JPY": 0, "KRW": 0}
SYMBOLS = {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$", "GBP": "£", "SGD": "S$"}


@dataclass(frozen=True)
class Money:
    """`minor` units (fen, cents) of `currency`."""

    minor: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise Invalid(_("不支持的货币：%(currency)s"), currency=self.currency)

    @classmethod
    def parse(cls, text: str, currency: str = "CNY") -> "Money":
        """`"1,234.50"` → 123450 fen. Raises Invalid for anything finer than a minor unit."""
        try:
            amount = Decimal(text.strip().replace(",", "").replace("，", ""))
            minor = amount.scaleb(EXPONENTS[currency])
            if not amount.is_finite() or abs(minor) >= 10**18 or minor != minor.to_integral_value():
                raise InvalidOperation
        except (InvalidOperation, KeyError):
            raise Invalid(_("请填写有效的金额，例如 1280.50。")) from None
        return cls(int(minor), currency)

    @property
    def amount(self) -> Decimal:
        """In major units, exact."""
        return Decimal(self.minor).scaleb(-EXPONENTS[self.currency])

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def times(self, quantity: int) -> "Money":
        """`quantity` of this."""
        return Money(self.minor * quantity, self.currency)

    def rate(self, share: Decimal) -> "Money":
        """This × share, rounded half up to a minor unit."""
        minor = (Decimal(self.minor) * share).to_integral_value(rounding=ROUND_HALF_UP)
        return Money(int(minor), self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise Invalid(_("两种货币不能直接相加减。"))
        return other.minor

    def __str__(self) -> str:
        places = EXPONENTS[self.currency]
        symbol = SYMBOLS.get(self.currency, f"{self.currency} ")
        sign = "−" if self.minor < 0 else ""
        return f"{sign}{symbol}{abs(self.amount):,.{places}f}"


def split(total: int, weights: Sequence[int], remainder_to: int = 0) -> list[int]:
    """`total` minor units shared by non-negative integer `weights`; sums to `total` exactly.

    Minor units that cannot be shared go by largest remainder; on a tie `remainder_to` (an index)
    comes first, then list order. Raises Invalid when no weight is positive or one is negative.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0 or not 0 <= remainder_to < len(weights):
        raise Invalid(_("分账比例无效。"))
    sign, size = (-1, -total) if total < 0 else (1, total)
    shares = [size * weight // whole for weight in weights]
    order = sorted(
        range(len(weights)),
        key=lambda i: (-(size * weights[i] % whole), i != remainder_to, i),
    )
    for i in order[: size - sum(shares)]:
        shares[i] += 1
    return [sign * share for share in shares]
