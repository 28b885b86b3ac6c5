"""Who may do what with a live session. Pure questions."""

import datetime as dt
from typing import Any

from haishi.expo import selectors as expo
from haishi.foundation.types import Actor
from haishi.live.models import Invited, LiveSession
from haishi.live.states import OVER, Helper, LiveState, Replay
from haishi.parties import selectors as parties

# Publishers are let in this long before the planned start, and until this long after the end.
EARLY = LATE = dt.timedelta(hours=2)
MOST_CAMERAS, MOST_TARGETS, MOST_HELPERS = 6, 8, 20
MOST_SHELVED, MOST_CHAPTERS, MOST_LIVES = 60, 60, 20
# A programme that lost every camera waits this long behind its slate before it ends.
GRACE_SECONDS = 300.0
MOST_HOURS, MOST_HOURS_ORGANISER = 12, 24 * 60


def can_start(actor: Actor, edition: Any, exhibitor: Any | None) -> bool:
    """Whether the person may make sessions for this booth, or, without one, for the organiser."""
    if exhibitor is None:
        return expo.can_moderate(actor, edition)
    return expo.can_set_up(actor, exhibitor)


def can_host(actor: Actor, session: LiveSession) -> bool:
    """Managers of the firm; for the organiser's own sessions its moderators."""
    return can_start(actor, session.edition, session.exhibitor)


def can_stop(actor: Actor, session: LiveSession) -> bool:
    """The host, and the organiser's moderators, who may end what must not be seen."""
    return can_host(actor, session) or expo.can_moderate(actor, session.edition)


def helps(actor: Actor, session: LiveSession, role: str = "") -> bool:
    """Whether the person was invited, as `role` if given."""
    if not actor.is_authenticated:
        return False
    rows = Invited.objects.filter(session=session, person=actor.pk)
    return (rows.filter(role=role) if role else rows).exists()


def can_moderate(actor: Actor, session: LiveSession) -> bool:
    """Host, the organiser's moderators, members of the firm, invited moderators."""
    if can_stop(actor, session):
        return True
    if session.exhibitor and expo.can_serve(actor, session.exhibitor):
        return True
    return helps(actor, session, Helper.MODERATOR)


def can_speak(actor: Actor, session: LiveSession) -> bool:
    """Host and invited speakers: questions, without the video."""
    return can_host(actor, session) or helps(actor, session, Helper.SPEAKER)


def is_public(session: LiveSession) -> bool:
    """Whether visitors know of it."""
    return session.state not in (LiveState.DRAFT, LiveState.CANCELLED)


def is_reservable(session: LiveSession) -> bool:
    """Whether one can ask to be reminded of its start."""
    return session.opened_at is None and session.state in (
        LiveState.SCHEDULED,
        LiveState.CONNECTING,
    )


def is_over(session: LiveSession) -> bool:
    """Whether nothing more will be sent."""
    return session.state in OVER


def replay_shown(session: LiveSession) -> bool:
    """Whether visitors may watch the recording."""
    return session.state == LiveState.ENDED and session.replay == Replay.PUBLISHED


def takes_part(actor: Actor, session: LiveSession) -> bool:
    """Whether the person belongs to the session's own side: never wins its lotteries."""
    if session.exhibitor and parties.is_member(actor, session.exhibitor.organisation_id):
        return True
    organiser = session.edition.series.organiser_id
    if session.exhibitor is None and parties.has_duty(actor, organiser):
        return True
    return helps(actor, session)
