"""The audit rows that services would have written, in bulk and at the time they tell of."""

from __future__ import annotations

import datetime as dt
from typing import Any

from haishi.foundation import audit
from haishi.foundation.models import AuditEntry
from haishi.foundation.types import SYSTEM, Actor


class Ledger:
    """Collects audit rows and writes them oldest first, as a chain that grew would hold them."""

    def __init__(self) -> None:
        self._rows: list[AuditEntry] = []

    def note(
        self, at: dt.datetime | None, actor: Actor | None, action: str, row: Any, **detail: Any
    ) -> None:
        """That `actor` did `action` to `row` (saved already) at `at`; without `at` it did not."""
        if at is None:
            return
        actor = actor or SYSTEM
        self._rows.append(
            AuditEntry(
                at=at,
                actor_id=actor.pk,
                actor_name=str(getattr(actor, "name", "") or "")[:120],
                action=action,
                subject_type=audit.subject_type(row),
                subject_id=row.pk,
                version=getattr(row, "version", None),
                detail=detail,
            )
        )

    def write(self) -> int:
        """Write what was collected; returns how many rows."""
        rows = sorted(self._rows, key=lambda row: row.at)
        AuditEntry.objects.bulk_create(rows, batch_size=2_000)
        self._rows.clear()
        return len(rows)
