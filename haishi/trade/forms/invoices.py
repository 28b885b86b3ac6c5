"""What a buyer wants on an invoice, and what a seller enters of one that was issued."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, MoneyField, TextField
from haishi.foundation.types import Actor
from haishi.media.fields import AssetField
from haishi.media.states import Purpose
from haishi.trade.states import RATES, InvoiceKind, TitleKind
from haishi.trade.types import Issued

__all__ = ["InvoiceForm", "IssueForm", "RedForm"]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class InvoiceForm(Form):
    """A request for an invoice."""

    kind = forms.ChoiceField(label=_("发票类型"), choices=InvoiceKind.choices)
    title_kind = forms.ChoiceField(
        label=_("抬头类型"), choices=TitleKind.choices, widget=forms.RadioSelect
    )
    title = TextField(
        label=_("抬头"), max_length=120, widget=forms.TextInput(attrs={"list": "invoice-titles"})
    )
    tax_number = TextField(
        label=_("税号"),
        max_length=30,
        required=False,
        help_text=_("单位填 18 位统一社会信用代码，个人不填。"),
    )
    email = forms.EmailField(label=_("收票邮箱"))
    amount_minor = MoneyField(label=_("开票金额（含税）"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount = self.fields["amount_minor"]
        assert isinstance(amount, MoneyField)
        amount.currency = currency


class IssueForm(Form):
    """An invoice as it was issued in the tax system."""

    number = TextField(label=_("发票号码"), max_length=20, help_text=_("20 位，旧版 8 位。"))
    issued_on = forms.DateField(label=_("开票日期"), widget=_day())
    amount_minor = MoneyField(label=_("金额（含税）"))
    rate_points = forms.TypedChoiceField(
        label=_("税率"), coerce=int, choices=[(rate, f"{rate / 100:g} %") for rate in RATES]
    )
    asset_id = AssetField(label=_("发票文件（PDF 或 OFD）"), purpose=Purpose.SEALED)

    def __init__(
        self, *args: Any, actor: Actor, firm_id: int, currency: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        amount, file = self.fields["amount_minor"], self.fields["asset_id"]
        assert isinstance(amount, MoneyField)
        assert isinstance(file, AssetField)
        amount.currency = currency
        file.belongs_to(actor, firm_id)

    def issue(self, action: Callable[..., Any], *args: Any) -> Any:
        """`action(*args, Issued)` with a refusal at its field, or None."""
        return self.apply(lambda **values: action(*args, Issued(**values)))


class RedForm(IssueForm):
    """A red invoice; its rate is that of the blue one."""

    reason = forms.ChoiceField(
        label=_("原因"),
        choices=[
            ("销售退回", _("销售退回")),
            ("销售折让", _("销售折让")),
            ("开票有误", _("开票有误")),
            ("服务中止", _("服务中止")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["rate_points"]

    def issue(self, action: Callable[..., Any], *args: Any) -> Any:
        """`action(*args, Issued, reason)`."""

        def call(reason: str, **values: Any) -> Any:
            return action(*args, Issued(**values), reason)

        return self.apply(call)
