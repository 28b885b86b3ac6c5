"""States of live sessions and of what happens in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from haishi.foundation.states import Transitions


class LiveState(models.TextChoices):
    """Where a live session stands. From `connecting` to `gone` the engine's word decides."""

    DRAFT = "draft", _("草稿")
    SCHEDULED = "scheduled", _("未开播")
    CONNECTING = "connecting", _("信号接入中")
    LIVE = "live", _("直播中")
    DEGRADED = "degraded", _("直播中，信号不稳")
    GONE = "gone", _("信号中断")
    ENDED = "ended", _("已结束")
    CANCELLED = "cancelled", _("已取消")


# What an engine may report, in the words of `wire.live.State`; `idle` is our SCHEDULED.
REPORTED = {
    "idle": LiveState.SCHEDULED,
    "connecting": LiveState.CONNECTING,
    "live": LiveState.LIVE,
    "degraded": LiveState.DEGRADED,
    "gone": LiveState.GONE,
    "ended": LiveState.ENDED,
}
ON_AIR = (LiveState.LIVE, LiveState.DEGRADED, LiveState.GONE)
# Keys open, the engine is armed or will be.
OPEN = (LiveState.SCHEDULED, LiveState.CONNECTING, *ON_AIR)
OVER = (LiveState.ENDED, LiveState.CANCELLED)

LIVE = Transitions(
    {
        ("draft", "announce"): "scheduled",
        ("draft", "cancel"): "cancelled",
        ("scheduled", "withdraw"): "draft",
        ("scheduled", "cancel"): "cancelled",
        ("scheduled", "end"): "ended",
        ("connecting", "cancel"): "cancelled",
        ("connecting", "end"): "ended",
        ("live", "end"): "ended",
        ("degraded", "end"): "ended",
        ("gone", "end"): "ended",
    }
)


class Form(models.TextChoices):
    """What is broadcast."""

    SHOW = "show", _("直播")
    WALK = "walk", _("云游")


class Ending(models.TextChoices):
    """Why a session ended."""

    HOST = "host", _("主播结束")
    ORGANISER = "organiser", _("主办方结束")
    SIGNAL = "signal", _("信号中断后自动结束")
    TIME = "time", _("超过预定时间，自动结束")
    NEVER = "never", _("一直没有开播，自动结束")


class Replay(models.TextChoices):
    """Whether the recording can be watched."""

    NONE = "none", _("没有回放")
    READY = "ready", _("回放待发布")
    PUBLISHED = "published", _("回放已发布")
    WITHDRAWN = "withdrawn", _("回放已撤下")


REPLAY = Transitions(
    {
        ("ready", "publish"): "published",
        ("withdrawn", "publish"): "published",
        ("published", "withdraw"): "withdrawn",
    }
)


class Network(models.TextChoices):
    """Where a programme is sent besides, in the words of `wire.live.Network`."""

    DOUYIN = "douyin", _("抖音")
    BILIBILI = "bilibili", _("哔哩哔哩")
    CHANNELS = "channels", _("视频号")
    KUAISHOU = "kuaishou", _("快手")
    RTMP = "rtmp", _("其他（RTMP）")
    SRT = "srt", _("其他（SRT）")


class TargetState(models.TextChoices):
    """How a target does, in the words of `wire.live.TargetState`."""

    OFF = "off", _("未推流")
    CONNECTING = "connecting", _("连接中")
    LIVE = "live", _("推流中")
    RETRYING = "retrying", _("正在重试")
    FAILED = "failed", _("推流失败")


class Helper(models.TextChoices):
    """What somebody is asked to do in a session."""

    MODERATOR = "moderator", _("房管")
    SPEAKER = "speaker", _("嘉宾")


class PollState(models.TextChoices):
    """A poll is prepared, open for votes, or closed."""

    DRAFT = "draft", _("未开始")
    OPEN = "open", _("投票中")
    CLOSED = "closed", _("已结束")


POLL = Transitions({("draft", "open"): "open", ("open", "close"): "closed"})


class QuestionState(models.TextChoices):
    """What became of a question."""

    WAITING = "waiting", _("待回答")
    ANSWERING = "answering", _("正在回答")
    ANSWERED = "answered", _("已回答")
    HIDDEN = "hidden", _("已隐藏")


QUESTION = Transitions(
    {
        ("waiting", "take"): "answering",
        ("answering", "put_back"): "waiting",
        ("answering", "answer"): "answered",
        ("waiting", "answer"): "answered",
        ("waiting", "hide"): "hidden",
        ("answering", "hide"): "hidden",
        ("answered", "hide"): "hidden",
        ("hidden", "show"): "waiting",
    }
)


class LotteryState(models.TextChoices):
    """Committed to while it is prepared; open for tickets; drawn, its seed public."""

    DRAFT = "draft", _("未开始")
    OPEN = "open", _("报名中")
    DRAWN = "drawn", _("已开奖")
    CANCELLED = "cancelled", _("已取消")


LOTTERY = Transitions(
    {
        ("draft", "open"): "open",
        ("draft", "cancel"): "cancelled",
        ("open", "draw"): "drawn",
        ("open", "cancel"): "cancelled",
    }
)


class RecordingState(models.TextChoices):
    """A part of a recording grows, is finished, stopped for want of space, or was deleted."""

    GROWING = "growing", _("录制中")
    FINISHED = "finished", _("已完成")
    DISK_FULL = "disk_full", _("空间不足，录制中止")
    DELETED = "deleted", _("已删除")
