"""Choices and transitions: how a notice leaves the house, and what a webhook endpoint is up to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from haishi.foundation.states import Transitions


class Channel(models.TextChoices):
    """How a notice leaves the page."""

    MAIL = "mail", _("邮件")
    PUSH = "push", _("浏览器推送")


class DeliveryState(models.TextChoices):
    """A mail or push message on its way."""

    HELD = "held", _("等待汇总")
    WAITING = "waiting", _("等待发送")
    SENT = "sent", _("已送出")
    FAILED = "failed", _("未能送出")
    DROPPED = "dropped", _("不再需要")


class EndpointState(models.TextChoices):
    """An address of a firm that receives facts."""

    ACTIVE = "active", _("启用")
    PAUSED = "paused", _("暂停")
    DISABLED = "disabled", _("已停用")


ENDPOINT = Transitions(
    {
        (EndpointState.ACTIVE, "pause"): EndpointState.PAUSED,
        (EndpointState.PAUSED, "resume"): EndpointState.ACTIVE,
        (EndpointState.DISABLED, "resume"): EndpointState.ACTIVE,
        (EndpointState.ACTIVE, "disable"): EndpointState.DISABLED,
    }
)


class DispatchState(models.TextChoices):
    """One fact on its way to one endpoint."""

    WAITING = "waiting", _("等待发送")
    DELIVERED = "delivered", _("已送达")
    FAILED = "failed", _("多次未达")
    CANCELLED = "cancelled", _("已取消")
