"""A quotation: up to three price tiers for every line, in one of the accepted currencies."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Invalid
from haishi.foundation.forms import Form, TextField
from haishi.foundation.money import Money
from haishi.foundation.types import Actor
from haishi.media.fields import AssetField
from haishi.media.states import Purpose
from haishi.sourcing.forms.rfqs import area, day_input
from haishi.sourcing.types import LineOffer, Offer, Tier

TIERS = 3


class OfferRow:
    """The bound fields of one line, for the template."""

    def __init__(self, form: Any, line: Any) -> None:
        self.line = line
        self.tiers = [
            (form[f"line{line.pk}_from{n}"], form[f"line{line.pk}_price{n}"]) for n in range(TIERS)
        ]
        self.note = form[f"line{line.pk}_note"]


class QuotationForm(Form):
    """Prices, lead time, validity, terms and papers. `offer` is what was handed in before."""

    currency = forms.ChoiceField(label=_("货币"))
    lead_days = forms.IntegerField(
        label=_("交期（天）"), min_value=0, max_value=3650, help_text=_("自合同生效起。")
    )
    valid_until = forms.DateField(
        label=_("报价有效期至"), widget=day_input(),
        help_text=_("须在截止日之后，过期不能定标。"),
    )  # fmt: skip
    payment_terms = TextField(label=_("付款条件"), max_length=400, required=False, widget=area(2))
    notes = TextField(label=_("说明"), max_length=2000, required=False, widget=area(4))
    document_ids = AssetField(
        label=_("附件"), purpose=Purpose.PAPERS, most=4, required=False,
        help_text=_("方案、资质、样品照片等，只有采购方能看到。"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, actor: Actor, firm_id: int, rfq: Any, lines: Iterable[Any],
        offer: Offer | None, **kwargs: Any,
    ) -> None:  # fmt: skip
        self.lines, self.offer = list(lines), offer
        super().__init__(*args, initial=self._first(rfq, offer), **kwargs)
        fields: Any = self.fields
        fields["currency"].choices = [(code, code) for code in rfq.currencies]
        fields["document_ids"].belongs_to(actor, firm_id)
        for line in self.lines:
            self._add(line)

    @staticmethod
    def _first(rfq: Any, offer: Offer | None) -> dict[str, Any]:
        if offer is None:
            return {"currency": rfq.currency, "payment_terms": rfq.payment_terms}
        first = {name: getattr(offer, name) for name in ("currency", "lead_days", "valid_until")}
        first |= {"payment_terms": offer.payment_terms, "notes": offer.notes}
        return {**first, "document_ids": list(offer.document_ids)}

    def _add(self, line: Any) -> None:
        known = self.offer.line(line.pk) if self.offer else None
        tiers = known.tiers if known else ()
        for n in range(TIERS):
            tier = tiers[n] if n < len(tiers) else None
            price = Money(tier.price_minor, self.offer.currency) if tier and self.offer else None
            self.fields[f"line{line.pk}_from{n}"] = forms.IntegerField(
                label=_("起订量"), min_value=1, max_value=10**9, required=False,
                initial=tier.minimum if tier else (1 if n == 0 else None),
            )  # fmt: skip
            self.fields[f"line{line.pk}_price{n}"] = forms.CharField(
                label=_("单价"), max_length=20, required=False,
                initial=f"{price.amount:f}" if price else "",
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )  # fmt: skip
        self.fields[f"line{line.pk}_note"] = TextField(
            label=_("备注"), max_length=200, required=False, initial=known.note if known else ""
        )

    @property
    def rows(self) -> list[OfferRow]:
        """The lines with their bound fields."""
        return [OfferRow(self, line) for line in self.lines]

    def clean(self) -> dict[str, Any]:
        """Prices become minor units of the chosen currency; lines without a price are left out."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        currency = found.get("currency") or "CNY"
        offers = []
        for line in self.lines:
            tiers = []
            for n in range(TIERS):
                least = found.pop(f"line{line.pk}_from{n}", None)
                text = found.pop(f"line{line.pk}_price{n}", "")
                if text and (tier := self._tier(line.pk, n, least, text, currency)):
                    tiers.append(tier)
            note = found.pop(f"line{line.pk}_note", "") or ""
            if tiers:
                offers.append(LineOffer(line.pk, tuple(tiers), note))
        return {**found, "lines": tuple(offers)}

    def _tier(self, pk: int, n: int, least: int | None, text: str, currency: str) -> Tier | None:
        field = f"line{pk}_price{n}"
        try:
            money = Money.parse(text, currency)
        except Invalid as error:
            self.add_error(field, str(error))
            return None
        if not 0 < money.minor <= 10**14:
            self.add_error(field, _now("金额超出可接受的范围。"))
            return None
        return Tier(least or 1, money.minor)

    def values(self) -> dict[str, Any]:
        """{"offer": Offer}, as `services.quote` takes it."""
        found = super().values()
        return {"offer": Offer(**{**found, "document_ids": tuple(found["document_ids"] or ())})}
