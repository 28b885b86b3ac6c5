"""A request with its lines, its questions and the firms it is for."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from haishi.catalogue import selectors as catalogue
from haishi.catalogue.states import ProductKind
from haishi.foundation.errors import Invalid
from haishi.foundation.forms import Form, LocalTimeField, TextField
from haishi.foundation.money import EXPONENTS, Money
from haishi.foundation.types import Actor
from haishi.media.fields import AssetField
from haishi.media.states import Purpose
from haishi.sourcing.services import MOST_LINES
from haishi.sourcing.states import Criterion, Visibility
from haishi.sourcing.types import LineDraft

FIRST_LINES, MORE_LINES = 4, 2
CURRENCIES = [(code, code) for code in EXPONENTS]
_ROW = ("pk", "name", "quantity", "unit", "spec", "target")


def area(rows: int) -> forms.Textarea:
    """A text of several lines."""
    return forms.Textarea(attrs={"rows": rows})


def day_input() -> forms.DateInput:
    """A day as browsers write it, in every language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _files() -> AssetField:
    return AssetField(
        label=_("附件"), purpose=Purpose.PAPERS, most=4, required=False,
        help_text=_("图纸、样张、规范等，图片或文档，最多四个。"),
    )  # fmt: skip


class LineRow:
    """The bound fields of one line of a form, for the template."""

    def __init__(self, form: Any, number: int) -> None:
        self.number = number + 1
        self.product_id = form.product_of.get(number)
        for name in _ROW:
            setattr(self, name, form[f"line{number}_{name}"])


