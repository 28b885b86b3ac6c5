"""Thirty buyers in sixty windows pay, forget or give up while the worker turns: seven units."""

import datetime as dt
import threading

import pytest
from django.db import connections

from haishi.foundation import clock, draws, outbox
from haishi.foundation.models import Pool
from haishi.foundation.scarcity import SoldOut
from haishi.launches import services
from haishi.launches.models import Claim
from haishi.launches.tests.factories import sale
from haishi.launches.tests.test_claims import at_once, states
from haishi.parties.tests.factories import PersonFactory
from haishi.trade import selectors as trade_selectors
from haishi.trade import services as trade
from haishi.trade.tests.factories import Order, address, callback, sandbox

QUOTA = 7


def work(ended: threading.Event) -> None:
    """The worker's loops, again and again; once more after everybody is done."""
    try:
        while True:
            last = ended.is_set()
            services.expire_unpaid()
            sandbox.deliver_due(callback)
            outbox.drain(rounds=20)
            services.promote_due(clock.now())
            if last:
                return
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_exactly_the_quota_is_sold_while_some_pay_some_forget_and_some_give_up():
    allotment = sale(QUOTA)
    people = [PersonFactory() for _ in range(30)]
    homes = {person.pk: address(person).pk for person in people}

    def buy(person) -> None:
        try:
            row = services.claim(person, allotment.pk)
        except SoldOut:
            row = services.wait(person, allotment.pk)
        if row.state != "won":
            return
        if person.pk % 3 == 0:
            services.cancel(person, row.pk)
        elif person.pk % 3 == 1:
            Claim.objects.filter(pk=row.pk, order=None).update(
                pay_by=clock.now() - dt.timedelta(seconds=1)
            )
        else:
            order = services.check_out(person, row.pk, homes[person.pk]).order
            sandbox.pay(trade.start(person, order.pk, "sandbox").reference)

    ended = threading.Event()
    worker = threading.Thread(target=work, args=(ended,))
    worker.start()
    at_once(buy, people * 2)
    ended.set()
    worker.join()
    for row in Claim.objects.filter(state="won", order=None):  # those the waiting list offered
        order = services.check_out(row.person, row.pk, homes[row.person_id]).order
        sandbox.pay(trade.start(row.person, order.pk, "sandbox").reference)
    work(ended)
    assert states(allotment)["bought"] == QUOTA
    assert Pool.objects.get(pk=allotment.pool_id).taken == QUOTA
    paid = Order.objects.filter(state="paid")
    assert sum(trade_selectors.held(row).minor for row in paid) == QUOTA * 9_900


@pytest.mark.django_db(transaction=True)
def test_the_control_that_reads_checks_and_writes_sells_too_many():
    allotment = sale(QUOTA)
    people = [PersonFactory() for _ in range(20)]
    looked = threading.Barrier(len(people))

    def naive(person) -> None:
        room = Claim.objects.filter(allotment=allotment, state="won").count() < QUOTA
        looked.wait()  # everybody has looked before anybody writes, as in a rush
        if room:
            Claim.objects.create(
                allotment=allotment, person=person, ticket=draws.new_ticket(), state="won",
                hold_id=person.pk, pay_by=clock.now(),
            )  # fmt: skip

    at_once(naive, people)
    assert states(allotment) == {"won": 20}
