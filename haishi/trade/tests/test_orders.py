"""Orders: placed at the price that was seen, kept while they wait, settled to the fen."""

import datetime as dt
import threading

import pytest
from django.db import connections

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound, TooMany
from haishi.foundation.models import Outbox, Pool
from haishi.foundation.money import Money
from haishi.foundation.once import KeyReused
from haishi.foundation.scarcity import SoldOut
from haishi.trade import policies, selectors, services
from haishi.trade.errors import (
    AddressMissing,
    BelowMinimum,
    NotForSale,
    NothingOrdered,
    OneSellerOneKind,
    OwnProduct,
    PriceChanged,
    RefundOpen,
    RefundTooMuch,
    ShipsTooMuch,
    StockBelowTaken,
)
from haishi.trade.models import Order, OrderLine, Refund, Shipment, Stock
from haishi.trade.providers import sandbox
from haishi.trade.states import Side
from haishi.trade.tests.factories import address, callback, order, pay, product, somebody, want
from haishi.trade.types import AccountName, Wanted

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(days=30)


def ledger(code: str, side: int, currency: str = "CNY") -> int:
    return selectors.balance(AccountName(code, currency, side)).minor


def labels() -> list[str]:
    return list(Outbox.objects.order_by("id").values_list("label", flat=True))


def actions(row) -> list[str]:
    return [entry.action for entry in reversed(audit.history(row))]


def test_an_order_keeps_name_price_and_address_as_they_were(firm, stranger):
    kite = product(firm, 12_800, name="沙燕风筝")
    home = address(stranger)
    row = services.place(stranger, [want(kite, 2)], key="a", address_id=home.pk, note="请轻放")
    kite.name, kite.price_minor = "别的名字", 99_900
    kite.save()
    home.delete()
    row.refresh_from_db()
    line = row.lines.get()
    assert (row.state, row.kind, row.total, row.fee_points) == (
        "awaiting",
        "goods",
        Money(25_600),
        300,
    )
    assert (line.name, line.price_minor, line.quantity) == ("沙燕风筝", 12_800, 2)
    assert (row.ship_to["street"], row.note) == ("海岸路 8 号", "请轻放")
    assert (labels(), actions(row)) == (["trade.OrderPlaced"], ["order.placed"])


def test_a_double_click_orders_once_and_another_request_may_not_use_its_key(firm, stranger):
    kite, home = product(firm), address(stranger)
    first = services.place(stranger, [want(kite)], key="a", address_id=home.pk)
    again = services.place(stranger, [want(kite)], key="a", address_id=home.pk)
    assert first == again
    with pytest.raises(KeyReused):
        services.place(stranger, [want(kite, 2)], key="a", address_id=home.pk)
    assert Order.objects.count() == 1


def test_a_price_that_changed_under_the_cart_is_told_and_nothing_is_ordered(firm, stranger):
    kite, home = product(firm, 4_200, name="风筝"), address(stranger)
    with pytest.raises(PriceChanged) as refused:
        services.place(stranger, [want(kite, price=3_800)], key="a", address_id=home.pk)
    assert str(refused.value) == (
        "价格有变化：“风筝”由 ¥38.00 变为 ¥42.00。尚未下单，请核对后再提交。"
    )
    with pytest.raises(PriceChanged):
        services.place(stranger, [Wanted(kite.pk, 1, 4_200, "USD")], key="a", address_id=home.pk)
    assert (Order.objects.count(), OrderLine.objects.count(), labels()) == (0, 0, [])


@pytest.mark.parametrize(
    ("quantity", "price"), [(10, 5_000), (99, 5_000), (100, 4_500), (1_000, 4_500)]
)
def test_a_tier_gives_its_price_from_its_quantity_on(firm, stranger, quantity, price):
    kite = product(firm, tiers={10: 5_000, 100: 4_500})
    row = order(stranger, want(kite, quantity, price))
    assert row.total_minor == quantity * price


