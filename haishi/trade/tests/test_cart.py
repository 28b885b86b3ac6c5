"""The cart: a wish with today's price, never lost silently, and one effect per click."""

import datetime as dt
import html
import re
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connections

from haishi.foundation import clock
from haishi.foundation.errors import DomainError
from haishi.foundation.models import Outbox, Pool
from haishi.foundation.money import Money
from haishi.parties import services as parties
from haishi.parties.tests.factories import OrganisationFactory
from haishi.trade import selectors, services
from haishi.trade.errors import (
    BelowMinimum,
    CartFull,
    NotEnoughLeft,
    NotForSale,
    NothingToDeliver,
    OwnProduct,
    TooManyUnits,
)
from haishi.trade.models import CartLine, Order, Stock
from haishi.trade.tests.factories import address, product, somebody, want
from haishi.trade.types import Seen

pytestmark = pytest.mark.django_db
_keys = iter(range(10**9))


def put(who: Any, row: Any, quantity: int = 1, **more: Any) -> CartLine:
    """Into the cart, as a page of its own would."""
    key = more.pop("key", f"k{next(_keys)}")
    return services.put_in_cart(who, row.pk, quantity, key=key, **more)


def lines(who: Any) -> list[tuple[str, int, int]]:
    rows = CartLine.objects.filter(person=who).order_by("pk").select_related("product")
    return [(row.product.name, row.quantity, row.price_minor) for row in rows]


def labels() -> list[str]:
    return list(Outbox.objects.values_list("label", flat=True))


def seen(line: CartLine, **changes: Any) -> Seen:
    values = {"quantity": line.quantity, "price_minor": line.price_minor, "currency": "CNY"}
    return Seen(line.pk, **(values | changes))


def test_two_wishes_for_one_product_add_up_and_a_double_click_counts_once(firm, stranger):
    kite = product(firm, name="风筝")
    put(stranger, kite, 2, key="a")
    put(stranger, kite, 2, key="a")
    put(stranger, kite, 3, key="b")
    assert lines(stranger) == [("风筝", 5, 12_800)]
    put(stranger, kite, 4, instead=True)
    assert lines(stranger) == [("风筝", 4, 12_800)]


def test_a_tier_counts_for_the_whole_line_and_changes_with_its_number(firm, stranger):
    kite = product(firm, tiers={10: 5_000, 100: 4_500}, name="风筝")
    line = put(stranger, kite, 60)
    assert lines(stranger) == [("风筝", 60, 5_000)]
    put(stranger, kite, 40)
    assert lines(stranger) == [("风筝", 100, 4_500)]
    services.set_quantity(stranger, line.pk, 10)
    assert lines(stranger) == [("风筝", 10, 5_000)]
    with pytest.raises(BelowMinimum):
        services.set_quantity(stranger, line.pk, 9)
    assert lines(stranger) == [("风筝", 10, 5_000)]


def test_what_cannot_be_bought_does_not_come_into_the_cart(firm, lin, stranger):
    asked = product(firm, name="面议")
    asked.price_mode = "request"
    asked.save()
    few = product(firm, name="少")
    services.set_stock(lin, few.pk, 2)
    cases = [
        (stranger, asked, 1, NotForSale),
        (stranger, product(firm, kind="licence"), 1, NotForSale),
        (stranger, product(firm, kind="file"), 1, NothingToDeliver),
        (stranger, few, 3, NotEnoughLeft),
        (stranger, few, 0, TooManyUnits),
        (stranger, few, 100_001, TooManyUnits),
        (lin, few, 1, OwnProduct),
    ]
    for who, row, quantity, error in cases:
        with pytest.raises(error):
            put(who, row, quantity)
    assert CartLine.objects.count() == 0


def test_a_cart_holds_a_hundred_products_and_not_one_more(firm, stranger, monkeypatch):
    monkeypatch.setattr("haishi.trade.policies.MOST_CART_LINES", 2)
    first = product(firm)
    put(stranger, first)
    put(stranger, product(firm))
    with pytest.raises(CartFull):
        put(stranger, product(firm))
    put(stranger, first)
    assert CartLine.objects.count() == 2


def test_a_cart_becomes_one_order_for_each_seller_kind_and_currency(firm, stranger):
    other = OrganisationFactory()
    put(stranger, product(firm, 100, name="一"))
    put(stranger, product(firm, 200, name="二"), 2)
    put(stranger, product(firm, 300, name="三", currency="USD"))
    put(stranger, product(firm, 400, name="四", kind="service"))
    put(stranger, product(other, 500, name="五"))
    found = {
        (group.seller.pk == firm.pk, group.kind, group.currency): str(group.total)
        for group in selectors.cart_of(stranger)
    }
    assert found == {
        (True, "goods", "CNY"): "¥5.00",
        (True, "goods", "USD"): "US$3.00",
        (True, "service", "CNY"): "¥4.00",
        (False, "goods", "CNY"): "¥5.00",
    }


