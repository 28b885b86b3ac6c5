"""The chat room of a session: who may say what in it."""

from haishi.foundation.addresses import address
from haishi.foundation.types import SYSTEM, Actor
from haishi.live import policies
from haishi.live.models import LiveSession
from haishi.live.selectors.core import get_live
from haishi.rooms.types import HOST, MODERATE, READ, SAY

__all__ = ["organiser_of_room", "rights_in", "room_desk", "title_of_room"]
PREFIX = "live-"


def _session(actor: Actor, room: str) -> LiveSession:
    return get_live(actor, room.removeprefix(PREFIX))


def rights_in(actor: Actor, room: str) -> int:
    """Bits of what the person may do there. Raises NotFound.

    Everybody reads what is announced; who has an account speaks until it is over; the host's lines
    are marked; who keeps order also removes lines.
    """
    session = _session(actor, room)
    bits = READ
    if actor.is_authenticated and not policies.is_over(session):
        bits |= SAY
    if policies.can_speak(actor, session):
        bits |= HOST
    if policies.can_moderate(actor, session):
        bits |= MODERATE
    return bits


def organiser_of_room(room: str) -> int | None:
    """Id of the organiser whose lists of words count there. Raises NotFound."""
    return _session(SYSTEM, room).edition.series.organiser_id


def title_of_room(room: str) -> str:
    """What people call it. Raises NotFound."""
    return str(_session(SYSTEM, room).heading)


def room_desk(session: LiveSession) -> str:
    """Where the chat is kept in order: held lines, mutes, its pace."""
    return address("rooms:moderate", session.room)
