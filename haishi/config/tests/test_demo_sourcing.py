"""The demo's requests: every state, readable by its people, the same every time."""

from collections import Counter

import pytest

from haishi.config.demo import load
from haishi.config.tests.test_demo_load import SMALL, noon, quietly
from haishi.parties.models import Person
from haishi.sourcing import selectors
from haishi.sourcing.models import Partner, Quotation, QuotationVersion, Rfq

pytestmark = pytest.mark.django_db


def test_requests_stand_in_every_state_and_can_be_read():
    load.load(quietly, SMALL, noon())
    assert Counter(Rfq.objects.values_list("state", flat=True)) == {
        "open": 9, "closed": 3, "awarded": 3, "cancelled": 1, "failed": 1, "draft": 1,
    }  # fmt: skip
    sealed = QuotationVersion.objects.filter(quotation__rfq__sealed=True)
    assert not sealed.filter(quotation__rfq__state="open").exclude(content=None).exists()
    for rfq in Rfq.objects.filter(state__in=("closed", "awarded")):
        page = selectors.comparison(rfq)
        assert 2 <= len(page.columns) <= 6
        assert page.columns[0].best is True
    owner = Person.objects.get(email="exhibitor@haishi.example")
    mine, _counts = selectors.my_rfqs(owner, "", "1")
    assert len(mine.object_list) == 5
    for quotation in Quotation.objects.filter(bidder__memberships__person=owner):
        assert selectors.quotation_page(owner, quotation.pk).total.minor > 0
    assert sorted(Partner.objects.values_list("points", flat=True)) == [
        1000,
        1000,
        2000,
        2000,
        4000,
    ]
    assert selectors.board(selectors.Filters(), "1").total == 8
