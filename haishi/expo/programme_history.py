"""What the pages of changes and of one's own agenda show."""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from django.utils import translation
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
    words = {
        "new": _("新增"),
        "moved": _("调整"),
        "renamed": _("更名"),
        "cancelled": _("取消"),
    }
    zone = edition.time_zone
    return [
        {
            "number": version.number,
            "note": version.note,
            "when": day_and_time(version.released_at, zone),
            "changes": [
                {
                    "key": change["kind"],
                    "kind": words[change["kind"]],
                    "title": Bilingual(change["title"], change["title_en"]),
                    "was_title": _title_before(change),
                    "place": _place(change, zone),
                    "was": _place(change.get("was", {}), zone),
                }
                for change in version.changes
            ],
        }
        for version in selectors.versions_of(edition)
    ]


def _title_before(change: dict[str, Any]) -> Bilingual:
    return Bilingual(change.get("was_title", ""), change.get("was_title_en", ""))


def in_words(edition: Edition, changes: Sequence[dict[str, Any]]) -> tuple[Bilingual, Bilingual]:
    """(subject, a line for each change) for those who wanted to attend, in both languages."""
    zone = edition.time_zone

    def subject() -> str:
        return _("“%(edition)s”：你想参加的场次有变化") % {"edition": edition.title}

    def body() -> str:
        return "\n".join(_sentence(change, zone) for change in changes)

    return _in_both(subject), _in_both(body)


def _in_both(write: Callable[[], str]) -> Bilingual:
    texts = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            texts.append(write())
    return Bilingual(*texts)


def _sentence(change: dict[str, Any], zone: str) -> str:
    values: dict[str, Any] = {"title": Bilingual(change["title"], change["title_en"])}
    if change["kind"] == "cancelled":
        return _("《%(title)s》已取消。") % values
    values |= {"place": _place(change, zone)}
    if change["kind"] == "new":
        return _("《%(title)s》恢复举行：%(place)s。") % values
    parts = []
    if was := change.get("was"):
        parts.append(_move(change, was, zone, values))
    if before := _title_before(change):
        parts.append(_("《%(was)s》更名为《%(title)s》。") % {**values, "was": before})
    return " ".join(parts)


def _move(change: dict[str, Any], was: dict[str, Any], zone: str, values: dict[str, Any]) -> str:
    """A new time, a new room or both, with the old one."""
    same_time = (change["starts_at"], change["ends_at"]) == (was["starts_at"], was["ends_at"])
    stage = Bilingual(change["stage"], change["stage_en"])
    stage_was = Bilingual(was["stage"], was["stage_en"])
    if same_time:
        words = {**values, "stage": stage, "was": stage_was}
        return _("《%(title)s》换到“%(stage)s”（原“%(was)s”）。") % words
    if stage == stage_was:
        words = {**values, "when": _span(change, zone), "was": _span(was, zone)}
        return _("《%(title)s》改到 %(when)s（原 %(was)s）。") % words
    words = {"when": _span(change, zone), "stage": stage, "was": _span(was, zone)}
    words |= {**values, "stage_was": stage_was}
    return _("《%(title)s》改到 %(when)s，“%(stage)s”（原 %(was)s，“%(stage_was)s”）。") % words


def _span(change: dict[str, Any], zone: str) -> str:
    start, end = (dt.datetime.fromisoformat(change[name]) for name in ("starts_at", "ends_at"))
    return f"{day_and_time(start, zone)}–{clock_time(end, zone)}"


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
