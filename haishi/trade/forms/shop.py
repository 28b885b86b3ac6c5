"""What a buyer fills in on the way from a wish to an order."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, TextField
from haishi.trade import policies

__all__ = ["AddressForm", "BuyForm", "CheckoutForm"]
# ISO 3166-1 codes of the places the shop sends to first.
COUNTRIES = (
    ("CN", _("中国")), ("HK", _("中国香港")), ("MO", _("中国澳门")), ("TW", _("中国台湾")),
    ("JP", _("日本")), ("KR", _("韩国")), ("SG", _("新加坡")), ("US", _("美国")),
    ("GB", _("英国")), ("DE", _("德国")), ("FR", _("法国")), ("AU", _("澳大利亚")),
)  # fmt: skip


class BuyForm(Form):
    """How many."""

    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=policies.MOST_UNITS)


class AddressForm(Form):
    """Where things are sent."""

    name = TextField(label=_("收货人"), max_length=40)
    phone = TextField(label=_("电话"), max_length=30)
    country = forms.ChoiceField(label=_("国家或地区"), choices=COUNTRIES, initial="CN")
    region = TextField(label=_("省市区"), max_length=80)
    street = TextField(label=_("详细地址"), max_length=160)
    postcode = TextField(label=_("邮编"), max_length=12, required=False)


class CheckoutForm(Form):
    """Where to, for whom, and a word to the seller. What is bought stands on the page itself."""

    address = forms.TypedChoiceField(
        label=_("收货地址"), coerce=int, empty_value=None, widget=forms.RadioSelect
    )
    firm = forms.TypedChoiceField(label=_("购买方"), coerce=int, empty_value=None, required=False)
    note = TextField(
        label=_("给卖家的留言"), max_length=200, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, addresses: Iterable[Any], firms: Iterable[Any], ships: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        known = [*addresses]
        fields["address"].choices = [(row.pk, _line(row)) for row in known]
        if known:
            fields["address"].initial = known[0].pk
        fields["firm"].choices = [("", _("我自己")), *((row.pk, row.title) for row in firms)]
        if not ships:
            del fields["address"]
        if len(fields["firm"].choices) == 1:
            del fields["firm"]


def _line(row: Any) -> str:
    return f"{row.name} {row.phone} · {row.region} {row.street}"
