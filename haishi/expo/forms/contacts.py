"""Forms of cards and leads."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.expo.forms.editions import area
from haishi.expo.forms.enquiries import OwnerForm
from haishi.foundation.forms import Form, TextField


class CardForm(Form):
    """What one's card shows."""

    firm = TextField(label=_("单位"), max_length=80, required=False)
    shows_phone = forms.BooleanField(label=_("显示电话"), required=False)
    shows_email = forms.BooleanField(label=_("显示邮箱"), required=False)


class ExchangeForm(Form):
    """Take a card; give one's own back, if one wants to."""

    gives_back = forms.BooleanField(
        label=_("也把我的名片给对方"),
        required=False,
        help_text=_("之后可以在“谁有我的名片”里收回。"),
    )


class ConfirmForm(Form):
    """Nothing to fill in: only the token that makes a repetition harmless."""


class ScanForm(Form):
    """A badge, scanned or typed."""

    badge = TextField(
        label=_("胸牌"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("用扫码枪、摄像头，或输入胸牌上的编号。"),
    )


RATINGS = [(0, _("未评级")), *((n, "★" * n) for n in range(1, 6))]


class LeadForm(OwnerForm):
    """Rating, owner and a further note of a lead."""

    rating = forms.TypedChoiceField(label=_("评级"), coerce=int, choices=RATINGS)
    note = TextField(label=_("补充备注"), max_length=1000, required=False, widget=area(3))
    field_order = ["rating", "owner_id", "note"]

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, people=people, **kwargs)
        owner: Any = self.fields["owner_id"]
        owner.required, owner.empty_value = False, None
        owner.choices = [("", _("暂无")), *owner.choices]