class _WithLines(Form):
    """Lines as numbered rows; empty ones are left out, two more are offered after each save."""

    currency_now = "CNY"

    def add_lines(self, lines: Sequence[LineDraft]) -> None:
        """Fields for `lines` and a few empty ones."""
        self.product_of = {n: line.product_id for n, line in enumerate(lines) if line.product_id}
        shown = min(MOST_LINES, max(FIRST_LINES, len(lines) + MORE_LINES))
        sent = sum(f"line{n}_name" in self.data for n in range(MOST_LINES))
        self.number = max(shown, sent)
        for n in range(self.number):
            line = lines[n] if n < len(lines) else None
            target = line.target_minor if line else None
            money = Money(target, self.currency_now) if target is not None else None
            first: dict[str, Any] = {
                "pk": line.pk if line else None,
                "name": line.name if line else "",
                "quantity": line.quantity if line else None,
                "unit": line.unit if line else "",
                "spec": line.spec if line else "",
                "target": f"{money.amount:f}" if money else "",
            }
            for name, field in _line_fields().items():
                field.initial = first[name]
                self.fields[f"line{n}_{name}"] = field

    @property
    def rows(self) -> list[LineRow]:
        """The lines with their bound fields."""
        return [LineRow(self, n) for n in range(self.number)]

    def clean(self) -> dict[str, Any]:
        """A line has a name and a quantity, or neither."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        currency = found.get("currency") or self.currency_now
        lines = []
        for n in range(self.number):
            cells = {name: found.pop(f"line{n}_{name}", None) for name in _ROW}
            if not (cells["name"] or cells["spec"] or cells["quantity"]):
                continue
            if not cells["name"]:
                self.add_error(f"line{n}_name", _now("请填写名称。"))
            elif not cells["quantity"]:
                if f"line{n}_quantity" not in self.errors:
                    self.add_error(f"line{n}_quantity", _now("请填写数量。"))
            else:
                lines.append(self._line(n, cells, currency))
        found["lines"] = lines
        return found

    def _line(self, n: int, cells: dict[str, Any], currency: str) -> LineDraft:
        target = None
        if cells["target"]:
            try:
                target = Money.parse(cells["target"], currency).minor
            except Invalid as error:
                self.add_error(f"line{n}_target", str(error))
            if target is not None and not 0 <= target <= 10**14:
                self.add_error(f"line{n}_target", _now("金额超出可接受的范围。"))
                target = None
        return LineDraft(
            cells["name"], cells["quantity"], cells["unit"], cells["spec"], target,
            self.product_of.get(n), cells["pk"],
        )  # fmt: skip


def _line_fields() -> dict[str, Any]:
    decimal = forms.TextInput(attrs={"inputmode": "decimal"})
    return {
        "pk": forms.IntegerField(required=False, widget=forms.HiddenInput),
        "name": TextField(label=_("名称"), max_length=80, required=False),
        "quantity": forms.IntegerField(
            label=_("采购数量"), min_value=1, max_value=10**9, required=False
        ),
        "unit": TextField(label=_("计量单位"), max_length=12, required=False),
        "spec": TextField(label=_("规格要求"), max_length=400, required=False),
        "target": forms.CharField(
            label=_("目标单价"), max_length=20, required=False, widget=decimal
        ),
    }


class RfqForm(_WithLines):
    """A draft in both languages, with its lines, weights and instants."""

    title = TextField(label=_("标题"), max_length=80)
    title_en = TextField(label=_("英文标题"), max_length=160, required=False)
    description = TextField(
        label=_("需求说明"), max_length=4000, required=False, widget=area(6),
        help_text=_("用途、质量要求、验收方式，写得越清楚报价越准。"),
    )  # fmt: skip
    description_en = TextField(label=_("英文说明"), max_length=8000, required=False, widget=area(6))
    category_id = forms.TypedChoiceField(
        label=_("分类"), coerce=int, empty_value=None, required=False
    )
    kind = forms.ChoiceField(label=_("类型"), choices=ProductKind.choices)
    city = TextField(label=_("交付城市"), max_length=40, required=False)
    deliver_to = TextField(label=_("交付地点"), max_length=120, required=False)
    deliver_by = forms.DateField(label=_("最晚交付日"), required=False, widget=day_input())
    payment_terms = TextField(
        label=_("付款条件"), max_length=400, required=False, widget=area(2),
        help_text=_("例如：签约付 30%，验收付 70%。"),
    )  # fmt: skip
    document_ids = _files()
    currency = forms.ChoiceField(
        label=_("比价货币"), choices=CURRENCIES, help_text=_("其他货币的报价按截止时的汇率折算。")
    )
    currencies = forms.MultipleChoiceField(
        label=_("接受的货币"), choices=CURRENCIES, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    visibility = forms.ChoiceField(
        label=_("可见范围"), choices=Visibility.choices, widget=forms.RadioSelect
    )
    sealed = forms.BooleanField(
        label=_("密封报价"), required=False,
        help_text=_("截止前任何人都看不到报价，包括你们自己；到点自动启封。"),
    )  # fmt: skip
    show_rank = forms.BooleanField(label=_("告知未中标单位名次"), required=False)
    opens_at = LocalTimeField(
        label=_("开始时刻"), required=False, help_text=_("留空表示发布后立即开始。")
    )
    closes_at = LocalTimeField(
        label=_("报价截止"), required=False, help_text=_("以服务器时钟为准，到点即止。")
    )
    questions_until = LocalTimeField(
        label=_("提问截止"), required=False, help_text=_("留空表示截止前 24 小时。")
    )
    decide_by = LocalTimeField(
        label=_("定标期限"), required=False, help_text=_("留空表示截止后 14 天。")
    )

    def __init__(
        self, *args: Any, actor: Actor, buyer_id: int, lines: Sequence[LineDraft], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        groups = [
            (top.title, [(row.pk, row.title) for row in [top, *below]])
            for top, below in catalogue.categories()
        ]
        fields["category_id"].choices = [("", _("不选")), *groups]
        fields["document_ids"].belongs_to(actor, buyer_id)
        for name in ("opens_at", "closes_at", "questions_until", "decide_by"):
            fields[name].zone = settings.TIME_ZONE
        weights = self.initial.get("criteria") or {"price": 60, "lead": 20, "quality": 20}
        for each in Criterion:
            fields[f"weight_{each.value}"] = forms.IntegerField(
                label=each.label, min_value=0, max_value=100, required=False,
                initial=weights.get(each.value, 0),
            )  # fmt: skip
        self.currency_now = self.initial.get("currency", "CNY")
        self.add_lines(lines)

    @property
    def weights(self) -> list[Any]:
        """The bound fields of the weights."""
        return [self[f"weight_{each.value}"] for each in Criterion]

    def values(self) -> dict[str, Any]:
        """As `services.draft` and `services.edit` take it."""
        found = super().values()
        weights = {each.value: found.pop(f"weight_{each.value}") or 0 for each in Criterion}
        found["criteria"] = {name: weight for name, weight in weights.items() if weight}
        return found


class EditRfqForm(RfqForm):
    """The same for a draft that exists."""

    edits = True


class AmendForm(_WithLines):
    """What may change while quotations are taken, and why."""

    edits = True
    note = TextField(
        label=_("变更说明"), max_length=400, widget=area(2),
        help_text=_("所有相关单位都会收到这段话。"),
    )  # fmt: skip
    closes_at = LocalTimeField(label=_("报价截止"), help_text=_("只能延长。"))
    title = TextField(label=_("标题"), max_length=80)
    title_en = TextField(label=_("英文标题"), max_length=160, required=False)
    description = TextField(label=_("需求说明"), max_length=4000, widget=area(6))
    description_en = TextField(label=_("英文说明"), max_length=8000, required=False, widget=area(6))
    city = TextField(label=_("交付城市"), max_length=40, required=False)
    deliver_to = TextField(label=_("交付地点"), max_length=120, required=False)
    deliver_by = forms.DateField(label=_("最晚交付日"), required=False, widget=day_input())
    payment_terms = TextField(label=_("付款条件"), max_length=400, required=False, widget=area(2))
    document_ids = _files()

    def __init__(
        self, *args: Any, actor: Actor, rfq: Any, lines: Sequence[LineDraft], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["document_ids"].belongs_to(actor, rfq.buyer_id)
        fields["closes_at"].zone = settings.TIME_ZONE
        self.currency_now = rfq.currency
        self.add_lines(lines)


class CancelForm(Form):
    """Why a request ends."""

    reason = TextField(
        label=_("取消原因"), max_length=400, widget=area(2), help_text=_("报价单位会看到这段话。")
    )


class QuestionForm(Form):
    """A question on behalf of a firm."""

    firm_id = forms.TypedChoiceField(label=_("以哪家单位提问"), coerce=int)
    body = TextField(
        label=_("问题"), max_length=1000, widget=area(3),
        help_text=_("其他单位会看到问题和答复，看不到是谁问的。"),
    )  # fmt: skip

    def __init__(self, *args: Any, firms: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["firm_id"]
        field.choices = [(firm.pk, str(firm.title)) for firm in firms]
        if len(field.choices) == 1:
            field.initial = field.choices[0][0]
            field.widget = forms.HiddenInput()


class AnswerForm(Form):
    """An answer that everybody reads."""

    text = TextField(label=_("答复"), max_length=2000, widget=area(3))


class InviteForm(Form):
    """Firms found by some words."""

    organisation_ids = forms.TypedMultipleChoiceField(
        label=_("邀请这些单位"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, firms: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation_ids"]
        field.choices = [
            (firm.pk, f"{firm.title} · {firm.city}" if firm.city else str(firm.title))
            for firm in firms
        ]
