"""What contracts refuse."""

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict, Forbidden, Invalid


class PartiesWrong(Invalid):
    message = _("合同至少要有两方，每个单位只出现一次，付款方必须是其中一方。")


class ClausesMissing(Invalid):
    message = _("合同至少要有一条条款，每条都要有标题和内容。")


class EnglishMissing(Invalid):
    message = _("只用英文的合同，名称、条款和节点都要填写英文。")


class EnquiryUnanswered(Conflict):
    message = _("这条询价还没有答复，双方谈过之后再起草合同。")


class TotalsDiffer(Invalid):
    message = _("合计为 %(sum)s，与合同总价 %(total)s 不符。")


class MilestonesMissing(Invalid):
    message = _("合同至少要有一个付款节点，金额须大于零。")


class SupplierWrong(Invalid):
    message = _("节点“%(name)s”的交付方必须是付款方以外的一方。")


class SplitWrong(Invalid):
    message = _("节点“%(name)s”的分账比例合计须为 100%%，每一方只出现一次，且都是合同的一方。")


class RateWrong(Invalid):
    message = _("参考货币须与合同货币不同，汇率须大于零。")


class NotAllAgreed(Conflict):
    message = _("还有单位没有同意这一版：%(names)s。全部同意后才能定稿签署。")


class VersionOld(Conflict):
    message = _("已经有更新的版本，请看过新版本再决定。")


class NothingChanged(Invalid):
    message = _("与上一版没有差别，没有生成新版本。")


class AlreadySigned(Conflict):
    message = _("这一方已经签署。")


class SigningOver(Conflict):
    message = _("签署期限已过，合同不能再签。")


class NotSignatory(Forbidden):
    message = _("只有这一方的负责人或管理员可以签署。")


class ReasonMissing(Invalid):
    message = _("请写明原因。")
    field = "reason"


class NoteMissing(Invalid):
    message = _("请写明交付了什么。")
    field = "note"


class FileGone(Invalid):
    message = _("有文件已不可用，请重新上传。")
    field = "asset_ids"


class MoneyHeld(Conflict):
    message = _("还有节点的款项在途或托管中，请先验收结算或退款，再终止合同。")


class ContractsOpen(Conflict):
    message = _("你还有 %(count)s 个待付款、待交付或待验收的合同节点，办完后才能注销。")
