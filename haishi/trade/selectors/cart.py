"""What is in a cart, at today's prices."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from haishi.catalogue import selectors as catalogue
from haishi.catalogue.states import PriceMode, ProductKind, ProductState
from haishi.catalogue.types import ProductRow
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.errors import DomainError, NotFound
from haishi.foundation.models import Submission
from haishi.foundation.money import Money
from haishi.foundation.types import Actor
from haishi.media import selectors as media
from haishi.parties import selectors as parties
from haishi.trade import policies
from haishi.trade.errors import NotForSale, NothingToDeliver, OwnProduct
from haishi.trade.models import CartLine, Deliverable, Order
from haishi.trade.selectors.orders import least_of, price_of, stock_left

__all__ = [
    "CartGroup",
    "CartItem",
    "Choice",
    "cart_count",
    "cart_group",
    "cart_group_or_none",
    "cart_of",
    "choice_of",
    "get_buyable",
    "lock_cart",
    "lock_cart_line",
    "open_offers",
    "order_of_checkout",
    "sold_directly",
]


@dataclass(slots=True)
class CartItem:
    """A line of a cart. `seen` is the price when it was put there, `price` today's; `trouble` says
    why it cannot be ordered now, "" when it can. `left` is None for what is made to order.
    """

    id: int
    product: Any
    picture: Any
    quantity: int
    least: int
    seen: Money
    price: Money | None
    left: int | None
    trouble: str

    @property
    def most(self) -> int:
        """How many may be chosen."""
        return policies.MOST_UNITS if self.left is None else max(1, self.left)

    @property
    def thumb(self) -> str:
        """Address of a small picture, or ""."""
        return self.picture.url(320) if self.picture else ""

    @property
    def changed(self) -> bool:
        """Whether the price is another than the buyer knows."""
        return self.price is not None and self.price != self.seen

    @property
    def total(self) -> Money:
        """Of the whole line at today's price."""
        price = self.price or self.seen
        return Money(price.minor * self.quantity, price.currency)


@dataclass(slots=True)
class CartGroup:
    """What becomes one order: one seller, one kind, one currency."""

    seller: Any
    kind: str
    currency: str
    items: list[CartItem]

    @property
    def kind_label(self) -> Any:
        """The kind in the reader's language."""
        return ProductKind(self.kind).label

    @property
    def ready(self) -> list[CartItem]:
        """What can be ordered now."""
        return [item for item in self.items if not item.trouble]

    @property
    def total(self) -> Money:
        """Of what can be ordered now."""
        return Money(sum(item.total.minor for item in self.ready), self.currency)


def cart_count(actor: Actor) -> int:
    """How many different products are in the cart."""
    return CartLine.objects.filter(person=actor.pk).count() if actor.is_authenticated else 0


def cart_of(actor: Actor) -> list[CartGroup]:
    """Everything in the cart, newest group first; six queries at any size."""
    groups: dict[tuple[int, str, str], CartGroup] = {}
    for item in _items(actor, list(_lines(actor).order_by("-pk"))):
        seller, kind = item.product.organisation, item.product.kind
        currency = (item.price or item.seen).currency
        key = (seller.pk, kind, currency)
        groups.setdefault(key, CartGroup(seller, kind, currency, [])).items.append(item)
    return list(groups.values())


def cart_group(actor: Actor, org: str, kind: str, currency: str, only: int = 0) -> CartGroup:
    """What becomes one order; `only` narrows it to one line. Raises NotFound when nothing can be
    ordered.
    """
    for group in cart_of(actor):
        if (group.seller.slug, group.kind, group.currency) != (org, kind, currency):
            continue
        if only:
            group.items = [item for item in group.items if item.id == only]
        if group.ready:
            return group
    raise NotFound


def cart_group_or_none(
    actor: Actor, org: str, kind: str, currency: str, only: int = 0
) -> CartGroup | None:
    """The same, None when nothing can be ordered."""
    try:
        return cart_group(actor, org, kind, currency, only)
    except NotFound:
        return None


def order_of_checkout(actor: Actor, key: str) -> str:
    """The number of the order that a page with this key made, "" when it made none."""
    made = Submission.objects.filter(key=f"checkout:{actor.pk}:{key}"[:160]).first()
    if made is None or made.answer is None:
        return ""
    return Order.objects.filter(pk=made.answer).values_list("number", flat=True).first() or ""


@dataclass(slots=True)
class Choice:
    """A product about to be bought: `price` of one of `quantity`; `tiers` (from, price of one)."""

    product: Any
    picture: Any
    quantity: int
    least: int
    most: int
    left: int | None
    price: Money
    tiers: list[tuple[int, Money]]

    @property
    def unit(self) -> Bilingual:
        """What one is called."""
        return Bilingual(self.product.unit, self.product.unit_en)

    @property
    def total(self) -> Money:
        """Of so many."""
        return Money(self.price.minor * self.quantity, self.price.currency)


def choice_of(actor: Actor, slug: str, wished: int) -> Choice:
    """What the page says on which a number is chosen; a number too small becomes the least.

    Raises NotFound, NotForSale, OwnProduct, NothingToDeliver.
    """
    product = catalogue.get_visible(actor, slug)
    tiers = catalogue.tiers_of(product) if product.price_mode == PriceMode.TIERS else []
    least = least_of(product, tiers)
    quantity = min(max(wished, least), policies.MOST_UNITS)
    _product, price, left = get_buyable(actor, product.pk, quantity)
    pictures = media.pictures(product.picture_ids[:1], (640,))
    return Choice(
        product=product,
        picture=next(iter(pictures.values()), None),
        quantity=quantity,
        least=least,
        most=policies.MOST_UNITS if left is None else left,
        left=left,
        price=price,
        tiers=[(minimum, Money(cost, product.currency)) for minimum, cost in tiers],
    )


