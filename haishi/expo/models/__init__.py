"""Tables of the expo, by area."""

from haishi.expo.models.exhibitors import (
    BoothStaff,
    Exhibitor,
    NextStep,
    Reconfirmation,
    Tally,
)
from haishi.expo.models.people import (
    CardGrant,
    Checkin,
    CheckinList,
    ContactCard,
    Enquiry,
    EnquiryMessage,
    Lead,
    LeadNote,
    Registration,
    ReplyTemplate,
)
from haishi.expo.models.programme import (
    AgendaItem,
    ScheduleVersion,
    Session,
    SessionSpeaker,
    Slot,
    Speaker,
    Stage,
    Track,
)
from haishi.expo.models.structure import Announcement, Booth, Edition, Hall, Series, Tier

__all__ = [
    "AgendaItem",
    "Announcement",
    "Booth",
    "BoothStaff",
    "CardGrant",
    "Checkin",
    "CheckinList",
    "ContactCard",
    "Edition",
    "Enquiry",
    "EnquiryMessage",
    "Exhibitor",
    "Hall",
    "Lead",
    "LeadNote",
    "NextStep",
    "Reconfirmation",
    "Registration",
    "ReplyTemplate",
    "ScheduleVersion",
    "Series",
    "Session",
    "SessionSpeaker",
    "Slot",
    "Speaker",
    "Stage",
    "Tally",
    "Tier",
    "Track",
]
