"""From a request to agreed terms. Each side writes versions; the other accepts the newest."""

import datetime as dt

from django.db import IntegrityError, transaction

from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.licences import policies, selectors
from haishi.licences.errors import (
    NothingChanged,
    NotYourTurn,
    OfferClosed,
    OwnOffer,
    RequestOpen,
)
from haishi.licences.events import LicenceMoved
from haishi.licences.models import Licence, Offer, Proposal
from haishi.licences.services import contracting, grants
from haishi.licences.services import terms as rules
from haishi.licences.services.moves import move
from haishi.licences.services.numbers import new_number
from haishi.licences.services.offers import shares_of
from haishi.licences.states import TALKING, LicenceState
from haishi.licences.types import Terms
from haishi.parties import selectors as parties


@service
def ask(actor: Actor, number: str, *, firm_id: int, terms: Terms, note: str = "") -> Licence:
    """A manager of `firm_id` asks for a licence, on the offer's terms or on others.

    Raises NotFound, Forbidden, OwnOffer, OfferClosed, RequestOpen, TermsIncomplete, TermsWrong,
    StartsTooEarly, GrantClash.
    """
    offer = selectors.get_offer(actor, number)
    if not parties.can_manage(actor, firm_id):
        raise Forbidden
    if firm_id == offer.organisation_id:
        raise OwnOffer
    if not policies.is_shown(offer):
        raise OfferClosed
    wanted = rules.check(terms, agreed=True)
    grants.refuse_clash(offer.product_id, wanted)
    row = _request(actor, offer, firm_id, wanted)
    _propose(actor, row, wanted, note, by_licensor=False)
    audit.record(actor, "licence.asked", row, number=row.number, offer=offer.number)
    publish(
        LicenceMoved(
            organisation_id=row.licensor_id,
            licence_id=row.pk,
            action="ask",
            state=row.state,
            by_licensor=False,
        )
    )
    return row


def _request(actor: Actor, offer: Offer, firm_id: int, wanted: Terms) -> Licence:
    try:
        with transaction.atomic():
            return Licence.objects.create(
                number=new_number("L"),
                offer=offer,
                product_id=offer.product_id,
                licensor_id=offer.organisation_id,
                licensee_id=firm_id,
                buyer_id=actor.pk,
                shares=shares_of(offer),
                waits_until=clock.now() + policies.ANSWER_WITHIN,
                **wanted.row(),
            )
    except IntegrityError:
        raise RequestOpen from None


def _propose(actor: Actor, licence: Licence, terms: Terms, note: str, *, by_licensor: bool) -> None:
    Proposal.objects.create(
        licence=licence,
        number=licence.proposals.count() + 1,
        by_licensor=by_licensor,
        author_id=actor.pk,
        note=note[:400],
        **terms.row(),
    )


def _turn(actor: Actor, licence: Licence) -> bool:
    """Whether it is the licensor who answers now. Raises NotYourTurn for the other side."""
    licensors = licence.state == LicenceState.REQUESTED
    mine = policies.is_licensor if licensors else policies.is_licensee
    if licence.state in TALKING and not mine(actor, licence):
        raise NotYourTurn
    return licensors


@service
def counter(actor: Actor, number: str, *, seen: int, terms: Terms, note: str = "") -> Licence:
    """Answer with other terms; the newest version is what the other side may accept.

    Raises NotFound, Forbidden, Conflict, NotYourTurn, Stale, NothingChanged, GrantClash, and what
    is wrong with the terms.
    """
    row = selectors.lock_licence(actor, number)
    by_licensor = _turn(actor, row)
    wanted = rules.check(terms, agreed=True)
    if wanted == rules.normal(row.terms):
        raise NothingChanged
    grants.refuse_clash(row.product_id, wanted)
    audit.save_edited(actor, "licence.edited", row, seen, **wanted.row())
    _propose(actor, row, wanted, note, by_licensor=by_licensor)
    move(actor, row, "counter", until=clock.now() + policies.ANSWER_WITHIN)
    return row


@service
def accept(actor: Actor, number: str, *, seen: int) -> Licence:
    """Agree to the newest terms: a contract waits for all to sign, and what it grants is kept.

    Raises NotFound, Forbidden, Conflict (the terms are newer than `seen`), NotYourTurn,
    StartsTooEarly, GrantClash, RailRefuses.
    """
    row = selectors.lock_licence(actor, number)
    _turn(actor, row)
    audit.save_edited(actor, "licence.edited", row, seen)
    rules.check(row.terms, agreed=True)
    if row.state in TALKING:
        grants.hold(row)
    move(actor, row, "accept")
    contracting.draw_up(actor, row)
    return row


@service
def decline(actor: Actor, number: str, reason: str) -> Licence:
    """Say no to the other side's terms. Raises NotFound, Forbidden, Conflict, NotYourTurn."""
    row = selectors.lock_licence(actor, number)
    _turn(actor, row)
    row.reason, row.ended_at = reason[:400], clock.now()
    move(actor, row, "decline", "reason", "ended_at")
    grants.release(row)
    return row


@service
def withdraw(actor: Actor, number: str) -> Licence:
    """The licensee takes the request back. Raises NotFound, Forbidden, Conflict."""
    row = selectors.lock_licence(actor, number, "licensee")
    row.ended_at = clock.now()
    move(actor, row, "withdraw", "ended_at")
    return row


def lapse_due(now: dt.datetime | None = None, limit: int = 50) -> int:
    """End talks that nobody went on with; returns how many.

    A contract that is not signed and a guarantee that is not paid end by clocks of their own.
    """
    rows = Licence.objects.filter(state__in=TALKING, waits_until__lte=now or clock.now())
    ids = list(rows.order_by("waits_until").values_list("pk", flat=True)[:limit])
    return sum(_lapse(pk, now or clock.now()) for pk in ids)


@service
def _lapse(licence_id: int, now: dt.datetime) -> bool:
    row = selectors.lock_by_id(licence_id)
    if row.waits_until is None or row.waits_until > now:
        return False
    row.ended_at = now
    move(SYSTEM, row, "lapse", "ended_at")
    grants.release(row)
    return True
