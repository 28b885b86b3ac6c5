"""What the specimen page shows: forms of every widget and believable rows, nobody's data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator

from haishi.foundation.templatetags.icons import ICONS

HALLS = [
    ("shandong", "数字文化山东馆"),
    ("film", "数字影视暨网络视听馆"),
    ("trade", "数字文化对外贸易馆"),
]


class _Amount(forms.CharField):
    currency = "CNY"


class ApplicationSpecimen(forms.Form):
    """Every kind of field once, shown with mistakes."""

    company = forms.CharField(label="企业名称", help_text="与营业执照一致。")
    code = forms.CharField(label="统一社会信用代码", max_length=18)
    hall = forms.ChoiceField(label="展馆", choices=[("", "请选择"), *HALLS])
    side = forms.ChoiceField(
        label="参展身份",
        choices=[("supply", "供给方"), ("research", "研发方"), ("make", "生产方")],
        widget=forms.RadioSelect,
    )
    interests = forms.MultipleChoiceField(
        label="希望结识",
        choices=[("buyer", "采购商"), ("investor", "投资机构"), ("media", "媒体")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    fee = _Amount(label="展位预算", widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    arrives = forms.DateTimeField(
        label="进场时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        required=False,
    )
    licence = forms.FileField(label="营业执照", help_text="图片或 PDF，10 MB 以内。")
    agree = forms.BooleanField(label="我已阅读并同意参展须知")


class EnquirySpecimen(forms.Form):
    """A short form without mistakes."""

    subject = forms.CharField(label="想了解什么", initial="沙燕纹样库的企业授权")
    message = forms.CharField(
        label="说明",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="用途、地区与数量，有助于对方报价。",
    )
    email = forms.EmailField(label="邮箱", required=False)


def specimen_context() -> dict[str, Any]:
    """Context of `foundation/specimen.html`."""
    page = Paginator(range(486), 24).page(7)
    return {
        "form": ApplicationSpecimen(
            {"company": "蓬莱影业有限公司", "code": "91370", "side": "supply"}
        ),
        "plain_form": EnquirySpecimen(prefix="enquiry"),
        "page": page,
        "trail": [
            {"label": "首页", "url": "/"},
            {"label": "数字文化山东馆", "url": "#halls"},
            {"label": "淄川陶社"},
        ],
        "tabs": [
            {"label": "全部", "url": "#tabs", "current": True, "count": 486},
            {"label": "数字文化山东馆", "url": "#tabs", "count": 96},
            {"label": "数字影视暨网络视听馆", "url": "#tabs", "count": 74},
            {"label": "国家文化大数据馆", "url": "#tabs", "count": 58},
        ],
        "booths": [
            ("蓬莱影业", "A12", "live", "直播中"),
            ("淄川陶社", "B03", "honour", "金奖"),
            ("鸢都文创", "B07", "", ""),
            ("胶澳声像", "C21", "soon", "15:00 首发"),
        ],
        "icon_names": list(ICONS),
    }
