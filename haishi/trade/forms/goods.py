"""What a seller keeps about a product, and what both sides say of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, TextField
from haishi.foundation.types import Actor
from haishi.media.fields import AssetField
from haishi.media.states import Purpose

__all__ = [
    "AnswerForm",
    "DeliverablesForm",
    "HideForm",
    "OpenForm",
    "ReviewForm",
    "StockForm",
]


class StockForm(Form):
    """How many there are in all, sold ones included."""

    total = forms.IntegerField(
        label=_("库存总数"), min_value=0, max_value=10**9,
        help_text=_("含已订购的件数；不填写则按需接单，不限数量。"),
    )  # fmt: skip


class DeliverablesForm(Form):
    """The files that buyers get after paying."""

    asset_ids = AssetField(
        label=_("交付文件"), purpose=Purpose.SEALED, most=12, required=False,
        help_text=_("文档、图片、视频或三维模型。只有付款的买家能下载。"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, organisation_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["asset_ids"]
        field.belongs_to(actor, organisation_id)


class OpenForm(Form):
    """The buyer's word that the right of withdrawal ends with the first access."""

    accepted = forms.BooleanField(
        label=_("我知道：打开后即视为收货，不再适用七日无理由退货。"),
        error_messages={"required": _("请先确认再打开文件。")},
    )


class ReviewForm(Form):
    """Stars and words."""

    rating = forms.TypedChoiceField(
        label=_("评分"), coerce=int, widget=forms.RadioSelect,
        choices=[
            (5, _("5 分 · 很满意")), (4, _("4 分 · 满意")), (3, _("3 分 · 一般")),
            (2, _("2 分 · 不满意")), (1, _("1 分 · 很不满意")),
        ],
    )  # fmt: skip
    text = TextField(
        label=_("评价"), max_length=600, min_length=5, widget=forms.Textarea(attrs={"rows": 4})
    )


class AnswerForm(Form):
    """The seller's one answer."""

    answer = TextField(label=_("答复"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class HideForm(Form):
    """Why a review leaves the page."""

    reason = TextField(label=_("原因"), max_length=200)
