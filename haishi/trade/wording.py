"""What happened to an order, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haishi.foundation.money import Money
from haishi.trade.models import Order

ACTIONS: dict[str, Any] = {
    "order.placed": gettext_lazy("提交订单"),
    "order.billed": gettext_lazy("按约定生成订单"),
    "order.pay": gettext_lazy("付款到账，由平台托管"),
    "order.ship_part": gettext_lazy("发出一部分"),
    "order.ship": gettext_lazy("全部发出"),
    "order.receive": gettext_lazy("确认收货"),
    "order.settle": gettext_lazy("货款结算给卖家"),
    "order.cancel": gettext_lazy("取消订单"),
    "order.expire": gettext_lazy("逾期未付款，订单关闭"),
    "order.refund": gettext_lazy("全额退款，订单关闭"),
    "payment.opened": gettext_lazy("开始付款"),
    "payment.succeeded": gettext_lazy("支付渠道确认收款"),
    "payment.failed": gettext_lazy("支付未成功"),
    "refund.requested": gettext_lazy("申请退款"),
    "refund.agree": gettext_lazy("同意退款，指令已发出"),
    "refund.await_goods": gettext_lazy("同意退货退款，等待寄回"),
    "refund.sent_back": gettext_lazy("退货已寄出"),
    "refund.refuse": gettext_lazy("没有同意退款"),
    "refund.withdraw": gettext_lazy("撤回退款申请"),
    "refund.arrive": gettext_lazy("退款到账"),
    "files.granted": gettext_lazy("文件可以下载"),
    "files.opened": gettext_lazy("确认打开文件"),
    "files.fetched": gettext_lazy("下载文件"),
    "files.revoked": gettext_lazy("下载权限终止"),
    "review.written": gettext_lazy("发表评价"),
    "review.edited": gettext_lazy("修改评价"),
    "review.answered": gettext_lazy("答复评价"),
    "review.hidden": gettext_lazy("评价被隐藏"),
    "review.shown": gettext_lazy("评价恢复显示"),
}


@dataclass(frozen=True)
class StoryLine:
    """One thing that happened: when, what, who, and the words or amount with it."""

    at: Any
    words: str
    who: str
    detail: str


def story_lines(order: Order, entries: Iterable[Any]) -> list[StoryLine]:
    """Entries of the audit log as people read them; what has no words is left out."""
    return [
        StoryLine(entry.at, str(ACTIONS[entry.action]), _who(order, entry), _detail(order, entry))
        for entry in entries
        if entry.action in ACTIONS
    ]


def _who(order: Order, entry: Any) -> str:
    """The side, not the name: a colleague's name is no business of the other side."""
    if entry.actor_id is None:
        return _("平台")
    if entry.actor_id == order.buyer_id:
        return _("买家")
    if entry.action in ("review.hidden", "review.shown"):
        return _("主办方")
    return _("买方") if entry.action in ("order.cancel", "order.receive") else _("卖家")


def _detail(order: Order, entry: Any) -> str:
    detail = entry.detail
    if "amount" in detail:
        return str(Money(int(detail["amount"]), order.currency))
    travels = " ".join(str(detail[name]) for name in ("carrier", "tracking") if detail.get(name))
    return travels or str(detail.get("parcel") or detail.get("reason") or "")
