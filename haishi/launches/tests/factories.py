"""The least valid launches."""

import datetime as dt
from typing import Any

import factory

from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import clock
from haishi.launches import services
from haishi.launches.models import Allotment, Launch


def in_hours(hours: float) -> dt.datetime:
    """An instant from now."""
    return clock.now() + dt.timedelta(hours=hours)


class LaunchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Launch

    exhibitor = factory.SubFactory(ShownExhibitorFactory)
    slug = factory.Sequence("launch-{}".format)
    name = "潮汐灯"
    name_en = "Tide lamp"
    state = "live"
    unveil_at = factory.LazyFunction(lambda: clock.now() - dt.timedelta(minutes=1))


def sale(quota: int, rule: str = "first_come", **fields: Any) -> Allotment:
    """An open first sale of a live launch."""
    now = clock.now()
    values = {
        "opens_at": now - dt.timedelta(minutes=1),
        "closes_at": now + dt.timedelta(hours=1),
        "price_minor": 9_900,
        **fields,
    }
    launch = values.pop("launch", None) or LaunchFactory()
    row = Allotment.objects.create(launch=launch, quota=quota, rule=rule, **values)
    services.open_sale(row.pk)
    row.refresh_from_db()
    return row
