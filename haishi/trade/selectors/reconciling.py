"""Our books by day and number, and what was reconciled."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.trade import policies
from haishi.trade.models import Difference, Payment, Payout, Reconciliation, Refund
from haishi.trade.states import DifferenceState, PaymentState, PayoutState, RefundState, RowKind
from haishi.trade.types import Booked

__all__ = [
    "booked_as",
    "booked_on",
    "differences_of",
    "get_reconciliation",
    "open_differences",
    "reconciliations",
    "unreconciled",
]
UNDECIDED = (DifferenceState.OPEN, DifferenceState.PROPOSED)
Key = tuple[str, str]


def _day(day: dt.date, zone: str) -> tuple[dt.datetime, dt.datetime]:
    start = dt.datetime.combine(day, dt.time(), ZoneInfo(zone))
    return start, dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))


def booked_on(provider: str, day: dt.date, zone: str) -> dict[Key, Booked]:
    """{(row kind, number): what we booked} on a day of `zone` with a provider."""
    start, end = _day(day, zone)
    return {
        **_payments(Payment.objects.filter(provider=provider, paid_at__gte=start, paid_at__lt=end)),
        **_refunds(
            Refund.objects.filter(payment__provider=provider, done_at__gte=start, done_at__lt=end)
        ),
        **_payouts(
            Payout.objects.filter(payment__provider=provider, done_at__gte=start, done_at__lt=end)
        ),
    }


def booked_as(provider: str, keys: Iterable[Key]) -> dict[Key, Booked]:
    """{(row kind, number): what we know} of these numbers, on whatever day, done or not."""
    named: dict[str, list[str]] = {}
    for kind, number in keys:
        named.setdefault(kind, []).append(number)
    payments = Payment.objects.filter(
        provider=provider, reference__in=named.get(RowKind.PAYMENT, [])
    )
    refunds = Refund.objects.filter(
        payment__provider=provider, number__in=named.get(RowKind.REFUND, [])
    )
    payouts = Payout.objects.filter(
        payment__provider=provider, number__in=named.get(RowKind.PAYOUT, [])
    )
    return {**_payments(payments), **_refunds(refunds), **_payouts(payouts)}


def _payments(rows: QuerySet[Payment]) -> dict[Key, Booked]:
    return {
        (RowKind.PAYMENT.value, row.reference): Booked(
            row.amount, row.state == PaymentState.SUCCEEDED
        )
        for row in rows
    }


def _refunds(rows: QuerySet[Refund]) -> dict[Key, Booked]:
    return {
        (RowKind.REFUND.value, row.number): Booked(row.amount, row.state == RefundState.DONE)
        for row in rows.select_related("payment")
    }


def _payouts(rows: QuerySet[Payout]) -> dict[Key, Booked]:
    return {
        (RowKind.PAYOUT.value, row.number): Booked(row.amount, row.state == PayoutState.DONE)
        for row in rows.select_related("payment")
    }


def reconciliations(actor: Actor) -> QuerySet[Reconciliation]:
    """What was compared, newest day first, with `undecided` differences. Raises Forbidden."""
    if not policies.can_run_money(actor):
        raise Forbidden
    rows = Reconciliation.objects.select_related("made_by").annotate(
        found=Count("differences"),
        undecided=Count("differences", filter=Q(differences__state__in=UNDECIDED)),
    )
    return rows.order_by("-day", "-pk")


def get_reconciliation(actor: Actor, pk: int) -> Reconciliation:
    """One, for operators. Raises Forbidden, NotFound."""
    if found := reconciliations(actor).filter(pk=pk).first():
        return found
    raise NotFound


def differences_of(reconciliation: Reconciliation) -> QuerySet[Difference]:
    """All its differences, undecided first."""
    rows = reconciliation.differences.select_related("proposed_by", "decided_by")
    return rows.order_by("ended_at", "pk")


def open_differences(before: dt.datetime | None = None) -> int:
    """How many wait for people; with `before`, of those found earlier than that."""
    rows = Difference.objects.filter(state__in=UNDECIDED)
    return rows.filter(created_at__lt=before).count() if before else rows.count()


def unreconciled(names: Iterable[str], day: dt.date, zone: str) -> list[str]:
    """Providers of `names` with money moved on `day` and no statement compared for it."""
    done = set(Reconciliation.objects.filter(day=day).values_list("provider", flat=True))
    return [name for name in names if name not in done and booked_on(name, day, zone)]
