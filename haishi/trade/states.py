"""States and kinds of trade."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from haishi.catalogue.states import ProductKind
from haishi.foundation.states import Transitions


class Side(models.IntegerChoices):
    """The side that makes an account grow."""

    DEBIT = 1, _("借方")
    CREDIT = -1, _("贷方")


class EntryKind(models.TextChoices):
    """What happened, in money."""

    PAYMENT = "payment", _("收款")
    RELEASE = "release", _("放款")
    REFUND = "refund", _("退款")
    FEE = "fee", _("服务费")
    PAYOUT = "payout", _("划付")
    CLAIM = "claim", _("理赔")
    CORRECTION = "correction", _("更正")


class OrderState(models.TextChoices):
    """From the placed order to settled money. Money is held from `paid` to `completed`."""

    APPROVING = "approving", _("待审批")
    AWAITING = "awaiting", _("待付款")
    PAID = "paid", _("已付款")
    PART_SHIPPED = "part_shipped", _("部分发货")
    SHIPPED = "shipped", _("已发货")
    RECEIVED = "received", _("已收货")
    COMPLETED = "completed", _("已完成")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("逾期未付款")
    REFUNDED = "refunded", _("已退款")


_S = OrderState
_PAYING: dict[tuple[str, str], str] = {
    (_S.APPROVING, "approve"): _S.AWAITING,
    (_S.APPROVING, "cancel"): _S.CANCELLED,
    (_S.APPROVING, "expire"): _S.EXPIRED,
    (_S.AWAITING, "pay"): _S.PAID,
    (_S.AWAITING, "cancel"): _S.CANCELLED,
    (_S.AWAITING, "expire"): _S.EXPIRED,
    (_S.PAID, "refund"): _S.REFUNDED,
}
# A mediator's decision shares all that is held at once, however far the order came.
_DECIDED: dict[tuple[str, str], str] = {
    (_S.PAID, "decide"): _S.COMPLETED,
    (_S.PART_SHIPPED, "decide"): _S.COMPLETED,
    (_S.SHIPPED, "decide"): _S.COMPLETED,
    (_S.RECEIVED, "decide"): _S.COMPLETED,
}
_ENDING: dict[tuple[str, str], str] = {
    **_DECIDED,
    (_S.RECEIVED, "settle"): _S.COMPLETED,
    (_S.RECEIVED, "refund"): _S.REFUNDED,
}
_GOODS = Transitions(
    {
        **_PAYING,
        (_S.PAID, "ship_part"): _S.PART_SHIPPED,
        (_S.PAID, "ship"): _S.SHIPPED,
        (_S.PART_SHIPPED, "ship_part"): _S.PART_SHIPPED,
        (_S.PART_SHIPPED, "ship"): _S.SHIPPED,
        (_S.PART_SHIPPED, "receive"): _S.RECEIVED,
        (_S.PART_SHIPPED, "refund"): _S.REFUNDED,
        (_S.SHIPPED, "receive"): _S.RECEIVED,
        (_S.SHIPPED, "refund"): _S.REFUNDED,
        **_ENDING,
    }
)
# A file, and what a licence opens, is received by its first access, which the buyer confirms: the
# boundary of a refund without cause (consumer protection law, art. 25).
_FILE = Transitions({**_PAYING, (_S.PAID, "receive"): _S.RECEIVED, **_ENDING})
_WORK = Transitions(
    {
        **_PAYING,
        (_S.PAID, "ship"): _S.SHIPPED,
        (_S.SHIPPED, "receive"): _S.RECEIVED,
        (_S.SHIPPED, "refund"): _S.REFUNDED,
        **_ENDING,
    }
)
ORDER: dict[str, Transitions] = {
    ProductKind.GOODS: _GOODS,
    ProductKind.FILE: _FILE,
    ProductKind.SERVICE: _WORK,
    ProductKind.LICENCE: _FILE,
}
# States that wait for the buyer's side, with units kept.
UNPAID = (_S.APPROVING, _S.AWAITING)
# States in which the buyer's money is held for the order.
HELD = (_S.PAID, _S.PART_SHIPPED, _S.SHIPPED, _S.RECEIVED)
# States in which bought files may be fetched.
OPENS_FILES = (_S.PAID, _S.RECEIVED, _S.COMPLETED)


class PaymentState(models.TextChoices):
    """One try to pay an order with one provider."""

    OPEN = "open", _("待支付")
    SUCCEEDED = "succeeded", _("支付成功")
    FAILED = "failed", _("支付失败")


# A buyer may try again inside one payment, and news may come in any order: success is final.
PAYMENT = Transitions(
    {
        (PaymentState.OPEN, "succeed"): PaymentState.SUCCEEDED,
        (PaymentState.OPEN, "fail"): PaymentState.FAILED,
        (PaymentState.FAILED, "succeed"): PaymentState.SUCCEEDED,
    }
)


class RefundState(models.TextChoices):
    """A refund, from the buyer's wish to the provider's confirmation."""

    REQUESTED = "requested", _("待卖家处理")
    RETURNING = "returning", _("待退货")
    INSTRUCTED = "instructed", _("退款中")
    DONE = "done", _("已到账")
    REFUSED = "refused", _("卖家未同意")
    WITHDRAWN = "withdrawn", _("已撤回")


_R = RefundState
REFUND = Transitions(
    {
        (_R.REQUESTED, "agree"): _R.INSTRUCTED,
        (_R.REQUESTED, "await_goods"): _R.RETURNING,
        (_R.REQUESTED, "refuse"): _R.REFUSED,
        (_R.REQUESTED, "withdraw"): _R.WITHDRAWN,
        (_R.RETURNING, "agree"): _R.INSTRUCTED,
        (_R.RETURNING, "withdraw"): _R.WITHDRAWN,
        (_R.INSTRUCTED, "arrive"): _R.DONE,
    }
)
# Refunds that still wait for somebody: money is not settled before they are answered.
UNANSWERED = (_R.REQUESTED, _R.RETURNING)


class NoticeKind(models.TextChoices):
    """What a payment provider tells us."""

    PAID = "payment.succeeded", _("支付成功")
    FAILED = "payment.failed", _("支付失败")
    REFUNDED = "refund.succeeded", _("退款到账")


class PayoutState(models.TextChoices):
    """A firm's part of a settled order, on its way to the firm."""

    WAITING = "waiting", _("待登记收款账户")
    SENT = "sent", _("划付中")
    DONE = "done", _("已划付")
    FAILED = "failed", _("失败")


