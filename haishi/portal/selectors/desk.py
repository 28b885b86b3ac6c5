"""The desk: what waits for this person, by the roles they have."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haishi.expo import selectors as expo
from haishi.expo.states import ExhibitorState
from haishi.foundation.addresses import address
from haishi.foundation.types import Actor
from haishi.notices import selectors as notices
from haishi.parties import selectors as parties
from haishi.rooms import selectors as rooms
from haishi.trade import selectors as trade
from haishi.trade.desks import orders_nav


@dataclass(slots=True)
class Todo:
    """Something that waits, with the way to it."""

    kind: str
    title: str
    text: str
    url: str
    action: str


@dataclass(slots=True)
class Entry:
    """A line of a group."""

    title: Any
    text: Any
    meta: Any
    url: str


@dataclass(slots=True)
class Group:
    """Lines of one role."""

    label: str
    rows: list[Entry]


@dataclass(slots=True)
class DeskPage:
    """The desk of a person."""

    todo: list[Todo]
    groups: list[Group]
    starts: list[Entry]
    side_nav: list[dict[str, Any]] = field(default_factory=list)


def desk_page(actor: Actor) -> DeskPage:
    """Everything a person can go on with."""
    exhibitors = expo.exhibitors_of(actor)
    groups = [
        Group(_("我主办的展会"), [_edition(row) for row in expo.organised_by(actor)]),
        Group(_("我的展位"), [_booth(row) for row in exhibitors]),
        Group(_("我的单位"), [_firm(row) for row in parties.organisations_of(actor)]),
    ]
    return DeskPage(
        todo=[*_unread(actor), *_returned(exhibitors), *_orders(actor)],
        groups=[group for group in groups if group.rows],
        starts=_starts(),
        side_nav=_side_nav(actor),
    )


def _starts() -> list[Entry]:
    """What somebody without any role can begin with."""
    current = expo.current_edition()
    firm = address("parties:organisation_new")
    rows = [Entry(_("登记单位"), _("以单位身份参展、询价和交换名片。"), "", firm)]
    if current is None:
        return rows
    visit = address("expo:register", current.slug)
    programme = address("expo:programme", current.slug)
    return [
        Entry(_("登记参观"), _("领一枚胸牌，凭二维码入场。"), "", visit),
        Entry(_("挑选日程"), _("把想听的场次放进我的日程。"), "", programme),
        *rows,
    ]


def _unread(actor: Actor) -> list[Todo]:
    count = notices.unread_count(actor)
    if not count:
        return []
    text = ngettext("有 %d 条消息还没看", "有 %d 条消息还没看", count) % count
    return [Todo("info", text, "", address("notices:inbox"), _("去看看"))]


def _returned(exhibitors: list[Any]) -> list[Todo]:
    return [
        Todo(
            "danger",
            _("%s 的参展申请被退回") % row.organisation.title,
            row.reason,
            address("expo:exhibit", row.pk),
            _("修改后再提交"),
        )
        for row in exhibitors
        if row.state == ExhibitorState.RETURNED
    ]


def _orders(actor: Actor) -> list[Todo]:
    """Orders that wait for this person: to be paid, received, sent or answered."""
    firms = list(parties.organisations_of(actor))
    count = trade.order_tasks(actor, [firm.pk for firm in firms])
    bought = address("trade:bought")
    sold = address("trade:sold", firms[0].slug) if firms else bought
    rows = [
        ("pay", _("有订单等你付款"), f"{bought}?state=awaiting", _("去付款")),
        ("receive", _("有包裹等你签收"), f"{bought}?state=shipped", _("去看看")),
        ("ship", _("有订单等你发货"), f"{sold}?state=paid", _("去发货")),
        ("answer", _("有退款等你答复"), f"{sold}?state=refunding", _("去答复")),
    ]
    return [
        Todo(
            "info", title, ngettext("%d 张订单", "%d 张订单", count[key]) % count[key], url, action
        )
        for key, title, url, action in rows
        if count[key]
    ]


def _edition(row: Any) -> Entry:
    url = address("expo:organise", row.slug)
    return Entry(row.title, row.city, row.get_state_display(), url)


def _booth(row: Any) -> Entry:
    url = address("expo:exhibit", row.pk)
    return Entry(row.organisation.title, row.edition.title, row.get_state_display(), url)


def _firm(row: Any) -> Entry:
    meta = _("已认证") if row.verified_at else _("未认证")
    return Entry(row.title, row.summary, meta, row.get_absolute_url())


def _side_nav(actor: Actor) -> list[dict[str, Any]]:
    rows = [
        (_("工作台"), "portal:desk", "chart", True),
        (_("消息"), "notices:inbox", "bell", False),
        (_("我的单位"), "parties:organisations", "org", False),
        (_("产品与作品"), "catalogue:desk_home", "cube", False),
        (_("合同"), "contracts:mine", "file", False),
        (_("我的文件"), "media:library", "image", False),
        (_("我的资料"), "parties:profile", "user", False),
        (_("访问令牌"), "parties:tokens", "key", False),
    ]
    items = [
        {"label": label, "url": reverse(name), "icon": icon, "current": current}
        for label, name, icon, current in rows
    ]
    items += [
        {"label": _("用语名单"), "url": address("rooms:words", slug), "icon": "shield"}
        for slug in rooms.word_lists_of(actor)
    ]
    return [{"label": _("我的海市"), "items": items}, *orders_nav(actor)]
