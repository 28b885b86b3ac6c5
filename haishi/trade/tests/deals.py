"""Random deals of the shop beside a plain model, for test_deals.py.

The model knows nothing of tables: it is a few dicts of integers that say what must be held, who
must have got what, and how many units are gone.
"""

import datetime as dt
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)

from haishi.foundation import clock
from haishi.foundation.errors import DomainError
from haishi.foundation.scarcity import SoldOut
from haishi.parties.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory
from haishi.trade import selectors, services
from haishi.trade.models import Order, Refund, Stock
from haishi.trade.providers import sandbox
from haishi.trade.services.ledger import forget_accounts
from haishi.trade.states import Side
from haishi.trade.tests.factories import order, product, want
from haishi.trade.types import AccountName

UNPAID = ("approving", "awaiting")
STOCK, PRICES = 7, (1, 3_333, 12_800)
FUTURE = dt.timedelta(days=60)


def share(amount: int) -> int:
    """The platform's 3 % to the nearest fen, in plain arithmetic; a half goes to the seller."""
    whole, rest = divmod(amount * 3, 100)
    return whole + (rest > 50)


class Deals(RuleBasedStateMachine):
    """Orders in every state at once, moved by buyers, sellers, clocks and a lying provider."""

    orders = Bundle("orders")
    payments = Bundle("payments")
    wishes = Bundle("wishes")

    def __init__(self) -> None:
        super().__init__()
        forget_accounts()
        self.firm = OrganisationFactory()
        self.owner = PersonFactory()
        MembershipFactory(person=self.owner, organisation=self.firm, role="owner")
        self.products = [product(self.firm, price) for price in PRICES]
        for row in self.products:
            services.set_stock(self.owner, row.pk, STOCK)
        self.state: dict[int, str] = {}
        self.held: dict[int, int] = {}
        self.gone: dict[int, int] = {}
        self.kept: dict[int, int] = {}  # what was paid for an order that took the money
        self.units: dict[int, tuple[int, int]] = {}
        self.taken = [0] * len(PRICES)
        self.cashed: set[str] = set()  # references paid at the cashier
        self.told: set[str] = set()  # references we have heard of
        self.arrived = self.travelling = self.came_back = self.seller = self.fees = 0

    def attempt(self, allowed: bool, action: Any, *args: Any) -> Any:
        """Do it; it must work exactly when the model allows it."""
        try:
            answer = action(*args)
        except DomainError:
            assert not allowed
            return None
        assert allowed
        return answer

    def give_back(self, pk: int) -> None:
        if pk in self.units:  # what was agreed elsewhere keeps no stock
            which, quantity = self.units[pk]
            self.taken[which] -= quantity

    @rule(target=orders, which=st.integers(0, 2), quantity=st.integers(1, 4))
    def place(self, which: int, quantity: int) -> Any:
        try:
            row = order(PersonFactory(), want(self.products[which], quantity))
        except SoldOut:
            assert self.taken[which] + quantity > STOCK
            return multiple()
        self.taken[which] += quantity
        assert self.taken[which] <= STOCK
        self.units[row.pk] = (which, quantity)
        self.state[row.pk], self.held[row.pk] = "awaiting", 0
        return row

    @rule(target=payments, row=orders, again=st.booleans())
    def start(self, row: Order, again: bool) -> Any:
        allowed = self.state[row.pk] == "awaiting"
        payment = self.attempt(allowed, services.start, row.buyer, row.pk, "sandbox")
        if payment is None:
            return multiple()
        if again:  # a second window, after the bank said no in the first
            sandbox.decline(payment.reference)
            if payment.reference in self.cashed:
                return payment
            sandbox.deliver_due(self.hear)
        return payment

    @rule(payment=payments, copies=st.integers(0, 3))
    def cash(self, payment: Any, copies: int) -> None:
        sandbox.pay(payment.reference, sandbox.Faults(copies=copies))
        self.cashed.add(payment.reference)

    @rule(reverse=st.booleans())
    def deliver(self, reverse: bool) -> None:
        sandbox.deliver_due(self.hear, reverse=reverse)

    def hear(self, headers: dict[str, str], body: bytes) -> None:
        """Take a callback and let the model take it too."""
        news = sandbox.Sandbox().verify(headers, body)
        services.take_callback("sandbox", headers, body)
        if news.kind == "payment.succeeded":
            self.model_paid(news.reference, news.amount.minor)
        elif news.kind == "refund.succeeded":
            self.model_refunded(news.refund_number, news.amount.minor)

    def model_paid(self, reference: str, amount: int) -> None:
        if reference in self.told:
            return
        self.told.add(reference)
        self.arrived += amount
        pk = Order.objects.get(payments__reference=reference).pk
        if self.state[pk] == "awaiting":
            self.state[pk], self.held[pk] = "paid", amount
            self.kept[pk] = amount
        else:
            self.travelling += amount

    def model_refunded(self, number: str, amount: int) -> None:
        if number not in self.told:
            self.told.add(number)
            self.travelling -= amount
            self.came_back += amount

    @rule()
    def ask_providers(self) -> None:
        """Every lost callback is found by asking."""
        from haishi.trade.models import Payment

        Payment.objects.exclude(ask_at=None).update(ask_at=clock.now())
        services.ask_due()
        for reference in sorted(self.cashed):
            amount = Payment.objects.get(reference=reference).amount_minor
            self.model_paid(reference, amount)

    @rule(row=orders)
    def cancel(self, row: Order) -> None:
        allowed = self.state[row.pk] in UNPAID
        if self.attempt(allowed, services.cancel, row.buyer, row.pk):
            self.state[row.pk] = "cancelled"
            self.give_back(row.pk)

    @rule()
    def expire(self) -> None:
        waiting = [pk for pk, state in self.state.items() if state in UNPAID]
        assert services.expire_unpaid(clock.now() + FUTURE) == len(waiting)
        for pk in waiting:
            self.state[pk] = "expired"
            self.give_back(pk)

    @rule(row=orders, part=st.booleans())
    def ship(self, row: Order, part: bool) -> None:
        line = row.lines.get()
        units = 1 if part else line.quantity - line.shipped
        allowed = self.state[row.pk] in ("paid", "part_shipped") and not self.asked(row.pk)
        if self.attempt(allowed, services.ship, self.owner, row.pk, {line.pk: units}):
            whole = line.shipped + units == line.quantity
            self.state[row.pk] = "shipped" if whole else "part_shipped"

    @rule(row=orders)
    def receive(self, row: Order) -> None:
        allowed = self.state[row.pk] in ("shipped", "part_shipped")
        if self.attempt(allowed, services.receive, row.buyer, row.pk):
            self.state[row.pk] = "received"

    def asked(self, pk: int) -> bool:
        return Refund.objects.filter(
            payment__order=pk, state__in=("requested", "returning")
        ).exists()

    def busy(self, pk: int) -> bool:
        """Whether something about the order's money waits for an answer."""
        return self.asked(pk)

    @rule(target=wishes, row=orders, amount=st.integers(-1, 60_000), goods=st.booleans())
    def wish(self, row: Order, amount: int, goods: bool) -> Any:
        if amount > 30_000:
            amount = self.held[row.pk]  # all of it
        allowed = 0 < amount <= self.held[row.pk] and not self.busy(row.pk)
        refund = self.attempt(
            allowed,
            lambda: services.ask_refund(row.buyer, row.pk, amount, "", returns_goods=goods),
        )
        return refund or multiple()

    @rule(refund=wishes)
    def agree(self, refund: Refund) -> None:
        refund.refresh_from_db()
        before = refund.state
        done = self.attempt(before == "requested", services.agree, self.owner, refund.pk)
        if done and done.state == "instructed":
            self.model_sent_back(refund)

    @rule(refund=wishes)
    def take_goods_back(self, refund: Refund) -> None:
        refund.refresh_from_db()
        allowed = refund.state == "returning"
        if self.attempt(allowed, services.take_goods_back, self.owner, refund.pk):
            self.model_sent_back(refund)

    @rule(refund=consumes(wishes), by_seller=st.booleans())
    def end_wish(self, refund: Refund, by_seller: bool) -> None:
        refund.refresh_from_db()
        if by_seller:
            allowed = refund.state == "requested"
            self.attempt(allowed, services.refuse, self.owner, refund.pk, "不同意")
        else:
            allowed = refund.state in ("requested", "returning")
            self.attempt(allowed, services.withdraw, refund.payment.order.buyer, refund.pk)

    @rule(row=orders)
    def call_off(self, row: Order) -> None:
        allowed = self.state[row.pk] == "paid" and not self.busy(row.pk)
        if self.attempt(allowed, services.call_off, self.owner, row.pk, "缺货"):
            self.model_left(row.pk, self.held[row.pk])

    def model_sent_back(self, refund: Refund) -> None:
        self.model_left(refund.payment.order_id, refund.amount_minor)

    def model_left(self, pk: int, amount: int) -> None:
        """Money of an order is on its way back to the buyer."""
        self.travelling += amount
        self.held[pk] -= amount
        self.gone[pk] = self.gone.get(pk, 0) + amount
        if not self.held[pk]:
            self.model_emptied(pk)

    def model_emptied(self, pk: int) -> None:
        self.held[pk], self.state[pk] = 0, "refunded"
        if not Order.objects.get(pk=pk).shipments.exists():
            self.give_back(pk)

    @rule()
    def send_refunds(self) -> None:
        services.send_due()

    @rule()
    def settle(self) -> None:
        due = [pk for pk, state in self.state.items() if state == "received" and not self.busy(pk)]
        assert services.settle_due(clock.now() + FUTURE) == len(due)
        for pk in due:
            self.model_settled(pk)

    def model_settled(self, pk: int) -> None:
        """All that is held is shared."""
        fee = share(self.held[pk])
        self.fees += fee
        self.seller += self.held[pk] - fee
        self.held[pk], self.state[pk] = 0, "completed"

    def others(self) -> int:
        """What firms other than the seller have got."""
        return 0

    @invariant()
    def the_ledger_says_what_the_model_says(self) -> None:
        def sums(code: str, side: int) -> int:
            return selectors.balance(AccountName(code, "CNY", side)).minor

        rows = {row.pk: row for row in Order.objects.all()}
        assert {pk: row.state for pk, row in rows.items()} == self.state
        assert {pk: selectors.held(row).minor for pk, row in rows.items()} == self.held
        assert sums(f"seller:{self.firm.pk}", Side.CREDIT) == self.seller
        assert sums("fees", Side.CREDIT) == self.fees
        assert sums("refunding:sandbox", Side.CREDIT) == self.travelling
        assert sums("provider:sandbox", Side.DEBIT) == self.arrived - self.came_back
        held = sum(self.held.values()) + self.travelling
        assert self.arrived == self.came_back + self.seller + self.others() + self.fees + held
        assert selectors.trial_balance().balanced

    @invariant()
    def the_stock_is_what_is_kept_and_sold(self) -> None:
        left = selectors.stock_left([row.pk for row in self.products])
        assert [STOCK - left[row.pk] for row in self.products] == self.taken
        assert Stock.objects.count() == len(PRICES)
