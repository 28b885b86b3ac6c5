"""A firm that comes to an open edition of the organiser."""

from typing import Any

import pytest

from haishi.catalogue.tests.factories import CategoryFactory
from haishi.expo.tests.factories import ShownExhibitorFactory


@pytest.fixture
def exhibitor(firm: Any, organiser: Any) -> Any:
    """The firm's booth: two exhibits at most."""
    return ShownExhibitorFactory(
        organisation=firm,
        edition__series__organiser=organiser,
        edition__slug="haizhou-2026",
        tier__max_exhibits=2,
        exhibit_count=0,
    )


@pytest.fixture
def category(db: None) -> Any:
    """A leaf of the tree."""
    return CategoryFactory(slug="kites", name="风筝", name_en="Kites")
