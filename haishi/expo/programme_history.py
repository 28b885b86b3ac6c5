"""What the pages of changes and of one's own agenda show."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from haishi.expo import selectors
from haishi.expo.models import Edition
from haishi.expo.selectors import AgendaRow
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.types import Actor
from haishi.foundation.wording import clock_time, day, day_and_time


def versions(edition: Edition) -> list[dict[str, Any]]:
    """Released versions, newest first, each with its changes in words."""
    words = {"new": _("新增"), "moved": _("调整"), "cancelled": _("取消")}
    zone = edition.time_zone
    return [
        {
            "number": version.number,
            "note": version.note,
            "when": day_and_time(version.released_at, zone),
            "changes": [
                {
                    "kind": words[change["kind"]],
                    "title": Bilingual(change["title"], change["title_en"]),
                    "place": _place(change, zone),
                    "was": _place(change.get("was", {}), zone),
                }
                for change in version.changes
            ],
        }
        for version in selectors.versions_of(edition)
    ]


def _place(change: dict[str, Any], zone: str) -> str:
    if "starts_at" not in change:
        return ""
    when = day_and_time(dt.datetime.fromisoformat(change["starts_at"]), zone)
    return f"{when} · {Bilingual(change['stage'], change['stage_en'])}"


def agenda_days(actor: Actor) -> list[tuple[str, list[dict[str, Any]]]]:
    """(day, sessions) in time order, on the wall clock of each session's edition."""

    def heading(row: AgendaRow) -> str:
        return day(row.slot.starts_at, row.edition.time_zone)

    return [
        (
            label,
            [
                {
                    "row": each.slot,
                    "edition": each.edition,
                    "clashes": each.clashes,
                    "time": clock_time(each.slot.starts_at, each.edition.time_zone),
                    "until": clock_time(each.slot.ends_at, each.edition.time_zone),
                    "past": each.slot.ends_at <= clock.now(),
                }
                for each in rows
            ],
        )
        for label, rows in groupby(selectors.agenda(actor.pk), heading)
    ]
