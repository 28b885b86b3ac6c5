"""Reviewers see the papers of the firms that came to their organiser, and nobody else's."""

import pytest
from django.urls import reverse

from haishi.expo.tests.factories import EditionFactory, ExhibitorFactory
from haishi.parties import selectors as parties
from haishi.parties.tests.factories import (
    OrganisationFactory,
    OrganiserDutyFactory,
    VerificationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere():
    """A reviewer of another organiser."""
    organiser = OrganisationFactory(name="南浦会展", is_organiser=True)
    return OrganiserDutyFactory(organisation=organiser, duty="reviewer").person


def answers(client, person, pk) -> tuple[int, int]:
    client.force_login(person)
    page = client.get(reverse("parties:verification_answer", args=[pk]))
    pressed = client.post(
        reverse("parties:verification_answer", args=[pk]), {"answer": "return", "reason": "看不清"}
    )
    return page.status_code, pressed.status_code


def test_papers_are_for_the_reviewers_of_the_organiser_a_firm_came_to(
    client, firm, chen, elsewhere, organiser
):
    row = VerificationFactory(organisation=firm)
    application = ExhibitorFactory(
        edition=EditionFactory(series__organiser=organiser), organisation=firm, state="draft"
    )
    assert answers(client, chen, row.pk) == (404, 404)
    assert parties.waiting_verifications(chen) == 0
    type(application).objects.filter(pk=application.pk).update(state="submitted")
    assert answers(client, elsewhere, row.pk) == (404, 404)
    row.refresh_from_db()
    assert row.state == "pending"
    assert (parties.waiting_verifications(chen), parties.waiting_verifications(elsewhere)) == (1, 0)
    assert list(parties.verification_queue(elsewhere, "pending")) == []
    assert parties.verifiers(firm.pk) == [chen.pk]
    assert answers(client, chen, row.pk) == (200, 302)
    row.refresh_from_db()
    assert row.state == "returned"
