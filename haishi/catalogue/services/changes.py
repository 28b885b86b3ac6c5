"""What every change of a product has in common."""

from haishi.catalogue.events import BrandWished, ProductChanged
from haishi.catalogue.models import Product
from haishi.catalogue.states import PRODUCT, ProductState
from haishi.foundation import audit
from haishi.foundation.outbox import publish
from haishi.foundation.types import Actor


def move(actor: Actor, product: Product, action: str, *fields: str) -> None:
    """One step of the state machine; also saves `fields`. Raises Conflict."""
    before = product.state
    product.state = PRODUCT.after(product.state, action)
    product.version += 1
    product.save(update_fields=["state", "version", "updated_at", *fields])
    audit.record(
        actor,
        f"product.{action}",
        product,
        before={"state": before},
        after={"state": product.state},
    )
    changed(product)


def changed(product: Product) -> None:
    """Tell that something a visitor may see of it changed."""
    publish(ProductChanged(organisation_id=product.organisation_id, product_id=product.pk))


def wish(product: Product) -> None:
    """Tell the keeper of the channel that a listed product would like to come in."""
    waits = product.brand_id is not None and not product.brand_admitted
    if waits and product.state == ProductState.LISTED:
        publish(
            BrandWished(
                organisation_id=product.organisation_id,
                product_id=product.pk,
                brand_id=product.brand_id or 0,
            )
        )
