"""The navigation of every page."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from haishi.foundation.addresses import address
from haishi.portal import selectors


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav`, `footer`, `current_edition` and, for people with an account, `unread`."""
    edition = selectors.edition_in_memory()
    nav = []
    if edition:
        nav = [
            _item(pgettext("several", "展馆"), "portal:halls", edition.slug),
            _item(_("展品"), "catalogue:products"),
            _item(_("直播"), "live:lobby"),
            _item(_("新品发布"), "launches:hall"),
            _item(_("采购"), "sourcing:board"),
            _item(_("授权"), "licences:market"),
            _item(_("日程"), "expo:programme", edition.slug),
            _item(_("参展"), "portal:take_part"),
        ]
    return {
        "nav": _with_current(request.path, [item for item in nav if item]),
        "footer": _footer(get_language() or ""),
        "current_edition": edition.title if edition else None,
        "unread": selectors.unread(request.user) if hasattr(request, "user") else 0,
    }


def _item(label: str, name: str, *args: str) -> dict[str, Any] | None:
    url = _address(name, *args)
    return {"label": label, "url": url, "current": False} if url else None


def _with_current(path: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most one item is current: the one whose address leads furthest towards this page."""
    leading = [item for item in items if path.startswith(item["url"])]
    if leading:
        max(leading, key=lambda item: len(item["url"]))["current"] = True
    return items


def _address(name: str, *args: str) -> str:
    try:
        return address(name, *args)
    except NoReverseMatch:  # a module that is not installed offers no link
        return ""


@cache
def _footer(language: str) -> list[dict[str, Any]]:
    """The same on every page of a language; the language is active when it is first made."""
    columns = [
        (
            _("逛展"),
            [
                (_("展馆导览"), "portal:tour"),
                (_("全部展品"), "catalogue:products"),
                (_("手造与智造"), "catalogue:brands"),
                (_("直播"), "live:lobby"),
                (_("新品发布厅"), "launches:hall"),
                (_("授权市场"), "licences:market"),
                (_("采购需求"), "sourcing:board"),
                (_("搜索"), "portal:search"),
            ],
        ),
        (
            _("参与"),
            [
                (_("我要参展"), "portal:take_part"),
                (_("注册账号"), "account_signup"),
                (_("工作台"), "portal:desk"),
                (_("开放接口"), "api:openapi-view"),
            ],
        ),
        (
            _("关于"),
            [
                (_("何谓海市"), "portal:about"),
                (_("服务条款"), "portal:terms"),
                (_("隐私政策"), "portal:privacy"),
                (_("无障碍说明"), "portal:accessibility"),
            ],
        ),
    ]
    return [
        {"label": label, "links": [{"label": text, "url": _address(name)} for text, name in links]}
        for label, links in columns
    ]
