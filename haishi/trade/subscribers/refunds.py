"""What both sides hear of money that goes back."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from haishi.foundation.events import subscribe
from haishi.notices.types import Words
from haishi.trade import selectors
from haishi.trade.events import RefundAnswered, RefundRequested, RefundSentBack
from haishi.trade.states import RefundState
from haishi.trade.subscribers.orders import tell_buyer, tell_seller


@subscribe(RefundRequested)
def requested(event: RefundRequested) -> None:
    """The seller has to answer in time, or silence agrees."""
    refund = selectors.refund_facts(event.refund_id)
    if refund is None:
        return
    order = refund.payment.order
    told: dict[str, Any] = {"amount": refund.amount, "reason": refund.reason or "—"}
    tell_seller(
        order, _("订单 %(number)s 有退款申请"),
        _("买家申请退款 %(amount)s：%(reason)s。48 小时内未答复视为同意。"),
        managing=True, important=True, **told,
    )  # fmt: skip
    tell_buyer(order, _("订单 %(number)s 的退款申请已提交"), _("卖家须在 48 小时内答复。"))


@subscribe(RefundSentBack)
def sent_back(event: RefundSentBack) -> None:
    """The goods travel back."""
    refund = selectors.refund_facts(event.refund_id)
    if refund is None:
        return
    tell_seller(
        refund.payment.order, _("订单 %(number)s 的退货已寄出"),
        _("运单：%(parcel)s。收到后请确认，10 天未确认会自动退款。"),
        managing=True, important=True, parcel=refund.sent_back,
    )  # fmt: skip


ANSWERS: dict[str, tuple[Words, Words, Words]] = {
    RefundState.RETURNING: (
        _("订单 %(number)s：卖家同意退货退款"),
        _("请在 14 天内寄回商品，并填写运单号。"),
        _("等待买家寄回商品。"),
    ),
    RefundState.INSTRUCTED: (
        _("订单 %(number)s：同意退款 %(amount)s"),
        _("退款指令已发出，按原路退回。"),
        _("退款指令已发出，按原路退回买家。"),
    ),
    RefundState.DONE: (
        _("订单 %(number)s：退款 %(amount)s 已到账"),
        _("款项已按原路退回。"),
        _("款项已退回买家。"),
    ),
    RefundState.REFUSED: (
        _("订单 %(number)s：卖家没有同意退款"),
        _("卖家答复：%(answer)s"),
        _("已答复买家：%(answer)s"),
    ),
    RefundState.WITHDRAWN: (
        _("订单 %(number)s：退款申请已撤回"),
        _("订单按原来的进度继续。"),
        _("订单按原来的进度继续。"),
    ),
}


@subscribe(RefundAnswered)
def answered(event: RefundAnswered) -> None:
    """How far the refund has come."""
    refund = selectors.refund_facts(event.refund_id)
    if refund is None or event.state not in ANSWERS:
        return
    subject, to_buyer, to_seller = ANSWERS[event.state]
    told: dict[str, Any] = {"amount": refund.amount, "answer": refund.answer or "—"}
    order = refund.payment.order
    tell_buyer(order, subject, to_buyer, important=event.state != RefundState.WITHDRAWN, **told)
    tell_seller(order, subject, to_seller, managing=True, **told)
