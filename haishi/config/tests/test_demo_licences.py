"""Licences of the demo edition: offers, one licence in every state, royalties that add up."""

import pytest

from haishi.config.demo import load
from haishi.config.tests.test_demo_load import SMALL, quietly
from haishi.licences import selectors
from haishi.licences.chains import faults
from haishi.licences.models import Licence, Offer, Statement, Title
from haishi.licences.policies import today
from haishi.parties.selectors import person_by_email

pytestmark = pytest.mark.django_db


def test_licences_stand_in_every_state_and_the_demo_accounts_see_them():
    load.load(quietly, SMALL)
    for title in Title.objects.select_related("organisation"):
        steps = [link.step for link in title.links.order_by("on", "pk")]
        assert faults(steps, (title.organisation.name,), today()) == []
    assert Title.objects.filter(state="submitted").count() == 3
    assert selectors.open_offers().count() == Offer.objects.count() > 8
    assert sorted(Licence.objects.values_list("state", flat=True)) == [
        "active", "active", "answered", "declined", "expired", "requested", "signing",
        "suspended",
    ]  # fmt: skip
    waiting = Licence.objects.get(state="signing")
    exhibitor = person_by_email("exhibitor@haishi.example")
    sides = [selectors.licences_of(exhibitor, side).count() for side in ("licensor", "licensee")]
    assert sides == [4, 3]
    parties = selectors.contract_of(exhibitor, waiting)["parties"]
    signed = [(row.organisation_id, row.signed_at is not None) for row in parties]
    assert signed == [(waiting.licensor_id, False), (waiting.licensee_id, True)]
    recoup = Statement.objects.earliest("number").before_minor
    for row in Statement.objects.order_by("number"):
        assert (row.before_minor, row.due_minor - row.after_minor) == (
            recoup,
            row.earned_minor - recoup,
        )
        recoup = row.after_minor
    assert Statement.objects.count() == 3
    assert Licence.objects.get(statements__number=3).recoup_minor == recoup
