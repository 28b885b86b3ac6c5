"""What people fill in about titles, seats, approvals and sales."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, MoneyField, TextField
from haishi.foundation.types import Actor
from haishi.licences.states import Channel, LinkKind, Stage
from haishi.licences.types import Sale
from haishi.media.fields import AssetField
from haishi.media.states import Purpose


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LinkForm(Form):
    """One step of a chain of title."""

    kind = forms.ChoiceField(label=_("依据"), choices=LinkKind.choices)
    giver = TextField(
        label=_("让与方"), max_length=120, required=False, help_text=_("第一环是创作，留空。")
    )
    taker = TextField(label=_("取得方"), max_length=120, help_text=_("须与证照上的名称一致。"))
    on = forms.DateField(label=_("日期"), widget=_day())
    until = forms.DateField(
        label=_("截止日"), required=False, widget=_day(), help_text=_("独占许可须填写，当日不含。")
    )
    number = TextField(
        label=_("登记号"), max_length=60, required=False, help_text=_("作品登记号、合同备案号等。")
    )
    document_ids = AssetField(
        label=_("证明文件"),
        purpose=Purpose.PAPERS,
        most=4,
        required=False,
        help_text=_("只有审核人员和签约方能看到。"),
    )

    def __init__(self, *args: Any, actor: Actor, firm_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files: Any = self.fields["document_ids"]
        files.belongs_to(actor, firm_id)

    def clean(self) -> Any:
        """An exclusive licence ends."""
        found = super().clean()
        on, until = self.cleaned_data.get("on"), self.cleaned_data.get("until")
        if (
            self.cleaned_data.get("kind") == LinkKind.EXCLUSIVE
            and on
            and (not until or until <= on)
        ):
            self.add_error("until", _("独占许可的截止日须晚于日期。"))
        return found


class ReasonForm(Form):
    """Why something is returned, declined or stopped."""

    reason = TextField(label=_("原因"), max_length=400, widget=_area(3))


class SeatForm(Form):
    """Who gets a seat."""

    email = forms.EmailField(label=_("同事的邮箱"), max_length=200)


class GoodForm(Form):
    """A product that will be made."""

    name = TextField(label=_("授权商品名称"), max_length=80)


class HandInForm(Form):
    """What is shown to the licensor at a stage."""

    stage = forms.ChoiceField(label=_("阶段"), choices=Stage.choices)
    note = TextField(label=_("送审说明"), max_length=400, required=False, widget=_area(3))
    file_ids = AssetField(
        label=_("效果图或样品照片"), purpose=Purpose.SEALED, most=8, required=False
    )

    def __init__(self, *args: Any, actor: Actor, licence: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["file_ids"].belongs_to(actor, licence.licensee_id)
        fields["stage"].choices = [(each, Stage(each).label) for each in licence.stages]


class AnswerForm(Form):
    """What the licensor says to it."""

    verdict = forms.ChoiceField(
        label=_("结论"),
        choices=[("approve", _("通过")), ("return", _("退回修改"))],
        widget=forms.RadioSelect,
    )
    answer = TextField(label=_("监修意见"), max_length=400, required=False, widget=_area(3))

    def values(self) -> dict[str, Any]:
        """The arguments of the service."""
        found = super().values()
        return {"approves": found["verdict"] == "approve", "answer": found["answer"]}


class SalesForm(Form):
    """Units and amount of each product in each channel; what is empty was not sold."""

    def __init__(self, *args: Any, licence: Any, goods: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.licence = licence
        self.cells: list[tuple[int, str]] = []
        self.groups: list[dict[str, Any]] = []
        for good in goods:
            self._group(good)

    def _group(self, good: Any) -> None:
        rows = []
        for channel in self.licence.rates:
            key = f"{good.pk}_{channel}"
            units, amount = f"units_{key}", f"amount_{key}"
            label = str(Channel(channel).label)
            self.fields[units] = forms.IntegerField(
                label=_("%(channel)s数量") % {"channel": label},
                min_value=0,
                max_value=10**9,
                required=False,
            )
            self.fields[amount] = MoneyField(
                label=_("%(channel)s金额") % {"channel": label},
                currency=self.licence.currency,
                required=False,
            )
            self.cells.append((good.pk, channel))
            rows.append((self[units], self[amount]))
        self.groups.append({"good": good, "rows": rows})

    def clean(self) -> Any:
        """Units without an amount, or the other way round, are a slip."""
        found = super().clean()
        for good, channel in self.cells:
            units = self.cleaned_data.get(f"units_{good}_{channel}")
            amount = self.cleaned_data.get(f"amount_{good}_{channel}")
            if bool(units) != bool(amount):
                name = f"{'amount' if units else 'units'}_{good}_{channel}"
                self.add_error(name, _("数量和金额要一起填写。"))
        return found

    def values(self) -> dict[str, Any]:
        """`sales`: the lines."""
        found = super().values()
        return {
            "sales": [
                Sale(
                    good_id=good,
                    channel=channel,
                    units=found[f"units_{good}_{channel}"],
                    amount_minor=found[f"amount_{good}_{channel}"],
                    currency=self.licence.currency,
                    territory=self.licence.territories[0],
                )
                for good, channel in self.cells
                if found.get(f"units_{good}_{channel}")
            ]
        }


class ImportForm(Form):
    """A table of sales."""

    file = forms.FileField(
        label=_("销售明细（CSV 或 XLSX）"),
        help_text=_("有一行不对就整份不收，并逐行说明。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


def day_of(text: str) -> dt.date | None:
    """A day written as in an address, or None."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
