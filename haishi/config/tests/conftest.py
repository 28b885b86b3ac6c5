"""What tests of several parts together share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from haishi.config.tests.plane import Plane, forget_broker
from haishi.rooms import services
from haishi.rooms.tests import quay


@pytest.fixture
def plane(tmp_path: Path, settings: Any, firm: Any, organiser: Any) -> Iterator[Plane]:
    """A message service that runs, and rooms; the test starts the gateway if it needs one."""
    quay.register(firm, organiser)
    made = Plane(tmp_path / "plane", settings.SECRET_KEY)
    made.start_nats()
    settings.NATS_URL = made.url
    forget_broker()
    yield made
    forget_broker()
    made.close()
    services.forget_rooms("quay-")
