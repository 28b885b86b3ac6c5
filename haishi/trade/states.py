"""States and kinds of trade."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.IntegerChoices):
    """The side that makes an account grow."""

    DEBIT = 1, _("借方")
    CREDIT = -1, _("贷方")


class EntryKind(models.TextChoices):
    """What happened, in money."""

    PAYMENT = "payment", _("收款")
    RELEASE = "release", _("放款")
    REFUND = "refund", _("退款")
    FEE = "fee", _("服务费")
    PAYOUT = "payout", _("划付")
    CLAIM = "claim", _("理赔")
    CORRECTION = "correction", _("更正")
