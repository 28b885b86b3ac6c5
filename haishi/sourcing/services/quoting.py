"""Quotations: every change is a new version, the latest counts, after the deadline nothing does."""

import hashlib
import json
from itertools import pairwise

from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden
from haishi.foundation.limits import limit
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.sourcing import policies, sealing, selectors
from haishi.sourcing.errors import (
    CurrencyStrange,
    FilesGone,
    LineNotOffered,
    NothingOffered,
    NotInvited,
    NotTaking,
    OwnRfq,
    TiersWrong,
    TooEarly,
    TooLate,
    ValidityWrong,
)
from haishi.sourcing.events import QuotationReceived, QuotationSubmitted, QuotationWithdrawn
from haishi.sourcing.models import Quotation, QuotationVersion, Rfq
from haishi.sourcing.states import QUOTATION, QuotationState, RfqState, Visibility
from haishi.sourcing.types import Offer
from haishi.sourcing.wording import instant_text

LARGEST = 10**14


@service
def quote(actor: Actor, rfq_id: int, firm_id: int, offer: Offer) -> QuotationVersion:
    """Hand in a version for a firm. The same offer as the latest one is that one again.

    Judged by the server's clock once the request is locked. Raises NotFound, Forbidden, OwnRfq,
    NotInvited, TooEarly, TooLate, NotTaking, CurrencyStrange, NothingOffered, TiersWrong,
    ValidityWrong, FilesGone, TooMany.
    """
    rfq = selectors.lock_seen(actor, rfq_id)
    if firm_id == rfq.buyer_id:
        raise OwnRfq
    if not policies.can_bid(actor, rfq, firm_id):
        raise Forbidden
    eligible(rfq, firm_id)
    in_time(rfq)
    check(rfq, firm_id, offer)
    row = Quotation.objects.filter(rfq=rfq, bidder_id=firm_id).first()
    if row is not None and row.state == QuotationState.SUBMITTED:
        latest = selectors.latest_version(row)
        if latest.digest == _digest(rfq, row, offer) and latest.revision == rfq.revision:
            return latest
    limit(f"quotation:{firm_id}", 60, 3600)
    return _keep(actor, rfq, firm_id, row, offer)


def eligible(rfq: Rfq, firm_id: int) -> None:
    """Raises NotInvited for a firm that was not asked to an invited request."""
    if rfq.visibility == Visibility.PUBLIC:
        return
    if not rfq.invited.filter(organisation=firm_id).exists():
        raise NotInvited


def in_time(rfq: Rfq) -> None:
    """Raises TooLate, TooEarly or NotTaking, with the instants that decided."""
    now = clock.now()
    if policies.is_taking(rfq, now):
        return
    if rfq.closes_at and now >= rfq.closes_at and rfq.state != RfqState.CANCELLED:
        raise TooLate(closes=instant_text(rfq.closes_at), now=instant_text(now))
    if rfq.state == RfqState.OPEN and rfq.opens_at:
        raise TooEarly(opens=instant_text(rfq.opens_at))
    raise NotTaking


def check(rfq: Rfq, firm_id: int, offer: Offer) -> None:
    """Whether an offer can be an answer to the request. Raises what `quote` names."""
    known = {line.pk: line for line in rfq.lines.all()}
    if offer.currency not in rfq.currencies:
        raise CurrencyStrange
    if not offer.lines:
        raise NothingOffered
    if len({line.line_id for line in offer.lines}) != len(offer.lines):
        raise TiersWrong
    for line in offer.lines:
        if line.line_id not in known:
            raise LineNotOffered(firm="", line=str(line.line_id))
        minimums = [tier.minimum for tier in line.tiers]
        prices = [tier.price_minor for tier in line.tiers]
        grows = all(low < high for low, high in pairwise(minimums))
        if not minimums or minimums[0] < 1 or not grows:
            raise TiersWrong
        if min(prices) <= 0 or max(prices) * known[line.line_id].quantity > LARGEST:
            raise TiersWrong
    assert rfq.closes_at is not None
    if offer.valid_until <= rfq.closes_at.date():
        raise ValidityWrong
    if offer.document_ids and not media.belong_to(firm_id, offer.document_ids):
        raise FilesGone


def _digest(rfq: Rfq, row: Quotation, offer: Offer) -> str:
    """The digest that is kept. Salted for sealed offers, or a guessed price could be confirmed."""
    plain = sealing.digest(offer)
    if not rfq.sealed:
        return plain
    salt = hashlib.sha256(bytes(rfq.seal.wrapped)).hexdigest()
    return hashlib.sha256(json.dumps([salt, row.pk, plain]).encode()).hexdigest()


def _keep(
    actor: Actor, rfq: Rfq, firm_id: int, row: Quotation | None, offer: Offer
) -> QuotationVersion:
    if row is None:
        row = Quotation.objects.create(rfq=rfq, bidder_id=firm_id, author_id=actor.pk)
    else:
        row.state = QUOTATION.after(row.state, "submit")
        row.latest, row.author_id, row.withdrawn_at = row.latest + 1, actor.pk, None
        row.save(update_fields=["state", "latest", "author", "withdrawn_at"])
    version = QuotationVersion(
        quotation=row, number=row.latest, revision=rfq.revision, author_id=actor.pk,
        digest=_digest(rfq, row, offer),
    )  # fmt: skip
    if rfq.sealed:
        version.sealed = sealing.close(offer, rfq.seal.wrapped, rfq.pk, row.pk, row.latest)
    else:
        version.content = offer.to_json()
    version.save()
    audit.record(actor, "quotation.submitted", row, number=version.number, digest=version.digest)
    publish(QuotationSubmitted(firm_id, rfq.pk, row.pk))
    if not rfq.sealed:
        publish(QuotationReceived(rfq.buyer_id, rfq.pk, row.pk))
    return version


@service
def withdraw(actor: Actor, quotation_id: int) -> Quotation:
    """Take a quotation back, until the deadline. Raises NotFound, Forbidden, TooLate, Conflict."""
    seen = selectors.get_quotation(actor, quotation_id)
    rfq = selectors.lock_rfq(seen.rfq_id)
    assert rfq is not None
    row = selectors.lock_quotation(actor, quotation_id)
    in_time(rfq)
    row.state = QUOTATION.after(row.state, "withdraw")
    row.withdrawn_at = clock.now()
    row.save(update_fields=["state", "withdrawn_at"])
    audit.record(actor, "quotation.withdrawn", row)
    publish(QuotationWithdrawn(row.bidder_id, rfq.pk, row.pk))
    return row
