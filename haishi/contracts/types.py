"""What a contract is made of before it is one."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from haishi.foundation.bilingual import Bilingual
from haishi.foundation.money import Money
from haishi.trade.types import Share


@dataclass(frozen=True)
class PartyDraft:
    """An organisation and what it is in the contract: 采购方, 供方, 研发, 生产, 营销."""

    organisation_id: int
    role: Bilingual


@dataclass(frozen=True)
class ClauseDraft:
    """One article."""

    title: Bilingual
    text: Bilingual


@dataclass(frozen=True)
class LineDraft:
    """What is delivered. `price_minor`: of one `unit`, in the contract's currency."""

    name: Bilingual
    quantity: int
    price_minor: int
    unit: str = ""


@dataclass(frozen=True)
class MilestoneDraft:
    """A part that is delivered, accepted and paid by itself.

    `due`: the day by which it is delivered. `supplier_id`: the party that hands it over. `shares`:
    basis points of what the payer pays, together 10,000; none: all is the supplier's.
    """

    name: Bilingual
    due: dt.date
    amount_minor: int
    supplier_id: int
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True)
class Rate:
    """A second currency in which amounts are shown, never owed. `rate`: its units for one of ours.

    `source` and `at` say who published the rate and when: it is frozen with the contract.
    """

    currency: str
    rate: Decimal
    source: str
    at: dt.datetime


@dataclass(frozen=True)
class Draft:
    """A contract before it is drawn up.

    Milestones sum to `total`, and so do lines when there are any. Without milestones the total is
    nothing: what the articles make payable is billed by the origin. `payer_id` is the party that
    pays. `origin` names what it comes from (`quotation:9`) and comes back with every event. `rail`:
    the way to pay that was chosen, "" for any. `fee_points`: the platform's part of each payment in
    basis points, None: the usual one. `language`: of the papers, one of `states.Language`.
    """

    title: Bilingual
    parties: tuple[PartyDraft, ...]
    clauses: tuple[ClauseDraft, ...]
    milestones: tuple[MilestoneDraft, ...]
    total: Money
    payer_id: int
    lines: tuple[LineDraft, ...] = ()
    shown: Rate | None = None
    origin: str = ""
    rail: str = ""
    language: str = "both"
    fee_points: int | None = None


@dataclass(frozen=True)
class Start:
    """What the form of a new contract begins with; `enquiry_id` when it comes from one."""

    values: dict[str, Any]
    enquiry_id: int | None = None
    subject: str = ""


@dataclass(frozen=True)
class Piece:
    """A stretch of a text that was kept, added or removed: `kind` is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """What became of one place of the text between two versions."""

    label: Any
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Part:
    """What one receiver gets of a milestone. `released` once it was settled."""

    name: Any
    points: int
    planned: Money
    released: Money | None = None

    @property
    def percent(self) -> str:
        """`12.5%`."""
        return f"{self.points / 100:g}%"
