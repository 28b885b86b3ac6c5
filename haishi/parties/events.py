"""Facts about people and organisations."""

from dataclasses import dataclass

from haishi.foundation.events import Event


@dataclass(frozen=True)
class OrganisationCreated(Event):
    """Somebody registered an organisation."""

    organisation_id: int
    person_id: int | None


@dataclass(frozen=True)
class OrganisationChanged(Event):
    """Name, texts, place or sides of an organisation were edited."""

    public = True
    organisation_id: int


@dataclass(frozen=True)
class MemberInvited(Event):
    """A colleague was asked to join. The token itself is in the mail only."""

    organisation_id: int
    invitation_id: int


@dataclass(frozen=True)
class MemberJoined(Event):
    """A person became a member."""

    public = True
    organisation_id: int
    person_id: int


@dataclass(frozen=True)
class MemberLeft(Event):
    """A person is no longer a member."""

    public = True
    organisation_id: int
    person_id: int


@dataclass(frozen=True)
class VerificationRequested(Event):
    """An organisation handed in its papers."""

    organisation_id: int
    verification_id: int


@dataclass(frozen=True)
class VerificationAnswered(Event):
    """Approved, or returned with a reason."""

    public = True
    organisation_id: int
    verification_id: int
    approved: bool


@dataclass(frozen=True)
class PersonErased(Event):
    """A person's data was erased at their wish."""

    person_id: int


@dataclass(frozen=True)
class SignedOut(Event):
    """Somebody left on one browser. `session`: the mark of the session that ended."""

    person_id: int
    session: str


@dataclass(frozen=True)
class PersonChanged(Event):
    """Somebody edited their name, work or city."""

    person_id: int


@dataclass(frozen=True)
class InvitationExpired(Event):
    """Nobody accepted an invitation in time."""

    organisation_id: int
    invitation_id: int


@dataclass(frozen=True)
class MemberRoleChanged(Event):
    """A member got another role."""

    public = True
    organisation_id: int
    person_id: int
    role: str


@dataclass(frozen=True)
class VerificationOverdue(Event):
    """A request has waited for 48 hours; said once."""

    organisation_id: int
    verification_id: int


@dataclass(frozen=True)
class VerificationWithdrawn(Event):
    """An approval was taken back."""

    public = True
    organisation_id: int
    verification_id: int


@dataclass(frozen=True)
class OrganiserChanged(Event):
    """An organisation may run an expo from now on, or no longer."""

    organisation_id: int
    is_organiser: bool


@dataclass(frozen=True)
class DutyChanged(Event):
    """A person took up a duty for an organiser (`held`) or put it down."""

    organisation_id: int
    person_id: int
    duty: str
    held: bool
