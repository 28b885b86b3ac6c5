"""The file that somebody wants to have checked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form

MAX_BYTES = 20 * 1024 * 1024


class CheckForm(Form):
    """One PDF; it is read and forgotten."""

    file = forms.FileField(
        label=_("PDF 文件"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        help_text=_("只用于比对，不会保存。"),
    )

    def clean_file(self) -> bytes:
        """The bytes of the file."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件不能超过 20 MB。"))
        content: bytes = file.read()
        return content
