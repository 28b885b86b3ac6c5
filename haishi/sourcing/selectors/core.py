"""Requests and quotations by who may see them. What one may not see does not exist."""

from django.db.models import Q, QuerySet

from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.sourcing import policies, sealing
from haishi.sourcing.models import Award, Quotation, QuotationVersion, Rfq, Winner
from haishi.sourcing.states import QuotationState, RfqState, Visibility
from haishi.sourcing.types import Offer

__all__ = [
    "get_own",
    "get_quotation",
    "get_rfq",
    "latest_version",
    "lock_award",
    "lock_editable",
    "lock_quotation",
    "lock_rfq",
    "lock_seen",
    "lock_winner",
    "offer_of",
    "published",
    "quotations_visible_to",
    "rfqs_visible_to",
]


def published() -> QuerySet[Rfq]:
    """Requests that everybody may know of."""
    rows = Rfq.objects.filter(visibility=Visibility.PUBLIC, published_at__isnull=False)
    return rows.select_related("buyer", "category")


def rfqs_visible_to(actor: Actor) -> QuerySet[Rfq]:
    """Published ones, those of one's own firms, and those one's firms are invited to."""
    rows = Rfq.objects.select_related("buyer", "owner", "category")
    if actor.is_staff:
        return rows
    mine = Q(buyer__in=[*parties.roles_of(actor)])
    asked = Q(pk__in=_invited_ids(actor), published_at__isnull=False)
    public = Q(visibility=Visibility.PUBLIC, published_at__isnull=False)
    return rows.filter(public | mine | asked)


def _invited_ids(actor: Actor) -> QuerySet[Rfq, int]:
    firms = [*parties.roles_of(actor)]
    return Rfq.objects.filter(invited__organisation__in=firms).values_list("pk", flat=True)


def get_rfq(actor: Actor, slug: str) -> Rfq:
    """One by its address. Raises NotFound."""
    if found := rfqs_visible_to(actor).filter(slug=slug).first():
        return found
    raise NotFound


def get_own(actor: Actor, slug: str) -> Rfq:
    """One of a firm whose manager asks. Raises NotFound for outsiders, Forbidden for staff."""
    rfq = get_rfq(actor, slug)
    if not (actor.is_staff or parties.is_member(actor, rfq.buyer_id)):
        raise NotFound
    if not policies.can_edit(actor, rfq):
        raise Forbidden
    return rfq


def _lock(actor: Actor, rfq_id: int) -> Rfq:
    rows = rfqs_visible_to(actor).select_for_update(of=("self",))
    if found := rows.filter(pk=rfq_id).first():
        return found
    raise NotFound


def lock_editable(actor: Actor, rfq_id: int) -> Rfq:
    """Row locked, for managers of the buying firm. Raises NotFound, Forbidden."""
    rfq = _lock(actor, rfq_id)
    if not policies.can_edit(actor, rfq):
        raise Forbidden
    return rfq


def lock_seen(actor: Actor, rfq_id: int) -> Rfq:
    """Row locked, for whoever may see it published. Raises NotFound."""
    rfq = _lock(actor, rfq_id)
    if rfq.state == RfqState.DRAFT:
        raise NotFound
    return rfq


def lock_rfq(rfq_id: int) -> Rfq | None:
    """Row locked, for the platform's own work."""
    return Rfq.objects.select_for_update().filter(pk=rfq_id).first()


def quotations_visible_to(actor: Actor) -> QuerySet[Quotation]:
    """Those of one's firms; as the buyer's manager those that may be read by now."""
    rows = Quotation.objects.select_related("rfq__buyer", "bidder")
    own = Q(bidder__in=[*parties.roles_of(actor)])
    opened = Q(
        rfq__closed_at__isnull=False, rfq__state__in=(RfqState.CLOSED, RfqState.AWARDED)
    ) | Q(rfq__sealed=False)
    readable = opened & ~Q(state=QuotationState.WITHDRAWN)
    if not actor.is_staff:
        readable &= Q(rfq__buyer__in=parties.managed_by(actor))
    return rows.filter(own | readable)


def get_quotation(actor: Actor, quotation_id: int) -> Quotation:
    """One by its id. Raises NotFound."""
    if found := quotations_visible_to(actor).filter(pk=quotation_id).first():
        return found
    raise NotFound


def lock_quotation(actor: Actor, quotation_id: int) -> Quotation:
    """Row locked, for managers of the bidder. Raises NotFound, Forbidden."""
    rows = quotations_visible_to(actor).select_for_update(of=("self",))
    found = rows.filter(pk=quotation_id).first()
    if found is None or not (actor.is_staff or parties.is_member(actor, found.bidder_id)):
        raise NotFound
    if not parties.can_manage(actor, found.bidder_id):
        raise Forbidden
    return found


def offer_of(version: QuotationVersion, rfq: Rfq) -> Offer:
    """What a version says; the caller has asked `policies.can_read_offer`."""
    if version.content is not None:
        return Offer.from_json(version.content)
    return sealing.open_(
        version.sealed, rfq.seal.wrapped, rfq.pk, version.quotation_id, version.number
    )


def latest_version(quotation: Quotation) -> QuotationVersion:
    """The version that counts."""
    return quotation.versions.get(number=quotation.latest)


def lock_award(actor: Actor, award_id: int) -> Award:
    """Row locked after its request's, for managers of the buyer. Raises NotFound, Forbidden."""
    found = Award.objects.filter(pk=award_id).first()
    if found is None:
        raise NotFound
    rfq = lock_editable(actor, found.rfq_id)
    award = Award.objects.select_for_update().get(pk=award_id)
    award.rfq = rfq
    return award


def lock_winner(actor: Actor, winner_id: int) -> Winner:
    """Row locked, for managers of the firm that won. Raises NotFound, Forbidden."""
    rows = Winner.objects.select_for_update(of=("self",))
    rows = rows.select_related("quotation__rfq", "quotation__bidder", "award")
    found = rows.filter(pk=winner_id).first()
    if found is None or not parties.is_member(actor, found.quotation.bidder_id):
        raise NotFound
    if not parties.can_manage(actor, found.quotation.bidder_id):
        raise Forbidden
    return found
