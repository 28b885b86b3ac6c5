"""Sessions from a table: every bad line is reported and nothing is half imported."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from haishi.expo import selectors, session_columns
from haishi.expo.events import SessionChanged
from haishi.expo.models import Edition, Session, SessionSpeaker, Speaker
from haishi.expo.services.programme import lock_programme, next_code, set_speakers
from haishi.expo.states import SESSION, SessionState
from haishi.foundation import audit, clock
from haishi.foundation.errors import Invalid
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.sheets import check_rows, read_rows
from haishi.foundation.types import Actor

MOST = 2_000
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,11}")
# A page of the programme has this address.
RESERVED = {"changes"}
LENGTHS = {"title": 100, "title_en": 200, "abstract": 2000, "abstract_en": 4000}
# How a session gets from a state to another in the steps an editor would take.
STEPS = {
    (SessionState.DRAFT, SessionState.CONFIRMED): ("confirm",),
    (SessionState.DRAFT, SessionState.CANCELLED): ("cancel",),
    (SessionState.CONFIRMED, SessionState.CANCELLED): ("cancel",),
    (SessionState.CANCELLED, SessionState.DRAFT): ("restore",),
    (SessionState.CANCELLED, SessionState.CONFIRMED): ("restore", "confirm"),
}


@dataclass(frozen=True)
class _Line:
    """One line, checked. Speakers are names as keys of the reader's `people`."""

    known: Session | None
    code: str
    fields: dict[str, Any]
    steps: tuple[str, ...]
    speakers: tuple[str, ...]
    moderators: frozenset[str]


@service
def import_sessions(actor: Actor, edition_id: int, content: bytes) -> int:
    """Add sessions, or change those whose code exists; returns how many lines.

    A line without code is a new session; speakers nobody named before are added. The draft alone
    changes, visitors see it with the next release. Raises NotFound, Forbidden, Conflict, Invalid
    for a file that is no table, BadSheet with all bad lines.
    """
    edition = lock_programme(actor, edition_id)
    rows = read_rows(content, session_columns.COLUMNS)
    if len(rows) > MOST:
        raise Invalid(_("最多一次导入 2,000 场。"), field="file")
    reader = _Reader(edition, [row for _line, row in rows])
    lines = check_rows(rows, reader.parse)
    speakers = _everybody(actor, edition, reader.people, lines)
    # Lines that name their code go first, so that a counted one does not take it.
    for line in sorted(lines, key=lambda each: not each.code):
        _keep(actor, edition, line, speakers)
    return len(lines)


def _plain(cell: str) -> str:
    """Without the apostrophe that an export sets before what a spreadsheet would calculate."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _names(cell: str) -> list[str]:
    return list(
        dict.fromkeys(name for part in re.split("[、；;\n]", cell) if (name := part.strip()))
    )


def _by_name(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """Stages or tracks by either name, whatever the case."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        for name in {row.name.lower(), row.name_en.lower(), row.slug.lower()} - {""}:
            found[name].append(row)
    return found


