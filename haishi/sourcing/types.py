"""Offers as plain values: what a version of a quotation says."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class LineDraft:
    """A line of a request as it is written; `pk` names one that exists already."""

    name: str
    quantity: int
    unit: str = ""
    spec: str = ""
    target_minor: int | None = None
    product_id: int | None = None
    pk: int | None = None


@dataclass(frozen=True)
class Tier:
    """From `minimum` units on, one costs `price_minor`."""

    minimum: int
    price_minor: int


@dataclass(frozen=True)
class LineOffer:
    """What a firm asks for one line; tiers grow by `minimum`, the first is the least order."""

    line_id: int
    tiers: tuple[Tier, ...]
    note: str = ""

    def price_for(self, quantity: int) -> int | None:
        """Minor units for one of `quantity`; None below the least order."""
        reached = [tier for tier in self.tiers if tier.minimum <= quantity]
        return reached[-1].price_minor if reached else None


@dataclass(frozen=True)
class Offer:
    """A whole quotation in one currency. `lead_days` from the signed contract on."""

    currency: str
    lead_days: int
    valid_until: dt.date
    lines: tuple[LineOffer, ...]
    payment_terms: str = ""
    notes: str = ""
    document_ids: tuple[int, ...] = ()

    def line(self, line_id: int) -> LineOffer | None:
        """The offer for one line, if there is one."""
        return next((each for each in self.lines if each.line_id == line_id), None)

    def amount(self, line_id: int, quantity: int) -> int | None:
        """Minor units for a whole line; None when it is not offered at this quantity."""
        found = self.line(line_id)
        price = found.price_for(quantity) if found else None
        return None if price is None else price * quantity

    def total(self, quantities: Mapping[int, int]) -> int:
        """Minor units of all lines that are offered."""
        amounts = (self.amount(line, quantity) for line, quantity in quantities.items())
        return sum(amount for amount in amounts if amount is not None)

    def covers(self, quantities: Mapping[int, int]) -> bool:
        """Whether every line is offered at its quantity."""
        return all(self.amount(line, quantity) is not None for line, quantity in quantities.items())

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, the form that is kept and sealed."""
        return {
            "currency": self.currency,
            "lead_days": self.lead_days,
            "valid_until": self.valid_until.isoformat(),
            "payment_terms": self.payment_terms,
            "notes": self.notes,
            "document_ids": list(self.document_ids),
            "lines": [
                {
                    "line": line.line_id,
                    "tiers": [[tier.minimum, tier.price_minor] for tier in line.tiers],
                    "note": line.note,
                }
                for line in self.lines
            ],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Offer":
        """The offer that `to_json` wrote."""
        return cls(
            currency=content["currency"],
            lead_days=content["lead_days"],
            valid_until=dt.date.fromisoformat(content["valid_until"]),
            payment_terms=content["payment_terms"],
            notes=content["notes"],
            document_ids=tuple(content["document_ids"]),
            lines=tuple(
                LineOffer(
                    line["line"],
                    tuple(Tier(minimum, price) for minimum, price in line["tiers"]),
                    line["note"],
                )
                for line in content["lines"]
            ),
        )


@dataclass(frozen=True)
class Share:
    """A party of a won quotation: `points` of 10,000 of every payment."""

    organisation_id: int
    side: str
    points: int


@dataclass(frozen=True)
class Stage:
    """A milestone as agreed in the award: `points` of 10,000 of the total, due in `days`."""

    name: str
    points: int
    days: int

    @property
    def percent(self) -> str:
        """`30` or `33.33`."""
        return f"{self.points / 100:g}"


def stages_from(rows: Sequence[Sequence[Any]]) -> tuple[Stage, ...]:
    """Milestones as kept in JSON."""
    return tuple(Stage(str(name), int(points), int(days)) for name, points, days in rows)
