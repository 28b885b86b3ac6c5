"""States of launches and claims."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from haishi.foundation.states import Transitions


class LaunchState(models.TextChoices):
    """Where a launch stands. What visitors see also depends on the clock: see `policies`."""

    DRAFT = "draft", _("草稿")
    UNDER_REVIEW = "under_review", _("审核中")
    EMBARGOED = "embargoed", _("已通过，保密中")
    ANNOUNCED = "announced", _("已预告")
    LIVE = "live", _("已揭幕")
    CLOSED = "closed", _("已结束")


LAUNCH = Transitions(
    {
        ("draft", "submit"): "under_review",
        ("under_review", "take_back"): "draft",
        ("under_review", "return"): "draft",
        ("under_review", "approve"): "embargoed",
        ("embargoed", "reopen"): "draft",
        ("embargoed", "announce"): "announced",
        ("announced", "withdraw"): "embargoed",
        ("announced", "unveil"): "live",
        ("live", "close"): "closed",
    }
)


class Rule(models.TextChoices):
    """How the first sale decides who may buy; shown beforehand."""

    FIRST_COME = "first_come", _("先到先得")
    WINDOW = "window", _("限时登记，随机排序")
    DRAW = "draw", _("公开抽签")


class ClaimState(models.TextChoices):
    """What became of somebody's wish to buy."""

    REQUESTED = "requested", _("已登记，等待结果")
    WON = "won", _("可以购买")
    WAITING = "waiting", _("候补中")
    BOUGHT = "bought", _("已购买")
    EXPIRED = "expired", _("逾期未付，已让出")
    CANCELLED = "cancelled", _("已放弃")
    LOST = "lost", _("未获得")
    REFUNDED = "refunded", _("已退款")


CLAIM = Transitions(
    {
        ("requested", "win"): "won",
        ("requested", "wait"): "waiting",
        ("requested", "cancel"): "cancelled",
        ("waiting", "win"): "won",
        ("waiting", "cancel"): "cancelled",
        ("waiting", "lose"): "lost",
        ("won", "buy"): "bought",
        ("won", "cancel"): "cancelled",
        ("won", "expire"): "expired",
        ("won", "refund"): "refunded",
        ("bought", "refund"): "refunded",
    }
)
