"""What modules above add to a product's page: a way to buy it, what buyers said of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from haishi.catalogue.models import Product
from haishi.foundation.types import Actor

__all__ = [
    "Act",
    "DeskLink",
    "Offer",
    "buyable_now",
    "desk_links",
    "offers_of",
    "register_buyable",
    "register_desk_link",
    "register_offer",
]


@dataclass(frozen=True)
class Act:
    """The first thing to do, as a button that stays under the thumb on a phone."""

    label: str
    url: str
    icon: str


@dataclass(frozen=True)
class Offer:
    """`template` stands beside the price, `below` under the description; both get `content` as
    `offer`. `structured` holds members of schema.org Product, `availability` that of its Offer.
    """

    template: str
    content: Any
    below: str = ""
    structured: Mapping[str, Any] = field(default_factory=dict)
    availability: str = ""
    act: Act | None = None


# (from this many units on, price of one in minor units), ascending; none for a single price.
Tiers = Sequence[tuple[int, int]]
Source = Callable[[Actor, Product, Tiers], Offer | None]
_SOURCES: dict[str, Source] = {}


def register_offer(name: str, source: Source) -> None:
    """Let a higher module add to the page of a listed product: one query more."""
    _SOURCES[name] = source


def offers_of(actor: Actor, product: Product, tiers: Tiers) -> list[Offer]:
    """What stands on the page of a listed product, in the order of registration."""
    found = (source(actor, product, tiers) for source in _SOURCES.values())
    return [offer for offer in found if offer is not None]


# Which of these listed products can be ordered at this moment: their ids.
Buyable = Callable[[Collection[Product]], set[int]]
_BUYABLE: dict[str, Buyable] = {}


def register_buyable(name: str, source: Buyable) -> None:
    """Let a higher module say what it sells now, so that it is found as such; whenever its answer
    changes, it calls `catalogue.services.index_products`.
    """
    _BUYABLE[name] = source


def buyable_now(products: Collection[Product]) -> set[int]:
    """Ids of those listed products that somebody sells at this moment."""
    found: set[int] = set()
    for source in _BUYABLE.values():
        found |= source(products)
    return found


@dataclass(frozen=True)
class DeskLink:
    """A page of a higher module about one product of a firm; `route` takes its slug and the id."""

    label: Any
    icon: str
    route: str


_LINKS: dict[str, DeskLink] = {}


def register_desk_link(name: str, link: DeskLink) -> None:
    """Let a higher module lead on from the page where a firm changes a product."""
    _LINKS[name] = link


def desk_links() -> list[DeskLink]:
    """In the order of registration."""
    return list(_LINKS.values())
