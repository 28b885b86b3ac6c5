"""Forms of choices and webhooks."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, LocalTimeField, TextField
from haishi.notices import selectors
from haishi.notices.types import DIGEST, KINDS, NOW, OFF, Choice, Kind

MAIL = [(NOW, _("立即")), (DIGEST, _("每日汇总")), (OFF, _("不发"))]


def zones() -> list[tuple[str, str]]:
    """The named zones of the world, without the old aliases."""
    areas = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    names = sorted(name for name in available_timezones() if name.startswith(areas))
    return [(name, name.replace("_", " ")) for name in names]


class ChoicesForm(Form):
    """Kinds of notices by channels, and the zone of the digest."""

    zone = forms.ChoiceField(label=_("汇总邮件按哪里的早上八点"), choices=zones)

    def __init__(self, *args: Any, choices: Mapping[str, Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, choice in choices.items():
            label = KINDS[key].label
            self._add(f"{key}-inbox", forms.BooleanField, label, _("站内"), choice.inbox == NOW)
            self._add(f"{key}-mail", forms.ChoiceField, label, _("邮件"), choice.mail, choices=MAIL)
            self._add(f"{key}-push", forms.BooleanField, label, _("推送"), choice.push == NOW)
        self.kinds = list(choices)

    def _add(
        self, name: str, field: Any, kind: Any, channel: Any, initial: Any, **options: Any
    ) -> None:
        row = field(label=f"{kind}：{channel}", required=field is forms.ChoiceField, **options)
        row.widget.attrs["aria-label"] = f"{kind}：{channel}"
        if options:
            row.widget.attrs["class"] = "select"
        row.initial = initial
        self.fields[name] = row

    def rows(self) -> Iterator[tuple[Kind, Any, Any, Any]]:
        """(kind, inbox, mail, push) with bound fields, for the table."""
        for key in self.kinds:
            inbox, mail, push = (self[f"{key}-{name}"] for name in ("inbox", "mail", "push"))
            yield KINDS[key], inbox, mail, push

    def values(self) -> dict[str, Any]:
        """`zone`, and `choices` as the service wants them."""
        cleaned = self.cleaned_data
        choices = {
            key: Choice(
                NOW if cleaned[f"{key}-inbox"] else OFF,
                cleaned[f"{key}-mail"],
                NOW if cleaned[f"{key}-push"] else OFF,
            )
            for key in self.kinds
        }
        return {"zone": cleaned["zone"], "choices": choices}


class EndpointForm(Form):
    """An address that receives facts."""

    url = TextField(
        label=_("接收地址"),
        max_length=500,
        help_text=_("公网上的 https 地址，例如 https://example.com/haishi"),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    description = TextField(label=_("用途"), max_length=80, required=False)
    labels = forms.MultipleChoiceField(
        label=_("事件"), widget=forms.CheckboxSelectMultiple, initial=["*"]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = [(label, label) for label in selectors.public_labels()]
        self.fields["labels"].choices = [("*", _("全部事件，包括以后新增的")), *labels]  # type: ignore[attr-defined]


class ReplayForm(Form):
    """From when on to send again."""

    since = LocalTimeField(label=_("从何时起"), help_text=_("最多可追溯 30 天。"))
