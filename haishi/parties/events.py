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
