"""What a moderator writes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, TextField


class ReasonForm(Form):
    """Why a product is returned."""

    reason = TextField(
        label=_("退回原因"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("对方会看到这段话。"),
    )
