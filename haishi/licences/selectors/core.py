"""Titles, offers and licences by who may see them. What a person may not see does not exist."""

from django.db.models import Q, QuerySet

from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.licences import policies
from haishi.licences.models import Licence, Offer, Title
from haishi.licences.states import OfferState, TitleState
from haishi.parties import selectors as parties

__all__ = [
    "get_licence",
    "get_offer",
    "get_own_offer",
    "get_title",
    "licences_visible_to",
    "lock_licence",
    "lock_own_offer",
    "lock_title",
    "lock_title_for_review",
    "offers_visible_to",
    "open_offers",
    "title_of",
]
SHOWN = Q(state=OfferState.OPEN, title__state=TitleState.VERIFIED, product__state="listed")


def title_of(product_id: int) -> Title | None:
    """The chain of title of a product, if there is one; the caller has checked who asks."""
    return Title.objects.filter(product=product_id).first()


def get_title(actor: Actor, title_id: int) -> Title:
    """One for its firm, reviewers, and parties of a licence of the work. Raises NotFound."""
    rows = Title.objects.select_related("product", "organisation", "verified_by")
    row = rows.filter(pk=title_id).first()
    if row is None or not policies.can_read_papers(actor, row):
        raise NotFound
    return row


def _locked_title(title_id: int) -> Title:
    rows = Title.objects.select_for_update(of=("self",)).select_related("product", "organisation")
    if found := rows.filter(pk=title_id).first():
        return found
    raise NotFound


def lock_title(actor: Actor, title_id: int) -> Title:
    """Row locked, for managers of its firm. Raises NotFound, Forbidden."""
    row = _locked_title(title_id)
    if not policies.can_read_papers(actor, row):
        raise NotFound
    if not policies.can_edit_title(actor, row):
        raise Forbidden
    return row


def lock_title_for_review(actor: Actor, title_id: int) -> Title:
    """Row locked, for reviewers. Raises NotFound, Forbidden."""
    row = _locked_title(title_id)
    if not policies.can_read_papers(actor, row):
        raise NotFound
    if not policies.can_review_title(actor, row):
        raise Forbidden
    return row


def open_offers() -> QuerySet[Offer]:
    """What everybody may ask for."""
    return Offer.objects.filter(SHOWN).select_related("product", "organisation", "title")


def offers_visible_to(actor: Actor) -> QuerySet[Offer]:
    """Open offers, and in every state those of one's own firms."""
    rows = Offer.objects.select_related("product__category", "organisation", "title")
    if actor.is_staff:
        return rows
    return rows.filter(SHOWN | Q(organisation__in=parties.roles_of(actor)))


def get_offer(actor: Actor, number: str) -> Offer:
    """One by its number. Raises NotFound."""
    if found := offers_visible_to(actor).filter(number=number).first():
        return found
    raise NotFound


def get_own_offer(actor: Actor, number: str) -> Offer:
    """One for managers of the licensor. Raises NotFound, Forbidden."""
    row = get_offer(actor, number)
    if not policies.can_edit_offer(actor, row):
        raise Forbidden
    return row


def lock_own_offer(actor: Actor, number: str) -> Offer:
    """The same, row locked. Raises NotFound, Forbidden."""
    row = get_own_offer(actor, number)
    rows = Offer.objects.select_for_update(of=("self",))
    return rows.select_related("product", "organisation", "title").get(pk=row.pk)


def licences_visible_to(actor: Actor) -> QuerySet[Licence]:
    """Those of one's own firms on either side, newest first."""
    rows = Licence.objects.select_related("product", "licensor", "licensee", "offer__title")
    if actor.is_staff:
        return rows
    mine = [*parties.roles_of(actor)]
    return rows.filter(Q(licensor__in=mine) | Q(licensee__in=mine))


def get_licence(actor: Actor, number: str) -> Licence:
    """One for members of its two firms. Raises NotFound."""
    if found := licences_visible_to(actor).filter(number=number).first():
        return found
    raise NotFound


def lock_licence(actor: Actor, number: str, side: str = "") -> Licence:
    """Row locked, for managers of `side`: licensor, licensee, or either when empty.

    Raises NotFound, Forbidden.
    """
    row = get_licence(actor, number)
    may = {
        "licensor": policies.is_licensor(actor, row),
        "licensee": policies.is_licensee(actor, row),
    }
    if not (may[side] if side else any(may.values())):
        raise Forbidden
    return lock_by_id(row.pk)


def lock_by_id(licence_id: int) -> Licence:
    """Row locked, for the platform's own work. Raises NotFound."""
    rows = Licence.objects.select_for_update(of=("self",))
    rows = rows.select_related("product", "licensor", "licensee", "offer__title", "buyer")
    if found := rows.filter(pk=licence_id).first():
        return found
    raise NotFound
