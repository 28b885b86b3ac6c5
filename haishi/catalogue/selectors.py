"""Reading products. What a person may not see does not exist."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from haishi.catalogue import policies
from haishi.catalogue.models import Brand, Category, Exhibit, Product
from haishi.catalogue.states import ProductState
from haishi.catalogue.types import ProductRow, kind_text, price_text
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.parties.states import Duty

LISTED = Q(state=ProductState.LISTED)
_COLUMNS = (
    "id",
    "slug",
    "name",
    "name_en",
    "summary",
    "summary_en",
    "kind",
    "price_mode",
    "price_minor",
    "currency",
    "unit",
    "unit_en",
    "picture_ids",
    "organisation__name",
    "organisation__name_en",
    "brand_admitted",
    "brand__name",
    "brand__name_en",
    "listed_at",
)
SORTS = {
    "new": (F("listed_at").desc(nulls_last=True), "-id"),
    "price": (F("price_minor").asc(nulls_last=True), "-id"),
    "-price": (F("price_minor").desc(nulls_last=True), "-id"),
}


def visible_to(actor: Actor) -> QuerySet[Product]:
    """Listed products, those of one's own firms, and for moderators what firms handed in."""
    rows = Product.objects.select_related("organisation", "category__parent", "brand")
    if actor.is_staff:
        return rows
    mine = Q(organisation__in=parties.roles_of(actor))
    organisers = parties.organisers_of(actor, (Duty.MODERATOR, Duty.REVIEWER))
    if organisers:
        mine |= ~Q(state=ProductState.DRAFT) & Q(
            organisation__exhibitors__edition__series__organiser__in=organisers
        )
        return rows.filter(LISTED | mine).distinct()
    return rows.filter(LISTED | mine)


def get_visible(actor: Actor, slug: str) -> Product:
    """One by its address. Raises NotFound."""
    if found := visible_to(actor).filter(slug=slug).first():
        return found
    raise NotFound


def _lock(actor: Actor, product_id: int) -> Product:
    if not visible_to(actor).filter(pk=product_id).exists():
        raise NotFound
    return Product.objects.select_for_update().get(pk=product_id)


def lock_editable(actor: Actor, product_id: int) -> Product:
    """Row locked, for managers of its firm. Raises NotFound, Forbidden."""
    product = _lock(actor, product_id)
    if not policies.can_edit(actor, product):
        raise Forbidden
    return product


def lock_for_moderation(actor: Actor, product_id: int) -> Product:
    """Row locked, for moderators. Raises NotFound, Forbidden."""
    product = _lock(actor, product_id)
    if not policies.can_moderate(actor, product):
        raise Forbidden
    return product


def rows(products: QuerySet[Product], limit: int | None = None) -> list[ProductRow]:
    """Light rows of a queryset, in one query."""
    values = products.values_list(*_COLUMNS, named=True)
    return [_row(value) for value in (values[:limit] if limit else values)]


def _row(value: Any) -> ProductRow:
    brand = Bilingual(value.brand__name, value.brand__name_en) if value.brand_admitted else None
    unit = Bilingual(value.unit, value.unit_en)
    return ProductRow(
        id=value.id,
        slug=value.slug,
        title=Bilingual(value.name, value.name_en),
        line=Bilingual(value.summary, value.summary_en),
        kind=kind_text(value.kind),
        price=price_text(value.price_mode, value.price_minor, value.currency, unit),
        firm=Bilingual(value.organisation__name, value.organisation__name_en),
        brand=brand,
        picture_id=value.picture_ids[0] if value.picture_ids else None,
        listed_at=value.listed_at,
    )


def newest(number: int) -> list[ProductRow]:
    """The latest listed products."""
    return rows(Product.objects.filter(LISTED).order_by("-listed_at", "-id"), number)


def of_organisation(organisation_id: int, number: int = 24) -> list[ProductRow]:
    """Listed products of a firm, newest first."""
    found = Product.objects.filter(LISTED, organisation=organisation_id)
    return rows(found.order_by("-listed_at", "-id"), number)


def exhibits_of(exhibitor_id: int, number: int = 24) -> list[ProductRow]:
    """Listed products that an exhibitor shows, in its order."""
    found = Product.objects.filter(LISTED, exhibits__exhibitor=exhibitor_id)
    return rows(found.order_by("-exhibits__featured", "exhibits__order", "exhibits__id"), number)


def exhibit_ids(exhibitor_id: int) -> list[int]:
    """Ids of the products an exhibitor shows, in its order."""
    found = Exhibit.objects.filter(exhibitor=exhibitor_id).order_by("-featured", "order", "id")
    return list(found.values_list("product_id", flat=True))


@dataclass(frozen=True)
class Filters:
    """What a list of products may be narrowed by."""

    category: str = ""
    kind: str = ""
    brand: str = ""
    sort: str = "new"


def listed(filters: Filters) -> QuerySet[Product]:
    """Listed products that match, in the wished order."""
    found = Product.objects.filter(LISTED)
    if filters.category:
        # Ids instead of a join on the parent, so that the index on category serves the sort.
        ids = Category.objects.filter(
            Q(slug=filters.category) | Q(parent__slug=filters.category)
        ).values_list("pk", flat=True)
        found = found.filter(category__in=list(ids))
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.brand:
        found = found.filter(brand__slug=filters.brand, brand_admitted=True)
    return found.order_by(*SORTS.get(filters.sort, SORTS["new"]))


def categories() -> list[tuple[Category, list[Category]]]:
    """The tree: top nodes with their children, in order, in one query."""
    nodes = list(Category.objects.order_by("order", "pk"))
    children: dict[int | None, list[Category]] = {}
    for node in nodes:
        children.setdefault(node.parent_id, []).append(node)
    return [(top, children.get(top.pk, [])) for top in children.get(None, [])]


def get_category(slug: str) -> Category:
    """One with its parent. Raises NotFound."""
    if found := Category.objects.select_related("parent").filter(slug=slug).first():
        return found
    raise NotFound


def brands() -> list[Brand]:
    """All brand channels."""
    return list(Brand.objects.select_related("keeper").order_by("pk"))


def get_brand(slug: str) -> Brand:
    """One. Raises NotFound."""
    if found := Brand.objects.select_related("keeper").filter(slug=slug).first():
        return found
    raise NotFound


def where_shown(product_id: int) -> list[int]:
    """Ids of exhibitors that show a product; whether a reader may see them is expo's to say."""
    found = Exhibit.objects.filter(product=product_id).order_by("-exhibitor__edition__opens_at")
    return list(found.values_list("exhibitor_id", flat=True))


def picture_ids(found: Iterable[ProductRow]) -> Sequence[int]:
    """Ids of the pictures a list needs."""
    return [row.picture_id for row in found if row.picture_id]
