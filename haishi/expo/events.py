"""Facts of the expo. Ids and plain values only."""

from dataclasses import dataclass

from haishi.foundation.events import Event


@dataclass(frozen=True)
class EditionChanged(Event):
    """Texts, times or state of an edition changed."""

    edition_id: int


@dataclass(frozen=True)
class EditionClosed(Event):
    """An edition was closed; its archive may be built."""

    edition_id: int


@dataclass(frozen=True)
class HallChanged(Event):
    """A hall or its floor plan changed."""

    hall_id: int


@dataclass(frozen=True)
class ExhibitorSubmitted(Event):
    """A firm asked to take part."""

    public = True
    organisation_id: int
    exhibitor_id: int


@dataclass(frozen=True)
class ExhibitorReturned(Event):
    """The organiser asks for changes."""

    public = True
    organisation_id: int
    exhibitor_id: int


@dataclass(frozen=True)
class ExhibitorApproved(Event):
    """A firm takes part."""

    public = True
    organisation_id: int
    exhibitor_id: int


@dataclass(frozen=True)
class ExhibitorSuspended(Event):
    """A firm's booth is not shown until the organiser reinstates it."""

    public = True
    organisation_id: int
    exhibitor_id: int


@dataclass(frozen=True)
class BoothChanged(Event):
    """Anything that a visitor sees of a booth changed, also whether it is shown at all."""

    organisation_id: int
    exhibitor_id: int


@dataclass(frozen=True)
class ScheduleReleased(Event):
    """A new version of the programme is public."""

    edition_id: int
    number: int


@dataclass(frozen=True)
class ProgrammePartsChanged(Event):
    """A stage or a track of the programme got another name, colour or hall."""

    edition_id: int


@dataclass(frozen=True)
class SessionChanged(Event):
    """What the public sees of a session changed."""

    session_id: int


@dataclass(frozen=True)
class SpeakerChanged(Event):
    """Name, office or words of a speaker changed."""

    speaker_id: int


@dataclass(frozen=True)
class Registered(Event):
    """Somebody registered for an edition."""

    edition_id: int
    registration_id: int


@dataclass(frozen=True)
class CardGiven(Event):
    """A visitor left a card with a firm."""

    public = True
    organisation_id: int
    exhibitor_id: int
    grant_id: int


@dataclass(frozen=True)
class CardExchanged(Event):
    """Two people exchanged cards."""

    grant_id: int


@dataclass(frozen=True)
class CardRevoked(Event):
    """A giver took a card back."""

    grant_id: int


@dataclass(frozen=True)
class EnquirySent(Event):
    """A visitor asked a firm."""

    public = True
    organisation_id: int
    exhibitor_id: int
    enquiry_id: int


@dataclass(frozen=True)
class EnquiryAsked(Event):
    """The visitor wrote again."""

    public = True
    organisation_id: int
    enquiry_id: int


@dataclass(frozen=True)
class EnquiryAnswered(Event):
    """The firm answered."""

    public = True
    organisation_id: int
    enquiry_id: int


@dataclass(frozen=True)
class EnquiryMissed(Event):
    """Nobody answered in time."""

    public = True
    organisation_id: int
    enquiry_id: int


@dataclass(frozen=True)
class AnnouncementPublished(Event):
    """The organiser told everybody something."""

    announcement_id: int


@dataclass(frozen=True)
class ReconfirmationAsked(Event):
    """An earlier exhibitor was asked to come again."""

    public = True
    organisation_id: int
    reconfirmation_id: int


@dataclass(frozen=True)
class RegistrationCancelled(Event):
    """Somebody will not come; the badge is void."""

    edition_id: int
    registration_id: int


@dataclass(frozen=True)
class CheckedIn(Event):
    """A badge passed a gate for the first time."""

    edition_id: int
    list_id: int
    registration_id: int


@dataclass(frozen=True)
class EnquiryReassigned(Event):
    """A colleague took over an enquiry."""

    organisation_id: int
    enquiry_id: int
    owner_id: int


@dataclass(frozen=True)
class EnquiryReminded(Event):
    """Half of the time to answer is over."""

    organisation_id: int
    enquiry_id: int


@dataclass(frozen=True)
class EnquiryNeglected(Event):
    """Nobody answered in twice the time: the organiser should know."""

    organisation_id: int
    enquiry_id: int


@dataclass(frozen=True)
class EnquiryEnded(Event):
    """One side ended the conversation."""

    public = True
    organisation_id: int
    enquiry_id: int


@dataclass(frozen=True)
class ArchiveBuilt(Event):
    """The frozen archive of a closed edition can be read."""

    edition_id: int


@dataclass(frozen=True)
class ArchiveFailed(Event):
    """The archive could not be built; its row says why."""

    edition_id: int


@dataclass(frozen=True)
class ReconfirmationReminded(Event):
    """Half of the time to answer is over."""

    organisation_id: int
    reconfirmation_id: int


@dataclass(frozen=True)
class ReconfirmationConfirmed(Event):
    """The firm comes again."""

    public = True
    organisation_id: int
    reconfirmation_id: int
    exhibitor_id: int


@dataclass(frozen=True)
class ReconfirmationDeclined(Event):
    """The firm does not come this time."""

    public = True
    organisation_id: int
    reconfirmation_id: int


@dataclass(frozen=True)
class ReconfirmationExpired(Event):
    """The firm did not answer in time."""

    public = True
    organisation_id: int
    reconfirmation_id: int
