"""Facts about launches. Ids and plain values only."""

from dataclasses import dataclass

from haishi.foundation.events import Event


@dataclass(frozen=True)
class LaunchSubmitted(Event):
    """A firm handed in a dossier."""

    launch_id: int


@dataclass(frozen=True)
class LaunchReturned(Event):
    """The reviewer asks for changes."""

    launch_id: int
    reason: str


@dataclass(frozen=True)
class LaunchApproved(Event):
    """A dossier is accepted; it stays secret until it is announced."""

    launch_id: int


@dataclass(frozen=True)
class LaunchAnnounced(Event):
    """A launch became public: its teaser and its instant."""

    public = True
    organisation_id: int
    launch_id: int


@dataclass(frozen=True)
class LaunchMoved(Event):
    """The instant of an announced launch changed, or it was withdrawn."""

    launch_id: int
    withdrawn: bool


@dataclass(frozen=True)
class LaunchUnveiled(Event):
    """The instant has come."""

    public = True
    organisation_id: int
    launch_id: int


@dataclass(frozen=True)
class SaleDecided(Event):
    """Who may buy is known; the seed is public."""

    launch_id: int


@dataclass(frozen=True)
class ClaimWon(Event):
    """Somebody may buy, until `pay_by` of the claim."""

    claim_id: int


@dataclass(frozen=True)
class ClaimEnded(Event):
    """A claim expired or was given up; the next of the waiting list may buy."""

    claim_id: int


@dataclass(frozen=True)
class LaunchClosed(Event):
    """The first sale is over; the certificate can be issued."""

    public = True
    organisation_id: int
    launch_id: int


@dataclass(frozen=True)
class CertificateIssued(Event):
    """A launch that is over has its paper."""

    public = True
    organisation_id: int
    launch_id: int


@dataclass(frozen=True)
class CertificateRevoked(Event):
    """The organiser declared the paper void."""

    public = True
    organisation_id: int
    launch_id: int


@dataclass(frozen=True)
class LaunchNear(Event):
    """It is a few minutes until the unveiling for those who asked to be reminded."""

    launch_id: int
    person_ids: list[int]


@dataclass(frozen=True)
class ClaimsLost(Event):
    """The sale is over and there was no unit for these."""

    launch_id: int
    person_ids: list[int]
