"""Facts about contracts and their milestones. `origin` is what the contract comes from.

`organisation_ids`: all parties; each of them may receive the fact by webhook.
"""

from dataclasses import dataclass

from haishi.foundation.events import Event


@dataclass(frozen=True)
class ContractDrawnUp(Event):
    """The parties may read it."""

    public = True
    organisation_ids: list[int]
    contract_id: int
    origin: str = ""


@dataclass(frozen=True)
class ContractChanged(Event):
    """There is a new version; `by_id`: the organisation that proposed it."""

    public = True
    organisation_ids: list[int]
    contract_id: int
    by_id: int
    version: int
    origin: str = ""


@dataclass(frozen=True)
class ContractOpened(Event):
    """The text is frozen, the parties may sign."""

    public = True
    organisation_ids: list[int]
    contract_id: int
    origin: str = ""


@dataclass(frozen=True)
class ContractSigned(Event):
    """One party signed: `by_id` is the organisation, `person_id` who signed for it."""

    public = True
    organisation_ids: list[int]
    contract_id: int
    by_id: int
    person_id: int
    origin: str = ""


@dataclass(frozen=True)
class ContractConcluded(Event):
    """All have signed: it binds."""

    public = True
    organisation_ids: list[int]
    contract_id: int
    origin: str = ""


@dataclass(frozen=True)
class ContractDeclined(Event):
    """A party will not sign."""

    public = True
    organisation_ids: list[int]
    contract_id: int
    by_id: int
    reason: str
    origin: str = ""


@dataclass(frozen=True)
class ContractEnded(Event):
    """Fulfilled, expired or terminated: `state` says which."""

    public = True
    organisation_ids: list[int]
    contract_id: int
    state: str
    origin: str = ""


@dataclass(frozen=True)
class ContractNear(Event):
    """The time to sign is nearly over for `waiting_ids`."""

    organisation_ids: list[int]
    contract_id: int
    waiting_ids: list[int]
    origin: str = ""


@dataclass(frozen=True)
class MilestoneFunded(Event):
    """The money is held: the supplier may begin."""

    public = True
    organisation_ids: list[int]
    contract_id: int
    milestone_id: int
    origin: str = ""


@dataclass(frozen=True)
class MilestoneOverdue(Event):
    """Its day has come and it is the turn of `turn_id`; `step` 1, 2, or 3: who answers for both."""

    organisation_ids: list[int]
    contract_id: int
    milestone_id: int
    turn_id: int
    step: int
    origin: str = ""


@dataclass(frozen=True)
class MilestoneDelivered(Event):
    """Something was handed over and waits for its acceptance."""

    public = True
    organisation_ids: list[int]
    contract_id: int
    milestone_id: int
    origin: str = ""


@dataclass(frozen=True)
class MilestoneReturned(Event):
    """The payer wants changes."""

    public = True
    organisation_ids: list[int]
    contract_id: int
    milestone_id: int
    reason: str
    origin: str = ""


@dataclass(frozen=True)
class MilestoneAccepted(Event):
    """Accepted; `silent`: because nobody answered in time. The money is shared next."""

    public = True
    organisation_ids: list[int]
    contract_id: int
    milestone_id: int
    silent: bool
    origin: str = ""


@dataclass(frozen=True)
class MilestoneSettled(Event):
    """The held money was shared among the receivers."""

    public = True
    organisation_ids: list[int]
    contract_id: int
    milestone_id: int
    origin: str = ""