_P = PayoutState
PAYOUT = Transitions(
    {
        (_P.WAITING, "send"): _P.SENT,
        (_P.SENT, "arrive"): _P.DONE,
        (_P.SENT, "fail"): _P.FAILED,
        (_P.FAILED, "send"): _P.SENT,
    }
)


class BankLineState(models.TextChoices):
    """Money that came to the custody account: two people say whose it is."""

    OPEN = "open", _("待认领")
    PROPOSED = "proposed", _("待复核")
    MATCHED = "matched", _("已入账")
    RETURNED = "returned", _("退回付款人")


_B = BankLineState
BANK_LINE = Transitions(
    {
        (_B.OPEN, "propose"): _B.PROPOSED,
        (_B.PROPOSED, "withdraw"): _B.OPEN,
        (_B.PROPOSED, "match"): _B.MATCHED,
        (_B.PROPOSED, "return"): _B.RETURNED,
    }
)


class TaskKind(models.TextChoices):
    """Why money leaves the custody account."""

    REFUND = "refund", _("退款")
    PAYOUT = "payout", _("划付")
    RETURN = "return", _("退回")


class TaskState(models.TextChoices):
    """An instruction at the bank: one person carries it out, another has seen it done."""

    DUE = "due", _("待办理")
    EXECUTED = "executed", _("待复核")
    CONFIRMED = "confirmed", _("已完成")


_T = TaskState
TASK = Transitions(
    {
        (_T.DUE, "execute"): _T.EXECUTED,
        (_T.EXECUTED, "send_back"): _T.DUE,
        (_T.EXECUTED, "confirm"): _T.CONFIRMED,
    }
)


class RowKind(models.TextChoices):
    """What a line of a provider's statement is about."""

    PAYMENT = "payment", _("收款")
    REFUND = "refund", _("退款")
    PAYOUT = "payout", _("划付")


class DifferenceKind(models.TextChoices):
    """How a provider's statement and our books can disagree."""

    MISSING_HERE = "missing_here", _("对方有，我方无")
    MISSING_THERE = "missing_there", _("我方有，对方无")
    AMOUNT = "amount", _("金额不一致")
    DUPLICATE = "duplicate", _("重复记录")


class DifferenceReason(models.TextChoices):
    """Why, as far as a machine can tell; it decides what people are advised to do."""

    UNHEARD = "unheard", _("我方未收到这笔的通知，可向渠道查询")
    UNKNOWN = "unknown", _("我方没有这个编号")
    NOT_YET = "not_yet", _("对方当日账单没有，可能记在次日")
    OTHER_SUM = "other_sum", _("同一编号两边金额不同")
    TWICE = "twice", _("对方账单里出现两次")


class DifferenceState(models.TextChoices):
    """A difference, until it is explained or written off by two people."""

    OPEN = "open", _("待处理")
    PROPOSED = "proposed", _("待复核")
    RESOLVED = "resolved", _("已查明")
    WRITTEN_OFF = "written_off", _("已核销")


_X = DifferenceState
DIFFERENCE = Transitions(
    {
        (_X.OPEN, "resolve"): _X.RESOLVED,
        (_X.OPEN, "propose"): _X.PROPOSED,
        (_X.PROPOSED, "withdraw"): _X.OPEN,
        (_X.PROPOSED, "resolve"): _X.RESOLVED,
        (_X.PROPOSED, "write_off"): _X.WRITTEN_OFF,
    }
)


