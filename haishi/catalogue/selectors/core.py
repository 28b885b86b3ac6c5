"""Who may see, change and judge which product; the category tree and the brand channels."""

from django.db.models import Q, QuerySet

from haishi.catalogue import policies
from haishi.catalogue.models import Brand, Category, Product
from haishi.catalogue.states import ProductState
from haishi.expo.states import ExhibitorState
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.prepared import Given, Prepared
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.parties.states import Duty

__all__ = [
    "LISTED",
    "PRESENT",
    "brand_by_id",
    "brands",
    "categories",
    "get_brand",
    "get_category",
    "get_visible",
    "get_visible_by_id",
    "lock_editable",
    "lock_for_keeping",
    "lock_for_moderation",
    "visible_to",
]
LISTED = Q(state=ProductState.LISTED)
# States of an exhibitor in which its firm has come forward: everything but a draft.
PRESENT = [state for state in ExhibitorState if state != ExhibitorState.DRAFT]


def visible_to(actor: Actor) -> QuerySet[Product]:
    """Listed products, those of one's own firms, and for moderators what firms handed in."""
    rows = Product.objects.select_related("organisation", "category__parent", "brand")
    if actor.is_staff:
        return rows
    mine = Q(organisation__in=parties.roles_of(actor))
    organisers = parties.organisers_of(actor, (Duty.MODERATOR, Duty.REVIEWER))
    if organisers:
        # Ids instead of a join: a firm that takes part twice would show its products twice.
        coming = Product.objects.filter(
            organisation__exhibitors__edition__series__organiser__in=organisers,
            organisation__exhibitors__state__in=PRESENT,
        )
        mine |= ~Q(state=ProductState.DRAFT) & Q(pk__in=coming.values("pk"))
    return rows.filter(LISTED | mine)


_LISTED_PRODUCT = Prepared(
    lambda: Product.objects.filter(LISTED, slug=Given("slug")).select_related(
        "organisation", "category__parent", "brand"
    )
)


def get_visible(actor: Actor, slug: str) -> Product:
    """One by its address. Raises NotFound."""
    public: Product | None = _LISTED_PRODUCT.first(slug=slug)
    if public:
        return public
    if found := visible_to(actor).filter(slug=slug).first():
        return found
    raise NotFound


def get_visible_by_id(actor: Actor, product_id: int) -> Product:
    """One by its id. Raises NotFound."""
    if found := visible_to(actor).filter(pk=product_id).first():
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


def lock_for_keeping(actor: Actor, product_id: int) -> Product:
    """Row locked with its brand, for the keeper of the channel. Raises NotFound, Forbidden."""
    product = _lock(actor, product_id)
    if product.brand is None or not policies.can_keep(actor, product.brand):
        raise Forbidden
    return product


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


def brand_by_id(brand_id: int) -> Brand | None:
    """One by its id."""
    return Brand.objects.filter(pk=brand_id).first()
