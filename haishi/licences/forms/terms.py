"""Terms as people fill them in."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, MoneyField, TextField
from haishi.foundation.money import EXPONENTS
from haishi.foundation.types import Actor
from haishi.licences.states import Base, Channel, Exclusivity, Medium, Period, Right, Stage
from haishi.licences.territories import LANGUAGES, TERRITORIES
from haishi.licences.types import TERM_FIELDS, Terms
from haishi.media.fields import AssetField
from haishi.media.states import Purpose
from haishi.parties import selectors as parties

PARTNERS = (1, 2)
RATES = tuple(f"rate_{channel}" for channel in Channel.values)


class PercentField(forms.CharField):
    """A percentage, kept as whole basis points: "8.5" → 850."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=8, **kwargs)

    def run_validators(self, value: Any) -> None:
        """The length counts for what was typed; the value is a number by now."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            points = Decimal(text.strip().rstrip("%").replace("％", "")) * 100
            if points != points.to_integral_value() or not 0 < points <= 10_000:
                raise InvalidOperation
        except InvalidOperation:
            raise forms.ValidationError(_("请填写 0.01 到 100 之间的百分比。")) from None
        return int(points)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return f"{value / 100:.2f}".rstrip("0").rstrip(".")
        return value


def _many(label: Any, choices: Iterable[Any], **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=[*choices], widget=forms.CheckboxSelectMultiple, **more
    )


class TermsForm(Form):
    """All typed terms; `values()` gives them as one `terms`."""

    rights = _many(_("权利"), Right.choices)
    exclusivity = forms.ChoiceField(
        label=_("独占性"),
        choices=Exclusivity.choices,
        initial=Exclusivity.NON_EXCLUSIVE,
        widget=forms.RadioSelect,
        help_text=_("独占：授权方自己也不用；排他：只有双方；非独占：还可授予他人。"),
    )
    territories = forms.MultipleChoiceField(
        label=_("地域"),
        choices=TERRITORIES.items,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("按住 Ctrl 或 ⌘ 可多选；“全球”包含所有地域。"),
    )
    goods = _many(_("品类与媒介"), Medium.choices)
    languages = forms.MultipleChoiceField(
        label=_("语言"),
        choices=LANGUAGES.items,
        initial=["zh"],
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )
    starts_on = forms.DateField(
        label=_("起始日"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    months = forms.IntegerField(label=_("授权期（月）"), min_value=1, max_value=600, initial=24)
    sell_off_months = forms.IntegerField(
        label=_("清货期（月）"), min_value=0, max_value=60, initial=3
    )
    currency = forms.ChoiceField(label=_("货币"), choices=[(each, each) for each in EXPONENTS])
    guarantee_minor = MoneyField(label=_("保底金"), required=False)
    rate_online = PercentField(label=_("线上零售版税率（%）"), required=False)
    rate_offline = PercentField(label=_("线下零售版税率（%）"), required=False)
    rate_wholesale = PercentField(label=_("批发版税率（%）"), required=False)
    rate_digital = PercentField(label=_("数字订阅与下载版税率（%）"), required=False)
    base = forms.ChoiceField(label=_("计算基数"), choices=Base.choices)
    period = forms.ChoiceField(label=_("报告周期"), choices=Period.choices, initial=Period.QUARTER)
    stages = _many(_("监修阶段"), Stage.choices, required=False)
    review_days = forms.IntegerField(
        label=_("监修答复期限（天）"), min_value=1, max_value=90, initial=10
    )
    seats = forms.IntegerField(label=_("席位"), min_value=1, max_value=500, initial=3)
    sublicensing = forms.BooleanField(label=_("可转授权"), required=False)
    audit = forms.BooleanField(label=_("审计权"), required=False, initial=True)

    def clean(self) -> Any:
        """The guarantee is read once its currency is known."""
        found = super().clean()
        amount: Any = self.fields["guarantee_minor"]
        typed = self.data.get(self.add_prefix("guarantee_minor"))
        currency = self.cleaned_data.get("currency")
        if typed and currency and currency != amount.currency:
            amount.currency = currency
            self.errors.pop("guarantee_minor", None)
            try:
                self.cleaned_data["guarantee_minor"] = amount.clean(typed)
            except forms.ValidationError as error:
                self.add_error("guarantee_minor", error)
        return found

    def values(self) -> dict[str, Any]:
        """`terms` and what else the form holds."""
        found = super().values()
        rates = {channel: found.pop(f"rate_{channel}") for channel in Channel.values}
        found["media"] = found.pop("goods")  # `media` of a form is what its widgets load
        named = {name: found.pop(name) for name in TERM_FIELDS if name in found}
        lists = {name: tuple(value) for name, value in named.items() if isinstance(value, list)}
        named |= lists
        named["guarantee_minor"] = named["guarantee_minor"] or 0
        named["rates"] = {channel: points for channel, points in rates.items() if points}
        return {"terms": Terms(**named), **found}


def initial_terms(row: Any) -> dict[str, Any]:
    """First values of a form about the terms of `row`."""
    found = {name: getattr(row, name) for name in TERM_FIELDS if name != "rates"}
    found["goods"] = found.pop("media")
    found |= {f"rate_{channel}": points for channel, points in row.rates.items()}
    return found


class OfferForm(TermsForm):
    """An offer, with the files it gives access to and those who share what it brings."""

    summary = TextField(
        label=_("授权说明"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("适合做什么、已有哪些成功案例。"),
    )
    summary_en = TextField(
        label=_("英文授权说明"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    file_ids = AssetField(
        label=_("授权文件"),
        purpose=Purpose.SEALED,
        most=12,
        required=False,
        help_text=_("图库、源文件、使用规范。只有授权生效后指派的人能下载。"),
    )
    partner_1 = TextField(label=_("共同权利人（单位主页网址后缀）"), max_length=60, required=False)
    points_1 = PercentField(label=_("分成（%）"), required=False)
    partner_2 = TextField(
        label=_("另一位共同权利人（单位主页网址后缀）"), max_length=60, required=False
    )
    points_2 = PercentField(label=_("另一位的分成（%）"), required=False)

    def __init__(self, *args: Any, actor: Actor, firm_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.firm_id = firm_id
        amount: Any = self.fields["guarantee_minor"]
        amount.currency = self.initial.get("currency", "CNY")
        files: Any = self.fields["file_ids"]
        files.belongs_to(actor, firm_id)

    def clean(self) -> Any:
        """Partners are looked up; what is left of the whole is the firm's own."""
        found = super().clean()
        shares: list[tuple[int, int]] = []
        for number in PARTNERS:
            slug = self.cleaned_data.get(f"partner_{number}")
            points = self.cleaned_data.get(f"points_{number}")
            if not slug and not points:
                continue
            row = parties.organisations().filter(slug=slug or "").first()
            if row is None:
                self.add_error(f"partner_{number}", _("没有这个单位。"))
            elif not points:
                self.add_error(f"points_{number}", _("请填写分成。"))
            else:
                shares.append((row.pk, points))
        left = 10_000 - sum(points for _firm, points in shares)
        self.cleaned_data["shares"] = [(self.firm_id, left), *shares] if shares else []
        return found

    def values(self) -> dict[str, Any]:
        """The arguments of the services."""
        found = super().values()
        for number in PARTNERS:
            found.pop(f"partner_{number}")
            found.pop(f"points_{number}")
        return found


class EditOfferForm(OfferForm):
    """The same for an offer that exists."""

    edits = True


class AskForm(TermsForm):
    """A request: for which firm, on which terms, from which day."""

    firm_id = forms.TypedChoiceField(label=_("以哪个单位的名义"), coerce=int)
    note = TextField(
        label=_("用途说明"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("打算做什么商品、在哪里卖、预计规模。"),
    )

    def __init__(self, *args: Any, firms: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["firm_id"].choices = [(firm.pk, firm.title) for firm in firms]
        fields["starts_on"].required = True
        fields["guarantee_minor"].currency = self.initial.get("currency", "CNY")


class CounterForm(TermsForm):
    """Other terms, and why."""

    edits = True
    note = TextField(
        label=_("修改说明"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["starts_on"].required = True
        fields["guarantee_minor"].currency = self.initial.get("currency", "CNY")
