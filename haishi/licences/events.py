"""Facts about titles, offers and licences. Ids and plain values only."""

from dataclasses import dataclass

from haishi.foundation.events import Event


@dataclass(frozen=True)
class TitleSubmitted(Event):
    """A firm hands in the chain of title of a work."""

    organisation_id: int
    title_id: int


@dataclass(frozen=True)
class TitleAnswered(Event):
    """A reviewer verified or returned it: `state` says which."""

    public = True
    organisation_id: int
    title_id: int
    state: str


@dataclass(frozen=True)
class OfferChanged(Event):
    """An offer was opened, changed or withdrawn."""

    public = True
    organisation_id: int
    offer_id: int
    state: str


@dataclass(frozen=True)
class LicenceMoved(Event):
    """A licence took a step; `organisation_id` is the licensor. `by_licensor`: who took it."""

    public = True
    organisation_id: int
    licence_id: int
    action: str
    state: str
    by_licensor: bool | None = None


@dataclass(frozen=True)
class ApprovalAsked(Event):
    """The licensee hands in a stage of a product; `organisation_id` is the licensor."""

    public = True
    organisation_id: int
    licence_id: int
    approval_id: int


@dataclass(frozen=True)
class ApprovalAnswered(Event):
    """The licensor approved or returned it; `organisation_id` is the licensee."""

    public = True
    organisation_id: int
    licence_id: int
    approval_id: int
    state: str


@dataclass(frozen=True)
class ApprovalLate(Event):
    """Nobody answered in time. That is not an approval."""

    organisation_id: int
    licence_id: int
    approval_id: int


@dataclass(frozen=True)
class StatementIssued(Event):
    """Sales were reported and settled; `organisation_id` is the licensor."""

    public = True
    organisation_id: int
    licence_id: int
    statement_id: int


@dataclass(frozen=True)
class StatementMoved(Event):
    """A statement was paid or fell overdue: `state` says which."""

    public = True
    organisation_id: int
    licence_id: int
    statement_id: int
    state: str


@dataclass(frozen=True)
class LicenceReminder(Event):
    """Something of a licence is due soon or late: `what` is report, payment or answer."""

    organisation_id: int
    licence_id: int
    what: str
    due: str
