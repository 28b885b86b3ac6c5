"""What can go wrong around a launch."""

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict, Forbidden, Invalid


class NotUnveiled(Conflict):
    message = _("还没有揭幕，请等倒计时结束。")


class SaleNotOpen(Conflict):
    message = _("首发还没有开始，或已经截止。")


class OwnLaunch(Forbidden):
    message = _("本单位的成员不能参加自己的首发。")


class QuotaBelowClaims(Conflict):
    message = _("已有 %(taken)s 件被锁定，数量不能低于它。")


class DossierIncomplete(Invalid):
    message = _("还缺少：%(missing)s")


class InstantTooSoon(Invalid):
    message = _("揭幕时刻至少在 %(minutes)s 分钟之后。")


class SaleIsDecided(Conflict):
    message = _("结果已经公布，不能再更改。")


class PaymentTooLate(Conflict):
    message = _("付款时限已过，名额已让给候补。已付的款项会原路退回。")


class PayTimeOver(Conflict):
    message = _("付款时限已过，名额已让给候补。")


class DossierLocked(Conflict):
    message = _("材料已送审或已通过，收回后才能修改。")


class ReasonMissing(Invalid):
    field = "reason"
    message = _("请写明退回的原因。")


class LaunchElsewhere(Invalid):
    field = "product_id"
    message = _("只能发布本单位的产品。")


class SessionElsewhere(Invalid):
    field = "session_id"
    message = _("只能关联本届已发布的日程里、不属于其他单位的场次。")


class PriceMissing(Invalid):
    field = "price_minor"
    message = _("有首发数量，就要填写价格。")


class FilesGone(Conflict):
    message = _("有文件已不可用，请重新上传。")


class AlreadyUnveiled(Conflict):
    message = _("已经揭幕，不能再改动。")
