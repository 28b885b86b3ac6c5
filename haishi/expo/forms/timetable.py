"""Forms of the programme's editor."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from haishi.expo import selectors
from haishi.expo.forms.editions import area
from haishi.expo.states import SessionKind
from haishi.foundation.forms import Form, LocalTimeField, TextField

COLOURS = [
    (1, _("青")),
    (2, _("绛")),
    (3, _("沙")),
    (4, _("靛")),
    (5, _("紫")),
    (6, _("松")),
]
# The same hues by their names in the style sheet.
ACCENTS = {1: "qing", 2: "jiang", 3: "sha", 4: "lan", 5: "zi", 6: "cao"}


class StageForm(Form):
    """A stage."""

    name = TextField(label=_("名称"), max_length=60)
    name_en = TextField(label=_("英文名称"), max_length=100, required=False)
    hall_id = forms.TypedChoiceField(
        label=_("所在展馆"), coerce=int, empty_value=None, required=False
    )
    capacity = forms.IntegerField(label=_("座位数"), required=False, min_value=1, max_value=100_000)

    def __init__(self, *args: Any, edition: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        halls = selectors.halls_of(edition)
        fields: Any = self.fields
        fields["hall_id"].choices = [("", _("暂无")), *((h.pk, h.title) for h in halls)]


class StageEditForm(StageForm):
    """The same for a stage that exists: a stale page is noticed."""

    edits = True


class TrackForm(Form):
    """A track with its colour."""

    name = TextField(label=_("名称"), max_length=60)
    name_en = TextField(label=_("英文名称"), max_length=100, required=False)
    colour = forms.TypedChoiceField(
        label=_("颜色"), coerce=int, choices=COLOURS, initial=1, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, edition: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        mark = '<span class="track" data-accent="{}">{}</span>'
        fields["colour"].choices = [
            (value, format_html(mark, ACCENTS[value], label)) for value, label in COLOURS
        ]


class TrackEditForm(TrackForm):
    """The same for a track that exists: a stale page is noticed."""

    edits = True


class SpeakerForm(Form):
    """A speaker."""

    name = TextField(label=_("姓名"), max_length=60)
    name_en = TextField(label=_("英文姓名"), max_length=80, required=False)
    title = TextField(label=_("职务"), max_length=80, required=False)
    title_en = TextField(label=_("英文职务"), max_length=160, required=False)
    firm = TextField(label=_("单位"), max_length=80, required=False)
    firm_en = TextField(label=_("英文单位"), max_length=120, required=False)
    bio = TextField(label=_("简介"), max_length=1000, required=False, widget=area(4))
    bio_en = TextField(label=_("英文简介"), max_length=2000, required=False, widget=area(4))


class SpeakerEditForm(SpeakerForm):
    """The same for a speaker who is known: a stale page is noticed."""

    edits = True


class SessionForm(Form):
    """A session: what, who, and in which track."""

    title = TextField(label=_("标题"), max_length=100)
    title_en = TextField(label=_("英文标题"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("类型"), choices=SessionKind)
    track_id = forms.TypedChoiceField(label=_("分类"), coerce=int, empty_value=None, required=False)
    language = forms.ChoiceField(
        label=_("语言"), choices=[("zh-hans", _("中文")), ("en", _("英文"))], initial="zh-hans"
    )
    abstract = TextField(label=_("简介"), max_length=2000, required=False, widget=area(5))
    abstract_en = TextField(label=_("英文简介"), max_length=4000, required=False, widget=area(5))
    speakers = forms.TypedMultipleChoiceField(
        label=_("嘉宾"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, tracks: Any, speakers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["track_id"].choices = [("", _("暂无")), *((t.pk, t.title) for t in tracks)]
        fields["speakers"].choices = [(s.pk, s.full_name) for s in speakers]


class SessionEditForm(SessionForm):
    """The same for a session that exists: a stale page is noticed."""

    edits = True


class PlaceForm(Form):
    """When and where."""

    edits = True
    stage_id = forms.TypedChoiceField(label=_("场地"), coerce=int)
    starts_at = LocalTimeField(label=_("开始"))
    minutes = forms.IntegerField(label=_("时长（分钟）"), min_value=5, max_value=1440)

    def __init__(self, *args: Any, stages: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["stage_id"].choices = [(stage.pk, stage.title) for stage in stages]
        fields["starts_at"].zone = zone


class ReleaseForm(Form):
    """A new version."""

    note = TextField(label=_("说明"), max_length=200, required=False)
