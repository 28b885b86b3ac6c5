"""The same model with what is agreed: bills with shares, approvals, disputes and invoices."""

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, multiple, rule

from haishi.foundation import clock
from haishi.media.tests.factories import ready_asset
from haishi.parties.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory
from haishi.trade import selectors, services
from haishi.trade.models import Dispute, Order
from haishi.trade.providers import sandbox
from haishi.trade.services import mediation
from haishi.trade.states import Side
from haishi.trade.tests.deals import FUTURE, PRICES, Deals
from haishi.trade.tests.factories import address, want
from haishi.trade.types import AccountName, Agreed, Bill, Issued, Share

LIMIT = 5_000
POINTS = ((10_000,), (6_000, 3_000, 1_000), (3_334, 3_333, 3_333))
HELD = ("paid", "part_shipped", "shipped", "received")
_numbers = count(10_000_000)


def divide(amount: int, points: list[int], fee: int) -> list[int]:
    """[each firm's part…, the platform's] by largest remainder; ties to the first, then on."""
    parts = [Fraction(amount * each * (10_000 - fee), 10**8) for each in points]
    parts.append(Fraction(amount * fee, 10_000))
    sums = [int(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (-(parts[i] - sums[i]), i))
    for i in order[: amount - sum(sums)]:
        sums[i] += 1
    return sums


class AllDeals(Deals):
    """Adds what two or more sides have to agree on."""

    claims = Bundle("claims")
    blues = Bundle("blues")

    def __init__(self) -> None:
        super().__init__()
        self.partners = [OrganisationFactory() for _n in range(2)]
        self.buyers = OrganisationFactory()
        self.boss = PersonFactory()
        MembershipFactory(person=self.boss, organisation=self.buyers, role="owner")
        services.set_limit(self.boss, self.buyers.pk, "role:staff", "CNY", LIMIT, None)
        self.operator = PersonFactory(is_staff=True)
        self.points: dict[int, tuple[list[int], int]] = {}
        self.earned = [0, 0]
        # {order: [state, wanted, offered, turn]} of the dispute that is open
        self.open: dict[int, list[Any]] = {}
        self.net: dict[int, int] = defaultdict(int)
        self.left: dict[int, int] = {}  # what is left of a blue invoice

    @rule(target=Deals.orders, price=st.sampled_from((1, 7, 3_333, 100_001)), how=st.integers(0, 2))
    def bill(self, price: int, how: int) -> Order:
        firms = [self.firm.pk, *(each.pk for each in self.partners)]
        points, fee = list(POINTS[how]), 300 * (how != 1)
        row = services.bill(
            self.boss,
            Bill(
                buyer_id=PersonFactory().pk, seller_id=self.firm.pk, kind="service",
                currency="CNY", lines=(Agreed("样片", price),), origin="agreed:4",
                pay_by=clock.now() + dt.timedelta(days=3), fee_points=fee,
                shares=tuple(Share(*each) for each in zip(firms, points, strict=False)),
            ),
            key=str(next(_numbers)),
        )  # fmt: skip
        self.state[row.pk], self.held[row.pk] = "awaiting", 0
        self.points[row.pk] = (points, fee)
        return row

    @rule(target=Deals.orders, price=st.sampled_from((7, 3_333, 100_001)), how=st.integers(0, 2))
    def paid_bill(self, price: int, how: int) -> Order:
        """Straight to held money: the long way there is taken by the rules one by one."""
        row = self.bill(price, how)
        payment = services.start(row.buyer, row.pk, "sandbox")
        sandbox.pay(payment.reference)
        self.cashed.add(payment.reference)
        sandbox.deliver_due(self.hear)
        assert self.state[row.pk] == "paid"
        return row

    @rule(target=Deals.orders, which=st.integers(0, 2), quantity=st.integers(1, 4))
    def place_for_a_firm(self, which: int, quantity: int) -> Any:
        if self.taken[which] + quantity > 7:
            return multiple()
        person = PersonFactory()
        MembershipFactory(person=person, organisation=self.buyers, role="staff")
        row = services.place(
            person,
            [want(self.products[which], quantity)],
            key="a",
            address_id=address(person).pk,
            firm_id=self.buyers.pk,
        )
        self.taken[which] += quantity
        self.units[row.pk] = (which, quantity)
        above = PRICES[which] * quantity > LIMIT
        self.state[row.pk], self.held[row.pk] = "approving" if above else "awaiting", 0
        return row

    @rule(row=Deals.orders, yes=st.booleans())
    def decide_spending(self, row: Order, yes: bool) -> None:
        if row.approval_id is None:
            return
        allowed = self.state[row.pk] == "approving"
        answer = services.approve_spending if yes else services.refuse_spending
        if self.attempt(allowed, answer, self.boss, row.approval_id, *([] if yes else ["不"])):
            self.state[row.pk] = "awaiting" if yes else "cancelled"
            if not yes:
                self.give_back(row.pk)

    def busy(self, pk: int) -> bool:
        return pk in self.open or super().busy(pk)

    @rule(target=claims, row=Deals.orders, amount=st.integers(0, 110_000))
    def claim(self, row: Order, amount: int) -> Any:
        amount = min(amount, self.held[row.pk] + 1)
        fits = 0 < amount <= self.held[row.pk]
        allowed = fits and self.state[row.pk] in HELD and not self.busy(row.pk)
        found = self.attempt(
            allowed, services.open_dispute, row.buyer, row.pk, "late", amount, "迟了"
        )
        if found is None:
            return multiple()
        self.open[row.pk] = ["open", amount, 0, "seller"]
        return found

    def current(self, claim: Dispute) -> list[Any] | None:
        """What the model knows of this very dispute, while it is open."""
        claim.refresh_from_db()
        return self.open.get(claim.order_id) if claim.ended_at is None else None

    @rule(claim=claims, part=st.fractions(0, 1))
    def offer(self, claim: Dispute, part: Fraction) -> None:
        now = self.current(claim)
        talking = now is not None and now[0] in ("open", "negotiating")
        who, amount = self.owner, 1
        if now is not None:
            amount = now[2] + int(part * (now[1] - now[2]))
            if now[3] == "buyer":
                who, amount = claim.order.buyer, max(1, amount)
        if not self.attempt(talking, services.offer, who, claim.pk, amount, "") or now is None:
            return
        now[0] = "negotiating"
        if now[3] == "seller":
            met, now[2], now[3] = amount == now[1], amount, "buyer"
        else:
            met, now[1], now[3] = amount == now[2], amount, "seller"
        if met:
            self.model_agreed(claim.order_id, amount)

    @rule(claim=claims)
    def accept(self, claim: Dispute) -> None:
        now = self.current(claim)
        talking = now is not None and now[0] in ("open", "negotiating")
        who = claim.order.buyer if now and now[3] == "buyer" else self.owner
        if self.attempt(talking, services.accept_offer, who, claim.pk) and now:
            self.model_agreed(claim.order_id, now[1] if now[3] == "seller" else now[2])

    @rule(claim=claims)
    def mediate(self, claim: Dispute) -> None:
        now = self.current(claim)
        allowed = now is not None and now[0] == "negotiating"
        if self.attempt(allowed, services.ask_mediation, self.owner, claim.pk) and now:
            now[0], now[3] = "mediation", ""

    @rule(
        target=claims,
        price=st.sampled_from((7, 3_333, 100_001)),
        how=st.integers(0, 2),
        part=st.fractions(0, 1),
        by_clock=st.booleans(),
    )
    def hear_both(self, price: int, how: int, part: Fraction, by_clock: bool) -> Any:
        """A claim that nobody settled, straight to the mediator."""
        row = self.paid_bill(price, how)
        found = self.claim(row, price)
        self.offer(found, part)
        self.mediate(found)
        if self.current(found) is None:  # the offer met the claim
            return found
        for _deadline in range(1 + by_clock):
            found.refresh_from_db()
            assert mediation._overdue(found.pk, found.due_at)
            self.model_deadline(row.pk)
        return found

    @rule(claim=claims)
    def withdraw_claim(self, claim: Dispute) -> None:
        now = self.current(claim)
        who = claim.order.buyer
        if self.attempt(now is not None, services.withdraw_dispute, who, claim.pk):
            del self.open[claim.order_id]

    @rule(claim=claims, part=st.fractions(0, 1))
    def decide(self, claim: Dispute, part: Fraction) -> None:
        now, pk = self.current(claim), claim.order_id
        amount = int(part * self.held[pk])
        allowed = now is not None and now[0] == "deciding"
        if self.attempt(allowed, services.decide_dispute, self.operator, claim.pk, amount, "判"):
            self.model_decided(pk, amount)

    @rule()
    def deadlines_pass(self) -> None:
        waiting = sorted(self.open)
        assert services.disputes_due(clock.now() + FUTURE) == len(waiting)
        for pk in waiting:
            self.model_deadline(pk)

    def model_deadline(self, pk: int) -> None:
        now = self.open[pk]
        if now[0] == "mediation":
            now[0] = "deciding"
        elif now[0] == "deciding":
            self.model_decided(pk, (now[1] + now[2] + 1) // 2)
        else:
            self.model_agreed(pk, now[1] if now[3] == "seller" else now[2])

    def model_agreed(self, pk: int, amount: int) -> None:
        del self.open[pk]
        if amount:
            self.model_left(pk, amount)

    def model_decided(self, pk: int, amount: int) -> None:
        self.model_agreed(pk, amount)
        if self.held[pk]:
            self.model_settled(pk)
            if not Order.objects.get(pk=pk).shipments.exists():
                self.give_back(pk)

    def model_settled(self, pk: int) -> None:
        if pk not in self.points:
            return super().model_settled(pk)
        points, fee = self.points[pk]
        *parts, platform = divide(self.held[pk], points, fee)
        self.seller += parts[0]
        self.fees += platform
        for n, part in enumerate(parts[1:]):
            self.earned[n] += part
        self.held[pk], self.state[pk] = 0, "completed"
        return None

    def others(self) -> int:
        return sum(self.earned)

    def kept_of(self, pk: int) -> int:
        return self.kept.get(pk, 0) - self.gone.get(pk, 0)

    def paper(self, amount: int) -> Issued:
        file = ready_asset(self.firm, "document", private=True)
        return Issued(str(next(_numbers)), clock.now().date(), amount, file.pk, 1300)

    @rule(target=blues, row=Deals.orders, amount=st.integers(1, 60_000))
    def invoice(self, row: Order, amount: int) -> Any:
        amount = min(amount, max(1, self.kept_of(row.pk) - self.net[row.pk]))
        allowed = self.net[row.pk] + amount <= self.kept_of(row.pk)
        asked = self.attempt(
            allowed,
            lambda: services.request_invoice(
                row.buyer, row.pk, kind="plain", title_kind="person", title="甲",
                email="a@example.com", amount_minor=amount,
            ),
        )  # fmt: skip
        if asked is None:
            return multiple()
        blue = services.issue_invoice(self.owner, asked.pk, self.paper(amount))
        self.net[row.pk] += amount
        self.left[blue.pk] = amount
        return blue

    @rule(blue=blues, amount=st.integers(1, 60_000))
    def take_back(self, blue: Any, amount: int) -> None:
        allowed = amount <= self.left[blue.pk]
        paper = self.paper(amount)
        if self.attempt(allowed, services.issue_red, self.owner, blue.pk, paper, "退"):
            self.left[blue.pk] -= amount
            self.net[blue.order_id] -= amount

    @invariant()
    def every_firm_has_got_its_part(self) -> None:
        for firm, sum_ in zip(self.partners, self.earned, strict=True):
            name = AccountName(f"seller:{firm.pk}", "CNY", Side.CREDIT)
            assert selectors.balance(name).minor == sum_

    @invariant()
    def invoices_reconcile_with_what_was_kept(self) -> None:
        for row in Order.objects.filter(pk__in=[*self.net]):
            net, kept = self.net[row.pk], self.kept_of(row.pk)
            assert selectors.invoiced(row).minor == net
            assert selectors.red_due(row).minor == max(0, net - kept)
