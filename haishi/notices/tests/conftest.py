"""What the tests of notices share."""

from collections.abc import Iterator
from typing import Any

import pytest

from haishi.notices import services
from haishi.notices.tests.receiver import Receiver, listening
from haishi.notices.types import KINDS


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    """Three kinds with different habits, and nobody else's."""
    before = dict(KINDS)
    KINDS.clear()
    services.register_kind("webhooks", "事件推送", "Webhooks")
    services.register_kind("enquiry", "询盘", "Enquiries", push="now")
    services.register_kind("card", "名片", "Cards", mail="digest")
    yield
    KINDS.clear()
    KINDS.update(before)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver on loopback, which this test is allowed to call."""
    settings.OUTGOING_ALLOW_LOOPBACK = True
    with listening() as found:
        yield found
