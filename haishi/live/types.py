"""What modules above hand to live, and what its selectors give to pages."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from haishi.foundation.bilingual import Bilingual
from haishi.foundation.types import Actor


@dataclass(frozen=True)
class Thing:
    """Something that a shelf, a pin or a station shows. `price` in words of its module."""

    kind: str
    pk: int
    title: Bilingual
    line: Bilingual
    url: str
    picture_asset_id: int | None = None
    price: str = ""


@dataclass(frozen=True)
class ThingKind:
    """What the module that owns a kind of thing answers.

    `read(ids)`: {id: Thing}, public ones only. `offered(edition, exhibitor)`: what the host of a
    booth's session may put on the shelf, [(id, words)]; `exhibitor` None: the organiser's own.
    """

    read: Callable[[Sequence[int]], Mapping[int, Thing]]
    offered: Callable[[Any, Any | None], Sequence[tuple[int, str]]]


@dataclass(frozen=True)
class Panel:
    """What stands under a thing in the room: `template` gets `content` as `panel`.

    It is asked for by address (`live:panel`), so it may hold forms and prices of this viewer.
    """

    template: str
    content: Any


# (viewer, session, id of the thing) → panel, or None when there is nothing to do with it.
PanelSource = Callable[[Actor, Any, int], Panel | None]


@dataclass(frozen=True)
class Subject:
    """What a session is about, e.g. a launch: its name, its page, the instant it turns on.

    `panel` stands on the stage of the room, as for a thing.
    """

    kind: str
    pk: int
    title: Bilingual
    url: str
    at: dt.datetime | None = None
    panel: Panel | None = None


@dataclass(frozen=True)
class SubjectKind:
    """`read(viewer, id)`: the subject as this viewer may know it, None when not at all.

    `offered(exhibitor)`: [(id, words)] that its host may choose.
    """

    read: Callable[[Actor, int], Subject | None]
    offered: Callable[[Any], Sequence[tuple[int, str]]]


@dataclass(frozen=True)
class OutcomeKind:
    """A deed of viewers: `count(session)` gives {minute (UTC, whole): how often}. One query.

    The report's funnel goes from the lowest `stage` to the highest, from asking to paying.
    """

    key: str
    label: Any
    count: Callable[[Any], Mapping[dt.datetime, int]]
    stage: int = 50


@dataclass(frozen=True)
class Source:
    """A way to watch, the best first. `kind`: "ll-hls", "hls" or "flv"; `url` is signed."""

    kind: str
    url: str


@dataclass(frozen=True)
class Angle:
    """A stream to choose from; `stream` is "programme" or a camera's number."""

    stream: str
    label: Bilingual
    sources: Sequence[Source]


@dataclass(frozen=True)
class Playback:
    """What a player needs. The addresses hold until `until`; ask `refresh_url` before."""

    angles: Sequence[Angle]
    until: dt.datetime | None
    refresh_url: str
    delay_seconds: int = 0


@dataclass(frozen=True)
class LiveRow:
    """A session in a list. `state` as `states.LiveState`; `phase`: now, next, replay or over."""

    pk: int
    public_id: str
    url: str
    title: Bilingual
    line: Bilingual
    firm: Bilingual
    form: str
    phase: str
    state: str
    state_words: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    viewers: int
    poster_asset_id: int | None
    hall: Bilingual | None = None
    hall_slug: str = ""
    seconds: int = 0
    reservations: int = 0
    likes: int = 0


@dataclass(frozen=True)
class ReserveShown:
    """The button that asks to be reminded. `people`: how many did; `may`: the viewer still can."""

    public_id: str
    url: str
    people: int
    own: bool
    may: bool


@dataclass(frozen=True)
class PollShown:
    """`options`: (number, words, votes); `own`: the number this viewer voted for."""

    pk: int
    question: Bilingual
    open: bool
    closes_at: dt.datetime | None
    options: Sequence[tuple[int, Bilingual, int]]
    total: int
    own: int | None
    state: str = "open"


@dataclass(frozen=True)
class QuestionShown:
    """A question of the room; `own_vote`: the viewer wants to know, too."""

    pk: int
    name: str
    text: str
    state: str
    state_words: str
    upvotes: int
    own_vote: bool
    at: dt.datetime
    answered_at: dt.datetime | None


@dataclass(frozen=True)
class LotteryShown:
    """`tickets`: how many take part; `own`: the viewer's ticket; `place`: its rank when drawn."""

    pk: int
    prize: Bilingual
    state: str
    state_words: str
    winners: int
    commitment: str
    closes_at: dt.datetime | None
    tickets: int
    own: str
    place: int | None
    winning: Sequence[str]
    file_url: str


@dataclass(frozen=True)
class StationShown:
    """A stop of a walk with what it shows; `after_seconds` from the start of the walk."""

    pk: int
    order: int
    name: Bilingual
    latitude: float
    longitude: float
    after_seconds: int | None
    reached_at: dt.datetime | None
    thing: Thing | None


@dataclass(frozen=True)
class RouteShown:
    """`points`: [latitude, longitude, seconds since the start or None]."""

    name: str
    metres: int
    points: Sequence[Sequence[float | None]]
    stations: Sequence[StationShown]


@dataclass(frozen=True)
class RoomPage:
    """Everything of a session's room that a page renders."""

    row: LiveRow
    session: Any
    firm_url: str
    subject: Subject | None
    shelf: Sequence[Thing]
    pinned: Thing | None
    playback: Playback | None
    polls: Sequence[PollShown]
    questions: Sequence[QuestionShown]
    lotteries: Sequence[LotteryShown]
    route: RouteShown | None
    room: str
    hosts: bool
    moderates: bool
    speaks: bool
    captions: Sequence[str] = ()


@dataclass(frozen=True)
class MomentShown:
    """Something said into the room. `seconds`: into the replay, None before it exists."""

    at: dt.datetime
    kind: str
    content: Mapping[str, Any]
    seconds: float | None = None


@dataclass(frozen=True)
class RecordingShown:
    """A part of the replay: `offset`: seconds of the replay before it."""

    url: str
    playlist_url: str
    started_at: dt.datetime
    seconds: float
    offset: float


@dataclass(frozen=True)
class ReplayPage:
    """A recording with everything that happened, each at its second."""

    row: LiveRow
    session: Any
    firm_url: str
    recordings: Sequence[RecordingShown]
    seconds: float
    moments: Sequence[MomentShown]
    chapters: Sequence[tuple[float, Bilingual]]
    shelf: Sequence[Thing]
    captions: Sequence[str]
    route: RouteShown | None
    hosts: bool
    until: dt.datetime | None = None


@dataclass(frozen=True)
class Lobby:
    """What the hall of live shows."""

    now: Sequence[LiveRow]
    coming: Sequence[LiveRow]
    replays: Sequence[LiveRow]
    halls: Sequence[tuple[str, Bilingual]] = field(default_factory=list)
