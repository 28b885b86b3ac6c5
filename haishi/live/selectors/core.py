"""Live sessions by who may see, host and moderate them."""

from typing import Any

from django.db.models import Q, QuerySet

from haishi.expo.selectors import sessions_to_link
from haishi.expo.states import ExhibitorState
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.live import policies
from haishi.live.models import Camera, Invited, LiveSession, Target
from haishi.live.states import OPEN, LiveState
from haishi.parties import selectors as parties
from haishi.parties.states import Duty

__all__ = [
    "at_exhibitor",
    "cameras_of",
    "get_for_host",
    "get_for_moderator",
    "get_for_speaker",
    "get_live",
    "helpers_of",
    "live_facts",
    "lives_visible_to",
    "lock_for_host",
    "lock_for_moderator",
    "lock_for_speaker",
    "lock_for_stop",
    "lock_visible",
    "of_organiser",
    "open_lives",
    "organisation_of",
    "programme_sessions",
    "targets_of",
]
# What everybody may know of: announced, and of a booth that is not suspended.
PUBLIC = ~Q(state__in=(LiveState.DRAFT, LiveState.CANCELLED)) & ~Q(
    exhibitor__state=ExhibitorState.SUSPENDED
)


def _rows() -> QuerySet[LiveSession]:
    return LiveSession.objects.select_related(
        "edition__series", "exhibitor__organisation", "exhibitor__edition__series"
    )


def lives_visible_to(actor: Actor) -> QuerySet[LiveSession]:
    """Announced sessions, those of one's own firms and organisers, and where one was invited."""
    rows = _rows()
    if actor.is_staff:
        return rows
    shown = PUBLIC
    if not actor.is_authenticated:
        return rows.filter(shown)
    mine = Q(exhibitor__organisation__in=parties.roles_of(actor))
    organisers = parties.organisers_of(actor, (Duty.MODERATOR, Duty.REVIEWER))
    ours = Q(edition__series__organiser__in=organisers)
    ours &= Q(exhibitor=None) | ~Q(state=LiveState.DRAFT)
    invited = Q(pk__in=Invited.objects.filter(person=actor.pk).values("session"))
    return rows.filter(shown | mine | ours | invited)


def get_live(actor: Actor, public_id: str) -> LiveSession:
    """One by its address. Raises NotFound."""
    if found := lives_visible_to(actor).filter(public_id=public_id).first():
        return found
    raise NotFound


def _get(actor: Actor, public_id: str, may: Any) -> LiveSession:
    session = get_live(actor, public_id)
    if not may(actor, session):
        raise Forbidden
    return session


def get_for_host(actor: Actor, public_id: str) -> LiveSession:
    """One for its host. Raises NotFound, Forbidden."""
    return _get(actor, public_id, policies.can_host)


def get_for_moderator(actor: Actor, public_id: str) -> LiveSession:
    """One for who keeps order. Raises NotFound, Forbidden."""
    return _get(actor, public_id, policies.can_moderate)


def get_for_speaker(actor: Actor, public_id: str) -> LiveSession:
    """One for who speaks. Raises NotFound, Forbidden."""
    return _get(actor, public_id, policies.can_speak)


def _lock(actor: Actor, live_id: int, may: Any = None) -> LiveSession:
    rows = lives_visible_to(actor).select_for_update(of=("self",))
    found = rows.filter(pk=live_id).first()
    if found is None:
        raise NotFound
    if may is not None and not may(actor, found):
        raise Forbidden
    return found


def lock_visible(actor: Actor, live_id: int) -> LiveSession:
    """Row locked, for whoever may see it. Raises NotFound."""
    return _lock(actor, live_id)


def lock_for_host(actor: Actor, live_id: int) -> LiveSession:
    """Row locked, for its host. Raises NotFound, Forbidden."""
    return _lock(actor, live_id, policies.can_host)


def lock_for_stop(actor: Actor, live_id: int) -> LiveSession:
    """Row locked, for its host and the organiser's moderators. Raises NotFound, Forbidden."""
    return _lock(actor, live_id, policies.can_stop)


def lock_for_moderator(actor: Actor, live_id: int) -> LiveSession:
    """Row locked, for who keeps order. Raises NotFound, Forbidden."""
    return _lock(actor, live_id, policies.can_moderate)


def lock_for_speaker(actor: Actor, live_id: int) -> LiveSession:
    """Row locked, for host, moderators and speakers. Raises NotFound, Forbidden."""
    return _lock(
        actor, live_id, lambda a, s: policies.can_speak(a, s) or policies.can_moderate(a, s)
    )


def live_facts(live_id: int) -> LiveSession | None:
    """One for the platform's own messages."""
    return _rows().filter(pk=live_id).first()


def organisation_of(session: LiveSession) -> int:
    """Id of the firm, or of the organiser for its own sessions."""
    if session.exhibitor:
        return session.exhibitor.organisation_id
    return session.edition.series.organiser_id


def at_exhibitor(exhibitor: Any) -> QuerySet[LiveSession]:
    """All sessions of a booth, the newest first; the caller has checked who asks."""
    return _rows().filter(exhibitor=exhibitor).order_by("-starts_at", "-pk")


def of_organiser(edition: Any, *, all_firms: bool) -> QuerySet[LiveSession]:
    """The organiser's own sessions of an edition, or with those of all firms; newest first."""
    rows = _rows().filter(edition=edition)
    rows = rows.exclude(~Q(exhibitor=None), state=LiveState.DRAFT)
    rows = rows if all_firms else rows.filter(exhibitor=None)
    return rows.order_by("-starts_at", "-pk")


def open_lives(edition_id: int, exhibitor_id: int | None) -> int:
    """How many sessions are planned or running for a booth, or for the organiser."""
    rows = LiveSession.objects.filter(edition=edition_id, exhibitor=exhibitor_id)
    return rows.filter(state__in=(LiveState.DRAFT, *OPEN)).count()


def cameras_of(session: LiveSession) -> list[Camera]:
    """By number."""
    return list(Camera.objects.filter(session=session).order_by("number"))


def targets_of(session: LiveSession) -> list[Target]:
    """In the order they were added."""
    return list(Target.objects.filter(session=session).order_by("pk"))


def helpers_of(session: LiveSession) -> list[Invited]:
    """Moderators and speakers, in the order they were invited."""
    return list(Invited.objects.filter(session=session).select_related("person").order_by("pk"))


def programme_sessions(edition: Any, exhibitor: Any | None) -> list[tuple[int, str]]:
    """(id, words) of what a session may be linked to in the programme."""
    firm = exhibitor.organisation_id if exhibitor else edition.series.organiser_id
    return sessions_to_link(edition, firm)
