"""Judging products: the organiser's moderators, and the keepers of brand channels."""

from haishi.catalogue import selectors
from haishi.catalogue.errors import NotListed, ReasonMissing
from haishi.catalogue.events import BrandAnswered, ProductListed, ProductReturned
from haishi.catalogue.models import Product
from haishi.catalogue.services.changes import changed, move, wish
from haishi.catalogue.states import ProductState
from haishi.foundation import audit, clock
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor


@service
def approve(actor: Actor, product_id: int) -> Product:
    """List a product. Raises NotFound, Forbidden, Conflict."""
    product = selectors.lock_for_moderation(actor, product_id)
    product.listed_at = product.listed_at or clock.now()
    product.reason = ""
    product.unreviewed = False
    move(actor, product, "approve", "listed_at", "reason", "unreviewed")
    publish(ProductListed(organisation_id=product.organisation_id, product_id=product.pk))
    wish(product)
    return product


@service
def return_(actor: Actor, product_id: int, reason: str) -> Product:
    """Send a product back with a reason. Raises NotFound, Forbidden, ReasonMissing, Conflict."""
    product = selectors.lock_for_moderation(actor, product_id)
    if not reason.strip():
        raise ReasonMissing
    product.reason = reason.strip()
    product.unreviewed = False
    move(actor, product, "return", "reason", "unreviewed")
    publish(ProductReturned(organisation_id=product.organisation_id, product_id=product.pk))
    return product


@service
def acknowledge(actor: Actor, product_id: int) -> Product:
    """Leave a listed product as its firm changed it. Raises NotFound, Forbidden, NotListed."""
    product = selectors.lock_for_moderation(actor, product_id)
    if product.state != ProductState.LISTED:
        raise NotListed
    if product.unreviewed:
        product.unreviewed = False
        product.save(update_fields=["unreviewed"])
        audit.record(actor, "product.acknowledged", product)
    return product


@service
def admit(actor: Actor, product_id: int) -> Product:
    """Let a listed product into the brand channel it wishes for.

    Only the channel's keeper. Raises NotFound, Forbidden, NotListed.
    """
    product = selectors.lock_for_keeping(actor, product_id)
    if product.state != ProductState.LISTED:
        raise NotListed
    if not product.brand_admitted:
        product.brand_admitted = True
        product.save(update_fields=["brand_admitted", "updated_at"])
        audit.record(actor, "product.admitted", product, brand=product.brand_id)
        _answered(product, product.brand_id or 0, admitted=True)
    return product


@service
def decline(actor: Actor, product_id: int) -> Product:
    """Answer no to the wish, or take the product out of the channel; the firm may ask again.

    Only the channel's keeper. Raises NotFound, Forbidden.
    """
    product = selectors.lock_for_keeping(actor, product_id)
    brand_id = product.brand_id or 0
    product.brand_id, product.brand_admitted = None, False
    product.version += 1
    product.save(update_fields=["brand", "brand_admitted", "version", "updated_at"])
    audit.record(
        actor, "product.declined", product, before={"brand_id": brand_id}, after={"brand_id": None}
    )
    _answered(product, brand_id, admitted=False)
    return product


def _answered(product: Product, brand_id: int, *, admitted: bool) -> None:
    changed(product)
    publish(
        BrandAnswered(
            organisation_id=product.organisation_id,
            product_id=product.pk,
            brand_id=brand_id,
            admitted=admitted,
        )
    )
