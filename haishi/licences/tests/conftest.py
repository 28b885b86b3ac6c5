"""林's firm offers a work; 苏 of a toy studio asks for it."""

from typing import Any

import pytest

from haishi.licences.tests import factories


@pytest.fixture
def shown(firm: Any) -> Any:
    """An open offer of 林's firm."""
    return factories.offer(firm)


@pytest.fixture
def studio(db: None) -> Any:
    """The firm that wants it."""
    return factories.studio()[0]


@pytest.fixture
def su(studio: Any) -> Any:
    """苏晚, owner of the studio."""
    from haishi.parties.selectors import members

    return members(studio.pk)[0].person


@pytest.fixture
def request_(shown: Any, studio: Any, su: Any) -> Any:
    """A request that waits for 林."""
    return factories.asked(shown, studio, su)


@pytest.fixture
def licence(shown: Any, studio: Any, su: Any, lin: Any) -> Any:
    """A licence in force, its guarantee paid."""
    return factories.active(shown, studio, su, lin)
