"""What can go wrong in trade."""

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict, Forbidden, Invalid


class Unbalanced(Invalid):
    message = _("这笔分录借贷不平，未入账。")


class KeyReused(Conflict):
    message = _("同一凭证号已记过另一笔账，未重复入账。")


class NotEnoughHeld(Conflict):
    message = _("托管余额不足，未入账。")


class AccountDiffers(Conflict):
    message = _("账户“%(code)s”已按另一种方式开立。")


class NotForSale(Conflict):
    message = _("“%(name)s”不能直接下单，请联系卖家询价。")


class PriceChanged(Conflict):
    """`values["changes"]` says which price became what; nothing was ordered."""

    message = _("价格有变化：%(changes)s。尚未下单，请核对后再提交。")


class BelowMinimum(Invalid):
    message = _("“%(name)s”至少订购 %(minimum)s 件。")


class TooManyUnits(Invalid):
    message = _("数量须在 1 到 %(most)s 之间。")


class NothingOrdered(Invalid):
    message = _("请至少选择一件商品。")


class OneSellerOneKind(Invalid):
    message = _("一张订单只能包含同一卖家、同一类型、同一货币的商品，请分开下单。")


class OwnProduct(Conflict):
    message = _("不能购买自己单位的商品。")


class AddressMissing(Invalid):
    message = _("请选择收货地址。")
    field = "address"


class AddressesFull(Conflict):
    message = _("最多保存 %(limit)s 个收货地址，请先删除不用的。")


class SharesWrong(Invalid):
    message = _("分账比例合计须为 100%，每一方只能出现一次。")


class RailRefuses(Conflict):
    """No way to pay can carry the plan; `values["reasons"]` says why, for people."""

    message = _(
        "没有支付渠道能执行这个分账方案。%(reasons)s。请调整比例、期限或货币，或分成几笔付款。"
    )


class StockBelowTaken(Conflict):
    message = _("已有 %(taken)s 件被订购，库存总数不能少于这个数。")


class PaymentClosed(Conflict):
    message = _("订单已不能付款：付款时限已过，或订单已付款、已取消。")


class ProviderUnknown(Invalid):
    message = _("没有这种支付方式。")


class ProviderRefuses(Conflict):
    """This order cannot be paid this way; `values["reasons"]` says why."""

    message = _("不能用这种方式付款：%(reasons)s。请换一种。")


class ProviderFailed(Conflict):
    message = _("支付渠道暂时没有响应，未扣款。请稍后再试。")


class WeChatLoginRefused(Conflict):
    """What came back from WeChat is not the answer to a question of ours, or not good any more."""

    message = _("微信授权已失效，未扣款。请重新付款。")


class CallbackRefused(Forbidden):
    """A callback that is not to be believed; `values["reason"]` names the failed check."""

    message = _("回调未通过校验：%(reason)s。")


class ShipsTooMuch(Invalid):
    message = _("发货数量超过未发数量，请核对。")


class AcceptedElsewhere(Conflict):
    message = _("这笔款项属于合同节点，请在合同页面交付和验收。")


class RefundTooMuch(Invalid):
    message = _("退款金额须大于零，且不超过可退的 %(most)s。")
    field = "amount"


class RefundOpen(Conflict):
    message = _("还有未处理的退款申请，请先处理。")


class DealsOpen(Conflict):
    message = _("你还有 %(count)s 张未完成的订单，完成或取消后才能注销。")


class AccountWrong(Invalid):
    message = _("账号须为 4 到 64 位字母、数字或邮箱字符，不含空格。")
    field = "account"


class SecondPerson(Forbidden):
    message = _("须由另一位运营人员复核：经办与复核不能是同一人。")


class Underpaid(Conflict):
    message = _("到账 %(came)s，少于应付的 %(due)s，不能入账；请退回付款人并通知买家重新付款。")


class LineKnown(Invalid):
    """A line of a bank statement says something else than the one with its number did."""

    message = _("流水号 %(reference)s 已导入过，但金额或付款人不同。")


class StatementUnreadable(Invalid):
    """A statement of a provider cannot be read; nothing was compared."""

    message = _("无法读取对账单：%(why)s。")
    field = "file"


class AlreadyReconciled(Conflict):
    message = _("同一天的同一份对账单已核对过。")
    field = "file"


class NothingToWriteOff(Conflict):
    message = _("这项差异两边金额相同，无须更正账目，请查明后标为已查明。")


class CartFull(Conflict):
    message = _("购物车最多放 %(most)s 种商品，请先结算或移出一些。")


class NotEnoughLeft(Conflict):
    message = _("“%(name)s”只剩 %(left)s 件，请减少数量。")


class NothingToDeliver(Conflict):
    message = _("卖家还没有上传“%(name)s”的交付文件，暂时不能购买。")


class CartMoved(Conflict):
    """`values["changes"]` says what is another than the page showed; nothing was ordered."""

    message = _("购物车已在别处改动：%(changes)s。尚未下单，请核对后再提交。")


class DownloadsUsedUp(Conflict):
    message = _("下载次数已用完（%(most)s 次），请联系卖家。")


class NotCompleted(Conflict):
    message = _("订单完成后才能评价。")


class ReviewFixed(Conflict):
    message = _("评价发表满 %(days)s 天后不能再修改。")


class AnsweredAlready(Conflict):
    message = _("这条评价已经答复过了。")


class SpendForbidden(Forbidden):
    """Nobody could approve it either; `values["reason"]` says why."""

    message = _("这笔采购超出你的权限：%(reason)s。")


class OwnApproval(Forbidden):
    message = _("不能审批自己提出的采购。")


class ApproverLimit(Forbidden):
    message = _("这笔采购也超出你的审批权限：%(reason)s。")


class ApprovalMismatch(Conflict):
    message = _("审批与这笔采购不符：单位、货币或金额超出已批准的范围。")


class DisputeOpen(Conflict):
    message = _("这张订单正在索赔处理中，请先了结。")


class DisputeTooMuch(Invalid):
    message = _("索赔金额须大于零，且不超过托管中的 %(most)s。")
    field = "amount_minor"


class OfferOutside(Invalid):
    """Offers move towards each other: a new one lies between the last two."""

    message = _("新方案须在双方上一次的方案之间：%(least)s 到 %(most)s。")
    field = "amount_minor"


class NotYourTurn(Conflict):
    message = _("正在等待对方答复，现在轮不到你。")


class EvidenceLate(Conflict):
    message = _("举证期限已过，不再接收材料。")


class EvidenceForeign(Invalid):
    message = _("有文件不属于你，请重新上传。")
    field = "asset_ids"


class SplitWrong(Invalid):
    message = _("退给买家的金额须在零到托管中的 %(most)s 之间。")
    field = "to_buyer_minor"


class NotImpartial(Forbidden):
    message = _("你属于其中一方，不能调解这起索赔。")


class InvoiceRequestOpen(Conflict):
    message = _("这张订单已有一份待开票的申请。")


class InvoiceTooMuch(Invalid):
    message = _("开票金额须大于零，且不超过可开的 %(most)s（已付减去已退与已开）。")
    field = "amount_minor"


class RedTooMuch(Invalid):
    message = _("红字金额须大于零，且不超过这张发票剩余的 %(most)s。")
    field = "amount_minor"


class InvoiceNumberTaken(Conflict):
    message = _("这个发票号码已经登记过。")
    field = "number"


class InvoiceFileWrong(Invalid):
    message = _("请上传本单位的发票文件（PDF 或 OFD）。")
    field = "asset_id"
