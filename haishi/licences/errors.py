"""What licences refuse, in the reader's words."""

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict, Forbidden, Invalid


class ChainBroken(Invalid):
    """`values["faults"]` names every place."""

    message = _("权属链还不完整：%(faults)s")


class TitleLocked(Conflict):
    message = _("权属材料已送核或已核验，收回后才能修改。")


class TitleMissing(Conflict):
    message = _("权属核验通过后才能开放授权。")


class ReasonMissing(Invalid):
    field = "reason"
    message = _("请写明原因。")


class FilesGone(Conflict):
    message = _("有文件已不可用，请重新上传。")


class TermsIncomplete(Invalid):
    message = _("授权条款还缺少：%(missing)s")


class TermsWrong(Invalid):
    message = _("授权条款有误：%(what)s")


class StartsTooEarly(Invalid):
    field = "starts_on"
    message = _("授权起始日不能早于今天。")


class SharesWrong(Invalid):
    message = _("权利人分成合计须为 100%，每一方只能出现一次。")


class OwnOffer(Forbidden):
    message = _("不能向本单位申请授权。")


class OfferClosed(Conflict):
    message = _("这项授权现在不接受申请。")


class RequestOpen(Conflict):
    message = _("贵单位已有一份申请在协商中，请在那里继续。")


class GrantClash(Conflict):
    message = _("与已有授权冲突：“%(right)s”在%(territory)s（%(medium)s）已授出至 %(until)s。")


class NotYourTurn(Conflict):
    message = _("现在轮到对方答复。")


class NothingChanged(Invalid):
    message = _("条款没有变化。同意对方条款请点“接受”。")


class SeatsFull(Conflict):
    message = _("席位已满（%(seats)s 个）。先移出一位，再指派新的。")


class NotAColleague(Invalid):
    field = "email"
    message = _("没有找到这个邮箱，或对方不是贵单位成员。")


class StageWrong(Invalid):
    field = "stage"
    message = _("请按监修阶段依次送审：%(wanted)s。")


class ApprovalWaits(Conflict):
    message = _("这一阶段已在监修或已通过。")


class GoodTwice(Invalid):
    field = "name"
    message = _("已有同名的授权商品。")


class NotApproved(Invalid):
    message = _("“%(name)s”的大货监修还没有通过，不能报告销售。")


class GoodUnknown(Invalid):
    message = _("没有名为“%(name)s”的授权商品。")


class ChannelUnknown(Invalid):
    message = _("条款没有约定渠道“%(channel)s”的版税率。")


class RateWrong(Invalid):
    message = _("汇率有误：本币销售的汇率为 1，其他货币须大于 0，最多 8 位小数。")


class PeriodWrong(Invalid):
    message = _("报告期不在授权期与清货期之内。")


class PeriodOpen(Conflict):
    message = _("报告期还没有结束，结束后才能报告。")


class AlreadyReported(Conflict):
    message = _("这一期已经报告过。有误请提交更正，会另出一份结算单。")


class NothingToCorrect(Conflict):
    message = _("这一期还没有报告，无从更正。")


class LicencesOpen(Conflict):
    message = _("你还是 %(count)s 份授权的经办人，请先移交或结束。")
