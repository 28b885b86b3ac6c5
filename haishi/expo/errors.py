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
    """`values["codes"]` lists the booths that are wrong."""

    message = _("展位 %(code)s 与其他展位重叠，或超出了展馆边界。")


class BoothSizeRefused(Conflict):
    """`values["codes"]` lists the booths that are wrong."""

    message = _("展位 %(code)s 的尺寸不合适：边长应在 1 米到 200 米之间。")


class BoothCodesRepeated(Conflict):
    """`values["codes"]` lists the codes that are wrong."""

    message = _("展位号 %(code)s 为空、过长或重复。")


class BoothsOccupied(Conflict):
    """`values["codes"]` lists the booths that somebody holds."""

    message = _("展位 %(code)s 已分配给参展商，请先调整分配再删除。")


class TooManyBooths(DomainError):
    message = _("一个展馆最多放 %(limit)s 个展位。")


class BoothElsewhere(DomainError):
    message = _("这个展位不在本届展会。")
    field = "booth"


class AddressTaken(Conflict):
    message = _("这个网址后缀已被使用，请换一个。")
    field = "slug"


class CodeTaken(Conflict):
    message = _("这个前缀已用于另一个展馆。")
    field = "code"


class PastTime(DomainError):
    message = _("闭幕时间已经过去，请填写将来的时间。")
    field = "closes_at"


class ClosesTooEarly(DomainError):
    message = _("闭幕时间必须晚于开幕时间。")
    field = "closes_at"


class AppliesTooLate(DomainError):
    message = _("参展申请应在闭幕之前截止。")
    field = "apply_until"


class HallOccupied(Conflict):
    message = _("馆内还有 %(count)s 家参展商，请先调整他们的展位。")


class HallTooSmall(Conflict):
    message = _("展位 %(code)s 会落在展馆之外，请先调整展位图。")
    field = "width"


class TierInUse(Conflict):
    message = _("有 %(count)s 家参展商属于这个级别，请先为他们更换级别。")


class TierElsewhere(DomainError):
    message = _("请选择本届展会的参展级别。")
    field = "tier"


class StepUnclear(DomainError):
    message = _("请为“打开链接”填写按钮文字和以 https:// 开头的网址。")
    field = "url"


class StepTwice(DomainError):
    message = _("同一种按钮只放一个，“打开链接”最多三个。")
    field = "kind"


class PictureOfAnother(DomainError):
    message = _("只能使用本单位上传、类型相符的文件。")
    field = "pictures"


class TierForbids(Forbidden):
    message = _("当前参展级别不包含这项权益：%(what)s。可联系主办方升级。")


class TierFull(Conflict):
    message = _("已达到当前参展级别的上限（%(limit)s）。")


class NotColleague(DomainError):
    message = _("只能从本单位成员中选择。")


class ScheduleClash(Conflict):
    message = _("日程有 %(count)s 处冲突，请先解决再发布。")


class NameDiffers(DomainError):
    message = _("请完整输入展会名称，以确认闭幕。")
    field = "name"


class ArchiveStands(Conflict):
    message = _("存档完好，不需要再次生成。")


class RequestExpired(Conflict):
    message = _("这次续展邀请已过期。如仍想参展，请联系主办方重新邀请，或直接提交申请。")


class EditionElsewhere(DomainError):
    message = _("请选择同一主办方的另一届展会。")
    field = "source_id"


class DeadlineOutside(DomainError):
    message = _("答复期限应在将来，且早于本届闭幕。")
    field = "expires_at"


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


class AnswerFirst(Conflict):
    message = _("请先回复，再结束这次询价。")


class CardLinkGone(Conflict):
    message = _("这张名片的二维码已失效，请对方重新出示。")


class OwnCard(DomainError):
    message = _("这是你自己的名片。")


class KindForExhibitors(DomainError):
    message = _("只有本届参展单位的成员才能以参展人员身份登记。")
    field = "kind"


class ListInUse(Conflict):
    message = _("这个签到点已有 %(count)s 人签到，不能删除。")


class GateUsed(Conflict):
    message = _("已有 %(count)s 人次从这里入场，签到口不能删除。")


class PartInUse(Conflict):
    """A stage or a track; `values["uses"]` says in words what has it."""

    message = _("“%(name)s”还在使用，不能删除：%(uses)s。")
