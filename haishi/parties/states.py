"""Choices and transitions of people and organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from haishi.foundation.states import Transitions


class Role(models.TextChoices):
    """What a person may do in an organisation."""

    OWNER = "owner", _("所有者")
    MANAGER = "manager", _("管理员")
    STAFF = "staff", _("成员")


class Side(models.TextChoices):
    """The five sides (五方) an organisation may take."""

    DEMAND = "demand", _("需求方")
    SUPPLY = "supply", _("供给方")
    RESEARCH = "research", _("研发方")
    PRODUCTION = "production", _("生产方")
    MARKETING = "marketing", _("营销方")


class Duty(models.TextChoices):
    """What a person does for an organiser."""

    OWNER = "owner", _("主办负责人")
    REVIEWER = "reviewer", _("审核员")
    MODERATOR = "moderator", _("内容管理员")
    PROGRAMME = "programme", _("日程编辑")


class VerificationState(models.TextChoices):
    """How far the platform has checked who an organisation is."""

    PENDING = "pending", _("待审核")
    APPROVED = "approved", _("已认证")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤销")


VERIFICATION = Transitions(
    {
        (VerificationState.PENDING, "approve"): VerificationState.APPROVED,
        (VerificationState.PENDING, "return"): VerificationState.RETURNED,
        (VerificationState.APPROVED, "withdraw"): VerificationState.WITHDRAWN,
    }
)


class InvitationState(models.TextChoices):
    """An invitation to join an organisation."""

    OPEN = "open", _("待接受")
    ACCEPTED = "accepted", _("已接受")
    REVOKED = "revoked", _("已撤回")
    EXPIRED = "expired", _("已过期")


INVITATION = Transitions(
    {
        (InvitationState.OPEN, "accept"): InvitationState.ACCEPTED,
        (InvitationState.OPEN, "revoke"): InvitationState.REVOKED,
        (InvitationState.OPEN, "expire"): InvitationState.EXPIRED,
    }
)
