"""Which orders stand behind a number that people know: of a contract, a licence, a payment.

Trade knows its own numbers; modules above register theirs.
"""

from collections.abc import Callable, Sequence

from haishi.foundation.errors import NotFound
from haishi.foundation.models import AuditEntry
from haishi.trade.models import Dispute, Order, Payment, Refund

__all__ = ["billed_from", "orders_behind", "register_deals"]
# Numbers of the orders behind a number, oldest first; None when it is no number of this kind.
Finder = Callable[[str], Sequence[str] | None]
_FINDERS: dict[str, Finder] = {}


def register_deals(kind: str, finder: Finder) -> None:
    """Let a higher module say which orders stand behind its numbers."""
    _FINDERS[kind] = finder


def billed_from(origins: Sequence[str]) -> list[str]:
    """Numbers of all orders that were ever billed from these origins, oldest first."""
    rows = Order.objects.filter(origin__in=origins).order_by("pk")
    return list(rows.values_list("number", flat=True))


def orders_behind(number: str) -> list[str]:
    """Numbers of orders, oldest first; the order's own number is one. Raises NotFound."""
    if AuditEntry.objects.filter(
        action__in=("order.placed", "order.billed"), detail__number=number
    ).exists():
        return [number]
    own = (
        Payment.objects.filter(reference=number).values_list("order__number", flat=True),
        Refund.objects.filter(number=number).values_list("payment__order__number", flat=True),
        Dispute.objects.filter(number=number).values_list("order__number", flat=True),
    )
    for rows in own:
        if found := list(rows):
            return found
    for finder in _FINDERS.values():
        known = finder(number)
        if known is not None:
            return list(known)
    raise NotFound