class _Reader:
    """Checks the lines against what the edition holds, read once for all lines."""

    def __init__(self, edition: Edition, rows: list[dict[str, str]]) -> None:
        self.zone = edition.time_zone
        self.stages = _by_name(selectors.stages_of(edition))
        self.tracks = _by_name(selectors.tracks_of(edition))
        sessions = Session.objects.filter(edition=edition).select_for_update()
        self.known = {session.code.lower(): session for session in sessions}
        self.counts = Counter(row["code"].lower() for row in rows if row["code"])
        self.people: dict[str, list[int]] = defaultdict(list)
        for speaker in selectors.speakers_of(edition):
            for name in {speaker.name, speaker.name_en, selectors.speaker_label(speaker)} - {""}:
                self.people[name.lower()].append(speaker.pk)

    def parse(self, row: dict[str, str]) -> _Line:
        """Raises Invalid with what is wrong with the line."""
        row = {name: _plain(cell) for name, cell in row.items()}
        known = self._session(row["code"])
        fields = self._texts(row)
        fields["kind"] = self._word(session_columns.KINDS, row["kind"] or "talk")
        fields["language"] = self._language(row["language"])
        fields["track_id"] = self._named(self.tracks, row["track"], _("没有“%(name)s”这个分类"))
        fields |= self._place(row)
        speakers, moderators = _names(row["speakers"]), _names(row["moderators"])
        for name in (*speakers, *moderators):
            self._check_person(name)
        return _Line(
            known, row["code"], fields, self._steps(known, row["state"]),
            tuple(dict.fromkeys((*speakers, *moderators))), frozenset(moderators),
        )  # fmt: skip

    def _session(self, code: str) -> Session | None:
        if not code:
            return None
        if not CODE.fullmatch(code) or code.lower() in RESERVED:
            raise Invalid(_("编号“%(code)s”无效：最多 12 个字母、数字或连字符"), code=code)
        if self.counts[code.lower()] > 1:
            raise Invalid(_("编号“%(code)s”在表里出现了多次"), code=code)
        return self.known.get(code.lower())

    def _texts(self, row: dict[str, str]) -> dict[str, Any]:
        if not row["title"]:
            raise Invalid(_("缺少标题"))
        for name, most in LENGTHS.items():
            if len(row[name]) > most:
                raise Invalid(_("文字过长：%(value)s…"), value=row[name][:20])
        return {name: row[name] for name in LENGTHS}

    def _word(self, words: dict[str, str], cell: str) -> str:
        if cell.lower() not in words:
            raise Invalid(_("不认识“%(value)s”"), value=cell)
        return words[cell.lower()]

    def _language(self, cell: str) -> str:
        return self._word(session_columns.LANGUAGES, cell or "zh-hans")

    def _named(self, rows: dict[str, list[Any]], name: str, missing: str) -> int | None:
        if not name:
            return None
        found = rows.get(name.lower(), [])
        if len(found) != 1:
            raise Invalid(missing, name=name)
        return int(found[0].pk)

    def _place(self, row: dict[str, str]) -> dict[str, Any]:
        cells = [row[name] for name in ("stage", "starts_at", "minutes")]
        if not any(cells):
            return {"stage_id": None, "starts_at": None, "ends_at": None}
        if not all(cells):
            raise Invalid(_("场地、开始和时长要么都填，要么都留空"))
        stage = self._named(self.stages, row["stage"], _("没有“%(name)s”这个场地"))
        start = self._moment(row["starts_at"])
        minutes = int(row["minutes"]) if row["minutes"].isdecimal() else 0
        if not 5 <= minutes <= 24 * 60:
            raise Invalid(_("时长“%(value)s”应为 5 到 1440 分钟"), value=row["minutes"])
        end = start + dt.timedelta(minutes=minutes)
        return {"stage_id": stage, "starts_at": start, "ends_at": end}

    def _moment(self, cell: str) -> dt.datetime:
        """The edition's wall clock; a spreadsheet's date cell arrives with seconds."""
        try:
            local = dt.datetime.fromisoformat(cell.replace("/", "-"))
        except ValueError:
            local = None
        if local is None or local.tzinfo is not None or local.second:
            raise Invalid(_("“%(value)s”不是有效的时间，例如 2026-11-23 09:30"), value=cell)
        return clock.instant(local, self.zone)

    def _check_person(self, name: str) -> None:
        if len(self.people.get(name.lower(), [])) > 1:
            raise Invalid(_("有多位嘉宾叫“%(name)s”，请写成“姓名（单位）”"), name=name)
        person, firm = split_label(name)
        if len(person) > 60 or len(firm) > 80:
            raise Invalid(_("文字过长：%(value)s…"), value=name[:20])

    def _steps(self, known: Session | None, cell: str) -> tuple[str, ...]:
        before = SessionState(known.state) if known else SessionState.DRAFT
        after = SessionState(self._word(session_columns.STATES, cell or before))
        if before == after:
            return ()
        if (before, after) not in STEPS:
            raise Invalid(_("已确认的场次不能改回草稿，只能取消"))
        return STEPS[before, after]


def split_label(label: str) -> tuple[str, str]:
    """(name, firm) of “姓名（单位）”; the firm is "" when none is named."""
    name, bracket, firm = label.partition("（")
    return (name.strip(), firm.removesuffix("）").strip()) if bracket else (label, "")


def _everybody(
    actor: Actor, edition: Edition, people: dict[str, list[int]], lines: list[_Line]
) -> dict[str, int]:
    """{name as written, lower case: speaker id}; who is new is added."""
    known = {name: ids[0] for name, ids in people.items()}
    for line in lines:
        for label in line.speakers:
            if label.lower() not in known:
                name, firm = split_label(label)
                speaker = Speaker.objects.create(edition=edition, name=name, firm=firm)
                audit.record(actor, "speaker.created", speaker, name=name)
                known[label.lower()] = speaker.pk
    return known


def _keep(actor: Actor, edition: Edition, line: _Line, speakers: dict[str, int]) -> None:
    row = line.known
    if row is None:
        code = line.code or next_code(edition)  # one aggregate, at most 2,000 times
        row = Session.objects.create(edition=edition, code=code, **line.fields)
        audit.record(actor, "session.created", row, title=row.title)
        changed = True
    else:
        changed = bool(audit.save_edited(actor, "session.edited", row, row.version, **line.fields))
    wanted = [(speakers[name.lower()], name in line.moderators) for name in line.speakers]
    standing = SessionSpeaker.objects.filter(session=row).order_by("order", "pk")
    if list(standing.values_list("speaker_id", "moderates")) != wanted:
        set_speakers(row, [pk for pk, _m in wanted], [pk for pk, m in wanted if m])
        changed = True
    for step in line.steps:
        before, row.state = row.state, SESSION.after(row.state, step)
        row.version += 1
        row.save(update_fields=["state", "version", "updated_at"])
        audit.record(actor, f"session.{step}", row, before=before, after={"state": row.state})
    if changed or line.steps:
        publish(SessionChanged(session_id=row.pk))