def _lines(actor: Actor) -> Any:
    rows = CartLine.objects.select_related("product__organisation")
    return rows.filter(person=actor.pk)


def _items(actor: Actor, lines: Sequence[CartLine]) -> list[CartItem]:
    products = [line.product for line in lines]
    ids = [product.pk for product in products]
    tiers = catalogue.tiers_of_many(
        [row.pk for row in products if row.price_mode == PriceMode.TIERS]
    )
    left = stock_left(ids)
    filed = _delivering(row.pk for row in products if row.kind == ProductKind.FILE)
    pictures = media.pictures([row.picture_ids[0] for row in products if row.picture_ids], (320,))
    mine = {firm.pk for firm in parties.organisations_of(actor)} if lines else set()
    found = []
    for line in lines:
        row = line.product
        price, trouble = _priced(row, tiers.get(row.pk, []), line.quantity)
        stock = left.get(row.pk)
        if not trouble:
            trouble = _trouble(row, line.quantity, stock, row.organisation_id in mine, filed)
        found.append(
            CartItem(
                id=line.pk,
                product=row,
                picture=pictures.get(row.picture_ids[0]) if row.picture_ids else None,
                quantity=line.quantity,
                least=least_of(row, tiers.get(row.pk, [])),
                seen=line.seen,
                price=price,
                left=stock,
                trouble=trouble,
            )
        )
    return found


def _priced(row: Any, tiers: Sequence[tuple[int, int]], quantity: int) -> tuple[Money | None, str]:
    if row.state != ProductState.LISTED:
        return None, _("已下架，暂时不能购买。")
    if row.kind not in policies.SHOP_KINDS:
        return None, str(NotForSale(name=row.title))
    try:
        return price_of(row, tiers, quantity), ""
    except DomainError as error:
        return None, str(error)


def _trouble(row: Any, quantity: int, left: int | None, own: bool, filed: set[int]) -> str:
    if own:
        return str(OwnProduct())
    if row.kind == ProductKind.FILE and row.pk not in filed:
        return str(NothingToDeliver(name=row.title))
    if left == 0:
        return _("已售完。")
    if left is not None and quantity > left:
        return _("只剩 %(left)s 件，请减少数量。") % {"left": left}
    return ""


def _delivering(ids: Any) -> set[int]:
    wanted = [*ids]
    if not wanted:
        return set()
    rows = Deliverable.objects.filter(product__in=wanted)
    return set(rows.values_list("product_id", flat=True))


def sold_directly(rows: Sequence[ProductRow]) -> list[ProductRow]:
    """Those of a list that may be put in a cart: with a price, and files with something to deliver.
    One query when there are files among them, else none.
    """
    found = [row for row in rows if row.priced and row.kind_key in policies.SHOP_KINDS]
    filed = _delivering(row.id for row in found if row.kind_key == ProductKind.FILE)
    return [row for row in found if row.kind_key != ProductKind.FILE or row.id in filed]


def open_offers(products: Collection[Any]) -> set[int]:
    """Ids of those of listed products that can be ordered now: with a price, of a kind the shop
    sells, with files where files are sold, and not sold out. At most four queries.
    """
    priced = [row for row in products if _has_price(row)]
    filed = _delivering(row.pk for row in priced if row.kind == ProductKind.FILE)
    sold = [row for row in priced if row.kind != ProductKind.FILE or row.pk in filed]
    left = stock_left([row.pk for row in sold]) if sold else {}
    counted = [row.pk for row in sold if row.pk in left and row.price_mode == PriceMode.TIERS]
    tiers = catalogue.tiers_of_many(counted) if counted else {}
    return {
        row.pk
        for row in sold
        if row.pk not in left or left[row.pk] >= max(1, least_of(row, tiers.get(row.pk, [])))
    }


def _has_price(row: Any) -> bool:
    known = row.price_mode != PriceMode.REQUEST and row.price_minor is not None
    return known and row.kind in policies.SHOP_KINDS


def get_buyable(actor: Actor, product_id: int, quantity: int) -> tuple[Any, Money, int | None]:
    """(product, price of one, units left) of what the person may put in a cart.

    Raises NotFound, NotForSale, OwnProduct, NothingToDeliver, BelowMinimum.
    """
    product = catalogue.product_by_id(product_id)
    if product is None or product.state != ProductState.LISTED:
        raise NotFound
    if product.kind not in policies.SHOP_KINDS:
        raise NotForSale(name=product.title)
    tiers = catalogue.tiers_of(product) if product.price_mode == PriceMode.TIERS else []
    price = price_of(product, tiers, quantity)
    if parties.is_member(actor, product.organisation_id):
        raise OwnProduct
    if product.kind == ProductKind.FILE and not _delivering([product.pk]):
        raise NothingToDeliver(name=product.title)
    return product, price, stock_left([product.pk]).get(product.pk)


def lock_cart_line(actor: Actor, line_id: int) -> CartLine:
    """Row locked, of one's own cart. Raises NotFound."""
    rows = CartLine.objects.select_for_update().filter(person=actor.pk, pk=line_id)
    if found := rows.first():
        return found
    raise NotFound


def lock_cart(actor: Actor, line_ids: Sequence[int]) -> dict[int, CartLine]:
    """{id: line, row locked} of those of one's own that are still there."""
    rows = CartLine.objects.select_for_update(of=("self",)).select_related("product")
    return {row.pk: row for row in rows.filter(person=actor.pk, pk__in=line_ids).order_by("pk")}
