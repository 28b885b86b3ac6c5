"""What owners allow, and what approvers answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, MoneyField, TextField
from haishi.foundation.money import EXPONENTS
from haishi.parties.states import Role

__all__ = ["DecisionForm", "LimitForm"]


class LimitForm(Form):
    """A limit of a role (`role:staff`) or of a person (`person:17`); both amounts empty: none."""

    whom = forms.ChoiceField(label=_("对谁"))
    currency = forms.ChoiceField(label=_("货币"), choices=[(code, code) for code in EXPONENTS])
    single_minor = MoneyField(
        label=_("单笔上限"), required=False, help_text=_("超过的订单要经审批。留空表示不限。")
    )
    month_minor = MoneyField(
        label=_("每月上限"), required=False, help_text=_("按自然月累计。留空表示不限。")
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whom = self.fields["whom"]
        assert isinstance(whom, forms.ChoiceField)
        whom.choices = [
            (_("按角色"), [(f"role:{value}", label) for value, label in Role.choices]),
            (_("按个人"), [(f"person:{pk}", name) for pk, name in people]),
        ]
        chosen = self.data.get(self.add_prefix("currency")) if self.is_bound else ""
        for name in ("single_minor", "month_minor"):
            amount = self.fields[name]
            assert isinstance(amount, MoneyField)
            amount.currency = chosen if chosen in EXPONENTS else "CNY"


class DecisionForm(Form):
    """Why something is not approved."""

    reason = TextField(label=_("理由"), max_length=200)
