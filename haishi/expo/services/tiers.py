"""Tiers of participation and what they entitle to."""

from typing import Any

from django.db import IntegrityError, transaction

from haishi.expo import selectors
from haishi.expo.errors import AddressTaken, TierInUse
from haishi.expo.events import EditionChanged
from haishi.expo.models import Exhibitor, Tier
from haishi.foundation import audit
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor


@service
def add_tier(actor: Actor, edition_id: int, **fields: Any) -> Tier:
    """A new tier. `fields` are fields of Tier. Raises NotFound, Forbidden, AddressTaken."""
    edition = selectors.lock_edition(actor, edition_id)
    tier = Tier(edition=edition, **fields)
    _save(tier)
    audit.record(actor, "tier.added", tier, slug=tier.slug)
    return tier


def _save(tier: Tier) -> None:
    try:
        with transaction.atomic():
            tier.save()
    except IntegrityError:
        raise AddressTaken from None


@service
def edit_tier(actor: Actor, tier_id: int, **changes: Any) -> Tier:
    """Change what a tier includes. Raises NotFound, Forbidden, AddressTaken."""
    tier = selectors.lock_tier(actor, tier_id)
    before = {name: getattr(tier, name) for name in changes if getattr(tier, name) != changes[name]}
    for name in before:
        setattr(tier, name, changes[name])
    _save(tier)
    audit.record(
        actor, "tier.edited", tier, before=before, after={name: changes[name] for name in before}
    )
    publish(EditionChanged(tier.edition_id))
    return tier


@service
def remove_tier(actor: Actor, tier_id: int) -> None:
    """Remove a tier nobody is in. Raises NotFound, Forbidden, TierInUse."""
    tier = selectors.lock_tier(actor, tier_id)
    count = Exhibitor.objects.filter(tier=tier).count()
    if count:
        raise TierInUse(count=count)
    audit.record(actor, "tier.removed", tier, slug=tier.slug)
    tier.delete()
