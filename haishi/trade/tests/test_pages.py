"""A deal walked over HTTP: from the unpaid order to the refund, without script."""

import pytest

from haishi.foundation.money import Money
from haishi.parties import services as parties
from haishi.trade import selectors
from haishi.trade.errors import DealsOpen
from haishi.trade.models import Address, Order, Refund, SandboxCallback
from haishi.trade.providers import sandbox
from haishi.trade.tests.factories import order, product, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(firm, stranger):
    """An order of the stranger, ¥256."""
    return order(stranger, want(product(firm, name="沙燕风筝"), 2))


def deliver(client):
    """The sandbox posts what it has to tell."""

    def post(headers, body):
        answer = client.post(
            "/pay/callback/sandbox/", body, content_type="application/json", headers=headers
        )
        assert (answer.status_code, answer.json()) == (200, {"code": "SUCCESS"})

    sandbox.deliver_due(post)


def test_a_buyer_pays_a_seller_ships_and_money_comes_back(client, deal, lin, stranger):
    url = f"/orders/{deal.number}/"
    client.force_login(stranger)
    assert deal.number in client.get("/orders/").content.decode()
    cashier = client.post(f"{url}pay/").url
    assert "¥256.00" in client.get(cashier).content.decode()
    assert client.post(cashier, {"answer": "pay"}).url == url
    deliver(client)
    client.force_login(lin)
    assert "沙燕风筝" in client.get("/orders/sold/penglai/").content.decode()
    assert client.post(f"{url}ship/", {"ship-carrier": "顺丰", "ship-tracking": "SF1"}).url == url
    assert "顺丰 SF1" in client.get(url).content.decode()
    client.force_login(stranger)
    assert client.post(f"{url}receive/").url == url
    too_much = {"refund-amount_minor": "256.01", "refund-reason": "破损"}
    refused = client.post(f"{url}refund/", too_much)
    assert (refused.status_code, Refund.objects.count()) == (422, 0)
    assert "破损" in refused.content.decode()
    asked = {"refund-amount_minor": "100.00", "refund-reason": "破损"}
    assert client.post(f"{url}refund/", asked).url == url
    refund = Refund.objects.get()
    client.force_login(lin)
    client.post(f"{url}refunds/{refund.pk}/agree/", {"answer": "抱歉"})
    page = client.get(url).content.decode()
    assert ("¥156.00" in page, "抱歉" in page) == (True, True)
    deal.refresh_from_db()
    assert (deal.state, selectors.held(deal)) == ("received", Money(15_600))


def test_an_unsigned_callback_and_an_unknown_provider_are_turned_away(client, deal):
    assert client.post("/pay/callback/sandbox/", b"{}", "application/json").status_code == 403
    assert client.post("/pay/callback/nobody/", b"{}", "application/json").status_code == 404
    assert client.get("/pay/callback/sandbox/").status_code == 405
    assert SandboxCallback.objects.count() == 0


def test_a_cancelled_order_says_so_and_offers_no_payment(client, deal, stranger):
    client.force_login(stranger)
    client.post(f"/orders/{deal.number}/cancel/")
    page = client.get(f"/orders/{deal.number}/").content.decode()
    assert ("已取消" in page, "去付款" in page) == (True, False)
    assert client.post(f"/orders/{deal.number}/imagine/").status_code == 404


def test_a_list_of_orders_costs_the_same_for_one_and_for_ten(
    client, firm, stranger, django_assert_num_queries
):
    kite = product(firm)
    client.force_login(stranger)
    order(stranger, want(kite))
    client.get("/orders/")
    with django_assert_num_queries(9) as few:
        client.get("/orders/")
    for _n in range(9):
        order(stranger, want(kite))
    with django_assert_num_queries(len(few)):
        client.get("/orders/")


def test_who_leaves_takes_the_address_along_but_not_out_of_an_open_deal(deal, stranger):
    person = stranger
    told = parties.export_person(person)["trade"]
    assert [row["number"] for row in told["orders"]] == [deal.number]
    assert told["addresses"][0]["street"] == "海岸路 8 号"
    with pytest.raises(DealsOpen):
        parties.erase_person(person)
    assert Address.objects.count() == 1
    from haishi.trade import services

    services.cancel(stranger, deal.pk)
    parties.erase_person(person)
    assert (Address.objects.count(), Order.objects.get().ship_to) == (0, {})


def test_a_way_to_pay_that_is_switched_off_takes_no_new_money_and_hears_of_the_old(
    client, deal, stranger, settings
):
    client.force_login(stranger)
    cashier = client.post(f"/orders/{deal.number}/pay/").url
    client.post(cashier, {"answer": "pay"})
    settings.PAYMENT_PROVIDERS = ()
    assert client.get(cashier).status_code == 404
    assert client.post(cashier, {"answer": "pay"}).status_code == 404
    deliver(client)
    deal.refresh_from_db()
    assert deal.state == "paid"


def test_without_a_way_to_pay_no_payment_is_begun(client, deal, stranger, settings):
    settings.PAYMENT_PROVIDERS = ()
    client.force_login(stranger)
    answer = client.post(f"/orders/{deal.number}/pay/")
    assert answer.url == f"/orders/{deal.number}/"
    assert deal.payments.count() == 0
