"""The base of every form: cleaned text, refusals shown at their field, one effect per submit."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from haishi.foundation import once
from haishi.foundation.clock import instant
from haishi.foundation.errors import DomainError, Forbidden, Invalid, NotFound, Stale
from haishi.foundation.money import Money
from haishi.foundation.text import clean, is_broken


class TextField(forms.CharField):
    """Text that is composed and printable; broken characters are an error, not a surprise."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and is_broken(value):
            raise forms.ValidationError(_("含有无法显示的字符，请删除后再试。"), code="broken")
        text = super().to_python(value)
        return clean(text) if isinstance(text, str) else text


class MoneyField(forms.CharField):
    """An amount in major units, kept as integer minor units. Never negative."""

    def __init__(self, *, currency: str = "CNY", **kwargs: Any) -> None:
        self.currency = currency
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=20, **kwargs)

    def run_validators(self, value: Any) -> None:
        """The length counts for what was typed; the value is a number by now."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        if len(text) > (self.max_length or 0):
            raise forms.ValidationError(_("金额超出可接受的范围。"))
        try:
            money = Money.parse(text, self.currency)
        except Invalid as error:
            raise forms.ValidationError(str(error)) from None
        if money.minor < 0 or money.minor > 10**14:
            raise forms.ValidationError(_("金额超出可接受的范围。"))
        return money.minor

    def prepare_value(self, value: Any) -> Any:
        return f"{Money(value, self.currency).amount:f}" if isinstance(value, int) else value


class LocalTimeField(forms.DateTimeField):
    """A wall-clock time of the event's zone, kept as a UTC instant. Set `zone` before cleaning.

    Times that daylight saving skips or repeats are refused with a message.
    """

    zone = "Asia/Shanghai"
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        moment = forms.Field.to_python(self, value)
        for pattern in self.input_formats:
            try:
                parsed = self.strptime(str(moment).strip(), pattern)
            except ValueError:
                continue
            try:
                return instant(parsed, self.zone)
            except Invalid as error:
                raise forms.ValidationError(str(error)) from None
        raise forms.ValidationError(_("请填写有效的日期和时间。"))

    def prepare_value(self, value: Any) -> Any:
        from haishi.foundation.clock import local

        return (
            local(value, self.zone).strftime("%Y-%m-%dT%H:%M")
            if hasattr(value, "tzinfo")
            else value
        )


class Form(forms.Form):
    """A form of the house.

    `apply(action)` calls a service with the cleaned data and puts a DomainError where it belongs:
    at its field or on top. Hidden `once` makes a repeated submit harmless; hidden `version`, when
    the form has `edits = True`, lets the service notice that the page was stale.
    """

    once = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    edits = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = once.new_key
        if self.edits:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """Cleaned data without the house's own hidden fields."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("once", "version")}

    @property
    def status(self) -> int:
        """200 before a submit, 422 once there are errors."""
        return 422 if self.is_bound and self.errors else 200

    def apply(self, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """`action(*args, **values, **kwargs)`, or None with the errors on the form.

        NotFound and Forbidden are not the form's business and pass through.
        """
        if not self.is_valid():
            return None
        if self.edits:
            kwargs["seen"] = self.cleaned_data["version"]
        try:
            return action(*args, **self.values(), **kwargs)
        except (NotFound, Forbidden):
            raise
        except DomainError as error:
            if isinstance(error, Stale):  # what was typed stays; the next submit is the decision
                current = {self.add_prefix("version"): error.values["current"]}
                newest = {name: [value] for name, value in current.items()}
                self.data = MultiValueDict({**_lists(self.data), **newest})
            self.add_error(error.field if error.field in self.fields else None, str(error))
            return None

    def apply_once(self, scope: str, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Like `apply`, but a second submit of the same page returns the first answer.

        `scope` names the form and the person; `action` must return plain JSON (an id).
        """
        key = (self.data.get(self.add_prefix("once")) or once.new_key())[:60]
        return self.apply(
            lambda *a, **k: once.run(scope, key, lambda: action(*a, **k))[0], *args, **kwargs
        )


def _lists(data: Any) -> dict[str, list[Any]]:
    """{name: values} of what was posted."""
    return dict(data.lists()) if hasattr(data, "lists") else {k: [v] for k, v in data.items()}
