"""What buyers and sellers write about an order."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, MoneyField, TextField

__all__ = ["ReasonForm", "RefundForm", "SentBackForm", "ShipForm"]


class ShipForm(Form):
    """How a parcel travels and what is in it: `units_<line id>` for each line with units left."""

    carrier = TextField(label=_("承运方"), max_length=40, required=False)
    tracking = TextField(label=_("运单号"), max_length=60, required=False)

    def __init__(self, *args: Any, lines: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {f"units_{line.pk}": line for line in lines if line.quantity > line.shipped}
        for name, line in self.lines.items():
            left = line.quantity - line.shipped
            self.fields[name] = forms.IntegerField(
                label=str(line.title), min_value=0, max_value=left, initial=left, required=False,
                help_text=_("未发 %(left)s 件") % {"left": left},
            )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """`content` {line id: units}; None, everything that is left, when nothing was said."""
        found = super().values()
        said = {line.pk: found.pop(name) for name, line in self.lines.items()}
        if any(units is not None for units in said.values()):
            found["content"] = {pk: units or 0 for pk, units in said.items()}
        return found


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


class SentBackForm(Form):
    """How returned goods travel."""

    parcel = TextField(label=_("承运方与运单号"), max_length=100)
