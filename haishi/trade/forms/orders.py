"""What buyers and sellers write about an order."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, MoneyField, TextField


class ShipForm(Form):
    """How a parcel travels; everything that is left goes into it."""

    carrier = TextField(label=_("承运方"), max_length=40, required=False)
    tracking = TextField(label=_("运单号"), max_length=60, required=False)


class RefundForm(Form):
    """What the buyer wants back, and why."""

    amount_minor = MoneyField(label=_("退款金额"))
    reason = TextField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    returns_goods = forms.BooleanField(label=_("我会把商品寄回"), required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount = self.fields["amount_minor"]
        assert isinstance(amount, MoneyField)
        amount.currency = currency


class ReasonForm(Form):
    """Why the seller cannot deliver."""

    reason = TextField(label=_("原因"), max_length=200)
