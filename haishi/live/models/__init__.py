"""Tables of live: sessions with their gear, what happens in them, what remains of them."""

from haishi.live.models.records import (
    Caption,
    Chapter,
    EngineEvent,
    MinuteFigure,
    Moment,
    Recording,
)
from haishi.live.models.sessions import Camera, Invited, LiveSession, Reservation, Target
from haishi.live.models.stage import (
    Lottery,
    LotteryTicket,
    Pin,
    Poll,
    PollOption,
    PollVote,
    Question,
    Shelved,
    Upvote,
)
from haishi.live.models.walks import Route, Station

__all__ = [
    "Camera",
    "Caption",
    "Chapter",
    "EngineEvent",
    "Invited",
    "LiveSession",
    "Lottery",
    "LotteryTicket",
    "MinuteFigure",
    "Moment",
    "Pin",
    "Poll",
    "PollOption",
    "PollVote",
    "Question",
    "Recording",
    "Reservation",
    "Route",
    "Shelved",
    "Station",
    "Target",
    "Upvote",
]
