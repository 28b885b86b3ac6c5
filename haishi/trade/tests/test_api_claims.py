"""Disputes and invoices over the API."""

import pytest

from haishi.foundation import clock
from haishi.media.tests.factories import ready_asset
from haishi.trade import services
from haishi.trade.tests.factories import order, pay, product, want
from haishi.trade.types import Issued

pytestmark = pytest.mark.django_db


def test_both_sides_read_a_dispute_and_an_invoice_with_their_figures(client, firm, lin, stranger):
    deal = order(stranger, want(product(firm, 11_300)))
    pay(deal)
    asked = services.request_invoice(
        stranger, deal.pk, kind="plain", title_kind="person", title="王小海",
        email="a@example.com", amount_minor=11_300,
    )  # fmt: skip
    file = ready_asset(firm, "document", private=True).pk
    paper = Issued("12345678", clock.now().date(), 11_300, file, 1300)
    services.issue_invoice(lin, asked.pk, paper)
    row = services.open_dispute(stranger, deal.pk, "late", 5_000, "迟了")
    services.offer(lin, row.pk, 1_000, "一点补偿")
    for who, query in ((stranger, ""), (lin, "?organisation=penglai")):
        client.force_login(who)
        one = client.get(f"/api/v1/trade/disputes/{row.number}").json()
        figures = ("order", "state", "turn", "claimed_minor", "wanted_minor", "offered_minor")
        assert [one[name] for name in figures] == [
            deal.number, "negotiating", "buyer", 5_000, 5_000, 1_000
        ]  # fmt: skip
        assert client.get("/api/v1/trade/disputes").json() == {"items": [one], "next": None}
        found = client.get(f"/api/v1/trade/invoices{query}").json()["items"]
        assert found == [client.get(f"/api/v1/trade/invoices/{asked.number}").json()]
        assert found[0]["invoices"] == [
            {
                "number": "12345678",
                "blue": None,
                "issued_on": paper.issued_on.isoformat(),
                "amount_minor": 11_300,
                "rate_points": 1_300,
                "tax_minor": 1_300,
            }
        ]
