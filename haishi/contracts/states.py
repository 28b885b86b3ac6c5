"""Languages and states of a contract, states of its milestones and of what was handed over."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from haishi.foundation.states import Transitions


class Language(models.TextChoices):
    """In which language the papers of a contract are written."""

    BOTH = "both", _("中英双语")
    CHINESE = "zh", _("只用中文")
    ENGLISH = "en", _("只用英文")


class ContractState(models.TextChoices):
    """From the draft to the last milestone."""

    DRAFT = "draft", _("起草中")
    REVIEW = "review", _("商议中")
    SIGNING = "signing", _("待签署")
    CONCLUDED = "concluded", _("履行中")
    FULFILLED = "fulfilled", _("已履行")
    DECLINED = "declined", _("已谢绝")
    EXPIRED = "expired", _("已过期")
    TERMINATED = "terminated", _("已终止")


_C = ContractState
CONTRACT = Transitions(
    {
        (_C.DRAFT, "send"): _C.REVIEW,
        # Nobody else has seen it yet.
        (_C.DRAFT, "propose"): _C.DRAFT,
        # What was agreed elsewhere is not talked about again.
        (_C.DRAFT, "freeze"): _C.SIGNING,
        (_C.DRAFT, "decline"): _C.DECLINED,
        (_C.DRAFT, "expire"): _C.EXPIRED,
        (_C.REVIEW, "propose"): _C.REVIEW,
        (_C.REVIEW, "open_signing"): _C.SIGNING,
        (_C.REVIEW, "decline"): _C.DECLINED,
        (_C.REVIEW, "expire"): _C.EXPIRED,
        (_C.SIGNING, "conclude"): _C.CONCLUDED,
        (_C.SIGNING, "decline"): _C.DECLINED,
        (_C.SIGNING, "expire"): _C.EXPIRED,
        (_C.CONCLUDED, "fulfil"): _C.FULFILLED,
        (_C.CONCLUDED, "terminate"): _C.TERMINATED,
    }
)
# Contracts that still wait for somebody.
OPEN = (_C.DRAFT, _C.REVIEW, _C.SIGNING, _C.CONCLUDED)


class MilestoneState(models.TextChoices):
    """From the plan to shared money. Money is held from `funded` to `accepted`."""

    PLANNED = "planned", _("待付款")
    BILLED = "billed", _("付款中")
    FUNDED = "funded", _("已托管，待交付")
    DELIVERED = "delivered", _("已交付，待验收")
    RETURNED = "returned", _("退回修改")
    ACCEPTED = "accepted", _("已验收，结算中")
    SETTLED = "settled", _("已结算")
    REFUNDED = "refunded", _("已退款")


_M = MilestoneState
MILESTONE = Transitions(
    {
        (_M.PLANNED, "bill"): _M.BILLED,
        (_M.BILLED, "pay"): _M.FUNDED,
        (_M.BILLED, "lapse"): _M.PLANNED,
        (_M.FUNDED, "deliver"): _M.DELIVERED,
        (_M.RETURNED, "deliver"): _M.DELIVERED,
        (_M.DELIVERED, "return"): _M.RETURNED,
        (_M.DELIVERED, "accept"): _M.ACCEPTED,
        (_M.ACCEPTED, "settle"): _M.SETTLED,
        # A mediator shared what was held, however far the milestone had come.
        (_M.FUNDED, "settle"): _M.SETTLED,
        (_M.DELIVERED, "settle"): _M.SETTLED,
        (_M.RETURNED, "settle"): _M.SETTLED,
        (_M.FUNDED, "refund"): _M.REFUNDED,
        (_M.DELIVERED, "refund"): _M.REFUNDED,
        (_M.RETURNED, "refund"): _M.REFUNDED,
        (_M.ACCEPTED, "refund"): _M.REFUNDED,
        # Money that came back may be paid in again.
        (_M.REFUNDED, "bill"): _M.BILLED,
    }
)
MOVING = (_M.BILLED, _M.FUNDED, _M.DELIVERED, _M.RETURNED, _M.ACCEPTED)


# Whose turn it is while nothing was handed over: the payer's, the supplier's.
PAYER_ACTS = (_M.PLANNED, _M.BILLED, _M.REFUNDED)
SUPPLIER_ACTS = (_M.FUNDED, _M.RETURNED)


class Answer(models.TextChoices):
    """What the payer said to a delivery."""

    WAITING = "waiting", _("待验收")
    ACCEPTED = "accepted", _("已验收")
    SILENT = "silent", _("逾期未答复，视为合格")
    RETURNED = "returned", _("退回修改")