def test_a_price_that_changed_is_shown_beside_the_old_one(client, firm, stranger):
    kite = product(firm, 3_800, name="风筝")
    put(stranger, kite)
    kite.price_minor = 4_200
    kite.save()
    client.force_login(stranger)
    assert "价格有变化：¥38.00 → ¥42.00" in client.get("/cart/").content.decode()
    line = CartLine.objects.get()
    services.set_quantity(stranger, line.pk, 1)
    assert "价格有变化" not in client.get("/cart/").content.decode()


def test_what_cannot_be_bought_any_more_stays_in_sight_and_does_not_stop_the_rest(
    client, firm, lin, stranger
):
    gone, few, kite = product(firm, name="旧"), product(firm, name="少"), product(firm, name="新")
    services.set_stock(lin, few.pk, 2)
    for row, quantity in ((gone, 1), (few, 2), (kite, 1)):
        put(stranger, row, quantity)
    services.place(
        somebody_with_address(), [want(few, 2)], key="x", address_id=somebody_address().pk
    )
    gone.state = "withdrawn"
    gone.save()
    (group,) = selectors.cart_of(stranger)
    told = {item.product.name: item.trouble for item in group.items}
    assert told == {"旧": "已下架，暂时不能购买。", "少": "已售完。", "新": ""}
    assert ([item.product.name for item in group.ready], group.total) == (["新"], Money(12_800))
    client.force_login(stranger)
    page = client.get("/cart/").content.decode()
    assert [word in page for word in ("已下架", "已售完", "去结算")] == [True] * 3


_buyers: list[Any] = []


def somebody_with_address() -> Any:
    _buyers.append(somebody())
    return _buyers[-1]


def somebody_address() -> Any:
    return address(_buyers[-1])


def test_a_wish_that_nobody_touches_goes_after_sixty_days(firm, stranger):
    put(stranger, product(firm, name="旧"))
    now = clock.now()
    assert services.drop_old_cart_lines(now + dt.timedelta(days=59)) == 0
    assert services.drop_old_cart_lines(now + dt.timedelta(days=60, minutes=1)) == 1
    assert CartLine.objects.count() == 0


def test_ordering_takes_the_lines_out_of_the_cart_and_twice_is_once(firm, stranger):
    kite, home = product(firm), address(stranger)
    line = put(stranger, kite, 2)
    put(stranger, product(firm, name="别的"))
    first = services.check_out(stranger, [seen(line)], key="k", address_id=home.pk)
    again = services.check_out(stranger, [seen(line)], key="k", address_id=home.pk)
    assert (first, Order.objects.count(), first.total) == (again, 1, Money(25_600))
    assert lines(stranger) == [("别的", 1, 12_800)]


def test_the_last_unit_goes_to_one_of_two_carts(firm, lin, stranger):
    kite, other = product(firm), somebody()
    services.set_stock(lin, kite.pk, 1)
    mine, theirs = put(stranger, kite), put(other, kite)
    services.check_out(stranger, [seen(mine)], key="k", address_id=address(stranger).pk)
    home = address(other)
    with pytest.raises(DomainError) as refused:
        services.check_out(other, [seen(theirs)], key="k", address_id=home.pk)
    assert str(refused.value) == "已经没有余量了。"
    assert (Order.objects.count(), lines(other)) == (1, [("沙燕风筝", 1, 12_800)])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_eight_carts_race_for_the_last_unit_and_the_control_oversells(
    firm, lin, guarded, monkeypatch
):
    """With the pool one order is made; the control reads the stock, waits for all, then writes."""
    kite = product(firm)
    services.set_stock(lin, kite.pk, 1)
    buyers = [somebody() for _n in range(8)]
    ready = [(who, put(who, kite), address(who)) for who in buyers]
    if not guarded:
        monkeypatch.setattr("haishi.foundation.scarcity.reserve", _careless(threading.Barrier(8)))
    start, won = threading.Barrier(8), []

    def order(who: Any, line: CartLine, home: Any) -> None:
        start.wait(20)
        try:
            made = services.check_out(who, [seen(line)], key="k", address_id=home.pk)
            won.append(made.pk)
        except DomainError:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=order, args=args) for args in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(won) == Order.objects.count() == (1 if guarded else 8)
    if guarded:
        assert Pool.objects.get(pk=Stock.objects.get().pool_id).taken == 1
        assert CartLine.objects.count() == 7


