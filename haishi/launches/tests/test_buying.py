"""From a kept unit to a paid one: the claim becomes an order, and the order decides."""

import datetime as dt

import pytest

from haishi.catalogue.tests.factories import ListedFactory
from haishi.foundation import clock, outbox
from haishi.foundation.errors import Conflict, NotFound
from haishi.foundation.models import Hold, Pool
from haishi.launches import services
from haishi.launches.errors import PayTimeOver
from haishi.launches.models import Claim
from haishi.launches.tests.factories import LaunchFactory, sale
from haishi.launches.tests.test_claims import at_once, states, taken
from haishi.notices import selectors as notices
from haishi.parties.tests.factories import MembershipFactory, PersonFactory
from haishi.trade import services as trade
from haishi.trade.errors import AddressMissing
from haishi.trade.tests.factories import (
    Address,
    Order,
    Payment,
    Refund,
    address,
    callback,
    pay,
    sandbox,
)

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
HOME = {
    "address": "new", "name": "外人", "phone": "13800000000", "region": "山东省烟台市",
    "street": "海岸路 8 号", "postcode": "",
}  # fmt: skip


def won(allotment, person) -> Claim:
    return services.claim(person, allotment.pk)


def ordered(allotment, person) -> Claim:
    return services.check_out(person, won(allotment, person).pk, address(person).pk)


def later(monkeypatch, minutes: float) -> None:
    moment = clock.now() + minutes * MINUTE
    monkeypatch.setattr(clock, "now", lambda: moment)


def turn() -> None:
    """What the worker does, once."""
    services.expire_unpaid()
    trade.expire_unpaid()
    outbox.drain(rounds=20)
    services.promote_due(clock.now())
    outbox.drain(rounds=20)


def test_a_won_unit_is_ordered_paid_and_bought(stranger):
    allotment = sale(1)
    claim = ordered(allotment, stranger)
    order = claim.order
    assert (order.total_minor, order.kind, order.origin) == (9_900, "goods", f"claim:{claim.pk}")
    assert (order.pay_by, order.ship_to["street"]) == (claim.pay_by, "海岸路 8 号")
    assert order.seller_id == allotment.launch.exhibitor.organisation_id
    pay(order)
    outbox.drain(rounds=20)
    claim.refresh_from_db()
    assert (claim.state, order.state, taken(allotment)) == ("bought", "paid", 1)
    assert Hold.objects.get().state == "confirmed"


