"""Choices and transitions of an expo."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haishi.foundation.states import Transitions


class EditionState(models.TextChoices):
    """An edition from planning to its frozen archive."""

    DRAFT = "draft", _("筹备中")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已归档")


EDITION = Transitions(
    {
        (EditionState.DRAFT, "open"): EditionState.OPEN,
        (EditionState.OPEN, "withdraw"): EditionState.DRAFT,
        (EditionState.OPEN, "close"): EditionState.CLOSED,
    }
)


class ArchiveState(models.TextChoices):
    """The frozen archive of a closed edition, on its way to the disk."""

    WAITING = "waiting", _("等待生成")
    BUILDING = "building", _("正在生成")
    READY = "ready", _("已完成")
    FAILED = "failed", _("未能完成")


ARCHIVE = Transitions(
    {
        (ArchiveState.WAITING, "build"): ArchiveState.BUILDING,
        (ArchiveState.BUILDING, "build"): ArchiveState.BUILDING,
        (ArchiveState.BUILDING, "finish"): ArchiveState.READY,
        (ArchiveState.BUILDING, "fail"): ArchiveState.FAILED,
        (ArchiveState.FAILED, "again"): ArchiveState.WAITING,
        (ArchiveState.READY, "again"): ArchiveState.WAITING,
    }
)


class ExhibitorState(models.TextChoices):
    """An organisation's way into an edition."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("已通过")
    SUSPENDED = "suspended", _("已暂停")


EXHIBITOR = Transitions(
    {
        (ExhibitorState.DRAFT, "submit"): ExhibitorState.SUBMITTED,
        (ExhibitorState.RETURNED, "submit"): ExhibitorState.SUBMITTED,
        (ExhibitorState.SUBMITTED, "return"): ExhibitorState.RETURNED,
        (ExhibitorState.SUBMITTED, "approve"): ExhibitorState.APPROVED,
        (ExhibitorState.APPROVED, "suspend"): ExhibitorState.SUSPENDED,
        (ExhibitorState.SUSPENDED, "reinstate"): ExhibitorState.APPROVED,
    }
)


class BoothTemplate(models.TextChoices):
    """How a booth page is laid out."""

    GALLERY = "gallery", _("画廊：图片为先")
    SHELF = "shelf", _("货架：展品为先")
    STAGE = "stage", _("舞台：视频为先")


class BoothColour(models.TextChoices):
    """The voice colour of a booth page; each is checked for contrast in light and dark."""

    QING = "qing", _("青")
    JIANG = "jiang", _("绛")
    SHA = "sha", _("沙")
    DIAN = "dian", _("靛")
    ZI = "zi", _("紫")
    SONG = "song", _("松")


class StepKind(models.TextChoices):
    """The next step a booth offers."""

    ENQUIRE = "enquire", _("询价")
    CARD = "card", _("交换名片")
    MEET = "meet", _("预约洽谈")
    LINK = "link", _("打开链接")


class SessionKind(models.TextChoices):
    """What happens on a stage."""

    KEYNOTE = "keynote", _("主旨论坛")
    FORUM = "forum", _("主题论坛")
    TALK = "talk", _("分享")
    LAUNCH = "launch", pgettext_lazy("session", "新品发布")
    STANDARD = "standard", _("标准解读")
    ROADSHOW = "roadshow", _("项目路演")
    VISIT = "visit", _("实地考察")


class SessionState(models.TextChoices):
    """Whether a session takes place."""

    DRAFT = "draft", _("草稿")
    CONFIRMED = "confirmed", _("已确认")
    CANCELLED = "cancelled", _("已取消")


SESSION = Transitions(
    {
        (SessionState.DRAFT, "confirm"): SessionState.CONFIRMED,
        (SessionState.CONFIRMED, "cancel"): SessionState.CANCELLED,
        (SessionState.DRAFT, "cancel"): SessionState.CANCELLED,
        (SessionState.CANCELLED, "restore"): SessionState.DRAFT,
    }
)


class VisitorKind(models.TextChoices):
    """As whom somebody registers."""

    VISITOR = "visitor", _("观众")
    BUYER = "buyer", _("专业买家")
    INVESTOR = "investor", _("投资人")
    PRESS = "press", _("媒体")
    EXHIBITOR = "exhibitor", _("参展人员")


class EnquiryState(models.TextChoices):
    """An enquiry is open until somebody answers; late ones are missed, and still to be answered."""

    OPEN = "open", _("待回复")
    MISSED = "missed", _("已超时")
    ANSWERED = "answered", _("已回复")
    CLOSED = "closed", _("已结束")


ENQUIRY = Transitions(
    {
        (EnquiryState.OPEN, "answer"): EnquiryState.ANSWERED,
        (EnquiryState.OPEN, "miss"): EnquiryState.MISSED,
        (EnquiryState.MISSED, "answer"): EnquiryState.ANSWERED,
        (EnquiryState.ANSWERED, "ask"): EnquiryState.OPEN,
        (EnquiryState.ANSWERED, "answer"): EnquiryState.ANSWERED,
        (EnquiryState.OPEN, "ask"): EnquiryState.OPEN,
        (EnquiryState.MISSED, "ask"): EnquiryState.MISSED,
        (EnquiryState.OPEN, "close"): EnquiryState.CLOSED,
        (EnquiryState.MISSED, "close"): EnquiryState.CLOSED,
        (EnquiryState.ANSWERED, "close"): EnquiryState.CLOSED,
    }
)


class LeadSource(models.TextChoices):
    """How a firm came to know somebody."""

    CARD = "card", _("名片")
    ENQUIRY = "enquiry", _("询价")
    SCAN = "scan", _("扫胸牌")


class ReconfirmationState(models.TextChoices):
    """An exhibitor asked to come again."""

    ASKED = "asked", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    DECLINED = "declined", _("已谢绝")
    EXPIRED = "expired", _("已过期")


RECONFIRMATION = Transitions(
    {
        (ReconfirmationState.DECLINED, "ask"): ReconfirmationState.ASKED,
        (ReconfirmationState.EXPIRED, "ask"): ReconfirmationState.ASKED,
        (ReconfirmationState.ASKED, "confirm"): ReconfirmationState.CONFIRMED,
        (ReconfirmationState.ASKED, "decline"): ReconfirmationState.DECLINED,
        (ReconfirmationState.ASKED, "expire"): ReconfirmationState.EXPIRED,
    }
)


class Audience(models.TextChoices):
    """Whom an announcement is for."""

    EVERYBODY = "everybody", _("所有人")
    REGISTERED = "registered", _("已登记观众")
    EXHIBITORS = "exhibitors", _("参展商")


class HallSide(models.TextChoices):
    """A side of a hall, as seen on its plan."""

    TOP = "top", _("上方")
    RIGHT = "right", _("右侧")
    BOTTOM = "bottom", _("下方")
    LEFT = "left", _("左侧")
