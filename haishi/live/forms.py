"""What hosts, helpers and viewers fill in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, LocalTimeField, TextField
from haishi.foundation.types import Actor
from haishi.live.states import Form as LiveForm
from haishi.live.states import Helper, Network
from haishi.media.fields import AssetField
from haishi.media.states import Purpose

DELAYS = (0, 10, 30, 60, 120)
MINUTES = (1, 2, 3, 5, 10, 15, 30)
LANGUAGES = (("zh-hans", _("中文")), ("en", _("英文")))


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _minutes(label: Any, initial: int) -> forms.TypedChoiceField:
    choices = [(n, _("%(n)s 分钟") % {"n": n}) for n in MINUTES]
    return forms.TypedChoiceField(label=label, coerce=int, initial=initial, choices=choices)


class NewLiveForm(Form):
    """A session with its time and how it is sent."""

    title = TextField(label=_("标题"), max_length=80)
    title_en = TextField(label=_("英文标题"), max_length=160, required=False)
    summary = TextField(label=_("简介"), max_length=1000, required=False, widget=_area(4))
    summary_en = TextField(label=_("英文简介"), max_length=2000, required=False, widget=_area(4))
    form = forms.ChoiceField(
        label=_("形式"), choices=LiveForm.choices, initial=LiveForm.SHOW, widget=forms.RadioSelect
    )
    starts_at = LocalTimeField(label=_("开始时间"))
    ends_at = LocalTimeField(label=_("预计结束时间"))
    poster_asset_id = AssetField(
        label=_("封面"),
        purpose=Purpose.PICTURE,
        required=False,
        help_text=_("宽高比 16:9 最合适。"),
    )
    programme_id = forms.TypedChoiceField(
        label=_("日程场次"), coerce=int, empty_value=None, required=False
    )
    subject = forms.ChoiceField(
        label=_("直播的内容"),
        required=False,
        help_text=_("关联新品发布后，揭幕会在直播间里同时发生。"),
    )
    delay_seconds = forms.TypedChoiceField(
        label=_("延时"),
        coerce=int,
        initial=0,
        choices=[(n, _("%(n)s 秒") % {"n": n} if n else _("不延时")) for n in DELAYS],
        help_text=_("观众晚一些看到，留出处置的时间。"),
    )
    record = forms.BooleanField(label=_("录制，结束后可以发布回放"), required=False, initial=True)
    srt = forms.BooleanField(
        label=_("也接收 SRT"),
        required=False,
        help_text=_("网络会丢包时用：手机热点、户外、跨城。RTMP 一直可用。"),
    )

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        organisation_id: int,
        zone: str,
        sessions: Iterable[tuple[int, str]],
        subjects: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["programme_id"].choices = [("", _("不在日程里")), *sessions]
        known = [*subjects]
        fields["subject"].choices = [("", _("没有关联")), *known]
        if not known:
            del self.fields["subject"]
        for name in ("starts_at", "ends_at"):
            fields[name].zone = zone
        fields["poster_asset_id"].belongs_to(actor, organisation_id)

    def clean(self) -> dict[str, Any]:
        """The end comes after the start."""
        found: dict[str, Any] = super().clean() or {}
        start, end = found.get("starts_at"), found.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("结束时间必须晚于开始时间。"))
        return found


class EditLiveForm(NewLiveForm):
    """The same for a session that exists."""

    edits = True


class CameraForm(Form):
    """A camera's name and whether viewers may choose it."""

    label = TextField(label=_("机位名称"), max_length=30)
    label_en = TextField(label=_("英文名称"), max_length=60, required=False)
    angle = forms.BooleanField(label=_("观众可选的视角"), required=False)


