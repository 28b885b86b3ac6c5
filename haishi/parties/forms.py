"""Forms of people and organisations."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from haishi.foundation.api import SCOPES
from haishi.foundation.forms import Form, TextField
from haishi.parties import credit_code
from haishi.parties.errors import CreditCodeInvalid
from haishi.parties.states import Duty, Role, Side

MAX_FILE_BYTES = 10 * 1024 * 1024


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _autocomplete(kind: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": kind})


class SignupForm(forms.Form):
    """What sign-up asks beside address and password (allauth adds those)."""

    name = TextField(label=_("姓名"), max_length=60, widget=_autocomplete("name"))
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, person: Any) -> None:
        """Called by allauth with the new account."""
        person.name = self.cleaned_data["name"]
        person.language = request.LANGUAGE_CODE
        person.save(update_fields=["name", "language"])


class ProfileForm(Form):
    """What a person says about themselves."""

    name = TextField(label=_("姓名"), max_length=60, widget=_autocomplete("name"))
    name_en = TextField(label=_("英文姓名"), max_length=80, required=False)
    title = TextField(
        label=_("职务"),
        max_length=60,
        required=False,
        widget=_autocomplete("organization-title"),
    )
    title_en = TextField(label=_("英文职务"), max_length=80, required=False)
    phone = TextField(
        label=_("电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        validators=[RegexValidator(r"^\+?[0-9][0-9 ()\-]{4,}$", _("请填写有效的电话号码。"))],
    )
    city = TextField(
        label=_("城市"), max_length=40, required=False, widget=_autocomplete("address-level2")
    )
    language = forms.ChoiceField(
        label=_("通知语言"), choices=[("zh-hans", _("中文")), ("en", _("英文"))]
    )


class OrganisationForm(Form):
    """The public texts of an organisation."""

    name = TextField(label=_("单位名称"), max_length=80, widget=_autocomplete("organization"))
    name_en = TextField(label=_("英文名称"), max_length=120, required=False)
    sides = forms.MultipleChoiceField(
        label=_("五方角色"),
        choices=Side.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("可多选，决定别人怎样找到你们。"),
    )
    region = TextField(label=_("省份或地区"), max_length=40, required=False)
    city = TextField(label=_("城市"), max_length=40, required=False)
    website = forms.URLField(
        label=_("网站"),
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    founded = forms.IntegerField(label=_("成立年份"), required=False)
    tagline = TextField(label=_("一句话介绍"), max_length=80, required=False)
    tagline_en = TextField(label=_("英文一句话介绍"), max_length=160, required=False)
    about = TextField(label=_("简介"), max_length=3000, required=False, widget=_area(6))
    about_en = TextField(label=_("英文简介"), max_length=6000, required=False, widget=_area(6))

    def clean_founded(self) -> int | None:
        """A year that can be one."""
        year: int | None = self.cleaned_data["founded"]
        if year is not None and not 600 <= year <= dt.datetime.now(dt.UTC).year:
            raise forms.ValidationError(_("请填写有效的年份。"))
        return year


class OrganisationEditForm(OrganisationForm):
    """The same for an organisation that exists: notices a stale page."""

    edits = True


class InviteForm(Form):
    """A colleague to ask."""

    email = forms.EmailField(
        label=_("同事的邮箱"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=_("角色"), choices=Role.choices, initial=Role.STAFF)

    def __init__(self, *args: Any, all_roles: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not all_roles:
            self.fields["role"].choices = [(Role.STAFF.value, Role.STAFF.label)]  # type: ignore[attr-defined]


class RoleForm(Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files of at most 10 MB each."""

    def __init__(self, **kwargs: Any) -> None:
        accept = "image/jpeg,image/png,image/webp,application/pdf"
        super().__init__(widget=_FilesInput(attrs={"accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """A list of uploaded files."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        files = [super(FilesField, self).clean(one, initial) for one in given or [None]]
        if any(file and file.size > MAX_FILE_BYTES for file in files):
            raise forms.ValidationError(_("单个文件不能超过 10 MB。"))
        return [file for file in files if file]


class VerificationForm(Form):
    """Who an organisation is, with papers."""

    legal_name = TextField(
        label=_("登记名称"), max_length=120, help_text=_("与营业执照或登记证书一致。")
    )
    credit_code = TextField(
        label=_("统一社会信用代码"),
        max_length=40,
        help_text=_("18 位数字或大写字母，空格可有可无。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    papers = FilesField(
        label=_("证明材料"), help_text=_("营业执照等，图片或 PDF，最多六份，单份 10 MB 以内。")
    )

    def __init__(self, *args: Any, with_files: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_files:
            del self.fields["papers"]

    def clean_credit_code(self) -> str:
        """The code in its normal writing."""
        code = credit_code.normal(self.cleaned_data["credit_code"])
        if not credit_code.is_valid(code):
            raise forms.ValidationError(str(CreditCodeInvalid()))
        return code


class AnswerForm(Form):
    """A reviewer's answer: which button, and why."""

    answer = forms.ChoiceField(
        choices=[("approve", ""), ("return", ""), ("withdraw", "")], widget=forms.HiddenInput
    )
    reason = TextField(
        label=_("原因"),
        max_length=400,
        required=False,
        widget=_area(3),
        help_text=_("退回或撤销时必填，对方会看到。"),
    )


class AppointForm(Form):
    """A duty for somebody."""

    email = forms.EmailField(
        label=_("账户邮箱"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    duty = forms.ChoiceField(label=_("职责"), choices=Duty.choices, initial=Duty.REVIEWER)


class OrganiserForm(Form):
    """Which organisation becomes an organiser, and who is responsible."""

    slug = forms.SlugField(label=_("单位的网址后缀"), help_text=_("单位页面地址的最后一段。"))
    owner_email = forms.EmailField(
        label=_("负责人的邮箱"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class TokenForm(Form):
    """A new key for the API."""

    name = TextField(label=_("用途"), max_length=60, help_text=_("例如：官网同步展品。"))
    scopes = forms.MultipleChoiceField(label=_("权限"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(
        label=_("有效期"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 天")), (90, _("90 天")), (180, _("180 天")), (365, _("365 天"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, meaning) for name, meaning in sorted(SCOPES.items())]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]


class EraseForm(Form):
    """Typing one's own address is the confirmation."""

    email = forms.EmailField(
        label=_("输入你的登录邮箱以确认"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address

    def clean_email(self) -> str:
        """The address of the account itself."""
        if self.cleaned_data["email"].lower() != self.address.lower():
            raise forms.ValidationError(_("与你的登录邮箱不一致。"))
        return str(self.cleaned_data["email"])
