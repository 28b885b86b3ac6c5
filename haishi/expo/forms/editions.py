"""Forms of series, editions, halls, tiers and announcements."""

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.expo.states import Audience, HallSide
from haishi.foundation.forms import Form, LocalTimeField, TextField
from haishi.media import selectors as media
from haishi.media.fields import AssetField
from haishi.media.states import Purpose


def area(rows: int) -> forms.Textarea:
    """A text area of so many rows."""
    return forms.Textarea(attrs={"rows": rows})


def address(what: Any) -> forms.SlugField:
    """The last part of a web address."""
    return forms.SlugField(
        label=_("网址后缀"),
        max_length=60,
        help_text=what,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


# The zones most organisers need stand first; any other may be typed.
COMMON_ZONES = [
    ("Asia/Shanghai", _("北京时间")),
    ("Asia/Hong_Kong", _("香港")),
    ("Asia/Singapore", _("新加坡")),
    ("Asia/Tokyo", _("东京")),
    ("Asia/Seoul", _("首尔")),
    ("Asia/Dubai", _("迪拜")),
    ("Europe/London", _("伦敦")),
    ("Europe/Paris", _("巴黎")),
    ("Europe/Berlin", _("柏林")),
    ("America/New_York", _("纽约")),
    ("America/Los_Angeles", _("洛杉矶")),
    ("UTC", "UTC"),
]


class SeriesForm(Form):
    """A row of editions under one organiser."""

    organiser_id = forms.TypedChoiceField(label=_("主办方"), coerce=int)
    name = TextField(label=_("系列名称"), max_length=80, help_text=_("例如：海州数字文化博览会。"))
    name_en = TextField(label=_("英文名称"), max_length=120, required=False)
    slug = address(_("小写字母、数字和连字符，定下后不再更改。"))

    def __init__(self, *args: Any, organisers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organiser_id"].choices = [  # type: ignore[attr-defined]
            (row.pk, row.title) for row in organisers
        ]


class EditionForm(Form):
    """Texts and times of an edition; times are on the wall clock of its zone."""

    edits = True

    name = TextField(label=_("展会名称"), max_length=80)
    name_en = TextField(label=_("英文名称"), max_length=120, required=False)
    theme = TextField(label=_("主题"), max_length=80, required=False)
    theme_en = TextField(label=_("英文主题"), max_length=160, required=False)
    city = TextField(label=_("城市"), max_length=40, required=False)
    city_en = TextField(label=_("英文城市"), max_length=60, required=False)
    venue = TextField(label=_("场馆"), max_length=120, required=False)
    venue_en = TextField(label=_("英文场馆"), max_length=200, required=False)
    about = TextField(label=_("介绍"), max_length=4000, required=False, widget=area(5))
    about_en = TextField(label=_("英文介绍"), max_length=8000, required=False, widget=area(5))
    time_zone = forms.ChoiceField(
        label=_("时区"), choices=COMMON_ZONES, help_text=_("以下时间都是这个时区的当地时间。")
    )
    opens_at = LocalTimeField(label=_("开幕时间"))
    closes_at = LocalTimeField(label=_("闭幕时间"))
    apply_until = LocalTimeField(
        label=_("参展申请截止"), required=False, help_text=_("留空则到闭幕为止。")
    )
    reply_hours = forms.IntegerField(
        label=_("询价回复时限（小时）"), min_value=1, max_value=720, initial=48
    )

    TIMES = ("opens_at", "closes_at", "apply_until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = str(self["time_zone"].value() or "Asia/Shanghai")
        field: Any = self.fields["time_zone"]
        if zone in available_timezones():
            for name in self.TIMES:
                self.fields[name].zone = zone  # type: ignore[attr-defined]
            if zone not in dict(COMMON_ZONES):
                field.choices = [*COMMON_ZONES, (str(ZoneInfo(zone)), zone)]


class NewEditionForm(EditionForm):
    """The same with its series and its address, which stay."""

    edits = False
    series_id = forms.TypedChoiceField(label=_("所属系列"), coerce=int)
    slug = address(_("小写字母、数字和连字符，例如 haizhou-2027。定下后不再更改。"))
    field_order = ["series_id", "name", "name_en", "slug"]

    def __init__(self, *args: Any, series: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.pk, row.name) for row in series]
        self.fields["series_id"].choices = choices  # type: ignore[attr-defined]


class MetresField(forms.DecimalField):
    """Metres to the decimetre, kept as whole decimetres."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.NumberInput(attrs={"step": "0.1"}))
        super().__init__(max_digits=6, decimal_places=1, **kwargs)

    def clean(self, value: Any) -> Any:
        metres = super().clean(value)
        return None if metres is None else int(metres * 10)

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 10:g}" if isinstance(value, int) else value


class HallForm(Form):
    """A hall."""

    name = TextField(label=_("展馆名称"), max_length=60)
    name_en = TextField(label=_("英文名称"), max_length=100, required=False)
    summary = TextField(label=_("简介"), max_length=200, required=False, widget=area(2))
    summary_en = TextField(label=_("英文简介"), max_length=400, required=False, widget=area(2))
    code = forms.RegexField(
        r"^[A-Za-z0-9]{1,4}$",
        label=_("展位号前缀"),
        help_text=_("1 至 4 个字母或数字，例如 A。"),
        error_messages={"invalid": _("请填写 1 至 4 个字母或数字。")},
    )
    slug = address(_("展馆页面地址的最后一段。"))
    width = MetresField(label=_("宽（米）"), min_value=5, max_value=2000, initial=600)
    depth = MetresField(label=_("深（米）"), min_value=5, max_value=2000, initial=400)
    entrance = forms.ChoiceField(
        label=_("入口位置"), choices=HallSide.choices, initial=HallSide.BOTTOM
    )
    is_launch_hall = forms.BooleanField(label=_("这是产品发布厅"), required=False)


class HallEditForm(HallForm):
    """The same, noticing that the page was stale."""

    edits = True


class PictureForm(Form):
    """The picture of an edition or a hall; the files are the organiser's."""

    picture = AssetField(
        label=_("图片"),
        purpose=Purpose.PICTURE,
        required=False,
        help_text=_("横幅图片，建议 2100 × 900。清空则不显示。"),
    )

    def __init__(self, *args: Any, actor: Any, organiser_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["picture"]
        # Somebody with a duty need not be a member of the organiser; then the file is his own.
        field.belongs_to(actor, organiser_id if media.can_add(actor, organiser_id) else None)


class TierForm(Form):
    """A tier and what it includes."""

    name = TextField(label=_("级别名称"), max_length=40)
    name_en = TextField(label=_("英文名称"), max_length=60, required=False)
    slug = forms.SlugField(
        label=_("代号"), max_length=30, help_text=_("用于导入导出，例如 standard。")
    )
    rank = forms.IntegerField(
        label=_("排序"), min_value=0, max_value=99, initial=0, help_text=_("数字大的排在前面。")
    )
    max_exhibits = forms.IntegerField(label=_("展品上限"), min_value=3, max_value=1000, initial=10)
    max_staff = forms.IntegerField(label=_("工作人员上限"), min_value=1, max_value=200, initial=3)
    max_media = forms.IntegerField(label=_("图片与文件上限"), min_value=1, max_value=200, initial=6)
    may_video = forms.BooleanField(label=_("可用视频"), required=False)
    may_model = forms.BooleanField(label=_("可用三维模型"), required=False)
    may_export_leads = forms.BooleanField(label=_("可导出线索"), required=False)
    featured = forms.BooleanField(label=_("首页推荐"), required=False)


class AnnouncementForm(Form):
    """Something to tell."""

    title = TextField(label=_("标题"), max_length=80)
    title_en = TextField(label=_("英文标题"), max_length=160, required=False)
    body = TextField(label=_("正文"), max_length=2000, widget=area(5))
    body_en = TextField(label=_("英文正文"), max_length=4000, required=False, widget=area(5))
    audience = forms.ChoiceField(
        label=_("对象"),
        choices=Audience.choices,
        initial=Audience.EVERYBODY,
        widget=forms.RadioSelect,
        help_text=_("“所有人”的公告会出现在展会页面；其余只进入对方的消息。"),
    )
