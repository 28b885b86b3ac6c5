"""Who may run an expo, and who does what for an organiser."""

import pytest
from django.urls import reverse

from haishi.foundation.errors import Forbidden, NotFound
from haishi.parties import selectors, services
from haishi.parties.errors import LastOrganiserOwner, NobodyWithAddress, NotAnOrganiser
from haishi.parties.models import OrganiserDuty
from haishi.parties.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return PersonFactory(name="值班员", is_staff=True)


def duties(organisation):
    rows = OrganiserDuty.objects.filter(organisation=organisation).order_by("pk")
    return list(rows.values_list("person__name", "duty"))


def test_an_operator_makes_an_organiser_with_its_first_responsible_person(
    client, operator, firm, lin
):
    client.force_login(operator)
    page = reverse("parties:organisers")
    made = client.post(page, {"slug": "penglai", "owner_email": "LIN@penglai.example"})
    assert made.url == page
    firm.refresh_from_db()
    assert (firm.is_organiser, duties(firm)) == (True, [("林海", "owner")])
    assert selectors.organisers_led_by(lin) == [firm]


def test_an_unknown_address_or_organisation_makes_nothing(client, operator, firm):
    client.force_login(operator)
    page = reverse("parties:organisers")
    refused = client.post(page, {"slug": "nowhere", "owner_email": "x@penglai.example"})
    assert refused.context["form"].errors.keys() == {"slug"}
    refused = client.post(page, {"slug": "penglai", "owner_email": "x@penglai.example"})
    assert refused.context["form"].errors.keys() == {"owner_email"}
    firm.refresh_from_db()
    assert (firm.is_organiser, duties(firm)) == (False, [])


def test_only_operators_make_organisers(firm, lin, chen):
    for person in (lin, chen):
        with pytest.raises(Forbidden):
            services.make_organiser(person, firm.pk, lin.email)
    firm.refresh_from_db()
    assert (firm.is_organiser, duties(firm)) == (False, [])


def test_ending_an_organiser_ends_its_duties(operator, organiser, chen):
    services.unmake_organiser(operator, organiser.pk)
    organiser.refresh_from_db()
    assert (organiser.is_organiser, duties(organiser)) == (False, [])


def test_a_responsible_person_appoints_and_dismisses(client, organiser, chen, zhou):
    client.force_login(chen)
    page = reverse("parties:duties", args=[organiser.slug])
    for duty in ("reviewer", "programme"):
        client.post(page, {"email": zhou.email, "duty": duty})
    assert duties(organiser) == [("陈砚", "owner"), ("周遥", "reviewer"), ("周遥", "programme")]
    assert selectors.has_duty(zhou, organiser.pk, ("programme",))
    row = OrganiserDuty.objects.get(duty="programme")
    assert client.post(reverse("parties:duty_dismiss", args=[row.pk])).url == page
    assert duties(organiser) == [("陈砚", "owner"), ("周遥", "reviewer")]


def test_the_last_responsible_person_stays(client, organiser, chen):
    row = OrganiserDuty.objects.get()
    with pytest.raises(LastOrganiserOwner):
        services.dismiss(chen, row.pk)
    client.force_login(chen)
    refused = client.post(reverse("parties:duty_dismiss", args=[row.pk]))
    assert refused.status_code == 409
    assert "主办方至少要有一位负责人" in refused.content.decode()
    assert duties(organiser) == [("陈砚", "owner")]


def test_a_reviewer_appoints_nobody_and_outsiders_see_nothing(organiser, chen, zhou, stranger):
    services.appoint(chen, organiser.pk, zhou.pk, "reviewer")
    with pytest.raises(Forbidden):
        services.appoint(zhou, organiser.pk, stranger.pk, "owner")
    with pytest.raises(NotFound):
        services.appoint(stranger, organiser.pk, stranger.pk, "owner")
    with pytest.raises(NobodyWithAddress):
        services.appoint_by_email(chen, organiser.pk, "nobody@sea.example", "owner")
    assert duties(organiser) == [("陈砚", "owner"), ("周遥", "reviewer")]


def test_a_firm_that_is_no_organiser_has_no_duties(operator, firm, lin):
    with pytest.raises(NotAnOrganiser):
        services.appoint(operator, firm.pk, lin.pk, "reviewer")
    assert duties(firm) == []
