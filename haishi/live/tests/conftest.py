"""A booth of the firm in an edition of the organiser, sessions of it, and an engine at hand."""

from typing import Any

import pytest

from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.live import engines
from haishi.live.tests.factories import FakeEngine, LiveFactory, OnAirFactory


@pytest.fixture
def exhibitor(firm: Any, organiser: Any) -> Any:
    """The firm's booth."""
    return ShownExhibitorFactory(
        organisation=firm, edition__series__organiser=organiser, edition__slug="haizhou-2026"
    )


@pytest.fixture
def planned(exhibitor: Any) -> Any:
    """Announced, in an hour."""
    return LiveFactory(exhibitor=exhibitor)


@pytest.fixture
def on_air(exhibitor: Any) -> Any:
    """Live since half an hour."""
    return OnAirFactory(exhibitor=exhibitor)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """An engine that writes down what it is asked, in the place of our own."""
    fake = FakeEngine()
    monkeypatch.setitem(engines.ENGINES, "own", fake)
    return fake