class TargetForm(Form):
    """Another network with its address; the key in it is kept encrypted and never shown again."""

    network = forms.ChoiceField(label=_("平台"), choices=Network.choices)
    name = TextField(label=_("名称"), max_length=40)
    url = TextField(
        label=_("推流地址与密钥"),
        max_length=500,
        help_text=_(
            "把平台给的服务器地址和推流码连成一行，如 rtmp://…/live/推流码。加密保存，不再显示。"
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class HelperForm(Form):
    """Somebody with an account."""

    email = forms.EmailField(label=_("对方账号的邮箱"))
    role = forms.ChoiceField(label=_("角色"), choices=Helper.choices, initial=Helper.MODERATOR)


class ShelfForm(Form):
    """One more thing for the shelf."""

    thing = forms.ChoiceField(label=_("展品"))

    def __init__(self, *args: Any, things: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["thing"]
        field.choices = [*things]

    def values(self) -> dict[str, Any]:
        """`kind` and `object_id`."""
        kind, _colon, number = self.cleaned_data["thing"].partition(":")
        return {"kind": kind, "object_id": int(number)}


class PollForm(Form):
    """A question with its answers, one a line; English after a bar."""

    question = TextField(label=_("问题"), max_length=80)
    question_en = TextField(label=_("英文问题"), max_length=160, required=False)
    options = TextField(
        label=_("选项"),
        max_length=800,
        widget=_area(4),
        help_text=_("一行一个，2 到 6 个。英文写在竖线后面：青瓷 | Celadon"),
    )
    minutes = _minutes(_("投票时长"), 5)

    def values(self) -> dict[str, Any]:
        """With `options` as (Chinese, English or "")."""
        lines = [line for line in self.cleaned_data["options"].split("\n") if line.strip()]
        pairs = [line.replace("｜", "|").partition("|") for line in lines]
        options = [(text.strip(), english.strip()) for text, _bar, english in pairs]
        return {**super().values(), "options": options}


class LotteryForm(Form):
    """A prize and how many win it."""

    prize = TextField(label=_("奖品"), max_length=80)
    prize_en = TextField(label=_("英文奖品"), max_length=160, required=False)
    winners = forms.IntegerField(label=_("中奖人数"), min_value=1, max_value=500, initial=1)
    minutes = _minutes(_("报名时长"), 3)


class CaptionForm(Form):
    """A line of speech."""

    text = TextField(label=_("字幕"), max_length=400)
    language = forms.ChoiceField(label=_("语言"), choices=LANGUAGES)


class CaptionFileForm(Form):
    """A WebVTT file for the replay."""

    language = forms.ChoiceField(label=_("语言"), choices=LANGUAGES)
    file = forms.FileField(
        label=_("WebVTT 文件"), help_text=_("扩展名 .vtt，不超过 1 MB；会替换这个语言已有的字幕。")
    )

    def values(self) -> dict[str, Any]:
        """`content` is the file's bytes, read no further than it may be long."""
        file = self.cleaned_data["file"]
        return {"language": self.cleaned_data["language"], "content": file.read(1_000_001)}


class ChapterForm(Form):
    """A chapter; `at` as a player shows time: 1:02:03 or 62:03, empty: now."""

    title = TextField(label=_("章节标题"), max_length=60)
    title_en = TextField(label=_("英文章节标题"), max_length=120, required=False)
    second = TextField(
        label=_("回放中的时间"),
        max_length=10,
        required=False,
        help_text=_("如 12:30；直播进行中留空表示现在。"),
    )

    def clean_second(self) -> int | None:
        """Whole seconds of the replay."""
        text = str(self.cleaned_data["second"] or "").replace("：", ":")
        if not text:
            return None
        parts = text.split(":")
        if not 1 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts):
            raise forms.ValidationError(_("请写成 分:秒 或 时:分:秒。"))
        seconds = 0
        for part in parts:
            seconds = seconds * 60 + int(part)
        return seconds


class RouteForm(Form):
    """A GPX file."""

    file = forms.FileField(
        label=_("GPX 路线文件"), help_text=_("手机的运动或地图应用可以导出，不超过 4 MB。")
    )

    def values(self) -> dict[str, Any]:
        """`content` is the file's bytes."""
        return {"content": self.cleaned_data["file"].read(4_000_001)}


class StationForm(Form):
    """A stop of a walk and what it shows."""

    name = TextField(label=_("站名"), max_length=60)
    name_en = TextField(label=_("英文站名"), max_length=120, required=False)
    latitude = forms.FloatField(label=_("纬度"), min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("经度"), min_value=-180, max_value=180)
    minutes = forms.IntegerField(
        label=_("出发后第几分钟到"), min_value=0, max_value=1440, required=False
    )
    thing = forms.ChoiceField(label=_("展示的产品"), required=False)

    def __init__(self, *args: Any, things: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["thing"]
        field.choices = [("", _("没有")), *things]

    def values(self) -> dict[str, Any]:
        """With `after_seconds`."""
        found = super().values()
        minutes = found.pop("minutes")
        return {**found, "after_seconds": None if minutes is None else minutes * 60}


class QuestionForm(Form):
    """A viewer's question."""

    text = TextField(label=_("问题"), max_length=200, widget=_area(2))
