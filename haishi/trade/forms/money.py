"""What owners write about accounts and operators about statements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, TextField

__all__ = ["AccountForm", "BankImportForm", "FaultsForm", "NoteForm", "StatementForm"]


class AccountForm(Form):
    """Where a firm gets its money."""

    provider = forms.ChoiceField(label=_("支付渠道"))
    account = TextField(
        label=_("收款账号"),
        max_length=80,
        help_text=_("微信支付填特约商户号，支付宝填 2088 开头的商户号，银行填卡号或账号。"),
    )
    holder = TextField(label=_("户名"), max_length=80)
    bank = TextField(label=_("开户行"), max_length=80, required=False)

    def __init__(self, *args: Any, ways: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ChoiceField)
        provider.choices = ways


class StatementForm(Form):
    """A provider's statement of one day."""

    provider = forms.ChoiceField(label=_("支付渠道"))
    day = forms.DateField(
        label=_("日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("不填则取账单里的日期。"),
    )
    file = forms.FileField(label=_("对账单文件"), allow_empty_file=True)

    def __init__(self, *args: Any, ways: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ChoiceField)
        provider.choices = ways


class BankImportForm(Form):
    """Credits of the custody account."""

    file = forms.FileField(
        label=_("银行流水文件"),
        allow_empty_file=True,
        help_text=_("CSV 或 XLSX，列：流水号、记账日、金额、货币、付款人、付款账号、附言。"),
    )


class NoteForm(Form):
    """What a difference is."""

    note = TextField(label=_("说明"), max_length=200)
    corrects = forms.BooleanField(label=_("以对方账单为准，更正我方账目（核销）"), required=False)


class FaultsForm(Form):
    """How badly the sandbox's news travels."""

    delay = forms.TypedChoiceField(
        label=_("通知延迟"),
        coerce=int,
        choices=[(0, _("不延迟")), (30, _("半分钟")), (300, _("五分钟"))],
    )
    copies = forms.TypedChoiceField(
        label=_("通知次数"),
        coerce=int,
        choices=[(1, _("一次")), (3, _("重复三次")), (0, _("丢失"))],
        initial=1,
    )
    stale = forms.BooleanField(label=_("乱序：迟到的“支付失败”在成功之后到达"), required=False)
