"""What both sides of a dispute write, and what a mediator decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, MoneyField, TextField
from haishi.foundation.types import Actor
from haishi.media.fields import AssetField
from haishi.media.states import Purpose
from haishi.trade.states import DisputeKind

__all__ = ["DecideForm", "DisputeForm", "EvidenceForm", "OfferForm", "WordsForm"]
MOST = 8


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _files() -> AssetField:
    return AssetField(
        label=_("证据"),
        purpose=Purpose.SEALED,
        most=MOST,
        required=False,
        help_text=_("照片、视频或文档，只有双方和调解方能看。"),
    )


class _Spoken(Form):
    """Money in the order's currency, and files of whoever speaks."""

    def __init__(
        self, *args: Any, actor: Actor, firm_id: int | None, currency: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, AssetField):
                field.belongs_to(actor, firm_id)
            if isinstance(field, MoneyField):
                field.currency = currency


class DisputeForm(_Spoken):
    """A buyer's claim."""

    kind = forms.ChoiceField(label=_("争议事由"), choices=DisputeKind.choices)
    amount_minor = MoneyField(label=_("索赔金额"))
    reason = TextField(label=_("经过"), max_length=1000, widget=_area(5))
    asset_ids = _files()


class OfferForm(_Spoken):
    """How much goes back to the buyer, in the eyes of whose turn it is."""

    amount_minor = MoneyField(label=_("退给买家"))
    words = TextField(label=_("说明"), max_length=1000, required=False, widget=_area(3))
    asset_ids = _files()


class EvidenceForm(_Spoken):
    """More words and files."""

    words = TextField(label=_("说明"), max_length=1000, widget=_area(3))
    asset_ids = _files()


class WordsForm(Form):
    """Why a mediator is asked for."""

    words = TextField(label=_("说明"), max_length=1000, required=False, widget=_area(3))


class DecideForm(_Spoken):
    """A mediator's split of what is held; what the buyer does not get goes to the seller's side."""

    to_buyer_minor = MoneyField(label=_("退给买家"))
    verdict = TextField(label=_("裁决理由"), max_length=1000, widget=_area(5))
