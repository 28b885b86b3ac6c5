"""The side navigation of the desks. An area adds a line to the list its pages belong to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.expo import policies, selectors
from haishi.expo.models import Edition, Exhibitor
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor


@dataclass(frozen=True)
class Entry:
    """A line of a desk: `key` marks the current page, `may` asks who sees it."""

    key: str
    label: Any
    route: str
    icon: str
    may: Callable[[Actor, Any], bool]


ORGANISER: list[tuple[Any, list[Entry]]] = [
    (
        _("总览"),
        [
            Entry("radar", _("现场雷达"), "expo:organise", "chart", policies.works_for),
            Entry("outcome", _("成效"), "expo:outcome", "filter", policies.works_for),
            Entry("edition", _("展会资料"), "expo:edition_edit", "settings", policies.can_run),
            Entry("announcements", _("公告"), "expo:announcements", "bell", policies.can_moderate),
        ],
    ),
    (
        _("展馆与参展商"),
        [
            Entry("halls", _("展馆与展位图"), "expo:halls", "hall", policies.can_run),
            Entry("tiers", _("参展级别"), "expo:tiers", "star", policies.can_run),
            Entry("queue", _("申请审核"), "expo:queue", "gavel", policies.can_review),
            Entry("exhibitors", _("参展商名录"), "expo:exhibitors", "booth", policies.works_for),
            Entry("products", _("产品审核"), "catalogue:moderation", "cube", policies.can_moderate),
            Entry("launches", _("新品审核"), "launches:queue", "star", policies.can_moderate),
            Entry("lives", _("直播"), "live:organise", "live", policies.works_for),
            Entry("reviews", _("买家评价"), "trade:moderation", "star", policies.can_moderate),
            Entry("disputes", _("索赔调解"), "trade:mediation", "gavel", policies.can_moderate),
        ],
    ),
    (
        _("日程"),
        [
            Entry("timetable", _("日程编排"), "expo:timetable", "calendar", policies.can_programme),
            Entry(
                "parts", _("场地与分类"), "expo:programme_parts", "filter", policies.can_programme
            ),
        ],
    ),
    (
        _("观众"),
        [
            Entry(
                "registrations", _("观众登记"), "expo:registrations", "users", policies.works_for
            ),
            Entry("gates", _("签到"), "expo:gates", "qr", policies.can_review),
        ],
    ),
    (
        _("延续"),
        [
            Entry("clone", _("复制到新一届"), "expo:clone", "copy", policies.can_run),
            Entry("again", _("邀请续展"), "expo:again", "send", policies.can_run),
            Entry("close", _("闭幕归档"), "expo:close", "lock", policies.can_run),
        ],
    ),
]
EXHIBITOR: list[tuple[Any, list[Entry]]] = [
    (
        _("展位"),
        [
            Entry("desk", _("展位概况"), "expo:exhibit", "booth", policies.can_enter),
            Entry("application", _("参展申请"), "expo:application", "file", policies.can_set_up),
            Entry("page", _("展位页面"), "expo:booth_setup", "edit", policies.can_set_up),
            Entry("media", _("图片与资料"), "expo:booth_media", "image", policies.can_set_up),
            Entry("staff", _("工作人员"), "expo:booth_staff", "users", policies.can_set_up),
            Entry("steps", _("下一步按钮"), "expo:booth_steps", "arrow-right", policies.can_set_up),
            Entry("exhibits", _("展品"), "catalogue:exhibits", "cube", policies.can_set_up),
            Entry("launches", _("新品发布"), "launches:desk", "star", policies.can_enter),
            Entry("lives", _("直播"), "live:desk", "live", policies.can_enter),
            Entry("again", _("续展邀请"), "expo:come_again", "calendar", policies.can_set_up),
        ],
    ),
    (
        _("往来"),
        [
            Entry("enquiries", _("询价"), "expo:enquiries", "enquire", policies.can_serve),
            Entry("leads", _("线索"), "expo:leads", "card", policies.can_serve),
            Entry("funnel", _("成效"), "expo:funnel", "chart", policies.can_serve),
        ],
    ),
]


def _groups(
    entries: list[tuple[Any, list[Entry]]], actor: Actor, row: Any, argument: Any, current: str
) -> list[dict[str, Any]]:
    groups = []
    for label, lines in entries:
        items = [
            {
                "label": line.label,
                "url": reverse(line.route, args=[argument]),
                "icon": line.icon,
                "current": line.key == current,
            }
            for line in lines
            if line.may(actor, row)
        ]
        if items:
            groups.append({"label": label, "items": items})
    return groups


def organiser_nav(actor: Actor, edition: Edition, current: str = "") -> list[dict[str, Any]]:
    """`side_nav` of an organiser's page; only what the person's duties open."""
    return _groups(ORGANISER, actor, edition, edition.slug, current)


def exhibitor_nav(actor: Actor, exhibitor: Exhibitor, current: str = "") -> list[dict[str, Any]]:
    """`side_nav` of an exhibitor's page."""
    return _groups(EXHIBITOR, actor, exhibitor, exhibitor.pk, current)


def organiser_desk(
    actor: Actor, slug: str, may: Callable[[Actor, Edition], bool] = policies.works_for
) -> Edition:
    """The edition for somebody who works for its organiser.

    Raises NotFound for everybody else, Forbidden when the duty does not include `may`.
    """
    edition = selectors.get_edition(actor, slug)
    if not policies.works_for(actor, edition):
        raise NotFound
    if not may(actor, edition):
        raise Forbidden
    return edition


def exhibitor_desk(
    actor: Actor, exhibitor_id: int, may: Callable[[Actor, Exhibitor], bool] = policies.can_serve
) -> Exhibitor:
    """The exhibitor for a member of its firm. Raises NotFound for strangers, Forbidden as above."""
    exhibitor = selectors.get_exhibitor(actor, exhibitor_id)
    if not policies.can_enter(actor, exhibitor):
        raise NotFound
    if not may(actor, exhibitor):
        raise Forbidden
    return exhibitor


def visitor_nav(current: str = "") -> list[dict[str, Any]]:
    """`side_nav` of a person's own things at expos."""
    rows = (
        ("enquiries", _("我的询价"), "expo:my_enquiries", "enquire"),
        ("sourcing", _("采购与报价"), "sourcing:bids", "list"),
        ("cards", _("名片往来"), "expo:my_cards", "users"),
        ("card", _("我的名片"), "expo:my_card", "card"),
        ("agenda", _("我的日程"), "expo:my_agenda", "calendar"),
        ("launches", _("我的首发"), "launches:mine", "star"),
        ("badges", _("我的胸牌"), "expo:badges", "qr"),
    )
    items = [
        {"label": label, "url": reverse(route), "icon": icon, "current": key == current}
        for key, label, route, icon in rows
    ]
    return [{"label": _("我的展会"), "items": items}]
