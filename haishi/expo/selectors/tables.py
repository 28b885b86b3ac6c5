"""Lists as tables for export, in the columns the imports take."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haishi.expo import session_columns
from haishi.expo.models import Booth, Edition, Exhibitor, SessionSpeaker, Speaker
from haishi.expo.selectors.programme import draft_sessions
from haishi.foundation import audit, clock
from haishi.foundation.models import AuditEntry

__all__ = [
    "booth_sheet",
    "exhibitor_history",
    "exhibitor_sheet",
    "session_sheet",
    "speaker_label",
]
ACTIONS = {
    "exhibitor.begun": gettext_lazy("开始填写申请"),
    "exhibitor.edited": gettext_lazy("修改了申请"),
    "exhibitor.submitted": gettext_lazy("提交了申请"),
    "exhibitor.returned": gettext_lazy("退回申请"),
    "exhibitor.approved": gettext_lazy("通过申请"),
    "exhibitor.imported": gettext_lazy("由名录导入"),
    "exhibitor.suspended": gettext_lazy("暂停展示"),
    "exhibitor.reinstated": gettext_lazy("恢复展示"),
    "exhibitor.placed": gettext_lazy("调整了展位"),
    "exhibitor.tier_changed": gettext_lazy("调整了级别"),
    "booth.edited": gettext_lazy("修改了展位页面"),
    "booth.media_chosen": gettext_lazy("更新了图片与资料"),
    "booth.staffed": gettext_lazy("更新了工作人员"),
    "booth.steps_chosen": gettext_lazy("更新了下一步按钮"),
}


def exhibitor_history(exhibitor: Exhibitor, limit: int = 30) -> list[tuple[AuditEntry, Any]]:
    """What happened, newest first, each with words for people."""
    entries = audit.history(exhibitor, limit)
    return [(entry, ACTIONS.get(entry.action, entry.action)) for entry in entries]


def exhibitor_sheet(rows: QuerySet[Exhibitor]) -> tuple[list[str], Iterator[list[Any]]]:
    """(header, lines). Times are on the edition's wall clock; e-mail is the applicant's."""
    header = [
        _("单位名称"), _("英文名称"), _("城市"), _("级别"), _("展馆"), _("展位号"), _("状态"),
        _("页面完整"), _("展品数"), _("联系人"), _("联系邮箱"), _("提交时间"), _("参展计划"),
    ]  # fmt: skip

    def lines() -> Iterator[list[Any]]:
        for row in rows.select_related("edition").iterator(chunk_size=500):
            zone, at = row.edition.time_zone, row.submitted_at
            yield [
                row.organisation.name,
                row.organisation.name_en,
                row.organisation.city,
                row.tier.slug,
                row.booth.hall.name if row.booth else "",
                row.booth.code if row.booth else "",
                row.get_state_display(),
                _("是") if row.complete else _("否"),
                row.exhibit_count,
                row.contact.name if row.contact else "",
                row.contact.email if row.contact else "",
                clock.local(at, zone).strftime("%Y-%m-%d %H:%M") if at else "",
                row.plan,
            ]

    return header, lines()


def booth_sheet(edition: Edition) -> tuple[list[str], Iterator[list[Any]]]:
    """(header, lines) of all booths; lengths in metres."""
    header = [
        _("展馆代码"), _("展位号"), _("左起（米）"), _("上起（米）"), _("宽（米）"), _("深（米）"),
        _("参展商"),
    ]  # fmt: skip
    rows = Booth.objects.filter(hall__edition=edition).order_by("hall__order", "code", "pk")
    fields = ("hall__code", "code", "x", "y", "width", "depth", "exhibitor__organisation__name")

    def lines() -> Iterator[list[Any]]:
        for code, booth, x, y, width, depth, name in rows.values_list(*fields).iterator():
            yield [code, booth, x / 10, y / 10, width / 10, depth / 10, name or ""]

    return header, lines()


def speaker_label(speaker: Speaker) -> str:
    """How a table names one of several speakers of the same name."""
    return f"{speaker.name}（{speaker.firm}）" if speaker.firm else speaker.name


def session_sheet(edition: Edition) -> tuple[list[str], Iterator[list[Any]]]:
    """(header, lines) of the draft, in the columns the import takes; three queries.

    Times are on the edition's wall clock.
    """
    appearances = SessionSpeaker.objects.filter(session__edition=edition).select_related("speaker")
    speakers: dict[int, list[str]] = defaultdict(list)
    moderators: dict[int, list[str]] = defaultdict(list)
    names = Counter(Speaker.objects.filter(edition=edition).values_list("name", flat=True))
    for each in appearances.order_by("order", "pk"):
        alone = names[each.speaker.name] == 1
        label = each.speaker.name if alone else speaker_label(each.speaker)
        speakers[each.session_id].append(label)
        if each.moderates:
            moderators[each.session_id].append(label)

    def lines() -> Iterator[list[Any]]:
        for row in draft_sessions(edition):
            start, end = row.starts_at, row.ends_at
            yield [
                row.code,
                row.title,
                row.title_en,
                session_columns.kind_word(row.kind),
                row.track.name if row.track else "",
                session_columns.language_word(row.language),
                row.stage.name if row.stage else "",
                clock.local(start, edition.time_zone).strftime(session_columns.TIME)
                if start
                else "",
                int((end - start).total_seconds() // 60) if start and end else "",
                session_columns.listed(speakers[row.pk]),
                session_columns.listed(moderators[row.pk]),
                session_columns.state_word(row.state),
                row.abstract,
                row.abstract_en,
            ]

    return session_columns.header(), lines()
