"""The last look before ordering: nothing else than what the page showed is ever ordered."""

import html
import re
from typing import Any

import pytest

from haishi.foundation import clock, outbox
from haishi.foundation.money import Money
from haishi.notices import selectors as notices
from haishi.parties.tests.factories import MembershipFactory, OrganisationFactory
from haishi.trade import policies, selectors, services
from haishi.trade.models import Address, CartLine, Order, Refund
from haishi.trade.providers import sandbox
from haishi.trade.tests.factories import address, callback, order, product, somebody, want

pytestmark = pytest.mark.django_db
URL = "/checkout/penglai/goods/CNY/"


@pytest.fixture
def kite(firm) -> Any:
    """¥38.00 each."""
    return product(firm, 3_800, name="沙燕风筝")


@pytest.fixture
def buyer(client, stranger, kite) -> Any:
    """The stranger, signed in, with two kites in the cart and an address."""
    client.force_login(stranger)
    address(stranger)
    services.put_in_cart(stranger, kite.pk, 2, key="k")
    return stranger


def page_of(client, url: str = URL) -> str:
    return client.get(url).content.decode()


def form_of(page: str) -> dict[str, Any]:
    """What the page would send."""
    fields = re.findall(r'<input[^>]*name="(line|once|only)"[^>]*value="([^"]*)"', page)
    sent: dict[str, Any] = {}
    for name, value in fields:
        sent.setdefault(name, []).append(html.unescape(value))
    return {**sent, "address": Address.objects.first().pk, "note": "请轻放"}


def counts() -> tuple[int, int]:
    return Order.objects.count(), CartLine.objects.count()


def test_what_the_page_shows_is_ordered_at_its_price(client, buyer):
    answer = client.post(URL, form_of(page_of(client)))
    row = Order.objects.get()
    assert answer.url == f"/orders/{row.number}/"
    assert (row.total, row.note, row.ship_to["street"]) == (Money(7_600), "请轻放", "海岸路 8 号")
    assert counts() == (1, 0)


def test_a_double_click_and_the_back_button_end_at_the_one_order(client, buyer, kite):
    sent = form_of(page_of(client))
    first = client.post(URL, sent).url
    assert client.post(URL, sent).url == first
    services.put_in_cart(buyer, kite.pk, 1, key="again")
    assert client.post(URL, sent).url == first
    assert counts() == (1, 1)


@pytest.mark.parametrize(
    "changed", ["{}:2:1:CNY", "{}:2:3799:CNY", "{}:2:3800:USD", "{}:2:3800:XXX"]
)
def test_a_price_or_currency_that_was_tampered_with_orders_nothing(client, buyer, changed):
    sent = form_of(page_of(client))
    sent["line"] = [changed.format(CartLine.objects.get().pk)]
    answer = client.post(URL, sent)
    assert (answer.status_code, counts()) == (422, (0, 1))
    assert "请轻放" in answer.content.decode()


@pytest.mark.parametrize(
    "changed", ["{}:1:3800:CNY", "{}:99:3800:CNY", "{}:0:3800:CNY", "999999:2:3800:CNY", "x", ""]
)
def test_a_number_or_a_line_that_was_tampered_with_orders_nothing(client, buyer, changed):
    sent = form_of(page_of(client))
    sent["line"] = [changed.format(CartLine.objects.get().pk)]
    assert (client.post(URL, sent).status_code, counts()) == (422, (0, 1))


def test_another_persons_line_cannot_be_ordered(client, buyer, kite):
    other = services.put_in_cart(somebody(), kite.pk, 2, key="k")
    sent = form_of(page_of(client))
    sent["line"] = [f"{other.pk}:2:3800:CNY"]
    assert (client.post(URL, sent).status_code, counts()) == (422, (0, 2))


def test_another_persons_address_is_refused(client, buyer):
    sent = form_of(page_of(client))
    answer = client.post(URL, {**sent, "address": address(somebody()).pk})
    assert (answer.status_code, counts()) == (422, (0, 1))


def test_a_firm_that_is_not_ones_own_is_refused(client, buyer):
    firm = MembershipFactory(person=buyer, organisation=OrganisationFactory()).organisation
    sent = form_of(page_of(client))
    assert client.post(URL, {**sent, "firm": OrganisationFactory().pk}).status_code == 422
    assert counts() == (0, 1)
    client.post(URL, {**sent, "firm": firm.pk})
    assert Order.objects.get().buyer_firm == firm


def test_a_new_price_is_shown_keeps_what_was_typed_and_is_ordered_when_confirmed(
    client, buyer, kite
):
    sent = form_of(page_of(client))
    kite.price_minor = 4_200
    kite.save()
    refused = client.post(URL, sent)
    shown = refused.content.decode()
    assert (refused.status_code, counts()) == (422, (0, 1))
    assert "由 ¥38.00 变为 ¥42.00" in shown
    assert ("请轻放" in shown, "¥84.00" in shown) == (True, True)
    client.post(URL, form_of(shown))
    assert Order.objects.get().total == Money(8_400)