def test_what_cannot_be_ordered_is_refused(firm, lin, stranger):
    kite, home = product(firm), address(stranger)
    foreign = product(somebody_elses_firm())
    tiered = product(firm, tiers={10: 5_000})
    asked = product(firm)
    asked.price_mode = "request"
    asked.save()
    draft = product(firm, state="draft")
    film = product(firm, kind="file")
    cases = [
        ([], NothingOrdered, stranger),
        ([want(kite), want(kite)], NothingOrdered, stranger),
        ([want(kite), want(foreign)], OneSellerOneKind, stranger),
        ([want(kite), want(film)], OneSellerOneKind, stranger),
        ([want(tiered, 9)], BelowMinimum, stranger),
        ([want(asked)], NotForSale, stranger),
        ([want(draft)], NotFound, stranger),
        ([want(kite)], OwnProduct, lin),
    ]
    for wanted, error, who in cases:
        with pytest.raises(error):
            services.place(who, wanted, key="k", address_id=home.pk)
    with pytest.raises(AddressMissing):
        services.place(stranger, [want(kite)], key="k")
    with pytest.raises(AddressMissing):
        services.place(somebody(), [want(kite)], key="k", address_id=home.pk)
    with pytest.raises(Forbidden):
        services.place(stranger, [want(kite)], key="k", address_id=home.pk, firm_id=firm.pk)
    assert Order.objects.count() == 0


def somebody_elses_firm():
    from haishi.parties.tests.factories import OrganisationFactory

    return OrganisationFactory()


def test_nobody_keeps_units_with_more_than_twenty_unpaid_orders(firm, stranger):
    kite = product(firm)
    for _n in range(policies.MOST_UNPAID):
        order(stranger, want(kite))
    with pytest.raises(TooMany):
        order(stranger, want(kite))
    assert Order.objects.count() == 20


def test_stock_is_kept_while_an_order_waits_and_comes_back_when_it_ends(firm, lin, stranger):
    kite = product(firm)
    services.set_stock(lin, kite.pk, 3)
    first = order(stranger, want(kite, 2))
    assert selectors.stock_left([kite.pk]) == {kite.pk: 1}
    with pytest.raises(SoldOut):
        order(somebody(), want(kite, 2))
    with pytest.raises(StockBelowTaken):
        services.set_stock(lin, kite.pk, 1)
    services.cancel(stranger, first.pk)
    assert selectors.stock_left([kite.pk]) == {kite.pk: 3}
    second = order(stranger, want(kite, 3))
    late = second.pay_by + policies.NEWS_GRACE
    assert services.expire_unpaid(late - dt.timedelta(microseconds=1)) == 0
    assert services.expire_unpaid(late) == 1
    assert services.expire_unpaid(late) == 0
    second.refresh_from_db()
    assert (second.state, selectors.stock_left([kite.pk])) == ("expired", {kite.pk: 3})
    assert Order.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_twenty_buyers_of_five_units_order_exactly_five(firm, lin):
    kite = product(firm)
    services.set_stock(lin, kite.pk, 5)
    buyers = [somebody() for _n in range(20)]
    for buyer in buyers:
        address(buyer)
    barrier, answers = threading.Barrier(20), []

    def work(buyer) -> None:
        barrier.wait()
        try:
            order(buyer, want(kite))
            answers.append("ordered")
        except SoldOut:
            answers.append("sold out")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(buyer,)) for buyer in buyers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (answers.count("ordered"), answers.count("sold out")) == (5, 15)
    assert Pool.objects.get(pk=Stock.objects.get().pool_id).taken == 5


