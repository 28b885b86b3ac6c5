"""Who may do what with a launch, and what the clock allows. Pure questions."""

import datetime as dt

from haishi.catalogue.states import ProductKind
from haishi.expo import selectors as expo
from haishi.foundation import clock
from haishi.foundation.types import Actor
from haishi.launches.models import Allotment, Launch
from haishi.launches.states import LaunchState
from haishi.parties import selectors as parties

# A unit outlives the claim's own clock by this, so that the claim decides, under its lock, what
# became of it.
GRACE = dt.timedelta(minutes=10)
SECRET = (LaunchState.DRAFT, LaunchState.UNDER_REVIEW, LaunchState.EMBARGOED)


def can_edit(actor: Actor, launch: Launch) -> bool:
    """Owners and managers of the launching firm."""
    return parties.can_manage(actor, launch.exhibitor.organisation_id)


def can_review(actor: Actor, launch: Launch) -> bool:
    """Moderators and reviewers of the organiser."""
    return expo.can_moderate(actor, launch.exhibitor.edition)


def is_announced(launch: Launch) -> bool:
    """Whether its teaser is public."""
    return launch.state not in SECRET


def is_unveiled(launch: Launch) -> bool:
    """Whether everything is public. The instant decides, not the worker that records it."""
    if launch.state == LaunchState.ANNOUNCED:
        return launch.unveil_at is not None and launch.unveil_at <= clock.now()
    return launch.state in (LaunchState.LIVE, LaunchState.CLOSED)


def is_selling(launch: Launch, allotment: Allotment) -> bool:
    """Whether claims are taken now."""
    open_now = allotment.opens_at <= clock.now() < allotment.closes_at
    return open_now and is_unveiled(launch) and launch.state != LaunchState.CLOSED


def kind_of(launch: Launch) -> str:
    """What is sold: that of the product, else goods that travel."""
    return launch.product.kind if launch.product else ProductKind.GOODS


def is_reservable(launch: Launch) -> bool:
    """Whether one can still ask to be reminded of the unveiling."""
    return launch.state == LaunchState.ANNOUNCED and not is_unveiled(launch)
