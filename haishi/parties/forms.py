"""Forms of people and organisations."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django import forms

from haishi.foundation.forms import TextField


class SignupForm(forms.Form):
    """What sign-up asks beside address and password (allauth adds those)."""

    name = TextField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, person: Any) -> None:
        """Called by allauth with the new account."""
        person.name = self.cleaned_data["name"]
        person.language = request.LANGUAGE_CODE
        person.save(update_fields=["name", "language"])
