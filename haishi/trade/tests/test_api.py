"""/api/v1/trade, as a client meets it, and what webhooks carry."""

from dataclasses import fields
from typing import Any

import pytest
from django.test import Client

from haishi.foundation.events import TYPES
from haishi.notices import selectors as notices
from haishi.parties import services as parties
from haishi.trade import services
from haishi.trade.models import Order, Refund, Shipment
from haishi.trade.tests.factories import address, file_order, order, pay, product, want

pytestmark = pytest.mark.django_db
ORDERS = "/api/v1/trade/orders"
EVENTS = [
    "trade.OrderPlaced", "trade.OrderPaid", "trade.OrderShipped", "trade.OrderReceived",
    "trade.OrderCompleted", "trade.OrderEnded", "trade.RefundRequested", "trade.RefundAnswered",
    "trade.RefundSentBack", "trade.ReviewWritten",
]  # fmt: skip


def client_of(person: Any) -> Client:
    """The person's browser session at the API."""
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, path: str, body: dict[str, Any], key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(path, body, content_type="application/json", headers=headers)


@pytest.fixture
def deal(firm, stranger) -> Order:
    """Three kites, paid."""
    row = order(stranger, want(product(firm, name="风筝"), 3))
    pay(row)
    return row


def test_an_order_is_placed_once_a_key_and_at_the_price_that_was_sent(firm, stranger):
    kite, home = product(firm, 3_800), address(stranger)
    client = client_of(stranger)
    line = {"product": kite.pk, "quantity": 2, "price_minor": 3_800}
    body = {"lines": [line], "address": home.pk, "note": "请轻放"}
    first, again = (send(client, ORDERS, body, "k1").json() for _n in range(2))
    assert (first["number"], first["total_minor"], first["currency"], first["note"]) == (
        again["number"], 7_600, "CNY", "请轻放",
    )  # fmt: skip
    other = {**body, "lines": [{**line, "price_minor": 1}]}
    refused = send(client, ORDERS, other, "k2")
    assert (refused.status_code, refused.json()["error"]) == (409, "PriceChanged")
    assert send(client, ORDERS, other, "k1").status_code == 409
    assert Order.objects.count() == 1


def test_lists_turn_pages_by_side_and_state(firm, lin, stranger):
    kite = product(firm)
    rows = [order(stranger, want(kite)) for _n in range(3)]
    pay(rows[0])
    mine = client_of(stranger)
    first = mine.get(ORDERS, {"limit": 2}).json()
    rest = mine.get(ORDERS, {"limit": 2, "cursor": first["next"]}).json()
    assert [row["id"] for row in first["items"] + rest["items"]] == [
        row.pk for row in reversed(rows)
    ]
    assert rest["next"] is None
    sold = client_of(lin).get(ORDERS, {"sold_by": "penglai", "state": "paid"}).json()
    assert [row["number"] for row in sold["items"]] == [rows[0].number]
    assert client_of(lin).get(ORDERS).json()["items"] == []
    assert mine.get(ORDERS, {"sold_by": "penglai"}).status_code == 404


def test_a_list_costs_the_same_for_one_and_for_ten(firm, stranger, django_assert_num_queries):
    kite, client = product(firm), client_of(stranger)
    order(stranger, want(kite))
    with django_assert_num_queries(4):
        client.get(ORDERS)
    for _n in range(9):
        order(stranger, want(kite))
    with django_assert_num_queries(4):
        client.get(ORDERS)


def test_a_deal_is_sent_in_parts_received_and_partly_paid_back(deal, lin, stranger):
    seller, buyer, url = client_of(lin), client_of(stranger), f"{ORDERS}/{deal.number}"
    line = deal.lines.get()
    part = {"content": {str(line.pk): 1}, "carrier": "顺丰", "tracking": "SF1"}
    for _n in range(2):
        found = send(seller, f"{url}/ship", part, "s1").json()
    assert (found["state"], Shipment.objects.count()) == ("part_shipped", 1)
    assert found["shipments"][0]["content"] == {str(line.pk): 1}
    too_many = send(seller, f"{url}/ship", {"content": {str(line.pk): 3}})
    assert (too_many.status_code, Shipment.objects.count()) == (422, 1)
    assert send(seller, f"{url}/ship", {}).json()["state"] == "shipped"
    assert send(buyer, f"{url}/receive", {}).json()["state"] == "received"
    asked = send(buyer, f"{url}/refunds", {"amount_minor": 100, "reason": "划痕"}, "r1")
    again = send(buyer, f"{url}/refunds", {"amount_minor": 100, "reason": "划痕"}, "r1")
    assert (asked.status_code, asked.json()) == (201, again.json())
    assert (asked.json()["state"], Refund.objects.count()) == ("requested", 1)
    assert send(buyer, f"{url}/refunds", {"amount_minor": 10**9}).status_code == 409
    assert buyer.get(url).json()["held_minor"] == 38_400


def test_files_are_not_received_by_the_way(firm, lin, stranger):
    row = file_order(firm, stranger).line.order
    client, url = client_of(stranger), f"{ORDERS}/{row.number}/receive"
    refused = send(client, url, {})
    row.refresh_from_db()
    assert (refused.status_code, refused.json()["field"], row.state) == (
        422, "ends_withdrawal", "paid",
    )  # fmt: skip
    assert send(client, url, {"ends_withdrawal": True}).json()["state"] == "received"


def test_a_token_needs_the_scope(deal, stranger):
    token = parties.create_token(stranger, "读", ["trade:read"], 30)[1]
    client, bearer = Client(), {"Authorization": f"Bearer {token}"}
    assert client.get(f"{ORDERS}/{deal.number}", headers=bearer).status_code == 200
    refused = client.post(
        f"{ORDERS}/{deal.number}/refunds", {"amount_minor": 1}, "application/json", headers=bearer
    )
    assert (refused.status_code, Refund.objects.count()) == (403, 0)


def test_the_cart_is_read_at_todays_prices(firm, stranger):
    kite = product(firm, 3_800, name="风筝")
    services.put_in_cart(stranger, kite.pk, 2, key="k")
    kite.price_minor = 4_200
    kite.save()
    (line,) = client_of(stranger).get("/api/v1/trade/cart").json()
    assert (line["name"], line["quantity"], line["seen_minor"], line["price_minor"]) == (
        "风筝", 2, 3_800, 4_200,
    )  # fmt: skip
    assert (line["left"], line["trouble"]) == (None, "")


def test_webhooks_may_carry_every_step_and_carry_ids_only():
    known = notices.public_labels()
    assert [label for label in EVENTS if label not in known] == []
    for label in EVENTS:
        named = {field.name: field.type for field in fields(TYPES[label])}
        words = {name for name, kind in named.items() if kind not in (int, bool)}
        assert words <= {"origin", "state"}, label
        assert "organisation_id" in named
        assert not [name for name in named if "person" in name or "buyer" in name]
