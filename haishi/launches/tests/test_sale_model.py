"""Random first sales beside a plain model: claims, orders, money and clocks in any order.

The model is a dict of words. Whatever happens, the units that are kept or sold are those of the
model, they are never more than the quota, and nobody's money stays without a unit.
"""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from haishi.foundation import clock, outbox, scarcity
from haishi.foundation.errors import DomainError
from haishi.foundation.models import Pool
from haishi.launches import services
from haishi.launches.models import Claim
from haishi.launches.tests.factories import sale
from haishi.parties.tests.factories import PersonFactory
from haishi.trade import services as trade
from haishi.trade.services.ledger import forget_accounts
from haishi.trade.tests.factories import Order, Payment, Refund, address, callback, sandbox

QUOTA, CROWD, PAY, GRACE, NEWS = 2, 5, 15, 10, 2
OPEN = 300
who = st.integers(0, CROWD - 1)
TAKING = ("won", "ordered", "bought")


class Sales(RuleBasedStateMachine):
    """`state[i]`: "", won, ordered (an order waits), waiting, bought, expired, cancelled."""

    def __init__(self) -> None:
        super().__init__()
        forget_accounts()
        # Ahead of the database's clock, by which facts become due.
        self.minute, self.start = 0, dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
        self.real, clock.now = clock.now, self.now  # type: ignore[assignment]
        self.sale = sale(QUOTA, pay_minutes=PAY, closes_at=self.at(OPEN))
        self.people = [PersonFactory() for _ in range(CROWD)]
        self.homes = [address(person).pk for person in self.people]
        self.state, self.due = [""] * CROWD, [0] * CROWD
        self.queue: list[int] = []
        self.cashed: set[int] = set()
        self.refunded: set[int] = set()

    def at(self, minute: int) -> dt.datetime:
        return self.start + dt.timedelta(minutes=minute)

    def now(self) -> dt.datetime:
        return self.at(self.minute)

    def teardown(self) -> None:
        clock.now = self.real

    @property
    def taken(self) -> int:
        return sum(word in TAKING for word in self.state)

    def attempt(self, allowed: bool, action: Any, *args: Any) -> None:
        try:
            action(*args)
        except DomainError:
            assert not allowed
        else:
            assert allowed

    def mine(self, i: int) -> Claim | None:
        return Claim.objects.filter(person=self.people[i]).first()

    def pass_on(self) -> None:
        """Facts are delivered; free units go to the queue while the sale is open."""
        outbox.drain(rounds=50)
        services.promote_due(clock.now())
        while self.minute < OPEN and self.taken < QUOTA and self.queue:
            self.win(self.queue.pop(0))

    def win(self, i: int) -> None:
        self.state[i], self.due[i] = "won", self.minute + PAY

    @rule(i=who)
    def claim(self, i: int) -> None:
        fresh = not self.state[i]
        allowed = self.minute < OPEN and (not fresh or self.taken < QUOTA)
        self.attempt(allowed, services.claim, self.people[i], self.sale.pk)
        if fresh and allowed:
            self.win(i)

    @rule(i=who)
    def wait(self, i: int) -> None:
        self.attempt(self.minute < OPEN, services.wait, self.people[i], self.sale.pk)
        if self.minute < OPEN and not self.state[i]:
            self.state[i] = "waiting"
            self.queue.append(i)

    @rule(i=who)
    def check_out(self, i: int) -> None:
        row = self.mine(i)
        if row is None:
            return
        known = row.order_id is not None
        allowed = known or (self.state[i] == "won" and self.minute < self.due[i])
        self.attempt(allowed, services.check_out, self.people[i], row.pk, self.homes[i])
        if allowed and not known:
            self.state[i] = "ordered"

    @rule(i=who, copies=st.integers(0, 2), delay=st.sampled_from([0, 0, 11, 30]))
    def cash(self, i: int, copies: int, delay: int) -> None:
        """Pay at the cashier while the order takes money; the news may be late, double or lost."""
        row = self.mine(i)
        if self.state[i] != "ordered" or self.minute >= self.due[i] or row is None:
            return
        payment = trade.start(self.people[i], row.order_id, "sandbox")
        faults = sandbox.Faults(delay=dt.timedelta(minutes=delay), copies=copies)
        sandbox.pay(payment.reference, faults)
        self.cashed.add(i)

    @rule()
    def news(self) -> None:
        sandbox.deliver_due(callback)
        self.heard()

    @rule()
    def ask(self) -> None:
        """Lost news is found by asking."""
        Payment.objects.exclude(ask_at=None).update(ask_at=clock.now())
        trade.ask_due()
        self.heard()

    def heard(self) -> None:
        known = Payment.objects.filter(state="succeeded").values_list("order__buyer", flat=True)
        for i in [i for i in sorted(self.cashed) if self.people[i].pk in known]:
            self.cashed.remove(i)
            if self.state[i] == "ordered" and self.minute < self.due[i] + GRACE:
                self.state[i] = "bought"
            else:
                self.refunded.add(i)
        self.pass_on()

    @rule(i=who, through_order=st.booleans())
    def give_up(self, i: int, through_order: bool) -> None:
        row = self.mine(i)
        if row is None:
            return
        if through_order and row.order_id:
            self.attempt(self.state[i] == "ordered", trade.cancel, self.people[i], row.order_id)
            allowed = self.state[i] == "ordered"
        else:
            allowed = self.state[i] in ("won", "ordered", "waiting")
            self.attempt(allowed, services.cancel, self.people[i], row.pk)
        if allowed:
            self.queue = [other for other in self.queue if other != i]
            self.state[i] = "cancelled"
        self.pass_on()

    @rule(minutes=st.sampled_from([1, 3, 6, 12, 40]))
    def tick(self, minutes: int) -> None:
        self.minute += minutes

    @rule()
    def turn(self) -> None:
        """What the worker does."""
        services.expire_unpaid()
        trade.expire_unpaid()
        for i in range(CROWD):
            lazy = self.state[i] == "won" and self.minute >= self.due[i]
            unpaid = self.state[i] == "ordered" and self.minute >= self.due[i] + NEWS
            if lazy or unpaid:
                self.state[i] = "expired"
        self.pass_on()
        scarcity.expire_due()
        services.promote_due(clock.now())
        trade.send_due()

    @invariant()
    def the_units_are_those_of_the_model(self) -> None:
        said = {row.person_id: row.state for row in Claim.objects.all()}
        words = {"ordered": "won"}
        wanted = {
            self.people[i].pk: words.get(word, word) for i, word in enumerate(self.state) if word
        }
        assert said == wanted
        assert Pool.objects.get(pk=self.sale.pool_id).taken == self.taken <= QUOTA

    @invariant()
    def money_has_a_unit_or_goes_back(self) -> None:
        paid = set(Order.objects.filter(state="paid").values_list("buyer_id", flat=True))
        assert paid == {self.people[i].pk for i, word in enumerate(self.state) if word == "bought"}
        late = set(Refund.objects.filter(late=True).values_list("payment__order__buyer", flat=True))
        assert late == {self.people[i].pk for i in self.refunded}


@pytest.mark.django_db
def test_random_sales_keep_to_the_quota_and_lose_no_money():
    from django.db import transaction
    from hypothesis.stateful import run_state_machine_as_test

    class Undone(Sales):
        """Each run in a transaction of its own, which is undone at its end."""

        def __init__(self) -> None:
            self.space = transaction.atomic()
            self.space.__enter__()
            super().__init__()

        def teardown(self) -> None:
            super().teardown()
            transaction.set_rollback(True)
            self.space.__exit__(None, None, None)

    run_state_machine_as_test(
        Undone,
        settings=settings(
            max_examples=30,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
