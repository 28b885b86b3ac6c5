"""What happened, in the reader's words."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "contract.drawn_up": _("起草合同"),
    "contract.send": _("发给各方"),
    "contract.commented": _("发表意见"),
    "contract.propose": _("提出新版本"),
    "contract.agreed": _("同意这一版"),
    "contract.open_signing": _("定稿封存，开放签署"),
    "contract.freeze": _("条款已议定，定稿封存，开放签署"),
    "contract.signed": _("签署"),
    "contract.reminded": _("提醒未签署的各方"),
    "contract.conclude": _("各方签毕，合同生效"),
    "contract.fulfil": _("全部履行"),
    "contract.decline": _("谢绝"),
    "contract.expire": _("到期作废"),
    "contract.end_asked": _("提出终止"),
    "contract.terminate": _("终止"),
    "milestone.reminded": _("提醒节点到期"),
    "milestone.bill": _("节点开始付款"),
    "milestone.pay": _("节点款项已托管"),
    "milestone.lapse": _("节点付款未完成"),
    "milestone.deliver": _("交付"),
    "milestone.return": _("退回修改"),
    "milestone.accept": _("验收"),
    "milestone.settle": _("结算分账"),
    "milestone.refund": _("退款"),
}


def deed(action: str) -> object:
    """The words for an action of the audit log."""
    return DEEDS.get(action, action)
