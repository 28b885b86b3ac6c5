"""What the tests of rooms share."""

from collections.abc import Iterator
from typing import Any

import pytest

from haishi.rooms import services
from haishi.rooms.tests.quay import register


@pytest.fixture(autouse=True)
def _quay(request: pytest.FixtureRequest) -> Iterator[None]:
    """The rooms of tests, where a test has people at all."""
    if request.node.get_closest_marker("django_db") is None:
        yield
        return
    firm, organiser = (request.getfixturevalue(name) for name in ("firm", "organiser"))
    register(firm, organiser)
    yield
    services.forget_rooms("quay-")


@pytest.fixture
def anonymous() -> Any:
    """Somebody without an account."""
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()
