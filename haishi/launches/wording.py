"""Rules and states of a first sale in the reader's words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haishi.foundation import clock
from haishi.launches.models import Allotment, Claim
from haishi.launches.states import ClaimState, Rule


def rule_text(sale: Allotment) -> str:
    """How the first sale decides, in one or two sentences."""
    minutes = int((sale.closes_at - sale.opens_at).total_seconds() // 60)
    length = length_text(minutes)
    if sale.rule == Rule.FIRST_COME:
        return _("揭幕即开售，先到先得，%(time)s后截止。售罄后可以候补。") % {"time": length}
    if sale.rule == Rule.WINDOW:
        return _("揭幕后%(time)s内登记，早晚一样，截止后随机排序。") % {"time": length}
    return _("揭幕后%(time)s内登记，截止后用事先封存的种子公开抽签，人人可以验算。") % {
        "time": length
    }


def length_text(minutes: int) -> str:
    """`30 分钟`, `3 小时`, `2 天`: the largest unit that is exact."""
    if minutes % 1440 == 0:
        return ngettext("%d 天", "%d 天", minutes // 1440) % (minutes // 1440)
    if minutes % 60 == 0:
        return ngettext("%d 小时", "%d 小时", minutes // 60) % (minutes // 60)
    return ngettext("%d 分钟", "%d 分钟", minutes) % minutes


def claim_text(claim: Claim) -> str:
    """What one's own claim means now."""
    words = {
        ClaimState.REQUESTED: _("已登记。截止后公布结果，届时会通知你。"),
        ClaimState.WON: _("为你保留了一件，请在时限内付款。"),
        ClaimState.WAITING: _("你在候补名单里，有人让出时会通知你。"),
        ClaimState.BOUGHT: _("已购买，恭喜成为首批拥有者。"),
        ClaimState.EXPIRED: _("没有在时限内付款，名额已让给候补。"),
        ClaimState.CANCELLED: _("你已放弃这次首发。"),
        ClaimState.LOST: _("这次没有名额了，感谢参与。"),
        ClaimState.REFUNDED: _("已退款，款项原路退回。"),
    }
    late = claim.state == ClaimState.WON and claim.pay_by and claim.pay_by <= clock.now()
    if late and claim.order_id:
        return _("付款时限已过，正在核对是否已经付款。")
    return words[ClaimState.EXPIRED] if late else words[ClaimState(claim.state)]
