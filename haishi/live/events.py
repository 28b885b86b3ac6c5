"""Facts about live sessions. Ids and plain values only."""

from dataclasses import dataclass

from haishi.foundation.events import Event


@dataclass(frozen=True)
class LiveAnnounced(Event):
    """A session became public. `organisation_id`: of the firm, or of the organiser."""

    public = True
    organisation_id: int
    live_id: int


@dataclass(frozen=True)
class LiveMoved(Event):
    """Time or title of a public session changed, or it is a draft again.

    `restarts`: it has another start, or none for now.
    """

    live_id: int
    restarts: bool = False


@dataclass(frozen=True)
class LiveCancelled(Event):
    """A public session will not take place."""

    public = True
    organisation_id: int
    live_id: int


@dataclass(frozen=True)
class LiveStarted(Event):
    """Visitors see the programme."""

    public = True
    organisation_id: int
    live_id: int


@dataclass(frozen=True)
class LiveEnded(Event):
    """It is over; `ending` says why."""

    public = True
    organisation_id: int
    live_id: int
    ending: str


@dataclass(frozen=True)
class ReplayPublished(Event):
    """The recording can be watched."""

    public = True
    organisation_id: int
    live_id: int


@dataclass(frozen=True)
class ReplayWithdrawn(Event):
    """The recording is not shown any more: by its host, or because its time is over."""

    live_id: int


@dataclass(frozen=True)
class HelperInvited(Event):
    """Somebody was asked to keep order or to speak."""

    live_id: int
    person_id: int
    role: str


@dataclass(frozen=True)
class SignalRefused(Event):
    """A publisher was turned away; the host may have used an old key."""

    live_id: int
    camera: int
    code: str


@dataclass(frozen=True)
class LotteryDrawn(Event):
    """Winners are known; the seed is public."""

    live_id: int
    lottery_id: int


@dataclass(frozen=True)
class LiveNear(Event):
    """It is a few minutes until the start for those who asked to be reminded."""

    live_id: int
    person_ids: list[int]


@dataclass(frozen=True)
class ReservationsEnded(Event):
    """There will be nothing to see for these, who asked to be reminded."""

    live_id: int
    person_ids: list[int]