def test_goods_go_from_payment_through_two_parcels_to_a_split_that_is_exact(firm, zhou, stranger):
    kite, lamp = product(firm, 3_333), product(firm, 1_001)
    row = order(stranger, want(kite, 3), want(lamp, 1))
    pay(row)
    assert (row.state, selectors.held(row)) == ("paid", Money(11_000))
    first, second = row.lines.order_by("pk")
    services.ship(zhou, row.pk, {first.pk: 2}, "顺丰", "SF1")
    row.refresh_from_db()
    assert row.state == "part_shipped"
    with pytest.raises(ShipsTooMuch):
        services.ship(zhou, row.pk, {first.pk: 2})
    services.ship(zhou, row.pk, None, "顺丰", "SF2")
    assert [shipment.content for shipment in row.shipments.order_by("pk")] == [
        {str(first.pk): 2},
        {str(first.pk): 1, str(second.pk): 1},
    ]
    services.receive(stranger, row.pk)
    assert services.settle_due() == 0
    assert services.settle_due(clock.now() + LATER) == 1
    assert services.settle_due(clock.now() + LATER) == 0
    row.refresh_from_db()
    assert (row.state, selectors.held(row)) == ("completed", Money(0))
    assert ledger(f"seller:{firm.pk}", Side.CREDIT) == 10_670
    assert ledger("fees", Side.CREDIT) == 330
    assert ledger("provider:sandbox", Side.DEBIT) == 11_000
    assert selectors.trial_balance().balanced
    assert actions(row) == [
        "order.placed",
        "payment.opened",
        "payment.succeeded",
        "order.pay",
        "order.ship_part",
        "order.ship",
        "order.receive",
        "order.settle",
    ]


def test_what_was_sent_counts_as_received_after_ten_days(firm, zhou, stranger):
    row = order(stranger, want(product(firm)))
    pay(row)
    services.ship(zhou, row.pk)
    row.refresh_from_db()
    assert services.receive_due(row.moves_at - dt.timedelta(microseconds=1)) == 0
    assert services.receive_due(row.moves_at) == 1
    row.refresh_from_db()
    assert row.state == "received"


def test_a_file_is_settled_once_opened_and_a_service_once_accepted(firm, zhou, stranger):
    film = order(stranger, want(product(firm, kind="file")))
    work = order(stranger, want(product(firm, kind="service")))
    pay(film)
    pay(work)
    with pytest.raises(Conflict):
        services.ship(zhou, film.pk)
    with pytest.raises(Conflict):
        services.receive(stranger, work.pk)
    services.receive(stranger, film.pk)
    services.ship(zhou, work.pk)
    services.receive(stranger, work.pk)
    assert services.settle_due() == 2
    assert Order.objects.filter(state="completed").count() == 2


def test_strangers_see_no_order_and_each_side_does_only_its_own_part(firm, lin, zhou, stranger):
    row = order(stranger, want(product(firm)))
    other = somebody()
    assert selectors.get_visible(zhou, row.number) == row
    with pytest.raises(NotFound):
        selectors.get_visible(other, row.number)
    for step in (services.cancel, services.ship, services.receive):
        with pytest.raises(NotFound):
            step(other, row.pk)
    with pytest.raises(Forbidden):
        services.cancel(lin, row.pk)
    pay(row)
    with pytest.raises(Forbidden):
        services.ship(stranger, row.pk)
    with pytest.raises(Forbidden):
        services.call_off(zhou, row.pk, "缺货")
    row.refresh_from_db()
    assert (row.state, Shipment.objects.count(), Refund.objects.count()) == ("paid", 0, 0)


def test_a_seller_who_cannot_deliver_sends_everything_back(firm, lin, stranger):
    kite = product(firm)
    services.set_stock(lin, kite.pk, 1)
    row = order(stranger, want(kite))
    pay(row)
    services.call_off(lin, row.pk, "缺货")
    row.refresh_from_db()
    assert (row.state, selectors.held(row)) == ("refunded", Money(0))
    assert ledger("refunding:sandbox", Side.CREDIT) == 12_800
    assert selectors.stock_left([kite.pk]) == {kite.pk: 1}
    assert services.send_due() == 1
    sandbox.deliver_due(callback)
    refund = Refund.objects.get()
    assert (refund.state, ledger("refunding:sandbox", Side.CREDIT)) == ("done", 0)
    assert ledger("provider:sandbox", Side.DEBIT) == 0


def test_what_is_never_sent_goes_back_by_itself(firm, stranger):
    row = order(stranger, want(product(firm)))
    pay(row)
    assert services.call_off_unshipped(row.moves_at - dt.timedelta(microseconds=1)) == 0
    assert services.call_off_unshipped(row.moves_at) == 1
    row.refresh_from_db()
    assert row.state == "refunded"