def test_a_stale_page_says_what_changed_in_another_window(client, buyer, kite):
    sent = form_of(page_of(client))
    services.set_quantity(buyer, CartLine.objects.get().pk, 5)
    shown = client.post(URL, sent)
    assert "“沙燕风筝”由 2 件变为 5 件" in shown.content.decode()
    kite.state = "withdrawn"
    kite.save()
    gone = client.post(URL, sent)
    assert (gone.url, counts()) == ("/cart/", (0, 1))


def test_without_an_address_the_way_leads_over_the_book_and_back(client, stranger, kite):
    client.force_login(stranger)
    services.put_in_cart(stranger, kite.pk, 1, key="k")
    shown = page_of(client)
    assert "还没有收货地址" in shown
    way = html.unescape(re.search(r'href="(/addresses/\?next=[^"]*)"', shown).group(1))
    book = client.get(way).content.decode()
    fields = {"name": "外人", "phone": "1", "country": "CN", "region": "烟台", "street": "海岸路"}
    key = re.search(r'name="once"[^>]*value="([^"]*)"', book).group(1)
    sent = {**fields, "once": key, "next": URL}
    assert client.post("/addresses/", sent).url == URL
    assert client.post("/addresses/", sent).url == URL
    assert Address.objects.count() == 1
    assert "外人 1 · 烟台 海岸路" in page_of(client)


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "/\\x"])
def test_the_way_back_stays_in_the_house(client, buyer, target):
    pk = Address.objects.get().pk
    answer = client.post(f"/addresses/{pk}/drop/", {"next": target})
    assert answer.url == "/addresses/"


def test_an_unpaid_order_counts_down_and_an_expired_one_can_be_ordered_again(
    client, buyer, kite, monkeypatch
):
    client.post(URL, form_of(page_of(client)))
    row = Order.objects.get()
    url = f"/orders/{row.number}/"
    assert ("<hs-countdown" in page_of(client, url), "去付款" in page_of(client, url)) == (
        True,
        True,
    )
    late = row.pay_by + policies.NEWS_GRACE
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: row.pay_by)
        shown = page_of(client, url)
        assert ("付款时限已过" in shown, "去付款" in shown) == (True, False)
    services.expire_unpaid(late)
    shown = page_of(client, url)
    assert ("逾期未付款，订单已关闭" in shown, "再次下单" in shown) == (True, True)
    assert client.post(f"{url}again/").url == "/cart/"
    line = CartLine.objects.get()
    assert (line.product, line.quantity) == (kite, 2)


def test_a_payment_that_comes_too_late_is_explained_and_goes_back(client, buyer, monkeypatch):
    client.post(URL, form_of(page_of(client)))
    row = Order.objects.get()
    payment = services.start(buyer, row.pk, "sandbox")
    services.expire_unpaid(row.pay_by + policies.NEWS_GRACE)
    sandbox.pay(payment.reference)
    sandbox.deliver_due(callback)
    shown = page_of(client, f"/orders/{row.number}/")
    assert "付款来得太晚" in shown
    assert (Refund.objects.get().late, Refund.objects.get().state) == (True, "instructed")


def test_both_sides_hear_of_every_step_and_nobody_else_does(firm, lin, zhou, buyer, kite):
    other = somebody()
    row = order(buyer, want(kite))
    outbox.drain()
    assert heard(buyer, "order") == [f"订单 {row.number} 等待付款"]
    assert heard(lin, "sale") == heard(zhou, "sale") == [f"新订单 {row.number}，等待付款"]
    payment = services.start(buyer, row.pk, "sandbox")
    sandbox.pay(payment.reference)
    sandbox.deliver_due(callback)
    outbox.drain()
    assert heard(buyer, "order") == [f"订单 {row.number} 已付款"]
    assert heard(lin, "sale") == [f"订单 {row.number} 已付款，请发货"]
    services.ship(zhou, row.pk, carrier="顺丰", tracking="SF1")
    outbox.drain()
    assert heard(buyer, "order") == [f"订单 {row.number} 已全部发货"]
    refund = services.ask_refund(buyer, row.pk, 100, "划痕")
    outbox.drain()
    assert heard(lin, "sale") == [f"订单 {row.number} 有退款申请"]
    assert heard(zhou, "sale") == [f"订单 {row.number} 已登记发货"]
    services.refuse(lin, refund.pk, "已核对")
    outbox.drain()
    assert heard(buyer, "order") == [f"订单 {row.number}：卖家没有同意退款"]
    assert list(notices.inbox(other)) == []


def heard(who: Any, kind: str) -> list[str]:
    """What stands unread, one notice an order."""
    return [notice.subject for notice in notices.inbox(who, kind=kind)]


def test_an_expired_and_a_settled_order_tell_both_sides(firm, lin, buyer, kite):
    row = order(buyer, want(kite))
    services.expire_unpaid(row.pay_by + policies.NEWS_GRACE)
    outbox.drain()
    closed = f"订单 {row.number} 逾期未付款，已关闭"
    assert (heard(buyer, "order"), heard(lin, "sale")) == ([closed], [closed])
    assert selectors.order_tasks(buyer, []) == {"pay": 0, "receive": 0, "ship": 0, "answer": 0}
