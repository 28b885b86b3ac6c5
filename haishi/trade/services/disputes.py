"""Disputes between buyer and seller: claim, offers, agreement; what the clock decides.

Lock order: order, dispute, then as everywhere. The order's own clocks stand still meanwhile.
"""

from django.utils.translation import gettext_lazy as _

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, Forbidden, TooMany
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.trade import policies, selectors
from haishi.trade.errors import (
    DisputeOpen,
    DisputeTooMuch,
    EvidenceLate,
    OfferOutside,
    RefundOpen,
)
from haishi.trade.events import DisputeOpened
from haishi.trade.models import Dispute, Refund
from haishi.trade.services import dispute_threads as thread
from haishi.trade.services import orders
from haishi.trade.states import HELD, UNANSWERED, DisputeSide, DisputeState, DisputeStepKind


@service
def open_dispute(
    actor: Actor,
    order_id: int,
    kind: str,
    amount_minor: int,
    reason: str,
    asset_ids: thread.Files = (),
) -> Dispute:
    """The buyer claims some or all of the held money; the seller answers within three days.

    Raises NotFound, Forbidden, Conflict (nothing is held), RefundOpen, DisputeOpen, DisputeTooMuch,
    EvidenceForeign.
    """
    order = selectors.lock_as_buyer(actor, order_id)
    if order.state not in HELD:
        raise Conflict
    if Refund.objects.filter(payment__order=order, state__in=UNANSWERED).exists():
        raise RefundOpen
    if selectors.has_open_dispute(order):
        raise DisputeOpen
    held = selectors.held(order)
    if not 0 < amount_minor <= held.minor:
        raise DisputeTooMuch(most=held)
    edition, organiser = selectors.home_edition(order.seller_id)
    now = clock.now()
    row = Dispute.objects.create(
        order=order,
        number=orders.new_number("C"),
        kind=kind,
        reason=reason[:1000],
        opened_by_id=actor.pk,
        claimed_minor=amount_minor,
        wanted_minor=amount_minor,
        turn=DisputeSide.SELLER,
        due_at=now + policies.OFFER_WITHIN,
        edition_id=edition,
        organiser_id=organiser,
        opened_at=now,
    )
    thread.say(actor, row, DisputeSide.BUYER, "opened", amount_minor, reason, asset_ids)
    audit.record(
        actor, "dispute.opened", order, number=row.number, kind=kind, wanted=amount_minor,
        held=held.minor, currency=order.currency, until=row.due_at,
    )  # fmt: skip
    publish(
        DisputeOpened(
            organisation_id=order.seller_id,
            order_id=order.pk,
            dispute_id=row.pk,
            origin=order.origin,
        )
    )
    return row


@service
def offer(
    actor: Actor, dispute_id: int, amount_minor: int, words: str, asset_ids: thread.Files = ()
) -> Dispute:
    """Whose turn it is proposes what goes back to the buyer; zero refuses.

    Offers only move towards each other; one that meets the other side's is an agreement. Raises
    NotFound, Forbidden, NotYourTurn, Conflict, OfferOutside, TooMany, EvidenceForeign.
    """
    order, row, side = selectors.lock_own_dispute(actor, dispute_id, turn=True)
    least, most = row.offered_minor or 0, row.wanted_minor
    if side == DisputeSide.BUYER:
        least = max(least, 1)
    if not least <= amount_minor <= most:
        raise OfferOutside(least=row.money(least), most=row.money(most))
    if row.steps.filter(kind__in=("offer", "refused")).count() >= policies.MOST_OFFERS:
        raise TooMany(_("方案已经很多，请接受其中一个，或申请调解。"))
    seller = side == DisputeSide.SELLER
    kind = DisputeStepKind.REFUSED if seller and not amount_minor else DisputeStepKind.OFFER
    thread.say(actor, row, side, kind, amount_minor, words, asset_ids)
    if amount_minor == (row.wanted_minor if seller else row.offered_minor):
        thread.agree(actor, order, row, amount_minor)
        return row
    if seller:
        row.offered_minor, row.turn = amount_minor, DisputeSide.BUYER
    else:
        row.wanted_minor, row.turn = amount_minor, DisputeSide.SELLER
    row.due_at = clock.now() + policies.OFFER_WITHIN
    words_of = ("offered_minor", "wanted_minor")
    thread.step(actor, row, "offer", kind, *words_of, side=side, amount=amount_minor)
    return row


@service
def accept_offer(actor: Actor, dispute_id: int) -> Dispute:
    """Whose turn it is takes the other side's last word: that much goes back to the buyer.

    Raises NotFound, Forbidden, NotYourTurn, Conflict.
    """
    order, row, side = selectors.lock_own_dispute(actor, dispute_id, turn=True)
    amount = row.wanted_minor if side == DisputeSide.SELLER else row.offered_minor or 0
    thread.say(actor, row, side, "accepted", amount)
    thread.agree(actor, order, row, amount)
    return row


@service
def add_evidence(
    actor: Actor, dispute_id: int, words: str, asset_ids: thread.Files = ()
) -> Dispute:
    """Either side adds words and files, until the deadline for evidence.

    Raises NotFound, Forbidden, Conflict (it is over), EvidenceLate, EvidenceForeign.
    """
    _order, row, side = selectors.lock_own_dispute(actor, dispute_id)
    if row.state == DisputeState.DECIDING or (
        row.state == DisputeState.MEDIATION and row.due_at and row.due_at <= clock.now()
    ):
        raise EvidenceLate
    if row.due_at is None:
        raise Conflict
    thread.say(actor, row, side, "evidence", words=words, files=asset_ids)
    audit.record(
        actor, "dispute.evidence", row.order, number=row.number, side=side, files=list(asset_ids)
    )
    thread.tell(row, "evidence")
    return row


@service
def ask_mediation(actor: Actor, dispute_id: int, words: str = "") -> Dispute:
    """Either side wants somebody impartial to decide; both have five days for their evidence.

    Raises NotFound, Forbidden, Conflict.
    """
    _order, row, side = selectors.lock_own_dispute(actor, dispute_id)
    now = clock.now()
    row.turn, row.due_at, row.mediated_at = "", now + policies.EVIDENCE_WITHIN, now
    thread.step(actor, row, "mediate", "mediation", "mediated_at", side=side)
    thread.say(actor, row, side, "mediation", words=words)
    return row


@service
def withdraw_dispute(actor: Actor, dispute_id: int) -> Dispute:
    """The buyer gives up the claim. Raises NotFound, Forbidden, Conflict."""
    order, row, _side = selectors.lock_own_dispute(actor, dispute_id)
    if not policies.can_buy(actor, order):
        raise Forbidden
    row.turn, row.due_at, row.ended_at = "", None, clock.now()
    thread.step(actor, row, "withdraw", "withdrawn", "ended_at")
    thread.say(actor, row, DisputeSide.BUYER, "withdrawn")
    thread.go_on(order, row)
    return row
