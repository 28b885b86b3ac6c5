"""Launches in live sessions: as things of a shelf, and as what a session is about."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from haishi.foundation.types import Actor
from haishi.launches.models import Launch
from haishi.launches.selectors.core import launches_visible_to
from haishi.launches.selectors.shown import announced, shown
from haishi.launches.states import LaunchState
from haishi.launches.types import Shown
from haishi.live.types import Panel, Subject, Thing

COMING = (LaunchState.EMBARGOED, LaunchState.ANNOUNCED, LaunchState.LIVE)


def launch_things(ids: Sequence[int]) -> dict[int, Thing]:
    """{id: thing} of announced launches: the teaser until the instant, the name from then on."""
    return {card.pk: _thing(card) for card in shown(announced().filter(pk__in=[*ids]))}


def _thing(card: Shown) -> Thing:
    line = card.line if card.unveiled else card.firm
    return Thing("launch", card.pk, card.title, line, card.url, card.picture_id)


def launches_to_live(exhibitor: Any) -> list[tuple[int, str]]:
    """[(id, words)] of a booth's launches that a session may be about or show, for its host."""
    rows = Launch.objects.filter(exhibitor=exhibitor, state__in=COMING).order_by("unveil_at", "pk")
    return [(row.pk, _("新品：%(name)s") % {"name": row.title}) for row in rows[:50]]


def launches_for_shelf(edition: Any, exhibitor: Any | None) -> list[tuple[int, str]]:
    """The same; nothing for the organiser's own sessions."""
    return launches_to_live(exhibitor) if exhibitor is not None else []


def live_subject(actor: Actor, launch_id: int) -> Subject | None:
    """A launch as this viewer may know it, with its stage; None before it is announced."""
    row = launches_visible_to(actor).filter(pk=launch_id).first()
    cards = shown([row]) if row is not None else []
    if not cards or cards[0].stage == "secret":
        return None
    card = cards[0]
    return Subject("launch", card.pk, card.title, card.url, card.unveil_at, _stage(card))


def launch_panel(actor: Actor, session: Any, launch_id: int) -> Panel | None:
    """Reserve, watch the countdown, take part: on the launch's own page."""
    return next((_stage(card) for card in shown(announced().filter(pk=launch_id))), None)


def _stage(card: Shown) -> Panel:
    return Panel("launches/parts/live.html", card)