def test_a_double_click_and_a_second_window_make_one_order(stranger):
    claim = ordered(sale(1), stranger)
    again = services.check_out(stranger, claim.pk, new_address={"name": "x"})
    assert again.order_id == claim.order_id
    assert (Order.objects.count(), Address.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_eight_windows_at_once_make_one_order():
    person = PersonFactory()
    claim, home = won(sale(1), person), address(person)
    answers = at_once(lambda pk: services.check_out(person, pk, home.pk).order_id, [claim.pk] * 8)
    assert answers == [Order.objects.get().pk] * 8


def test_nobody_orders_for_another_nor_without_an_address(stranger, lin):
    claim = won(sale(1), stranger)
    foreign = address(lin)
    with pytest.raises(NotFound):
        services.check_out(lin, claim.pk, foreign.pk)
    for wrong in (None, foreign.pk):
        with pytest.raises(AddressMissing):
            services.check_out(stranger, claim.pk, wrong)
    claim.refresh_from_db()
    assert (claim.order_id, Order.objects.count()) == (None, 0)


def test_a_unit_is_not_ordered_after_its_time(stranger, monkeypatch):
    claim = won(sale(1), stranger)
    home = address(stranger)
    later(monkeypatch, 15)
    with pytest.raises(PayTimeOver):
        services.check_out(stranger, claim.pk, home.pk)
    assert Order.objects.count() == 0


def test_with_an_order_the_order_ends_the_claim_and_the_next_may_buy(stranger, lin, monkeypatch):
    allotment = sale(1)
    claim = ordered(allotment, stranger)
    services.wait(lin, allotment.pk)
    later(monkeypatch, 16)
    turn()
    assert states(allotment) == {"won": 1, "waiting": 1}  # news of a payment may still come
    later(monkeypatch, 1.1)
    turn()
    claim.refresh_from_db()
    assert (claim.state, claim.order.state) == ("expired", "expired")
    assert Claim.objects.get(person=lin).state == "won"
    assert taken(allotment) == 1


def test_cancelling_the_order_gives_the_unit_up(stranger, lin):
    allotment = sale(1)
    claim = ordered(allotment, stranger)
    services.wait(lin, allotment.pk)
    trade.cancel(stranger, claim.order_id)
    turn()
    assert states(allotment) == {"cancelled": 1, "won": 1}
    assert taken(allotment) == 1


def test_giving_the_claim_up_cancels_its_order(stranger):
    allotment = sale(1)
    claim = ordered(allotment, stranger)
    services.cancel(stranger, claim.pk)
    assert (Order.objects.get().state, taken(allotment)) == ("cancelled", 0)
    turn()
    assert states(allotment) == {"cancelled": 1}


def test_what_is_paid_is_not_given_up(stranger):
    allotment = sale(1)
    claim = ordered(allotment, stranger)
    pay(claim.order)
    with pytest.raises(Conflict):  # the worker has not come by: the order knows already
        services.cancel(stranger, claim.pk)
    turn()
    with pytest.raises(Conflict):
        services.cancel(stranger, claim.pk)
    assert (states(allotment), taken(allotment)) == ({"bought": 1}, 1)


def test_money_that_comes_after_the_unit_went_on_goes_back_and_is_told(stranger, lin, monkeypatch):
    allotment = sale(1)
    claim = ordered(allotment, stranger)
    services.wait(lin, allotment.pk)
    payment = trade.start(stranger, claim.order_id, "sandbox")
    sandbox.pay(payment.reference, sandbox.Faults(delay=20 * MINUTE))
    later(monkeypatch, 18)
    turn()
    assert Claim.objects.get(person=lin).state == "won"
    later(monkeypatch, 3)
    sandbox.deliver_due(callback)
    turn()
    assert Payment.objects.get().state == "succeeded"
    refund = Refund.objects.get()
    assert (refund.late, refund.amount_minor) == (True, 9_900)
    assert (states(allotment), taken(allotment)) == ({"expired": 1, "won": 1}, 1)
    told = [n.subject for n in notices.inbox(stranger)]
    assert "付款晚了：" in " ".join(told)


def test_a_refund_of_what_was_not_sent_frees_the_unit_for_the_next(stranger, lin, monkeypatch):
    allotment = sale(1)
    claim = ordered(allotment, stranger)
    services.wait(lin, allotment.pk)
    pay(claim.order)
    turn()
    later(monkeypatch, 1)
    firm = allotment.launch.exhibitor.organisation
    owner = MembershipFactory(organisation=firm, role="owner").person
    trade.call_off(owner, claim.order_id, "缺料")
    turn()
    assert states(allotment) == {"refunded": 1, "won": 1}
    assert taken(allotment) == 1


def test_the_same_news_twice_and_news_in_the_wrong_order_change_nothing(stranger):
    allotment = sale(1)
    claim = ordered(allotment, stranger)
    pay(claim.order)
    services.order_ended(claim.pk, "refunded")
    assert services.mark_bought(claim.pk).state == "refunded"
    assert services.order_ended(claim.pk, "expired") is False
    assert states(allotment) == {"refunded": 1}


def test_a_file_needs_no_address(stranger, firm):
    row = ListedFactory(organisation=firm, kind="file")
    claim = won(sale(1, launch=LaunchFactory(product=row)), stranger)
    order = services.check_out(stranger, claim.pk).order
    assert (order.kind, order.ship_to, order.lines.get().product_id) == ("file", {}, row.pk)


# The pages


def test_from_the_page_of_the_kept_unit_to_the_cashier(client, stranger):
    allotment = sale(1)
    claim = won(allotment, stranger)
    client.force_login(stranger)
    url = f"/launches/{allotment.launch.slug}/pay/"
    assert f'href="{url}"' in client.get(f"/launches/{allotment.launch.slug}/").content.decode()
    text = client.get(url).content.decode()
    assert "¥99.00" in text
    assert claim.ticket in text
    assert f'until="{clock.local(claim.pay_by, "Asia/Shanghai").isoformat()}"' in text
    answer = client.post(url, HOME)
    order = Order.objects.get()
    choice = f"/orders/{order.number}/pay/"
    assert answer.headers["Location"] == choice
    assert client.post(choice).headers["Location"] == Payment.objects.get().pay_url
    # The back button: the order instead of a second one.
    for answer in (client.get(url), client.post(url, HOME)):
        assert answer.headers["Location"] == f"/orders/{order.number}/"
    assert Order.objects.count() == 1


def test_an_address_that_lacks_a_line_is_answered_at_it_and_keeps_the_rest(client, stranger):
    allotment = sale(1)
    won(allotment, stranger)
    client.force_login(stranger)
    answer = client.post(f"/launches/{allotment.launch.slug}/pay/", {**HOME, "phone": ""})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "请填写这一项。" in text
    assert "海岸路 8 号" in text
    assert (Order.objects.count(), Address.objects.count()) == (0, 0)


def test_a_foreign_address_is_no_choice(client, stranger, lin):
    allotment = sale(1)
    won(allotment, stranger)
    address(stranger)
    client.force_login(stranger)
    wrong = {**HOME, "address": str(address(lin).pk)}
    assert client.post(f"/launches/{allotment.launch.slug}/pay/", wrong).status_code == 422
    assert Order.objects.count() == 0


def test_who_comes_too_late_reads_why_and_pays_nothing(client, stranger):
    allotment = sale(1)
    claim = won(allotment, stranger)
    Claim.objects.filter(pk=claim.pk).update(pay_by=clock.now() - MINUTE)
    client.force_login(stranger)
    answer = client.post(f"/launches/{allotment.launch.slug}/pay/", HOME, follow=True)
    assert "没有在时限内付款，名额已让给候补。" in answer.content.decode()
    assert (Order.objects.count(), Pool.objects.get().taken) == (0, 1)


def test_who_has_no_claim_finds_no_page_to_pay_on(client, lin, stranger):
    allotment = sale(1)
    won(allotment, stranger)
    client.force_login(lin)
    assert client.get(f"/launches/{allotment.launch.slug}/pay/").status_code == 404
