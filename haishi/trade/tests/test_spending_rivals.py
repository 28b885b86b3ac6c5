"""Two at once: a month is never spent twice."""

import threading

import pytest
from django.db import connections

from haishi.foundation.money import Money
from haishi.parties.tests.factories import MembershipFactory, PersonFactory
from haishi.trade import selectors, services
from haishi.trade.errors import (
    ApproverLimit,
)
from haishi.trade.models import Approval, Order
from haishi.trade.tests.spenders import buy, kite_in_stock, limit

pytestmark = pytest.mark.django_db


@pytest.fixture
def kite(db):
    """Something for ¥100 of another firm, three in stock."""
    return kite_in_stock()


@pytest.fixture
def wu(firm):
    """吴: manager of the firm."""
    person = PersonFactory(name="吴")
    MembershipFactory(person=person, organisation=firm, role="manager")
    return person


def at_once(*works) -> None:
    barrier = threading.Barrier(len(works))

    def run(work) -> None:
        barrier.wait()
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_of_two_orders_that_together_exceed_the_month_one_waits(firm, lin, zhou, kite):
    limit(firm, lin, "role:staff", month=15_000)
    at_once(*[lambda: buy(zhou, firm, kite)] * 2)
    assert sorted(Order.objects.values_list("state", flat=True)) == ["approving", "awaiting"]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_pass_so_the_test_above_can_fail(firm, lin, zhou, kite):
    limit(firm, lin, "role:staff", month=15_000)
    judged, states = threading.Barrier(2), []

    def read_check_write() -> None:
        found = selectors.spend_verdict(zhou, firm.pk, Money(10_000))
        judged.wait()
        states.append(found.state)

    at_once(read_check_write, read_check_write)
    assert states == ["allowed", "allowed"]


@pytest.mark.django_db(transaction=True)
def test_one_approver_does_not_spend_a_month_twice(firm, lin, zhou, wu, kite):
    limit(firm, lin, "role:staff", single=1)
    limit(firm, lin, "role:manager", month=15_000)
    asked = [buy(zhou, firm, kite).approval_id for _n in range(2)]
    answers = []

    def approve(pk) -> None:
        try:
            answers.append(services.approve_spending(wu, pk).state)
        except ApproverLimit:
            answers.append("too much")

    at_once(*(lambda pk=pk: approve(pk) for pk in asked))
    assert sorted(answers) == ["approved", "too much"]
    assert sorted(Approval.objects.values_list("state", flat=True)) == ["approved", "waiting"]
