"""What runs out soon: answers, guarantees, bills, reports. Each is told once."""

import datetime as dt

from haishi.foundation import clock
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.licences import policies
from haishi.licences.events import LicenceReminder
from haishi.licences.models import Licence, Statement
from haishi.licences.states import REPORTING, StatementState


@service
def remind_unpaid(now: dt.datetime | None = None, limit: int = 50) -> int:
    """Remind of bills that run out within days, once each; returns of how many."""
    now = now or clock.now()
    rows = Statement.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state=StatementState.BILLED,
        reminded_at=None,
        pay_by__lte=now + policies.REMIND_BEFORE,
        pay_by__gt=now,
    )
    found = list(rows.select_related("licence").order_by("pay_by")[:limit])
    for row in found:
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        _remind(row.licence, "payment", row.pay_by)
    return len(found)


def _remind(licence: Licence, what: str, due: dt.datetime | None) -> None:
    publish(
        LicenceReminder(
            organisation_id=licence.licensee_id,
            licence_id=licence.pk,
            what=what,
            due=due.isoformat() if due else "",
        )
    )


@service
def remind_waiting(now: dt.datetime | None = None, limit: int = 50) -> int:
    """Remind of talks and guarantees that run out within days, once each; returns of how many."""
    now = now or clock.now()
    rows = Licence.objects.select_for_update(of=("self",), skip_locked=True).filter(
        reminded=False,
        waits_until__gt=now,
        waits_until__lte=now + policies.REMIND_BEFORE,
    )
    found = list(rows.order_by("waits_until")[:limit])
    for row in found:
        row.reminded = True
        row.save(update_fields=["reminded"])
        _remind(row, "answer", row.waits_until)
    return len(found)


@service
def remind_reports(now: dt.datetime | None = None, limit: int = 50) -> int:
    """Remind of reports that are due within a week, and once more when late; returns how many."""
    day = clock.local(now or clock.now(), policies.ZONE).date()
    rows = Licence.objects.select_for_update(of=("self",), skip_locked=True)
    rows = rows.filter(state__in=REPORTING, report_by__lte=day + policies.REPORT_NOTICE)
    due = rows.filter(report_told=0) | rows.filter(report_told=1, report_by__lt=day)
    found = list(due.order_by("report_by", "pk")[:limit])
    for row in found:
        late = row.report_by is not None and row.report_by < day
        row.report_told = 2 if late else 1
        row.save(update_fields=["report_told"])
        publish(
            LicenceReminder(
                organisation_id=row.licensee_id,
                licence_id=row.pk,
                what="report_late" if late else "report",
                due=str(row.report_by),
            )
        )
    return len(found)
