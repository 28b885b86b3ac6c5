"""Who may do what with a product. Pure questions."""

from haishi.catalogue.models import Brand, Product
from haishi.expo import selectors as expo
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.parties.states import Duty


def can_edit(actor: Actor, product: Product) -> bool:
    """Owners and managers of its firm."""
    return parties.can_manage(actor, product.organisation_id)


def can_moderate(actor: Actor, product: Product) -> bool:
    """Moderators of an organiser in whose edition the firm takes part."""
    organisers = parties.organisers_of(actor, (Duty.MODERATOR, Duty.REVIEWER))
    if actor.is_staff:
        return True
    return bool(organisers) and expo.takes_part(product.organisation_id, organisers)


def can_keep(actor: Actor, brand: Brand) -> bool:
    """Managers of the organisation that keeps a channel, and an organiser's moderators."""
    return parties.can_manage(actor, brand.keeper_id) or parties.has_duty(
        actor, brand.keeper_id, (Duty.MODERATOR,)
    )
