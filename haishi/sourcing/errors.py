"""What sourcing refuses."""

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict, Forbidden, Invalid


class TooLate(Conflict):
    message = _("已过截止时刻：截止于 %(closes)s，服务器收到时为 %(now)s。报价没有变化。")


class TooEarly(Conflict):
    message = _("还没有开始：%(opens)s 起接受报价。")


class NotTaking(Conflict):
    message = _("这份询价现在不接受报价。")


class OwnRfq(Forbidden):
    message = _("不能给本单位的询价报价。")


class NotInvited(Forbidden):
    message = _("这份询价只接受受邀单位的报价。")


class RfqIncomplete(Invalid):
    message = _("还缺少：%(missing)s")


class WeightsWrong(Invalid):
    field = "weight_price"
    message = _("各项权重合计须为 100，且价格不能为 0。")


class TimesWrong(Invalid):
    field = "closes_at"
    message = _("截止时刻须晚于开始时刻，且至少在 %(minutes)s 分钟之后。")


class OnlyLater(Invalid):
    field = "closes_at"
    message = _("已公开的询价只能延长截止时刻，不能提前。")


class LinesWrong(Invalid):
    message = _("至少要有一行，最多 %(most)s 行；已公开的行不能删除。")


class CurrencyStrange(Invalid):
    field = "currency"
    message = _("这份询价不接受这种货币。")


class NothingOffered(Invalid):
    message = _("至少要给一行报价。")


class TiersWrong(Invalid):
    message = _("阶梯起订量须逐级增大，第一级不能为空。")


class ValidityWrong(Invalid):
    field = "valid_until"
    message = _("报价有效期须在截止日之后。")


class NotClosedYet(Conflict):
    message = _("还没有截止，%(closes)s 之后才能评比。")


class RateMissing(Conflict):
    message = _("%(currency)s 还没有折算汇率，请先填写。")


class RateFrozen(Conflict):
    message = _("汇率已经冻结，不能再改。")


class QuotationExpired(Conflict):
    message = _("%(firm)s 的报价已于 %(date)s 过期。")


class LineNotOffered(Invalid):
    message = _("%(firm)s 没有给“%(line)s”报价，或起订量高于需要的数量。")


class AwardPending(Conflict):
    message = _("已有一份定标在等待审批。")


class ReasonMissing(Invalid):
    field = "reason"
    message = _("请写明原因。")


class QuestionsClosed(Conflict):
    message = _("提问已于 %(until)s 截止。")


class FilesGone(Conflict):
    message = _("有文件已不可用，请重新上传。")


class SplitWrong(Invalid):
    message = _("分账比例合计须为百分之百，每方大于 0，单位不能重复。")


class SplitDone(Conflict):
    message = _("分账方案已经确定，合同已起草。")


class MilestonesWrong(Invalid):
    message = _("里程碑比例合计须为百分之百。")
