"""The side navigation that the pages of this module share."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.foundation.types import Actor
from haishi.notices import selectors
from haishi.parties import selectors as parties


def side_nav(actor: Actor, current: str) -> list[dict[str, Any]]:
    """Inbox, settings, and webhooks of each organisation the person manages."""
    items = [
        _item(_("消息"), reverse("notices:inbox"), "bell", current),
        _item(_("通知设置"), reverse("notices:settings"), "settings", current),
    ]
    items[0]["count"] = selectors.unread_count(actor)
    firms = parties.organisations_of(actor).filter(pk__in=parties.managed_by(actor))
    hooks = [
        _item(firm.title, reverse("notices:endpoints", args=[firm.slug]), "link", current)
        for firm in firms
    ]
    groups: list[dict[str, Any]] = [{"label": _("通知"), "items": items}]
    if hooks:
        groups.append({"label": _("事件推送"), "items": hooks})
    return groups


def _item(label: Any, url: str, icon: str, current: str) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "current": url == current, "count": 0}
