"""Three firms that quote."""

from typing import Any

import pytest

from haishi.sourcing.tests import factories


@pytest.fixture
def first(db: None) -> Any:
    """A bidder."""
    return factories.bidder("潍坊风筝厂")


@pytest.fixture
def second(db: None) -> Any:
    """Another bidder."""
    return factories.bidder("青岛礼品社")


@pytest.fixture
def third(db: None) -> Any:
    """A third bidder."""
    return factories.bidder("烟台工坊")


@pytest.fixture
def rfq(lin: Any, firm: Any) -> Any:
    """林 asks the public for five hundred kites and boxes; open for two days."""
    return factories.rfq(lin, firm)


@pytest.fixture
def sealed(lin: Any, firm: Any) -> Any:
    """The same, sealed until the deadline."""
    return factories.rfq(lin, firm, sealed=True)
