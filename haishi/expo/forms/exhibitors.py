"""Forms of applications, reviews and booth pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.expo.forms.editions import area
from haishi.expo.states import BoothColour, BoothTemplate, StepKind
from haishi.expo.types import StaffMember, Step
from haishi.foundation.forms import Form, TextField
from haishi.media.fields import AssetField
from haishi.media.states import Purpose


class ApplicationForm(Form):
    """What a firm would like to show, and where."""

    tier_id = forms.TypedChoiceField(label=_("参展级别"), coerce=int, widget=forms.RadioSelect)
    wished_hall_id = forms.TypedChoiceField(
        label=_("意向展馆"), coerce=int, empty_value=None, required=False
    )
    plan = TextField(
        label=_("参展计划"),
        max_length=2000,
        widget=area(6),
        required=False,
        help_text=_("打算展出什么、希望见到谁。提交前都可以修改。"),
    )

    def __init__(self, *args: Any, tiers: Any, halls: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["tier_id"]
        field.choices = [(row.pk, row.title) for row in tiers]
        field.initial = field.choices[0][0] if field.choices else None
        hall: Any = self.fields["wished_hall_id"]
        hall.choices = [("", _("由主办方安排")), *((row.pk, row.title) for row in halls)]


class NewApplicationForm(ApplicationForm):
    """The same with the firm that applies."""

    organisation_id = forms.TypedChoiceField(label=_("参展单位"), coerce=int)
    field_order = ["organisation_id", "tier_id", "wished_hall_id", "plan"]

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.pk, row.title) for row in organisations]
        self.fields["organisation_id"].choices = choices  # type: ignore[attr-defined]


class EditApplicationForm(ApplicationForm):
    """The same, noticing that the page was stale."""

    edits = True


SORTS = [("name", _("按名称")), ("newest", _("最近提交")), ("booth", _("按展位"))]
REASONS = [
    _("请补充展品清单：名称、数量和大致尺寸。"),
    _("请说明展品的知识产权归属或授权情况。"),
    _("参展计划与所选展馆的主题不符，请调整计划或改选展馆。"),
    _("请先完成单位认证，再提交参展申请。"),
]


class ApproveForm(Form):
    """Let a firm take part."""

    tier_id = forms.TypedChoiceField(label=_("参展级别"), coerce=int)
    booth_id = forms.TypedChoiceField(label=_("展位"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, tiers: Any, booths: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tier_id"].choices = [  # type: ignore[attr-defined]
            (row.pk, row.title) for row in tiers
        ]
        self.fields["booth_id"].choices = _booths(booths)  # type: ignore[attr-defined]


def _booths(booths: Any) -> list[Any]:
    halls: dict[Any, list[Any]] = {}
    for row in booths:
        size = f"{row.width / 10:g} × {row.depth / 10:g} m"
        halls.setdefault(row.hall_id, [row.hall.title, []])[1].append(
            (row.pk, f"{row.code}（{size}）")
        )
    return [("", _("稍后分配")), *((title, rows) for title, rows in halls.values())]


class ReasonForm(Form):
    """Why an application is returned or a booth suspended; templates spare typing."""

    template = forms.TypedChoiceField(
        label=_("常用原因"), required=False, coerce=int, empty_value=None
    )
    reason = TextField(
        label=_("原因"),
        max_length=400,
        required=False,
        widget=area(3),
        help_text=_("对方会看到这段话。可以只选常用原因，也可以补充说明。"),
    )

    def __init__(self, *args: Any, with_templates: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_templates:
            field: Any = self.fields["template"]
            field.choices = [("", _("不使用")), *enumerate(REASONS)]
        else:
            del self.fields["template"]

    def values(self) -> dict[str, Any]:
        """One reason made of the template and the words."""
        chosen = self.cleaned_data.get("template")
        parts = [str(REASONS[chosen])] if chosen is not None else []
        return {"reason": "\n".join([*parts, self.cleaned_data["reason"]]).strip()}


class PlaceForm(Form):
    """Another booth for an approved firm."""

    booth_id = forms.TypedChoiceField(label=_("展位"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, booths: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["booth_id"].choices = _booths(booths)  # type: ignore[attr-defined]


class TierChoiceForm(Form):
    """Another tier."""

    tier_id = forms.TypedChoiceField(label=_("参展级别"), coerce=int)

    def __init__(self, *args: Any, tiers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.pk, row.title) for row in tiers]
        self.fields["tier_id"].choices = choices  # type: ignore[attr-defined]


class BoothForm(Form):
    """The texts and the look of a booth page."""

    edits = True
    headline = TextField(label=_("展位标题"), max_length=60, help_text=_("一句让人停下脚步的话。"))
    headline_en = TextField(label=_("英文展位标题"), max_length=120, required=False)
    intro = TextField(
        label=_("展位介绍"),
        max_length=2000,
        widget=area(6),
        help_text=_("至少 40 字，写给第一次见到你们的人。"),
    )
    intro_en = TextField(label=_("英文展位介绍"), max_length=4000, required=False, widget=area(6))
    template = forms.ChoiceField(
        label=_("版式"), choices=BoothTemplate.choices, widget=forms.RadioSelect
    )
    colour = forms.ChoiceField(
        label=_("主色"), choices=BoothColour.choices, widget=forms.RadioSelect
    )


class MediaForm(Form):
    """Pictures, models, video and papers of a booth; what the tier lacks is not offered."""

    edits = True
    banner = AssetField(
        label=_("横幅"),
        purpose=Purpose.PICTURE,
        required=False,
        help_text=_("宽幅图片，建议 2100 × 900。"),
    )
    pictures = AssetField(label=_("图片"), purpose=Purpose.PICTURE, most=40, required=False)
    models = AssetField(label=_("三维模型"), purpose=Purpose.MODEL, most=6, required=False)
    video = AssetField(label=_("视频"), purpose=Purpose.VIDEO, required=False)
    documents = AssetField(label=_("资料文件"), purpose=Purpose.DOCUMENT, most=20, required=False)

    def __init__(self, *args: Any, actor: Any, exhibitor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not exhibitor.tier.may_video:
            del self.fields["video"]
        if not exhibitor.tier.may_model:
            del self.fields["models"]
        for field in self.fields.values():
            if isinstance(field, AssetField):
                field.belongs_to(actor, exhibitor.organisation_id)

    def values(self) -> dict[str, Any]:
        """As `services.set_media` takes them."""
        clean = self.cleaned_data
        return {
            "banner": clean["banner"],
            "pictures": [*clean["pictures"], *clean.get("models", [])],
            "documents": clean["documents"],
            "video": clean.get("video"),
        }


class StaffLine(forms.Form):
    """A colleague: at the booth or not, answering or not, shown or not."""

    person_id = forms.IntegerField(widget=forms.HiddenInput)
    present = forms.BooleanField(label=_("在展位"), required=False)
    answers = forms.BooleanField(label=_("负责回复询价"), required=False)
    shown = forms.BooleanField(label=_("在展位页展示"), required=False)
    order = forms.IntegerField(label=_("顺序"), min_value=1, max_value=999, required=False)


StaffFormSet = forms.formset_factory(StaffLine, extra=0, max_num=1_000)


def staff_of(lines: Sequence[Any]) -> list[StaffMember]:
    """Those at the booth, in the order asked for."""
    present = [line.cleaned_data for line in lines if line.cleaned_data.get("present")]
    present.sort(key=lambda line: line.get("order") or 999)
    return [StaffMember(line["person_id"], line["answers"], line["shown"]) for line in present]


class StepLine(forms.Form):
    """A next step; an empty kind leaves the line unused."""

    kind = forms.ChoiceField(
        label=_("按钮"), choices=[("", _("不使用")), *StepKind.choices], required=False
    )
    label = TextField(label=_("按钮文字"), max_length=20, required=False)
    label_en = TextField(label=_("英文按钮文字"), max_length=40, required=False)
    url = forms.URLField(
        label=_("网址"), required=False, assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    order = forms.IntegerField(label=_("顺序"), min_value=1, max_value=99, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == StepKind.LINK:
            if not values.get("label") and "label" not in self.errors:
                self.add_error("label", _("请写明按钮文字。"))
            if not str(values.get("url", "")).startswith("https://") and "url" not in self.errors:
                self.add_error("url", _("请填写以 https:// 开头的网址。"))
        return values


StepFormSet = forms.formset_factory(StepLine, extra=0, max_num=6)


def steps_of(lines: Sequence[Any]) -> list[Step]:
    """The buttons in the order asked for."""
    used = [line.cleaned_data for line in lines if line.cleaned_data.get("kind")]
    used.sort(key=lambda line: line.get("order") or 99)
    return [
        Step(
            line["kind"],
            line["label"],
            line["label_en"],
            line["url"] if line["kind"] == StepKind.LINK else "",
        )
        for line in used
    ]


class VersionForm(Form):
    """Only the version: for lists whose lines are a formset."""

    edits = True
