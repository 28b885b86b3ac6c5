"""Hearts: one row a minute and gateway, whatever is told again, and the module above hears it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from haishi.foundation import clock
from haishi.rooms import services
from haishi.rooms.models import Heart
from wire.broker import Hearts

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 12, 3, 1, 0, tzinfo=dt.UTC)
MINUTE = int(AT.timestamp()) // 60


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What a module with rooms `tide-…` hears, on the day of the broadcast."""
    told: list[Any] = []
    monkeypatch.setattr(clock, "now", lambda: AT)
    services.register_rooms(
        "tide-", lambda _actor, _room: 0, hearts=lambda *words: told.append(words)
    )
    yield told
    services.forget_rooms("tide-")


def test_the_largest_number_of_each_gateway_holds_and_gateways_add_up(heard):
    services.keep_hearts([Hearts("tide-1", MINUTE, "a", 3), Hearts("tide-1", MINUTE, "b", 4)])
    services.keep_hearts([Hearts("tide-1", MINUTE, "a", 9)])
    services.keep_hearts([Hearts("tide-1", MINUTE, "a", 3)])  # the first word, once more
    assert heard == [("tide-1", {AT: 7}), ("tide-1", {AT: 13}), ("tide-1", {AT: 13})]
    assert sorted(Heart.objects.values_list("source", "count")) == [("a", 9), ("b", 4)]


@pytest.mark.parametrize(
    "word",
    [
        Hearts("nowhere-1", MINUTE, "a", 3),
        Hearts("tide-1", MINUTE + 5, "a", 3),
        Hearts("tide-1", MINUTE, "a", 0),
        Hearts("tide-1", MINUTE, "a", -4),
    ],
)
def test_what_cannot_be_is_left_out(heard, word):
    assert services.keep_hearts([word]) == 0
    assert (heard, Heart.objects.count()) == ([], 0)


def test_old_figures_are_forgotten_as_lines_are(heard, settings):
    services.keep_hearts([Hearts("tide-1", MINUTE, "a", 3)])
    days = dt.timedelta(days=settings.ROOM_DAYS)
    assert services.sweep_hearts(AT + days) == 0
    assert services.sweep_hearts(AT + days + dt.timedelta(minutes=1)) == 1
