"""The least valid edition with a hall, a tier and an exhibitor."""

import datetime as dt

import factory

from haishi.expo.models import Booth, Edition, Exhibitor, Hall, Reconfirmation, Series, Tier
from haishi.foundation import clock
from haishi.parties.tests.factories import OrganisationFactory

OPENS = dt.datetime(2026, 4, 6, 1, tzinfo=dt.UTC)


class SeriesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Series

    organiser = factory.SubFactory(OrganisationFactory, is_organiser=True)
    slug = factory.Sequence("series-{}".format)
    name = "海州数字文化博览会"


class EditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Edition

    series = factory.SubFactory(SeriesFactory)
    slug = factory.Sequence("edition-{}".format)
    name = "2026 海州数字文化博览会"
    name_en = "Haizhou Digital Culture Expo 2026"
    opens_at = OPENS
    closes_at = OPENS + dt.timedelta(days=4)
    state = "open"


class HallFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Hall

    edition = factory.SubFactory(EditionFactory)
    slug = factory.Sequence("hall-{}".format)
    name = "数字文化馆"
    name_en = "Digital Culture Hall"
    code = factory.Sequence(lambda n: f"H{n % 1000}")  # at most four letters


class BoothFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Booth

    hall = factory.SubFactory(HallFactory)
    code = factory.Sequence("A{:03}".format)
    x = factory.Sequence(lambda n: 40 * (n % 14))
    y = factory.Sequence(lambda n: 40 * (n // 14 % 9))


class TierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tier

    edition = factory.SubFactory(EditionFactory)
    slug = factory.Sequence("tier-{}".format)
    name = "标准"
    name_en = "Standard"


class ExhibitorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Exhibitor

    edition = factory.SubFactory(EditionFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    tier = factory.SubFactory(TierFactory, edition=factory.SelfAttribute("..edition"))
    plan = "展出数字影像与文创产品。"


class ShownExhibitorFactory(ExhibitorFactory):
    """Approved, complete, with a booth: visitors see it."""

    booth = factory.SubFactory(BoothFactory, hall__edition=factory.SelfAttribute("...edition"))
    state = "approved"
    complete = True
    headline = "光影里的海"
    intro = "以潮汐为题的影像与装置。"


class ReconfirmationFactory(factory.django.DjangoModelFactory):
    """A firm was asked to come again and has two days to answer."""

    class Meta:
        model = Reconfirmation

    previous = factory.SubFactory(ShownExhibitorFactory)
    edition = factory.SubFactory(EditionFactory)
    expires_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(days=2))
