"""The least valid people and organisations, and the fixed cast of all tests."""

import datetime as dt

import factory

from haishi.foundation import clock
from haishi.parties.credit_code import check_character
from haishi.parties.models import (
    ApiToken,
    Invitation,
    Membership,
    Organisation,
    OrganiserDuty,
    Person,
    Verification,
)
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
    duty = "reviewer"


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Invitation

    organisation = factory.SubFactory(OrganisationFactory)
    invited_by = factory.SubFactory(PersonFactory)
    email = factory.Sequence("guest{}@example.org".format)
    expires_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(days=7))


class VerificationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Verification

    organisation = factory.SubFactory(OrganisationFactory)
    legal_name = "蓬莱影业有限公司"
    credit_code = factory.Sequence(lambda n: credit_code_of(n))


class ApiTokenFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ApiToken

    person = factory.SubFactory(PersonFactory)
    name = "官网同步"
    prefix = "hsk_abcdefgh"
    digest = factory.Sequence("{:064d}".format)
    scopes = ["parties:read"]
    expires_at = factory.LazyFunction(lambda: clock.now() + dt.timedelta(days=90))


def credit_code_of(number: int) -> str:
    """A valid code that belongs to nobody."""
    first = f"91370600MA{number:07d}"
    return first + check_character(first)
