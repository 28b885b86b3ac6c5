"""The side navigation of what a person buys, and of what the person's firms sell."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.expo.desks import visitor_nav
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.trade import selectors


def orders_nav(actor: Actor, path: str = "") -> list[dict[str, Any]]:
    """`side_nav`: cart, orders, files, addresses; the sales of one's firms; the rest of one's
    things at expos. `path` is the page that is open.
    """

    def item(label: Any, icon: str, url: str) -> dict[str, Any]:
        return {"label": label, "icon": icon, "url": url, "current": path == url}

    buying = [
        item(_("购物车"), "cart", reverse("trade:cart")),
        item(_("我的订单"), "list", reverse("trade:bought")),
        item(_("我的文件下载"), "download", reverse("trade:downloads")),
        item(_("收货地址"), "pin", reverse("trade:addresses")),
        item(_("索赔与争议"), "gavel", reverse("trade:disputes")),
        item(_("我的发票"), "file", reverse("trade:invoices")),
    ]
    count = selectors.approvals_waiting(actor)
    buying.append({**item(_("采购审批"), "check", reverse("trade:approvals")), "count": count})
    groups: list[dict[str, Any]] = [{"label": _("订单"), "items": buying}]
    for firm in parties.organisations_of(actor)[:6]:
        selling = [
            item(_("销售订单"), "org", reverse("trade:sold", args=[firm.slug])),
            item(_("库存"), "cube", reverse("trade:stock", args=[firm.slug])),
            item(_("买家评价"), "star", reverse("trade:firm_reviews", args=[firm.slug])),
            item(_("开票"), "file", reverse("trade:firm_invoices", args=[firm.slug])),
        ]
        if parties.can_manage(actor, firm.pk):
            url = reverse("trade:limits", args=[firm.slug])
            selling.append(item(_("采购额度"), "settings", url))
            url = reverse("trade:payouts", args=[firm.slug])
            selling.append(item(_("收款账户"), "seal", url))
        groups.append({"label": firm.title, "items": selling})
    if actor.is_staff:
        money = item(_("资金"), "seal", reverse("trade:money"))
        groups.append({"label": _("平台"), "items": [money]})
    return [*groups, *visitor_nav()]
