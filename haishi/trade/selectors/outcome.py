"""What an edition brought in orders: for the exhibitor's funnel and the organiser's outcome.

An order belongs to an edition when its seller has a booth there and it was placed between the
opening and the closing.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncMinute

from haishi.expo.selectors import Turnover
from haishi.expo.states import ExhibitorState
from haishi.foundation.money import Money
from haishi.live.selectors import during
from haishi.trade.models import Order

__all__ = [
    "orders_by_day",
    "orders_during_live",
    "orders_of_booth",
    "paid_by_day",
    "paid_of_booth",
    "turnover_in_edition",
    "turnover_of_booth",
]
_PAID = ~Q(paid_at=None)


def _of_booth(exhibitor: Any) -> QuerySet[Order]:
    edition = exhibitor.edition
    return Order.objects.filter(
        seller=exhibitor.organisation_id,
        created_at__gte=edition.opens_at,
        created_at__lt=edition.closes_at,
    )


def _of_edition(edition: Any) -> QuerySet[Order]:
    return Order.objects.filter(
        seller__exhibitors__edition=edition,
        seller__exhibitors__state=ExhibitorState.APPROVED,
        created_at__gte=edition.opens_at,
        created_at__lt=edition.closes_at,
    )


def orders_of_booth(exhibitor: Any) -> int:
    """Orders placed at a booth's firm during the edition."""
    return _of_booth(exhibitor).count()


def paid_of_booth(exhibitor: Any) -> int:
    """Those of them that were paid."""
    return _of_booth(exhibitor).filter(_PAID).count()


def turnover_of_booth(exhibitor: Any) -> list[Money]:
    """What buyers paid, by currency."""
    rows = _of_booth(exhibitor).filter(_PAID).order_by("currency").values_list("currency")
    return [Money(total, currency) for currency, total in rows.annotate(n=Sum("total_minor"))]


def _by_day(edition: Any, field: str, rows: QuerySet[Order]) -> Counter[dt.date]:
    days = rows.annotate(on=TruncDate(field, tzinfo=ZoneInfo(edition.time_zone))).values_list("on")
    return Counter(dict(days.annotate(n=Count("pk", distinct=True)).order_by()))


def orders_by_day(edition: Any) -> Counter[dt.date]:
    """Orders placed at the edition's firms, by the day on its wall clock."""
    return _by_day(edition, "created_at", _of_edition(edition))


def paid_by_day(edition: Any) -> Counter[dt.date]:
    """Those of them that were paid, by the day of the payment."""
    return _by_day(edition, "paid_at", _of_edition(edition).filter(_PAID))


def turnover_in_edition(edition: Any) -> dict[int, Turnover]:
    """{exhibitor id: orders placed, and what was paid} of those that have orders. One query."""
    rows = _of_edition(edition).order_by().values_list("seller__exhibitors__pk", "currency")
    paid = Sum("total_minor", filter=_PAID)
    found: dict[int, Turnover] = {}
    for pk, currency, count, total in rows.annotate(n=Count("pk"), paid=paid):
        known = found.setdefault(pk, Turnover(0, []))
        known.orders += count
        if total:
            known.paid.append(Money(total, currency))
    return found


def orders_during_live(session: Any) -> Mapping[dt.datetime, int]:
    """{whole minute: orders placed at the firm of a live session while it was on air}."""
    span = during(session)
    if span is None or session.exhibitor is None:
        return {}
    rows = Order.objects.filter(
        seller=session.exhibitor.organisation_id, created_at__gte=span[0], created_at__lt=span[1]
    )
    minutes = rows.order_by().annotate(minute=TruncMinute("created_at", tzinfo=dt.UTC))
    return dict(minutes.values_list("minute").annotate(n=Count("pk")))
