"""What changed between two versions of a quotation, field by field and line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haishi.foundation.money import Money
from haishi.sourcing.types import LineOffer, Offer, Tier


@dataclass(frozen=True)
class Change:
    """One row of the comparison. `delta` is empty when there is no amount to subtract."""

    label: str
    before: str
    after: str
    delta: str = ""
    changed: bool = True


def tiers_text(tiers: Sequence[Tier], currency: str) -> str:
    """`≥ 1: ¥12.00 · ≥ 100: ¥10.00`."""
    return " · ".join(f"≥ {tier.minimum}: {Money(tier.price_minor, currency)}" for tier in tiers)


def days_text(days: int) -> str:
    """A lead time."""
    return ngettext("%d 天", "%d 天", days) % days


def signed(minor: int, currency: str) -> str:
    """An amount with its sign."""
    money = str(Money(minor, currency))
    return f"+{money}" if minor > 0 else money


def changes(before: Offer, after: Offer, lines: Sequence[Any]) -> list[Change]:
    """All fields of both; `lines` are the request's (pk, name, quantity)."""
    quantities = {line.pk: line.quantity for line in lines}
    totals = [offer.total(quantities) for offer in (before, after)]
    rows = [_row(_("货币"), before.currency, after.currency)]
    same = before.currency == after.currency
    rows.append(
        _row(
            _("总价"),
            str(Money(totals[0], before.currency)),
            str(Money(totals[1], after.currency)),
            signed(totals[1] - totals[0], after.currency) if same else "",
        )
    )
    for line in lines:
        rows += _line(line, before, after, same)
    rows += [
        _row(
            _("交期"), days_text(before.lead_days), days_text(after.lead_days),
            f"{after.lead_days - before.lead_days:+d}",
        ),
        _row(_("有效期至"), before.valid_until.isoformat(), after.valid_until.isoformat()),
        _row(_("付款条件"), before.payment_terms, after.payment_terms),
        _row(_("说明"), before.notes, after.notes),
        _row(_("附件"), _files(before), _files(after)),
    ]  # fmt: skip
    return rows


def _files(offer: Offer) -> str:
    return "、".join(f"#{pk}" for pk in offer.document_ids)


def _row(label: str, before: str, after: str, delta: str = "") -> Change:
    differs = before != after
    return Change(label, before or "—", after or "—", delta if differs else "", differs)


def _line(line: Any, before: Offer, after: Offer, same: bool) -> list[Change]:
    old, new = before.line(line.pk), after.line(line.pk)
    amounts = [offer.amount(line.pk, line.quantity) for offer in (before, after)]
    delta = ""
    if same and amounts[0] is not None and amounts[1] is not None:
        delta = signed(amounts[1] - amounts[0], after.currency)
    label = f"{line.number}. {line.name}"
    rows = [_row(label, _text(old, before.currency), _text(new, after.currency), delta)]
    notes = [each.note if each else "" for each in (old, new)]
    if any(notes):
        rows.append(_row(_("%(line)s：备注") % {"line": label}, *notes))
    return rows


def _text(line: LineOffer | None, currency: str) -> str:
    return tiers_text(line.tiers, currency) if line else _("未报")
