"""What the expo refuses."""

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict, DomainError, Forbidden


class EditionNotOpen(Conflict):
    message = _("本届展会目前不接受这项操作。")


class ApplicationsClosed(Conflict):
    message = _("参展申请已截止。")


class AlreadyApplied(Conflict):
    message = _("贵单位已申请参加本届展会。")


class ReasonMissing(DomainError):
    message = _("请写明原因，让对方知道如何修改。")
    field = "reason"


class ApplicationIncomplete(DomainError):
    message = _("请先填写参展计划，再提交申请。")
    field = "plan"


class BoothTaken(Conflict):
    message = _("这个展位已分配给别的参展商。")
    field = "booth"


class BoothsOverlap(Conflict):
    message = _("展位 %(code)s 与其他展位重叠，或超出了展馆边界。")


class TierForbids(Forbidden):
    message = _("当前参展级别不包含这项权益：%(what)s。可联系主办方升级。")


class TierFull(Conflict):
    message = _("已达到当前参展级别的上限（%(limit)s）。")


class NotColleague(DomainError):
    message = _("只能从本单位成员中选择。")


class ScheduleClash(Conflict):
    message = _("日程有 %(count)s 处冲突，请先解决再发布。")


class AlreadyRegistered(Conflict):
    message = _("你已登记参加本届展会。")


class BadgeUnknown(DomainError):
    message = _("无法识别这枚胸牌。")


class BadgeCancelled(Conflict):
    message = _("这枚胸牌的登记已取消。")


class ConsentMissing(Forbidden):
    message = _("对方没有同意向参展商提供名片。")


class OwnFirm(DomainError):
    message = _("不能向自己的单位提交。")


class EnquiryClosed(Conflict):
    message = _("这次询价已经结束。")
