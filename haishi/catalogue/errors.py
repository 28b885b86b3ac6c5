"""What the catalogue refuses."""

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict, DomainError


class ProductIncomplete(DomainError):
    message = _("请先补全：%(missing)s。")


class PriceTiersWrong(DomainError):
    message = _("阶梯价要从小到大填写起订量，数量越多单价不应越高。")
    field = "price_mode"


class NotListed(Conflict):
    message = _("产品上架后才能展出。")


class AlreadyExhibited(Conflict):
    message = _("这件产品已在展品列表中。")


class ExhibitElsewhere(DomainError):
    message = _("只能展出本单位的产品。")


class ReasonMissing(DomainError):
    message = _("请写明原因，让对方知道如何修改。")
    field = "reason"


class PriceMissing(DomainError):
    message = _("标价产品要填写价格；不便公开可选“面议”。")
    field = "price_minor"


class NotADraft(Conflict):
    message = _("只有从未上架的草稿可以删除；其他产品请下架。")
