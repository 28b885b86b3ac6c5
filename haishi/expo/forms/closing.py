"""Forms of cloning, asking again and closing."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.expo.forms.editions import address
from haishi.foundation import clock
from haishi.foundation.forms import Form, LocalTimeField, TextField


class CloneForm(Form):
    """The next edition."""

    name = TextField(label=_("展会名称"), max_length=80)
    name_en = TextField(label=_("英文名称"), max_length=120, required=False)
    slug = address(_("小写字母、数字和连字符，例如 haizhou-2027。定下后不再更改。"))
    opens_at = LocalTimeField(label=_("开幕时间"))
    closes_at = LocalTimeField(label=_("闭幕时间"))
    with_sessions = forms.BooleanField(label=_("连同场次（作为草稿）"), required=False)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["opens_at"].zone = fields["closes_at"].zone = zone


class CloseForm(Form):
    """Typing the name means it."""

    name = TextField(
        label=_("展会名称"), max_length=120, help_text=_("请完整输入展会名称，以确认闭幕。")
    )


class AskAgainForm(Form):
    """Whom to ask, and until when they may think about it."""

    source_id = forms.TypedChoiceField(label=_("邀请哪一届的参展商"), coerce=int)
    expires_at = LocalTimeField(
        label=_("答复期限"), help_text=_("过半时提醒一次，到期未答复的会过期，并通知双方。")
    )
    also_lapsed = forms.BooleanField(label=_("再次邀请已谢绝或已过期的单位"), required=False)

    def __init__(self, *args: Any, sources: Any, edition: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["source_id"].choices = [
            (row.pk, _("%(name)s（%(n)d 家）") % {"name": row.title, "n": n}) for row, n in sources
        ]
        fields["expires_at"].zone = edition.time_zone
        evening = clock.local(clock.now() + dt.timedelta(days=21), edition.time_zone).replace(
            hour=18, minute=0, second=0, microsecond=0
        )
        fields["expires_at"].initial = min(evening, edition.closes_at)
