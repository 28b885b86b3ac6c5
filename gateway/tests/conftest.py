"""What the gateway's tests share."""

import pytest

from gateway.settings import TRANSPORTS
from gateway.tests import client


@pytest.fixture(params=TRANSPORTS)
def each_transport(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test that uses it runs once per transport."""
    monkeypatch.setattr(client, "TRANSPORT", request.param)
    return str(request.param)