def test_part_of_the_money_goes_back_and_the_rest_is_split(firm, lin, zhou, stranger):
    row = order(stranger, want(product(firm, 10_000)))
    pay(row)
    services.ship(zhou, row.pk)
    services.receive(stranger, row.pk)
    refund = services.ask_refund(stranger, row.pk, 3_333, "有划痕")
    with pytest.raises(RefundOpen):
        services.ask_refund(stranger, row.pk, 1, "再退")
    assert services.settle_due(clock.now() + LATER) == 0
    services.agree(lin, refund.pk, "抱歉")
    assert services.settle_due(clock.now() + LATER) == 1
    assert ledger(f"seller:{firm.pk}", Side.CREDIT) == 6_467
    assert ledger("fees", Side.CREDIT) == 200
    assert ledger("refunding:sandbox", Side.CREDIT) == 3_333


def test_returned_goods_come_first_and_the_money_after_them(firm, lin, zhou, stranger):
    row = order(stranger, want(product(firm)))
    pay(row)
    services.ship(zhou, row.pk)
    refund = services.ask_refund(stranger, row.pk, 12_800, "不合适", returns_goods=True)
    assert services.agree(lin, refund.pk).state == "returning"
    assert selectors.held(row) == Money(12_800)
    with pytest.raises(Forbidden):
        services.take_goods_back(zhou, refund.pk)
    assert services.take_goods_back(lin, refund.pk).state == "instructed"
    with pytest.raises(Conflict):
        services.take_goods_back(lin, refund.pk)
    row.refresh_from_db()
    assert (row.state, selectors.held(row)) == ("refunded", Money(0))


@pytest.mark.parametrize("amount", [0, -1, 12_801])
def test_no_more_goes_back_than_is_held(firm, stranger, amount):
    row = order(stranger, want(product(firm)))
    pay(row)
    with pytest.raises(RefundTooMuch):
        services.ask_refund(stranger, row.pk, amount, "")
    assert Refund.objects.count() == 0


def test_a_refund_may_be_refused_or_withdrawn_and_silence_agrees(firm, lin, stranger):
    row = order(stranger, want(product(firm)))
    pay(row)
    refused = services.ask_refund(stranger, row.pk, 100, "一")
    services.refuse(lin, refused.pk, "已按约定发货")
    with pytest.raises(Conflict):
        services.agree(lin, refused.pk)
    withdrawn = services.ask_refund(stranger, row.pk, 100, "二")
    services.withdraw(stranger, withdrawn.pk)
    silent = services.ask_refund(stranger, row.pk, 100, "三")
    assert services.agree_for_silent_sellers(silent.answer_by) == 1
    states = list(Refund.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["refused", "withdrawn", "instructed"]
    assert selectors.held(row) == Money(12_700)


def test_units_that_were_sent_do_not_come_back_with_the_money(firm, lin, stranger):
    kite, lamp = product(firm), product(firm)
    for row in (kite, lamp):
        services.set_stock(lin, row.pk, 3)
    deal = order(stranger, want(kite, 2), want(lamp, 3))
    pay(deal)
    sent = deal.lines.get(product=kite)
    services.ship(lin, deal.pk, {sent.pk: 1})
    services.agree(lin, services.ask_refund(stranger, deal.pk, 5 * 12_800, "").pk)
    deal.refresh_from_db()
    assert deal.state == "refunded"
    assert selectors.stock_left([kite.pk, lamp.pk]) == {kite.pk: 1, lamp.pk: 3}


def test_half_a_fen_goes_to_the_seller(firm, zhou, stranger):
    row = order(stranger, want(product(firm, 50, kind="file")))
    pay(row)
    services.receive(stranger, row.pk)
    assert services.settle_due() == 1
    assert ledger(f"seller:{firm.pk}", Side.CREDIT) == 49
    assert ledger("fees", Side.CREDIT) == 1
