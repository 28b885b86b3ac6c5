"""Choices and transitions: held lines, sanctions, words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from haishi.foundation.states import Transitions


class EntryKind(models.TextChoices):
    """What an item of a room is."""

    SAID = "said", _("发言")
    POSTED = "posted", _("平台消息")
    REMOVED = "removed", _("撤下")


class Measure(models.TextChoices):
    """What is done about somebody in a room."""

    MUTE = "mute", _("禁言")
    BAN = "ban", _("移出房间")


class Action(models.TextChoices):
    """What happens to a line with a word of the list."""

    HOLD = "hold", _("审核")
    MASK = "mask", _("打码")
    BLOCK = "block", _("拦截")
    ALLOW = "allow", _("放行")


class Manner(models.TextChoices):
    """How closely a word is compared, beyond its writing and its sound."""

    EXACT = "exact", _("只按写法")
    INITIALS = "initials", _("也认首字母")


class HeldState(models.TextChoices):
    """A line that waits for a moderator."""

    WAITING = "waiting", _("待处理")
    SHOWN = "shown", _("已放行")
    DROPPED = "dropped", _("已丢弃")
    EXPIRED = "expired", _("已过期")


HELD = Transitions(
    {
        (HeldState.WAITING, "show"): HeldState.SHOWN,
        (HeldState.WAITING, "drop"): HeldState.DROPPED,
        (HeldState.WAITING, "expire"): HeldState.EXPIRED,
    }
)
