"""Choices and transitions of products and works."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from haishi.foundation.states import Transitions


class ProductKind(models.TextChoices):
    """What is offered; each kind is delivered in its own way."""

    GOODS = "goods", _("实物商品")
    FILE = "file", _("数字文件")
    SERVICE = "service", _("服务")
    LICENCE = "licence", _("IP 授权")


class ProductState(models.TextChoices):
    """From draft to listing, through moderation."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("已退回")
    LISTED = "listed", _("已上架")
    WITHDRAWN = "withdrawn", _("已下架")


PRODUCT = Transitions(
    {
        (ProductState.DRAFT, "submit"): ProductState.SUBMITTED,
        (ProductState.RETURNED, "submit"): ProductState.SUBMITTED,
        (ProductState.WITHDRAWN, "submit"): ProductState.SUBMITTED,
        (ProductState.SUBMITTED, "return"): ProductState.RETURNED,
        (ProductState.SUBMITTED, "approve"): ProductState.LISTED,
        (ProductState.LISTED, "withdraw"): ProductState.WITHDRAWN,
        (ProductState.LISTED, "return"): ProductState.RETURNED,
    }
)


class PriceMode(models.TextChoices):
    """How a price is told."""

    FIXED = "fixed", _("标价")
    TIERS = "tiers", _("按量阶梯价")
    REQUEST = "request", _("面议")
