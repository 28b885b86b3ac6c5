"""Forms of registration and gates."""

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.expo.states import VisitorKind
from haishi.foundation.forms import Form, TextField


class RegisterForm(Form):
    """Come as a visitor, buyer, investor or journalist."""

    kind = forms.ChoiceField(
        label=_("身份"),
        widget=forms.RadioSelect,
        choices=[(k.value, k.label) for k in VisitorKind if k != VisitorKind.EXHIBITOR],
        initial=VisitorKind.VISITOR,
    )
    firm = TextField(label=_("单位"), max_length=80, required=False)
    title = TextField(label=_("职务"), max_length=60, required=False)
    shares_card = forms.BooleanField(
        label=_("允许参展商扫我的胸牌获得名片"),
        required=False,
        help_text=_("不勾选也能参观；之后可以逐一收回。"),
    )


class ConsentForm(Form):
    """Whether a scan of the badge gives the card."""

    shares_card = forms.BooleanField(label=_("允许参展商扫我的胸牌获得名片"), required=False)


class GateForm(Form):
    """A gate."""

    name = TextField(label=_("名称"), max_length=60)
    name_en = TextField(label=_("英文名称"), max_length=100, required=False)


class BadgeForm(Form):
    """A badge at a gate, typed or scanned by a device that types."""

    badge = TextField(
        label=_("胸牌编号"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
