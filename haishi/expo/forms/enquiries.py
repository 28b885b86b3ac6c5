"""Forms of enquiries: ask, answer, hand over, keep an answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.expo.forms.editions import area
from haishi.foundation.forms import Form, TextField


class EnquiryForm(Form):
    """A question to a firm."""

    subject = TextField(label=_("主题"), max_length=80)
    message = TextField(
        label=_("内容"),
        max_length=3000,
        widget=area(6),
        help_text=_("数量、用途、期望时间写得越具体，答复越快。"),
    )
    gives_card = forms.BooleanField(
        label=_("同时递上我的名片"),
        required=False,
        help_text=_("对方可以看到名片上的联系方式，你随时可以收回。"),
    )
    about = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)


class MessageForm(Form):
    """A message of the conversation."""

    body = TextField(label=_("回复"), max_length=3000, widget=area(4))


class OwnerForm(Form):
    """Hand an enquiry or a lead to a colleague."""

    owner_id = forms.TypedChoiceField(label=_("负责人"), coerce=int)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_id"].choices = [  # type: ignore[attr-defined]
            (person.pk, person.full_name) for person in people
        ]


class TemplateForm(Form):
    """An answer that is given often."""

    title = TextField(label=_("名称"), max_length=40)
    body = TextField(label=_("内容"), max_length=3000, widget=area(5))
