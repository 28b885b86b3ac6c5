"""Forms of files."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.bilingual import Bilingual
from haishi.foundation.forms import Form, TextField
from haishi.media.states import ACCEPT, Purpose

CHOICES = [
    (Purpose.GALLERY, _("图片或视频")),
    (Purpose.MODEL, _("三维模型")),
    (Purpose.DOCUMENT, _("文档")),
    (Purpose.PAPERS, _("证明材料")),
    (Purpose.PICTURE, _("图片")),
    (Purpose.VIDEO, _("视频")),
    (Purpose.SEALED, _("保密文件")),
]


class LibraryForm(Form):
    """One file, for the person or one of the person's organisations."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("图片、MP4 或 WebM 视频、GLB 模型、PDF 与 Office 文档，50 MB 以内。"),
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPT.values())}),
    )
    purpose = forms.ChoiceField(label=_("用途"), choices=CHOICES, initial=Purpose.GALLERY)
    organisation_id = forms.TypedChoiceField(
        label=_("归属"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        firms = [(row.pk, Bilingual(row.name, row.name_en)) for row in organisations]
        field: Any = self.fields["organisation_id"]
        field.choices = [*firms, ("", _("我自己"))]
        field.initial = firms[0][0] if firms else ""


class NameForm(Form):
    """What a document or a model is called."""

    name = TextField(
        label=_("文件名"),
        max_length=120,
        help_text=_("页面上显示、下载时使用的名字，扩展名不变。"),
    )
    name_en = TextField(
        label=_("英文文件名"),
        max_length=120,
        required=False,
        help_text=_("英文页面显示它；不填则显示中文名。"),
    )


class AltForm(Form):
    """What a picture shows, for those who do not see it."""

    alt = TextField(
        label=_("图片说明"),
        max_length=200,
        required=False,
        help_text=_("一句话说明画面内容，供读屏软件朗读。"),
    )
    alt_en = TextField(label=_("英文图片说明"), max_length=300, required=False)