class ApprovalState(models.TextChoices):
    """A wish to spend more than one may for a firm."""

    WAITING = "waiting", _("待审批")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")
    EXPIRED = "expired", _("逾期未批")


_A = ApprovalState
APPROVAL = Transitions(
    {
        (_A.WAITING, "approve"): _A.APPROVED,
        (_A.WAITING, "refuse"): _A.REFUSED,
        (_A.WAITING, "withdraw"): _A.WITHDRAWN,
        (_A.WAITING, "expire"): _A.EXPIRED,
    }
)


class DisputeKind(models.TextChoices):
    """What is wrong, in the buyer's eyes."""

    NOT_DELIVERED = "undelivered", _("没有收到")
    LATE = "late", _("交付逾期")
    NOT_AS_DESCRIBED = "different", _("与约定不符")
    DAMAGED = "damaged", _("有破损")
    INCOMPLETE = "incomplete", _("数量不足")
    FLAWED = "flawed", _("质量问题")
    OTHER = "other", _("其他")


class DisputeState(models.TextChoices):
    """From the buyer's demand to the split of the money."""

    OPEN = "open", _("待卖家答复")
    NEGOTIATING = "negotiating", _("协商中")
    MEDIATION = "mediation", _("调解举证")
    DECIDING = "deciding", _("待裁决")
    AGREED = "agreed", _("已达成一致")
    DECIDED = "decided", _("已裁决")
    WITHDRAWN = "withdrawn", _("已撤回")


_D = DisputeState
DISPUTE = Transitions(
    {
        (_D.OPEN, "offer"): _D.NEGOTIATING,
        (_D.OPEN, "accept"): _D.AGREED,
        (_D.OPEN, "withdraw"): _D.WITHDRAWN,
        (_D.NEGOTIATING, "offer"): _D.NEGOTIATING,
        (_D.NEGOTIATING, "accept"): _D.AGREED,
        (_D.NEGOTIATING, "mediate"): _D.MEDIATION,
        (_D.NEGOTIATING, "withdraw"): _D.WITHDRAWN,
        (_D.MEDIATION, "hear"): _D.DECIDING,
        (_D.MEDIATION, "withdraw"): _D.WITHDRAWN,
        (_D.DECIDING, "decide"): _D.DECIDED,
        (_D.DECIDING, "withdraw"): _D.WITHDRAWN,
    }
)
# While one of these lasts, the order's clocks stand still.
DISPUTED = (_D.OPEN, _D.NEGOTIATING, _D.MEDIATION, _D.DECIDING)
MEDIATED = (_D.MEDIATION, _D.DECIDING)


class DisputeSide(models.TextChoices):
    """Who speaks in a dispute."""

    BUYER = "buyer", _("买家")
    SELLER = "seller", _("卖家")
    MEDIATOR = "mediator", _("调解方")
    CLOCK = "clock", _("期限")


class DisputeStepKind(models.TextChoices):
    """What somebody did in a dispute."""

    OPENED = "opened", _("提出了索赔")
    OFFER = "offer", _("给出方案")
    REFUSED = "refused", _("拒绝退款")
    ACCEPTED = "accepted", _("接受了方案")
    EVIDENCE = "evidence", _("补充了证据")
    MEDIATION = "mediation", _("申请了调解")
    HEARD = "heard", _("举证结束")
    DECIDED = "decided", _("作出了裁决")
    WITHDRAWN = "withdrawn", _("撤回了索赔")


class InvoiceKind(models.TextChoices):
    """VAT invoices: for everybody, or for a firm that deducts the tax."""

    PLAIN = "plain", _("普通发票")
    SPECIAL = "special", _("专用发票")


class TitleKind(models.TextChoices):
    """Whom an invoice is made out to."""

    PERSON = "person", _("个人")
    FIRM = "firm", _("单位")


class InvoiceState(models.TextChoices):
    """A request for an invoice."""

    REQUESTED = "requested", _("待开票")
    ISSUED = "issued", _("已开票")
    REFUSED = "refused", _("未能开票")
    WITHDRAWN = "withdrawn", _("已撤回")
    EXPIRED = "expired", _("逾期未开")


_I = InvoiceState
INVOICE = Transitions(
    {
        (_I.REQUESTED, "issue"): _I.ISSUED,
        (_I.REQUESTED, "refuse"): _I.REFUSED,
        (_I.REQUESTED, "withdraw"): _I.WITHDRAWN,
        (_I.REQUESTED, "expire"): _I.EXPIRED,
    }
)
# VAT rates in basis points: exempt, 1 % and 3 % of small taxpayers, then 6, 9, 13 %.
RATES = (0, 100, 300, 600, 900, 1300)
