"""A shown booth with exhibits, for pages that show several modules together."""

from typing import Any

from haishi.catalogue.tests.factories import ExhibitFactory, ProductFactory
from haishi.expo.tests.factories import ShownExhibitorFactory


def shown_booth(**fields: Any) -> Any:
    """An exhibitor that visitors see, with one listed exhibit."""
    exhibitor = ShownExhibitorFactory(**fields)
    product = ProductFactory(organisation=exhibitor.organisation, state="listed")
    ExhibitFactory(exhibitor=exhibitor, product=product)
    return exhibitor
