"""Forms of the floor plan: booths as lines in metres, rows of booths."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.expo.forms.editions import MetresField
from haishi.expo.types import Place
from haishi.foundation.forms import Form, TextField

SPARE = 3


class PlaceForm(forms.Form):
    """One line of the table. An empty code removes the booth, or leaves a spare line unused."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    code = TextField(label=_("展位号"), max_length=12, required=False)
    x = MetresField(label=_("左起（米）"), min_value=0, required=False)
    y = MetresField(label=_("上起（米）"), min_value=0, required=False)
    width = MetresField(label=_("宽（米）"), min_value=0, required=False)
    depth = MetresField(label=_("深（米）"), min_value=0, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("code", "x", "y", "width", "depth"):
            widget = self.fields[name].widget
            widget.attrs |= {"class": "cell-input", "aria-label": self.fields[name].label}
            widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("code"):
            for name in ("x", "y", "width", "depth"):
                if values.get(name) is None and name not in self.errors:
                    self.add_error(name, _("请填写"))
        return values

    @property
    def place(self) -> Place | None:
        """The booth of this line, if it has one."""
        values = self.cleaned_data
        if not values.get("code"):
            return None
        return Place(
            values["code"], values["x"], values["y"], values["width"], values["depth"],
            values.get("id"),
        )  # fmt: skip


class PlanForm(Form):
    """The whole plan: the version it was drawn from; its lines are a formset beside it."""

    edits = True


PlaceFormSet = forms.formset_factory(
    PlaceForm, extra=SPARE, max_num=2_000, absolute_max=2_003, validate_max=True
)


class RowsForm(Form):
    """A grid of booths at once."""

    edits = True
    prefix_code = forms.RegexField(
        r"^[A-Za-z0-9-]{0,6}$",
        label=_("展位号前缀"),
        required=False,
        error_messages={"invalid": _("请填写字母或数字。")},
    )
    rows = forms.IntegerField(label=_("排数"), min_value=1, max_value=60, initial=2)
    columns = forms.IntegerField(label=_("每排展位"), min_value=1, max_value=100, initial=8)
    x = MetresField(label=_("左起（米）"), min_value=0, initial=20)
    y = MetresField(label=_("上起（米）"), min_value=0, initial=20)
    width = MetresField(label=_("每个宽（米）"), min_value=1, max_value=200, initial=30)
    depth = MetresField(label=_("每个深（米）"), min_value=1, max_value=200, initial=30)
    aisle = MetresField(label=_("通道宽（米）"), min_value=0, max_value=200, initial=30)


class ImportForm(Form):
    """A table of booths or exhibitors."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("CSV 或 XLSX，10 MB 以内，第一行是表头。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