def _careless(gate: threading.Barrier) -> Any:
    """Read, check, write: what scarcity exists to prevent."""

    def reserve(pool_id: int, *_rest: Any) -> Any:
        free = Pool.objects.get(pk=pool_id).capacity > Pool.objects.get(pk=pool_id).taken
        gate.wait(20)
        assert free
        return type("Hold", (), {"hold_id": None})

    return reserve


def test_who_leaves_takes_the_cart_along_and_may_read_it_before(firm, stranger):
    put(stranger, product(firm, name="风筝"), 2)
    told = parties.export_person(stranger)["trade"]["cart"]
    assert [(row["name"], row["quantity"]) for row in told] == [("风筝", 2)]
    parties.erase_person(stranger)
    assert CartLine.objects.count() == 0


# Over HTTP


def field(page: str, name: str) -> list[str]:
    """Values of the hidden fields of this name."""
    found = re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    return [html.unescape(value) for value in found]


def test_a_wish_survives_signing_in(client, firm, stranger):
    kite = product(firm)
    page = client.get(kite.get_absolute_url()).content.decode()
    assert ('action="/buy/' in page, "csrfmiddlewaretoken" in page) == (True, False)
    answer = client.get(f"/buy/{kite.slug}/?quantity=3")
    onward = parse_qs(urlsplit(answer.url).query)["next"][0]
    posted = client.post(f"/buy/{kite.slug}/", {"quantity": "3"})
    assert parse_qs(urlsplit(posted.url).query)["next"][0] == onward
    client.force_login(stranger)
    shown = client.get(onward)
    assert field(shown.content.decode(), "quantity") == ["3"]
    assert "¥384.00" in shown.content.decode()


def test_a_member_buys_from_the_products_own_page(client, firm, stranger):
    kite = product(firm, name="风筝")
    client.force_login(stranger)
    page = client.get(kite.get_absolute_url()).content.decode()
    sent = {"quantity": "2", "once": field(page, "once")[0], "then": "cart"}
    assert client.post(f"/buy/{kite.slug}/", sent).url == "/cart/"
    client.post(f"/buy/{kite.slug}/", sent)
    assert lines(stranger) == [("风筝", 2, 12_800)]


def test_buying_now_leads_to_an_order_of_this_alone(client, firm, stranger):
    kite = product(firm, name="风筝")
    put(stranger, product(firm, name="别的"))
    client.force_login(stranger)
    answer = client.post(f"/buy/{kite.slug}/", {"quantity": "1", "then": "order"})
    page = client.get(answer.url).content.decode()
    assert ("风筝" in page, "别的" in page) == (True, False)
    again = client.post(f"/buy/{kite.slug}/", {"quantity": "1", "then": "order"})
    assert again.url == answer.url
    assert lines(stranger) == [("别的", 1, 12_800), ("风筝", 1, 12_800)]


def test_a_refused_number_keeps_what_was_typed(client, firm, lin, stranger):
    kite = product(firm)
    services.set_stock(lin, kite.pk, 2)
    client.force_login(stranger)
    answer = client.post(f"/buy/{kite.slug}/", {"quantity": "3"})
    assert (answer.status_code, field(answer.content.decode(), "quantity")) == (422, ["3"])
    assert "只剩 2 件" in answer.content.decode()
    for nonsense in ("-1", "0", "x", "", "1e9", "９９９９９９９９"):
        assert client.post(f"/buy/{kite.slug}/", {"quantity": nonsense}).status_code == 422
    assert CartLine.objects.count() == 0


def test_a_stale_cart_page_says_that_the_line_is_gone(client, firm, stranger):
    line = put(stranger, product(firm))
    client.force_login(stranger)
    remove = {"do": "remove"}
    told = [
        client.post(f"/cart/{line.pk}/", sent, follow=True).content.decode()
        for sent in (remove, remove, {"do": "set", "quantity": "2"})
    ]
    assert "已移出购物车。" in told[0]
    assert "这件商品已不在购物车里" in told[1]
    assert "这件商品已不在购物车里" in told[2]


def test_nobody_reaches_into_anothers_cart(client, firm, stranger):
    line = put(stranger, product(firm), 2)
    client.force_login(somebody())
    client.post(f"/cart/{line.pk}/", {"do": "remove"})
    client.post(f"/cart/{line.pk}/", {"do": "set", "quantity": "9"})
    assert lines(stranger) == [("沙燕风筝", 2, 12_800)]


def test_a_cart_costs_the_same_for_one_line_and_for_twelve(
    client, firm, stranger, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(stranger)
    put(stranger, product(firm))
    client.get("/cart/")
    with django_assert_max_num_queries(12) as few:
        client.get("/cart/")
    for _n in range(11):
        put(stranger, product(firm))
    with django_assert_num_queries(len(few)):
        client.get("/cart/")
