"""An edition with a hall, and the people at its desks."""

import datetime as dt

import pytest

from haishi.expo.tests.factories import (
    EditionFactory,
    HallFactory,
    SeriesFactory,
)
from haishi.foundation import clock


@pytest.fixture
def series(organiser):
    return SeriesFactory(organiser=organiser, slug="haizhou")


@pytest.fixture
def edition(series):
    now = clock.now().replace(microsecond=0)
    return EditionFactory(
        series=series,
        slug="haizhou-2026",
        opens_at=now + dt.timedelta(days=3),
        closes_at=now + dt.timedelta(days=7),
    )


@pytest.fixture
def hall(edition):
    return HallFactory(edition=edition, slug="film", code="A", width=200, depth=120)


@pytest.fixture
def desk(client, chen):
    client.force_login(chen)
    return client


@pytest.fixture
def booth_desk(client, lin):
    client.force_login(lin)
    return client
