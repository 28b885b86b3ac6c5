"""Forms of moderators and of those who keep a list of words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, TextField
from haishi.rooms.states import Action, Measure

PACES = [
    (0, _("不限")),
    *((seconds, _("%(n)s 秒一句") % {"n": seconds}) for seconds in (5, 10, 30, 60, 120)),
]
SPANS = [
    (5, _("5 分钟")),
    (30, _("30 分钟")),
    (24 * 60, _("一天")),
    (7 * 24 * 60, _("七天")),
    (365 * 24 * 60, _("一年")),
]


class SettingsForm(Form):
    """How fast people may speak, and whether at all."""

    slow_seconds = forms.TypedChoiceField(label=_("每人发言间隔"), choices=PACES, coerce=int)
    closed = forms.BooleanField(label=_("只有主持人能发言"), required=False)


class SanctionForm(Form):
    """What is done about the speaker of a line."""

    measure = forms.ChoiceField(label=_("措施"), choices=Measure)
    minutes = forms.TypedChoiceField(label=_("多久"), choices=SPANS, coerce=int, initial=30)
    reason = TextField(label=_("理由"), max_length=200, help_text=_("只有管理员看得到。"))


class WordsForm(Form):
    """Words to add, one a line."""

    lines = TextField(
        label=_("要加入的词"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "每行一个；加逗号可单独指定：“某词,打码”“某词,拦截 首字母”“某词,审核 精确”，"
            "“某词学,放行”是例外。# 开头的行会跳过。"
        ),
    )
    action = forms.ChoiceField(label=_("没有另写的，怎样处理"), choices=Action, initial=Action.HOLD)


class ProbeForm(Form):
    """A line to be tried against the list."""

    text = TextField(label=_("试一句话"), max_length=300)
