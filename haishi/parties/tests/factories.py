"""The least valid people and organisations, and the fixed cast of all tests."""

import factory

from haishi.parties.models import Membership, Organisation, OrganiserDuty, Person
from haishi.parties.states import Role


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    email = factory.Sequence("person{}@example.org".format)
    name = "宾客"
    password = "!"


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence("蓬莱影业{}".format)
    slug = factory.Sequence("penglai-{}".format)


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.STAFF


class OrganiserDutyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrganiserDuty

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory, is_organiser=True)
