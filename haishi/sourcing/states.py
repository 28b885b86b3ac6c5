"""States of requests for quotation, quotations and awards."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from haishi.foundation.states import Transitions


class RfqState(models.TextChoices):
    """Where a request stands. Whether it takes quotations also depends on the clock: `policies`."""

    DRAFT = "draft", _("草稿")
    OPEN = "open", _("征集中")
    CLOSED = "closed", _("已截止，评比中")
    AWARDED = "awarded", _("已定标")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("流标")


RFQ = Transitions(
    {
        ("draft", "publish"): "open",
        ("draft", "expire"): "cancelled",
        ("draft", "cancel"): "cancelled",
        ("open", "close"): "closed",
        ("open", "fail"): "failed",
        ("open", "cancel"): "cancelled",
        ("closed", "award"): "awarded",
        ("closed", "cancel"): "cancelled",
        ("closed", "lapse"): "failed",
    }
)


class Visibility(models.TextChoices):
    """Who may know of a request and quote."""

    PUBLIC = "public", _("公开")
    INVITED = "invited", _("仅受邀单位")


class Criterion(models.TextChoices):
    """What decides; the weights are shown beforehand and add up to 100."""

    PRICE = "price", _("价格")
    LEAD = "lead", _("交期")
    QUALITY = "quality", _("质量与样品")
    SERVICE = "service", _("服务与保障")
    CRAFT = "craft", _("工艺与创意")


# These two are reckoned from the offers; the buyer marks the others from 0 to 100.
RECKONED = (Criterion.PRICE, Criterion.LEAD)


class QuotationState(models.TextChoices):
    """What became of a firm's quotation."""

    SUBMITTED = "submitted", _("已报价")
    WITHDRAWN = "withdrawn", _("已撤回")
    WON = "won", _("已中标")
    LOST = "lost", _("未中标")
    LAPSED = "lapsed", _("随询价终止")


QUOTATION = Transitions(
    {
        ("submitted", "submit"): "submitted",
        ("withdrawn", "submit"): "submitted",
        ("submitted", "withdraw"): "withdrawn",
        ("submitted", "win"): "won",
        ("submitted", "lose"): "lost",
        ("submitted", "lapse"): "lapsed",
    }
)


class AwardState(models.TextChoices):
    """An award waits for approval when it is above what its author may spend."""

    AWAITING = "awaiting", _("待审批")
    ISSUED = "issued", _("已定标")
    REFUSED = "refused", _("未批准")
    LAPSED = "lapsed", _("审批逾期")


AWARD = Transitions(
    {
        ("awaiting", "approve"): "issued",
        ("awaiting", "refuse"): "refused",
        ("awaiting", "lapse"): "lapsed",
    }
)


class Ask(models.TextChoices):
    """How the board may be narrowed by time."""

    ANY = "", _("全部")
    SOON = "soon", _("三天内截止")
    WEEK = "week", _("七天内截止")
