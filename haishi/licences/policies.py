"""Who may do what with titles, offers and licences, and the clocks. Pure questions."""

import datetime as dt

from haishi.foundation import clock
from haishi.foundation.types import Actor
from haishi.licences.models import Licence, Offer, Seat, Title
from haishi.licences.states import LicenceState, OfferState, TitleState
from haishi.parties import selectors as parties

ZONE = "Asia/Shanghai"
ANSWER_WITHIN = dt.timedelta(days=10)
PAY_WITHIN = dt.timedelta(days=14)
ROYALTY_WITHIN = dt.timedelta(days=30)
REMIND_BEFORE = dt.timedelta(days=3)
# Not opened for so long, the files count as received: money does not wait for a click.
OPEN_WITHIN = dt.timedelta(days=7)
REPORT_WITHIN = dt.timedelta(days=30)
REPORT_NOTICE = dt.timedelta(days=7)
LINK_SECONDS = 900
MOST_LINKS, MOST_GOODS, MOST_CELLS = 30, 200, 400


def today() -> dt.date:
    """The day on which terms begin and end."""
    return clock.local(clock.now(), ZONE).date()


def can_edit_title(actor: Actor, title: Title) -> bool:
    """Owners and managers of the firm that claims the right."""
    return parties.can_manage(actor, title.organisation_id)


def can_review_title(actor: Actor, title: Title) -> bool:
    """Reviewers of organisers that the firm came to; never of one's own firm."""
    own = parties.is_member(actor, title.organisation_id)
    return not own and parties.can_verify_firm(actor, title.organisation_id)


def can_read_papers(actor: Actor, title: Title) -> bool:
    """Members of the firm, reviewers, and parties of a concluded licence of the work."""
    if parties.is_member(actor, title.organisation_id) or can_review_title(actor, title):
        return True
    mine = Licence.objects.filter(
        offer__title=title, licensee__in=parties.roles_of(actor), activated_at__isnull=False
    )
    return mine.exists()


def can_edit_offer(actor: Actor, offer: Offer) -> bool:
    """Owners and managers of the licensor."""
    return parties.can_manage(actor, offer.organisation_id)


def is_shown(offer: Offer) -> bool:
    """Whether everybody sees it: open, its title verified, its product listed."""
    return (
        offer.state == OfferState.OPEN
        and offer.title.state == TitleState.VERIFIED
        and offer.product.state == "listed"
    )


def is_licensor(actor: Actor, licence: Licence) -> bool:
    """Manages the licensor."""
    return parties.can_manage(actor, licence.licensor_id)


def is_licensee(actor: Actor, licence: Licence) -> bool:
    """Manages the licensee."""
    return parties.can_manage(actor, licence.licensee_id)


def holds_seat(actor: Actor, licence: Licence) -> bool:
    """Whether the person was named for the files."""
    return Seat.objects.filter(licence=licence, person=actor.pk, taken_at=None).exists()


def in_force(licence: Licence) -> bool:
    """Whether it may be used now: the clock decides, not the loop that records the end."""
    if licence.state != LicenceState.ACTIVE or licence.starts_on is None:
        return False
    last = licence.terms.ends_on
    return last is not None and licence.starts_on <= today() < last


def can_fetch(actor: Actor, licence: Licence) -> bool:
    """Whether the person may have the files now."""
    return in_force(licence) and licence.opened_at is not None and holds_seat(actor, licence)
