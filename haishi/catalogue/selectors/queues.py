"""What waits for moderators and for keepers of brand channels."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.catalogue import policies
from haishi.catalogue.models import Brand, Product
from haishi.catalogue.selectors.core import LISTED, PRESENT
from haishi.catalogue.states import ProductState
from haishi.expo.selectors import Pending, can_moderate
from haishi.foundation.audit import history
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor

__all__ = [
    "QUEUES",
    "WishPage",
    "get_for_moderation",
    "moderation_queue",
    "products_to_judge",
    "story_of",
    "wishes",
]
PER_PAGE = 40
QUEUES = ("waiting", "changed", "returned", "listed")


def _to_judge(actor: Actor, edition_id: int) -> QuerySet[Product]:
    """Products of the firms that come to an edition, drafts left out.

    Operators judge those of every firm, because some firms come to no edition yet.
    """
    handed_in = Product.objects.exclude(state=ProductState.DRAFT)
    if actor.is_staff:
        return handed_in
    firms = Product.objects.filter(
        organisation__exhibitors__edition=edition_id,
        organisation__exhibitors__state__in=PRESENT,
    )
    return handed_in.filter(pk__in=firms.values("pk"))


def moderation_queue(
    actor: Actor, edition: Any, queue: str, number: str
) -> tuple[Page[Product], dict[str, int]]:
    """A page of one of `QUEUES`, longest waiting first, and how many are in each.

    Raises Forbidden.
    """
    if not can_moderate(actor, edition):
        raise Forbidden
    base = _to_judge(actor, edition.pk)
    found: dict[str, QuerySet[Product]] = {
        "waiting": base.filter(state=ProductState.SUBMITTED).order_by("submitted_at", "pk"),
        "changed": base.filter(LISTED, unreviewed=True).order_by("updated_at", "pk"),
        "returned": base.filter(state=ProductState.RETURNED).order_by("-updated_at", "-pk"),
        "listed": base.filter(LISTED).order_by("-listed_at", "-pk"),
    }
    counts = {name: rows.order_by().count() for name, rows in found.items()}
    rows = found[queue].select_related("organisation", "category")
    return Paginator(rows, PER_PAGE).get_page(number), counts


def products_to_judge(edition: Any) -> Pending:
    """How many products of the firms of an edition wait for its moderators. One query."""
    firms = Q(
        organisation__exhibitors__edition=edition,
        organisation__exhibitors__state__in=PRESENT,
    )
    waiting = Product.objects.filter(firms, state=ProductState.SUBMITTED)
    return Pending(
        _("待审核的产品"),
        waiting.distinct().count(),
        _("不会进入存档"),
        reverse("catalogue:moderation", args=[edition.slug]),
    )


def get_for_moderation(actor: Actor, edition: Any, product_id: int) -> Product:
    """A product of a firm of this edition, for its moderators. Raises NotFound, Forbidden."""
    if not can_moderate(actor, edition):
        raise Forbidden
    found = _to_judge(actor, edition.pk).select_related("organisation", "category__parent", "brand")
    product = found.filter(pk=product_id).first()
    if product is None:
        raise NotFound
    return product


def story_of(product: Product) -> list[Any]:
    """What happened to it, newest first."""
    return history(product, 20)


@dataclass(slots=True)
class WishPage:
    """A channel's door: who asks to come in, or who is in."""

    brand: Brand
    page: Page[Product]
    waiting: int
    admitted: int


def wishes(actor: Actor, slug: str, admitted: bool, number: str) -> WishPage:
    """Listed products that ask for a channel, or that are in it. Raises NotFound."""
    brand = Brand.objects.select_related("keeper").filter(slug=slug).first()
    if brand is None or not policies.can_keep(actor, brand):
        raise NotFound
    found = Product.objects.filter(LISTED, brand=brand)
    waiting = found.filter(brand_admitted=False)
    inside = found.filter(brand_admitted=True)
    rows = (
        inside.order_by("-listed_at", "-pk") if admitted else waiting.order_by("updated_at", "pk")
    )
    page = Paginator(rows.select_related("organisation", "category"), PER_PAGE).get_page(number)
    return WishPage(brand, page, waiting.count(), inside.count())
