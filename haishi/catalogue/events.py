"""Facts about products."""

from dataclasses import dataclass

from haishi.foundation.events import Event


@dataclass(frozen=True)
class ProductChanged(Event):
    """Anything that a visitor sees of a product changed, also whether it is listed."""

    public = True
    organisation_id: int
    product_id: int


@dataclass(frozen=True)
class ProductSubmitted(Event):
    """A firm asked for its product to be listed."""

    organisation_id: int
    product_id: int


@dataclass(frozen=True)
class ProductReturned(Event):
    """A moderator asks for changes."""

    public = True
    organisation_id: int
    product_id: int


@dataclass(frozen=True)
class ProductListed(Event):
    """A product is public."""

    public = True
    organisation_id: int
    product_id: int


@dataclass(frozen=True)
class ExhibitsChanged(Event):
    """What an exhibitor shows changed."""

    organisation_id: int
    exhibitor_id: int


@dataclass(frozen=True)
class BrandAnswered(Event):
    """The keeper of a brand channel admitted a product, declined it or took it out."""

    public = True
    organisation_id: int
    product_id: int
    brand_id: int
    admitted: bool


@dataclass(frozen=True)
class BrandWished(Event):
    """A listed product asks to come into a brand channel."""

    organisation_id: int
    product_id: int
    brand_id: int
