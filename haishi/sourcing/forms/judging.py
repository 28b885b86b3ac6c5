"""Marks, rates, the award with its milestones, the winner's split."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, TextField
from haishi.parties import selectors as parties
from haishi.parties.states import Side
from haishi.sourcing.forms.rfqs import area
from haishi.sourcing.types import Share, Stage

STAGES, PARTNERS = 4, 5
SIDES = (Side.SUPPLY, Side.RESEARCH, Side.PRODUCTION, Side.MARKETING, Side.DEMAND)


class MarksForm(Form):
    """The buyer's marks, one field a bidder and criterion."""

    def __init__(self, *args: Any, page: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.keys: list[tuple[str, int, str]] = []
        for column in page.columns:
            for key, label, _weight in page.judged:
                name = f"mark_{column.bid.pk}_{key}"
                self.keys.append((name, column.bid.pk, key))
                self.fields[name] = forms.IntegerField(
                    label=f"{column.bid.bidder.title} · {label}", min_value=0, max_value=100,
                    required=False, initial=column.marks.get(key),
                )  # fmt: skip

    @property
    def rows(self) -> list[tuple[Any, list[Any]]]:
        """(bidder, bound fields) in the order of the comparison."""
        found: dict[int, list[Any]] = {}
        for name, pk, _key in self.keys:
            found.setdefault(pk, []).append(self[name])
        return [(column, found.get(column.bid.pk, [])) for column in self.page.columns]

    def values(self) -> dict[str, Any]:
        """{"marks": {(quotation id, criterion): points}}."""
        found = super().values()
        marks = {(pk, key): found[name] for name, pk, key in self.keys}
        return {"marks": {key: points for key, points in marks.items() if points is not None}}


class RateForm(Form):
    """What one unit of a currency is in the request's."""

    currency = forms.ChoiceField(label=_("货币"))
    rate = forms.DecimalField(
        label=_("汇率"), max_digits=18, decimal_places=8, min_value=Decimal("0.00000001")
    )
    source = TextField(
        label=_("汇率来源"), max_length=120, help_text=_("例如：中国外汇交易中心当日中间价。")
    )

    def __init__(self, *args: Any, missing: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["currency"]
        field.choices = [(code, code) for code in missing]


class AwardForm(Form):
    """Who wins which line, and how it is paid."""

    reason = TextField(
        label=_("定标理由"), max_length=400, required=False, widget=area(2),
        help_text=_("只在本单位内部和审计记录里可见。"),
    )  # fmt: skip

    def __init__(self, *args: Any, page: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        for row in page.lines:
            able = [cell for cell in row.cells if cell.price and not cell.column.expired]
            first = next((cell.column.bid.pk for cell in able), "")
            self.fields[f"line_{row.line.pk}"] = forms.TypedChoiceField(
                label=f"{row.line.number}. {row.line.name}", coerce=int, empty_value=None,
                required=False, initial=first,
                choices=[
                    *((cell.column.bid.pk, _words(cell)) for cell in able), ("", _("这一行不定标")),
                ],
            )  # fmt: skip
        names = [_("签约预付"), _("交付并验收")]
        for n in range(STAGES):
            default = names[n] if n < len(names) else ""
            self.fields[f"stage{n}_name"] = TextField(
                label=_("里程碑"), max_length=60, required=False, initial=default
            )
            self.fields[f"stage{n}_percent"] = forms.DecimalField(
                label=_("比例（%）"), min_value=0, max_value=100, decimal_places=2, required=False,
                initial=(30, 70)[n] if n < 2 else None,
            )  # fmt: skip
            self.fields[f"stage{n}_days"] = forms.IntegerField(
                label=_("合同生效后（天）"), min_value=0, max_value=3650, required=False,
                initial=(7, 60)[n] if n < 2 else None,
            )  # fmt: skip

    @property
    def line_fields(self) -> list[Any]:
        """The bound fields of the lines."""
        return [self[f"line_{row.line.pk}"] for row in self.page.lines]

    @property
    def stages(self) -> list[list[Any]]:
        """The bound fields of the milestones."""
        parts = ("name", "percent", "days")
        return [[self[f"stage{n}_{part}"] for part in parts] for n in range(STAGES)]

    def values(self) -> dict[str, Any]:
        """As `services.award` takes it."""
        found = super().values()
        winners = {row.line.pk: found[f"line_{row.line.pk}"] for row in self.page.lines}
        stages = [
            Stage(
                found[f"stage{n}_name"], int(found[f"stage{n}_percent"] * 100),
                found[f"stage{n}_days"] or 0,
            )
            for n in range(STAGES)
            if found[f"stage{n}_name"] and found[f"stage{n}_percent"]
        ]  # fmt: skip
        return {
            "winners": {line: pk for line, pk in winners.items() if pk},
            "stages": stages,
            "reason": found["reason"],
        }


def _words(cell: Any) -> str:
    amount = cell.amount if cell.amount is not None else cell.price
    return f"{cell.column.bid.bidder.title} · {amount} · {cell.column.score.total}"


class SplitForm(Form):
    """The winner and up to four partners, by the address of their page, with percentages."""

    def __init__(self, *args: Any, bidder: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bidder = bidder
        for n in range(PARTNERS):
            own = n == 0
            self.fields[f"firm{n}"] = TextField(
                label=_("单位名称"), max_length=120, required=own, disabled=own,
                initial=bidder.name if own else "",
            )  # fmt: skip
            self.fields[f"side{n}"] = forms.ChoiceField(
                label=_("角色"), choices=Side.choices, required=False,
                initial=SIDES[n],
            )  # fmt: skip
            self.fields[f"percent{n}"] = forms.DecimalField(
                label=_("比例（%）"), min_value=0, max_value=100, decimal_places=2, required=own,
                initial=100 if own else None,
            )  # fmt: skip

    @property
    def rows(self) -> list[list[Any]]:
        """The bound fields of each party."""
        parts = ("firm", "side", "percent")
        return [[self[f"{part}{n}"] for part in parts] for n in range(PARTNERS)]

    def clean(self) -> dict[str, Any]:
        """Names become firms."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        shares: list[Share] = []
        for n in range(PARTNERS):
            name, percent = found.get(f"firm{n}"), found.get(f"percent{n}")
            if not name and not percent:
                continue
            firm = self.bidder if n == 0 else _firm(name or "")
            if firm is None:
                self.add_error(f"firm{n}", _now("没有找到这家单位，请填写完整的登记名称。"))
            elif percent is None and f"percent{n}" not in self.errors:
                self.add_error(f"percent{n}", _now("请填写比例。"))
            elif percent is not None:
                shares.append(Share(firm.pk, found[f"side{n}"], int(percent * 100)))
        return {"shares": shares}


def _firm(name: str) -> Any:
    rows = parties.organisations()
    found = list(rows.filter(name=name)[:2] or rows.filter(name_en__iexact=name)[:2])
    return found[0] if len(found) == 1 else None
