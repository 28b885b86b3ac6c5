"""Facts about rooms."""

from dataclasses import dataclass

from haishi.foundation.events import Event


@dataclass(frozen=True)
class PersonSanctioned(Event):
    """Somebody may not speak (`mute`) or not be (`ban`) in a room for a while."""

    room: str
    person_id: int
    measure: str
    sanction_id: int


@dataclass(frozen=True)
class LineHeld(Event):
    """A line waits for a moderator."""

    room: str
    line_id: int
