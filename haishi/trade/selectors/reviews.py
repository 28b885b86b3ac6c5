"""Reviews: on the product's page, at the seller's desk, before a moderator."""

from typing import Any

from django.db.models import QuerySet

from haishi.catalogue import selectors as catalogue
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.trade import policies
from haishi.trade.models import OrderLine, Review

__all__ = [
    "get_bought_line",
    "lock_bought_line",
    "lock_review",
    "lock_review_as_seller",
    "review_facts",
    "review_of_line",
    "reviews_in_edition",
    "reviews_of_firm",
]


def get_bought_line(actor: Actor, number: str, line_id: int) -> OrderLine:
    """A line with a product of an order that the person placed. Raises NotFound."""
    rows = OrderLine.objects.select_related("order__seller", "product").exclude(product=None)
    found = rows.filter(pk=line_id, order__number=number, order__buyer=actor.pk).first()
    if found is None:
        raise NotFound
    return found


def lock_bought_line(actor: Actor, line_id: int) -> OrderLine:
    """The same by its id, row locked: whoever writes about it twice waits. Raises NotFound."""
    rows = OrderLine.objects.select_for_update(of=("self",)).select_related("order")
    found = rows.filter(pk=line_id, order__buyer=actor.pk).exclude(product=None).first()
    if found is None:
        raise NotFound
    return found


def review_of_line(line: OrderLine) -> Review | None:
    """What its buyer said, if anything."""
    return Review.objects.filter(line=line).first()


def lock_review(review_id: int) -> Review:
    """Row locked. Raises NotFound."""
    rows = Review.objects.select_for_update(of=("self",)).select_related("line__order")
    if found := rows.filter(pk=review_id).first():
        return found
    raise NotFound


def lock_review_as_seller(actor: Actor, review_id: int) -> Review:
    """Row locked, for managers of the selling firm. Raises NotFound, Forbidden."""
    row = lock_review(review_id)
    if not policies.can_see(actor, row.line.order):
        raise NotFound
    if not policies.can_refund(actor, row.line.order):
        raise Forbidden
    return row


def _rows() -> QuerySet[Review]:
    return Review.objects.select_related("author", "product", "line__order__seller").order_by("-pk")


def reviews_of_firm(actor: Actor, slug: str) -> tuple[Any, QuerySet[Review]]:
    """A firm and what buyers said of its products, for its members. Raises NotFound."""
    firm = parties.get_desk(actor, slug)
    return firm, _rows().filter(line__order__seller=firm)


def reviews_in_edition(edition: Any, *, hidden: bool) -> QuerySet[Review]:
    """Reviews of products of the firms that come to an edition."""
    rows = _rows().filter(
        line__order__seller__exhibitors__edition=edition,
        line__order__seller__exhibitors__state__in=catalogue.PRESENT,
    )
    return rows.exclude(hidden_at=None) if hidden else rows.filter(hidden_at=None)


def review_facts(review_id: int) -> Review | None:
    """One with all that a notice names, for work that no person asked for."""
    return _rows().filter(pk=review_id).first()
