"""What parties say, change and hand over once there is a contract."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.contracts.types import ClauseDraft, MilestoneDraft
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.forms import Form, MoneyField, TextField
from haishi.foundation.types import Actor
from haishi.media.fields import AssetField
from haishi.media.states import Purpose

MOST_CLAUSES = 60


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class CommentForm(Form):
    """What one thinks of the newest version."""

    text = TextField(label=_("意见"), max_length=1000, widget=_area(3))


class ReasonForm(Form):
    """Why something is declined or returned."""

    reason = TextField(
        label=_("原因"), max_length=400, widget=_area(3), help_text=_("对方会看到这段话。")
    )


class DeliverForm(Form):
    """What is handed over."""

    note = TextField(label=_("交付说明"), max_length=2000, widget=_area(4))
    asset_ids = AssetField(
        label=_("本轮文件"),
        purpose=Purpose.SEALED,
        most=8,
        required=False,
        help_text=_("只有合同各方能打开。"),
    )

    def __init__(self, *args: Any, actor: Actor, supplier_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files: Any = self.fields["asset_ids"]
        files.belongs_to(actor, supplier_id)


class ProposeForm(Form):
    """A new version: every clause, one more, and the milestones' days and amounts.

    A clause whose title and text are emptied is left out. Fields come in rows: `clause_0_title`.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)
    note = TextField(
        label=_("修改说明"), max_length=200, help_text=_("用一句话告诉其他各方改了什么。")
    )

    def __init__(
        self,
        *args: Any,
        clauses: tuple[ClauseDraft, ...],
        milestones: tuple[MilestoneDraft, ...],
        currency: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = [*clauses]
        if len(clauses) < MOST_CLAUSES:
            self.rows.append(ClauseDraft(Bilingual(""), Bilingual("")))
        for number, clause in enumerate(self.rows):
            self._clause(number, clause)
        self.parts = milestones
        for number, each in enumerate(milestones):
            self._milestone(number, each, currency)

    def _clause(self, number: int, clause: ClauseDraft) -> None:
        label = {"n": number + 1}
        fields = {
            "title": TextField(label=_("第 %(n)d 条标题") % label, max_length=80, required=False),
            "title_en": TextField(label=_("英文标题"), max_length=160, required=False),
            "text": TextField(label=_("内容"), max_length=4000, required=False, widget=_area(4)),
            "text_en": TextField(
                label=_("英文内容"), max_length=8000, required=False, widget=_area(3)
            ),
        }
        given = (clause.title.zh, clause.title.en, clause.text.zh, clause.text.en)
        for (name, field), value in zip(fields.items(), given, strict=True):
            field.initial = value
            self.fields[f"clause_{number}_{name}"] = field

    def _milestone(self, number: int, each: MilestoneDraft, currency: str) -> None:
        label = {"n": number + 1, "name": each.name}
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.fields[f"part_{number}_due"] = forms.DateField(
            label=_("节点 %(n)d（%(name)s）交付期限") % label, initial=each.due, widget=day
        )
        self.fields[f"part_{number}_amount"] = MoneyField(
            label=_("节点 %(n)d 金额") % label, currency=currency, initial=each.amount_minor
        )

    def clause_fields(self) -> list[list[Any]]:
        """Bound fields of each clause, for the page."""
        names = ("title", "title_en", "text", "text_en")
        return [[self[f"clause_{n}_{name}"] for name in names] for n in range(len(self.rows))]

    def milestone_fields(self) -> list[list[Any]]:
        """Bound fields of each milestone."""
        return [[self[f"part_{n}_due"], self[f"part_{n}_amount"]] for n in range(len(self.parts))]

    def values(self) -> dict[str, Any]:
        """`seen`, `note` and the parts of a version's content that may change."""
        found = super().values()
        clauses = []
        for number in range(len(self.rows)):
            names = ("title", "title_en", "text", "text_en")
            row = [found[f"clause_{number}_{name}"] for name in names]
            if any(row):
                clauses.append(row)
        milestones = [
            {
                "name": [each.name.zh, each.name.en],
                "due": found[f"part_{number}_due"].isoformat(),
                "amount": found[f"part_{number}_amount"],
                "supplier": each.supplier_id,
                "shares": [[share.organisation_id, share.points] for share in each.shares],
            }
            for number, each in enumerate(self.parts)
        ]
        return {
            "seen": found["seen"],
            "note": found["note"],
            "clauses": clauses,
            "milestones": milestones,
        }
