"""What the tests of rooms share."""

from collections.abc import Iterator
from typing import Any

import pytest

from haishi.rooms import services
from haishi.rooms.tests.plane import Plane, forget_broker
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


@pytest.fixture
def plane(tmp_path: Any, settings: Any) -> Iterator[Plane]:
    """A message service that runs; the test starts the gateway if it needs one."""
    made = Plane(tmp_path / "plane", settings.SECRET_KEY)
    made.start_nats()
    settings.NATS_URL = made.url
    forget_broker()
    yield made
    forget_broker()
    made.close()
