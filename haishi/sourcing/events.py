"""Facts about sourcing. Ids and plain values only; nothing of a sealed offer."""

from dataclasses import dataclass

from haishi.foundation.events import Event


@dataclass(frozen=True)
class RfqPublished(Event):
    """A request was opened; `organisation_id` is the buyer."""

    public = True
    organisation_id: int
    rfq_id: int


@dataclass(frozen=True)
class RfqAmended(Event):
    """An open request has a new revision; bidders and invited firms hear of it."""

    public = True
    organisation_id: int
    rfq_id: int
    revision: int


@dataclass(frozen=True)
class FirmInvited(Event):
    """A firm was invited to quote; `organisation_id` is that firm."""

    public = True
    organisation_id: int
    rfq_id: int


@dataclass(frozen=True)
class RfqNear(Event):
    """The deadline is a day away."""

    rfq_id: int


@dataclass(frozen=True)
class DecisionDue(Event):
    """Three days are left to decide; then the request lapses."""

    rfq_id: int


@dataclass(frozen=True)
class RfqClosed(Event):
    """The deadline has come: quotations can be read and compared."""

    public = True
    organisation_id: int
    rfq_id: int


@dataclass(frozen=True)
class RfqEnded(Event):
    """A request ended without an award: `how` is cancelled, failed or expired."""

    public = True
    organisation_id: int
    rfq_id: int
    how: str


@dataclass(frozen=True)
class QuestionAsked(Event):
    """A firm asked something about a request."""

    rfq_id: int
    question_id: int


@dataclass(frozen=True)
class QuestionAnswered(Event):
    """The buyer answered; all bidders hear it."""

    rfq_id: int
    question_id: int


@dataclass(frozen=True)
class QuotationSubmitted(Event):
    """A firm handed in a version; `organisation_id` is that firm."""

    public = True
    organisation_id: int
    rfq_id: int
    quotation_id: int


@dataclass(frozen=True)
class QuotationReceived(Event):
    """The buyer has a quotation that may be read; never published for a sealed request."""

    public = True
    organisation_id: int
    rfq_id: int
    quotation_id: int


@dataclass(frozen=True)
class QuotationWithdrawn(Event):
    """A firm took its quotation back; `organisation_id` is that firm."""

    public = True
    organisation_id: int
    rfq_id: int
    quotation_id: int


@dataclass(frozen=True)
class AwardReturned(Event):
    """An award was not approved, or not in time."""

    rfq_id: int
    award_id: int


@dataclass(frozen=True)
class RfqAwarded(Event):
    """The winners are known; `organisation_id` is the buyer."""

    public = True
    organisation_id: int
    rfq_id: int
    award_id: int


@dataclass(frozen=True)
class QuotationWon(Event):
    """A firm won all or part; it may name partners until `Winner.partners_until`."""

    public = True
    organisation_id: int
    rfq_id: int
    quotation_id: int


@dataclass(frozen=True)
class QuotationLost(Event):
    """A firm did not win; `rank` is 0 unless the buyer shows it."""

    public = True
    organisation_id: int
    rfq_id: int
    quotation_id: int
    rank: int


@dataclass(frozen=True)
class PartnersNamed(Event):
    """The split of a won quotation is settled: the contract can be drawn up."""

    organisation_id: int
    winner_id: int
