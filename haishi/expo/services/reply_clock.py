"""The reply clock: a reminder at half time, escalation when due, the organiser at twice the time.

Each step takes rows that nobody else holds (SKIP LOCKED), marks them and states the fact; who is
told is decided by subscribers. `now` is given, so that a test needs no sleep.
"""

import datetime as dt
from typing import Any

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, QuerySet, Value

from haishi.expo.events import EnquiryMissed, EnquiryNeglected, EnquiryReminded
from haishi.expo.models import Enquiry
from haishi.expo.states import ENQUIRY, EnquiryState
from haishi.foundation import audit
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM

BATCH = 100


def _hours(minutes_each: int) -> Any:
    """The edition's reply hours as a length of time, `minutes_each` minutes per hour."""
    hours = F("exhibitor__edition__reply_hours")
    return ExpressionWrapper(
        hours * Value(dt.timedelta(minutes=minutes_each)), output_field=DurationField()
    )


HALF_TIME = ExpressionWrapper(F("due_at") - _hours(30), output_field=DateTimeField())
TWICE = ExpressionWrapper(F("due_at") + _hours(60), output_field=DateTimeField())


def _take(rows: QuerySet[Enquiry]) -> list[Enquiry]:
    rows = rows.select_related("exhibitor").order_by("due_at", "pk")
    return list(rows.select_for_update(of=("self",), skip_locked=True, no_key=True)[:BATCH])


@service
def remind_owners(now: dt.datetime) -> int:
    """Remind owners whose half time is over; returns how many."""
    rows = Enquiry.objects.filter(state=EnquiryState.OPEN, reminded_at=None, due_at__gt=now)
    due = _take(rows.alias(half=HALF_TIME).filter(half__lte=now))
    for row in due:
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        publish(EnquiryReminded(row.exhibitor.organisation_id, row.pk))
    return len(due)


@service
def mark_missed(now: dt.datetime) -> int:
    """Mark enquiries that are due as missed; returns how many."""
    due = _take(Enquiry.objects.filter(state=EnquiryState.OPEN, due_at__lte=now))
    for row in due:
        row.state = ENQUIRY.after(row.state, "miss")
        row.escalated_at = now
        row.save(update_fields=["state", "escalated_at"])
        audit.record(SYSTEM, "enquiry.missed", row)
        publish(EnquiryMissed(row.exhibitor.organisation_id, row.pk))
    return len(due)


@service
def report_neglected(now: dt.datetime) -> int:
    """Tell the organiser of those nobody answered in twice the time; returns how many."""
    rows = Enquiry.objects.filter(state=EnquiryState.MISSED, informed_at=None)
    due = _take(rows.alias(twice=TWICE).filter(twice__lte=now))
    for row in due:
        row.informed_at = now
        row.save(update_fields=["informed_at"])
        publish(EnquiryNeglected(row.exhibitor.organisation_id, row.pk))
    return len(due)
