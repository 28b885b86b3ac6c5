"""Categories and brand channels: kept by operators."""

from typing import Any

from haishi.catalogue.models import Brand, Category
from haishi.foundation import audit
from haishi.foundation.errors import Forbidden
from haishi.foundation.service import service
from haishi.foundation.types import Actor


@service
def make_category(
    actor: Actor, slug: str, name: str, name_en: str, parent: Category | None, order: int
) -> Category:
    """A node of the tree, new or changed; operators only. Raises Forbidden."""
    if not actor.is_staff:
        raise Forbidden
    row, _ = Category.objects.update_or_create(
        slug=slug, defaults={"name": name, "name_en": name_en, "parent": parent, "order": order}
    )
    audit.record(actor, "category.made", row, slug=slug, name=name)
    return row


@service
def make_brand(actor: Actor, slug: str, keeper_id: int, **fields: Any) -> Brand:
    """A brand channel, new or changed; operators only. Raises Forbidden."""
    if not actor.is_staff:
        raise Forbidden
    row, _ = Brand.objects.update_or_create(slug=slug, defaults={"keeper_id": keeper_id, **fields})
    audit.record(actor, "brand.made", row, slug=slug, keeper=keeper_id)
    return row
