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
    Enquiry,
    EnquiryMessage,
    Lead,
    Registration,
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
    "Edition",
    "Enquiry",
    "EnquiryMessage",
    "Exhibitor",
    "Hall",
    "Lead",
    "NextStep",
    "Reconfirmation",
    "Registration",
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
