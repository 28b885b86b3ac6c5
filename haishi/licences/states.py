"""Choices and transitions of titles, offers, licences, approvals and statements."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from haishi.foundation.states import Transitions


class LinkKind(models.TextChoices):
    """How a right came from one hand to the next."""

    CREATION = "creation", _("创作")
    COMMISSION = "commission", _("委托或职务创作")
    ASSIGNMENT = "assignment", _("权利转让")
    INHERITANCE = "inheritance", _("继承或承继")
    EXCLUSIVE = "exclusive", _("独占许可")


class TitleState(models.TextChoices):
    """How far the chain of title of a work was checked."""

    DRAFT = "draft", _("整理中")
    SUBMITTED = "submitted", _("待核验")
    VERIFIED = "verified", _("权属已核")
    RETURNED = "returned", _("已退回")


_T = TitleState
TITLE = Transitions(
    {
        (_T.DRAFT, "submit"): _T.SUBMITTED,
        (_T.RETURNED, "submit"): _T.SUBMITTED,
        (_T.SUBMITTED, "take_back"): _T.DRAFT,
        (_T.SUBMITTED, "verify"): _T.VERIFIED,
        (_T.SUBMITTED, "return"): _T.RETURNED,
        (_T.VERIFIED, "return"): _T.RETURNED,
        (_T.VERIFIED, "take_back"): _T.DRAFT,
    }
)


class OfferState(models.TextChoices):
    """Whether licences may be asked for."""

    DRAFT = "draft", _("草稿")
    OPEN = "open", _("开放授权")
    WITHDRAWN = "withdrawn", _("已收回")


OFFER = Transitions(
    {
        (OfferState.DRAFT, "open"): OfferState.OPEN,
        (OfferState.WITHDRAWN, "open"): OfferState.OPEN,
        (OfferState.OPEN, "withdraw"): OfferState.WITHDRAWN,
    }
)


class Right(models.TextChoices):
    """What may be done with a work."""

    REPRODUCE = "reproduce", _("复制")
    DISTRIBUTE = "distribute", _("发行")
    ADAPT = "adapt", _("改编")
    MERCHANDISE = "merchandise", _("商品化")
    BROADCAST = "broadcast", _("播放与网络传播")
    EXHIBIT = "exhibit", _("展览")
    GAME = "game", _("游戏化")


class Exclusivity(models.TextChoices):
    """Who else may do it: nobody at all, only the licensor, or others as well."""

    EXCLUSIVE = "exclusive", _("独占")
    SOLE = "sole", _("排他")
    NON_EXCLUSIVE = "non_exclusive", _("非独占")


class Medium(models.TextChoices):
    """Goods and media a licence is for; `all` stands alone."""

    ALL = "all", _("全部品类与媒介")
    APPAREL = "apparel", _("服饰")
    TOYS = "toys", _("玩具与手办")
    STATIONERY = "stationery", _("文具与礼品")
    HOME = "home", _("家居用品")
    FOOD = "food", _("食品与包装")
    PUBLISHING = "publishing", _("图书出版")
    FILM = "film", _("影视动画")
    AUDIO = "audio", _("音频")
    GAMES = "games", _("电子游戏")
    DIGITAL = "digital", _("数字内容")
    VENUE = "venue", _("空间与展陈")


class Channel(models.TextChoices):
    """How goods are sold; each has a royalty rate of its own."""

    ONLINE = "online", _("线上零售")
    OFFLINE = "offline", _("线下零售")
    WHOLESALE = "wholesale", _("批发")
    DIGITAL = "digital", _("数字订阅与下载")


class Base(models.TextChoices):
    """What the royalty is a share of."""

    NET = "net", _("净销售额")
    WHOLESALE = "wholesale", _("出厂价总额")


class Period(models.TextChoices):
    """How often sales are reported."""

    MONTH = "month", _("每月")
    QUARTER = "quarter", _("每季度")


class Stage(models.TextChoices):
    """Stages of approval (监修), in their order."""

    CONCEPT = "concept", _("方案")
    SAMPLE = "sample", _("样品")
    PRODUCTION = "production", _("大货")


class LicenceState(models.TextChoices):
    """From a request to the end of a licence."""

    REQUESTED = "requested", _("等待授权方答复")
    ANSWERED = "answered", _("等待被授权方答复")
    SIGNING = "signing", _("合同签署中")
    PAYING = "paying", _("等待支付保底金")
    ACTIVE = "active", _("授权中")
    SUSPENDED = "suspended", _("已中止")
    EXPIRED = "expired", _("已到期")
    REVOKED = "revoked", _("已撤销")
    DECLINED = "declined", _("未达成")
    WITHDRAWN = "withdrawn", _("已撤回")
    LAPSED = "lapsed", _("逾期失效")


_L = LicenceState
_TALK: dict[tuple[str, str], str] = {
    (state, action): after
    for state, other in ((_L.REQUESTED, _L.ANSWERED), (_L.ANSWERED, _L.REQUESTED))
    for action, after in (
        ("counter", other),
        ("accept", _L.SIGNING),
        ("decline", _L.DECLINED),
        ("withdraw", _L.WITHDRAWN),
        ("lapse", _L.LAPSED),
    )
}
LICENCE = Transitions(
    {
        **_TALK,
        (_L.SIGNING, "conclude"): _L.PAYING,
        (_L.SIGNING, "decline"): _L.DECLINED,
        (_L.SIGNING, "lapse"): _L.LAPSED,
        (_L.PAYING, "activate"): _L.ACTIVE,
        (_L.PAYING, "lapse"): _L.LAPSED,
        (_L.ACTIVE, "suspend"): _L.SUSPENDED,
        (_L.SUSPENDED, "resume"): _L.ACTIVE,
        (_L.ACTIVE, "expire"): _L.EXPIRED,
        (_L.SUSPENDED, "expire"): _L.EXPIRED,
        (_L.ACTIVE, "revoke"): _L.REVOKED,
        (_L.SUSPENDED, "revoke"): _L.REVOKED,
    }
)
TALKING = (_L.REQUESTED, _L.ANSWERED)
# States in which what was granted is kept for the licensee.
GRANTED = (_L.SIGNING, _L.PAYING, _L.ACTIVE, _L.SUSPENDED)
# Sales are reported until the last stock is sold.
REPORTING = (_L.ACTIVE, _L.SUSPENDED, _L.EXPIRED, _L.REVOKED)


class ApprovalState(models.TextChoices):
    """One round of one stage. Silence is told on, and never an approval."""

    SUBMITTED = "submitted", _("待监修")
    APPROVED = "approved", _("监修通过")
    RETURNED = "returned", _("退回修改")


APPROVAL = Transitions(
    {
        (ApprovalState.SUBMITTED, "approve"): ApprovalState.APPROVED,
        (ApprovalState.SUBMITTED, "return"): ApprovalState.RETURNED,
    }
)


class StatementState(models.TextChoices):
    """What became of the amount of a statement."""

    CLEAR = "clear", _("本期无应付")
    BILLED = "billed", _("待支付")
    OVERDUE = "overdue", _("逾期未付")
    PAID = "paid", _("已支付")


STATEMENT = Transitions(
    {
        (StatementState.BILLED, "pay"): StatementState.PAID,
        (StatementState.BILLED, "fall_due"): StatementState.OVERDUE,
        (StatementState.OVERDUE, "bill"): StatementState.BILLED,
    }
)
