"""What trade adds to a product's page: how to buy it, and what buyers said. One query."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from haishi.catalogue.selectors import Act, Offer
from haishi.catalogue.states import PriceMode, ProductKind
from haishi.foundation import once
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.types import Actor
from haishi.trade import policies
from haishi.trade.selectors.orders import least_of

__all__ = ["ProductOffer", "ShownReview", "product_offer"]
LATEST = 5


@dataclass(frozen=True, slots=True)
class ShownReview:
    """A buyer's word on the product's page; of the name only its beginning is shown."""

    id: int
    rating: int
    text: str
    author: str
    written_on: str
    answer: str

    @property
    def stars(self) -> str:
        """`★★★★☆`, decoration beside the number."""
        return "★" * self.rating + "☆" * (5 - self.rating)


@dataclass(frozen=True, slots=True)
class ProductOffer:
    """How a product is bought. `least` 0: not directly; `left` None: made to order."""

    buy_url: str
    least: int
    most: int
    left: int | None
    unit: Any
    member: bool
    once: str
    average: float
    count: int
    reviews: list[ShownReview]

    @property
    def sold_out(self) -> bool:
        """Whether nothing is left of what is counted."""
        return self.left is not None and self.left < max(1, self.least)


# What is left, whether there are files, how many stars, the latest words: one statement.
_FACTS = """
SELECT (SELECT p.capacity - p.taken FROM trade_stock s JOIN foundation_pool p ON p.id = s.pool_id
         WHERE s.product_id = %(product)s),
       EXISTS (SELECT FROM trade_deliverable WHERE product_id = %(product)s),
       rated.n, rated.mean,
       (SELECT json_agg(said) FROM (
          SELECT r.id, r.rating, r.text, r.answer, r.written_at::text, a.name AS author
            FROM trade_review r JOIN parties_person a ON a.id = r.author_id
           WHERE r.product_id = %(product)s AND r.hidden_at IS NULL
           ORDER BY r.id DESC LIMIT %(latest)s) said)
  FROM (SELECT count(*) AS n, avg(rating) AS mean FROM trade_review
         WHERE product_id = %(product)s AND hidden_at IS NULL) rated
"""


def _facts(product_id: int) -> tuple[int | None, bool, int, Any, list[dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"product": product_id, "latest": LATEST})
        left, files, count, mean, said = cursor.fetchone()
    return left, files, count, mean, json.loads(said) if isinstance(said, str) else said or []


def product_offer(actor: Actor, product: Any, tiers: Sequence[tuple[int, int]]) -> Offer | None:
    """The offer of a listed product; None when there is nothing to add."""
    left, files, count, mean, said = _facts(product.pk)
    direct = _direct(product, files)
    if not direct and not count:
        return None
    offer = ProductOffer(
        buy_url=address("trade:buy", product.slug),
        least=least_of(product, tiers) if direct else 0,
        most=policies.MOST_UNITS if left is None else left,
        left=left,
        unit=Bilingual(product.unit, product.unit_en),
        member=bool(actor.is_authenticated),
        once=once.new_key() if actor.is_authenticated else "",
        average=round(float(mean or 0), 1),
        count=count,
        reviews=[_shown(row) for row in said],
    )
    stock = "OutOfStock" if offer.sold_out else "InStock"
    return Offer(
        template="trade/parts/buy.html",
        content=offer,
        below="trade/parts/reviews.html",
        structured=_structured(offer),
        availability=stock if direct else "",
        act=Act(_("购买"), offer.buy_url, "cart") if direct and not offer.sold_out else None,
    )


def _direct(product: Any, files: bool) -> bool:
    """Whether it may be put in a cart; a file needs something to deliver."""
    priced = product.price_mode != PriceMode.REQUEST and product.price_minor is not None
    filed = product.kind != ProductKind.FILE or files
    return priced and product.kind in policies.SHOP_KINDS and filed


def _shown(row: dict[str, Any]) -> ShownReview:
    return ShownReview(
        id=row["id"],
        rating=row["rating"],
        text=row["text"],
        author=masked(row["author"]),
        written_on=dt.datetime.fromisoformat(row["written_at"]).date().isoformat(),
        answer=row["answer"],
    )


def masked(name: str) -> str:
    """`苏**`: who reads knows that there is somebody, not who."""
    return f"{name[:1]}**"


def _structured(offer: ProductOffer) -> dict[str, Any]:
    """schema.org AggregateRating with the latest reviews; nothing without a review."""
    if not offer.count:
        return {}
    rating = {
        "@type": "AggregateRating",
        "ratingValue": offer.average,
        "reviewCount": offer.count,
        "bestRating": 5,
        "worstRating": 1,
    }
    reviews = [
        {
            "@type": "Review",
            "reviewRating": {"@type": "Rating", "ratingValue": row.rating},
            "author": {"@type": "Person", "name": row.author},
            "datePublished": row.written_on,
            "reviewBody": row.text,
        }
        for row in offer.reviews
    ]
    return {"aggregateRating": rating, "review": reviews}
