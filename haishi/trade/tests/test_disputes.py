"""Disputes: claimed, negotiated, mediated; every fen of what is held is shared, once."""

import datetime as dt

import pytest

from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound, TooMany
from haishi.foundation.money import Money
from haishi.trade import policies, selectors, services
from haishi.trade.errors import (
    DisputeOpen,
    DisputeTooMuch,
    NotYourTurn,
    OfferOutside,
    RefundOpen,
)
from haishi.trade.models import Dispute, DisputeStep, Refund
from haishi.trade.tests.factories import order, pay, product, somebody, want
from haishi.trade.tests.quarrels import (
    at,
    claim,
    ledger,
    sent_deal,
)

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(days=60)


@pytest.fixture
def deal(firm, lin, stranger):
    """An order of the stranger, ¥100, paid and sent."""
    return sent_deal(firm, lin, stranger)


@pytest.fixture
def exhibits(firm, organiser):
    """The firm shows at the organiser's edition, whose people mediate."""
    return ShownExhibitorFactory(organisation=firm, edition__series__organiser=organiser)


def test_a_seller_who_accepts_sends_that_part_back_and_the_order_goes_on(deal, lin, firm):
    row = services.accept_offer(lin, claim(deal).pk)
    assert (row.state, row.held_minor, row.to_buyer_minor, row.to_seller_minor) == (
        "agreed",
        10_000,
        6_000,
        4_000,
    )
    assert (row.refund.state, row.refund.amount) == ("instructed", Money(6_000))
    assert (selectors.held(deal), ledger("refunding:sandbox")) == (Money(4_000), 6_000)
    deal.refresh_from_db()
    assert deal.state == "shipped"
    services.receive(deal.buyer, deal.pk)
    assert services.settle_due(clock.now() + LATER) == 1
    assert (ledger(f"seller:{firm.pk}"), ledger("fees")) == (3_880, 120)
    assert selectors.trial_balance().balanced


def test_a_claim_of_all_that_is_accepted_ends_the_order_as_refunded(deal, lin):
    row = services.accept_offer(lin, claim(deal, 10_000).pk)
    deal.refresh_from_db()
    assert (row.state, deal.state, selectors.held(deal)) == ("agreed", "refunded", Money(0))


def test_offers_move_towards_each_other_until_they_meet(deal, lin):
    pk = claim(deal, 6_000).pk
    buyer = deal.buyer
    with pytest.raises(NotYourTurn):
        services.offer(buyer, pk, 5_000, "")
    services.offer(lin, pk, 1_000, "补偿一千分")
    with pytest.raises(NotYourTurn):
        services.offer(lin, pk, 2_000, "")
    for outside in (999, 6_001, 0, -1):
        with pytest.raises(OfferOutside):
            services.offer(buyer, pk, outside, "")
    services.offer(buyer, pk, 5_000, "")
    with pytest.raises(OfferOutside):
        services.offer(lin, pk, 5_001, "")
    row = services.offer(lin, pk, 5_000, "好的")
    assert (row.state, row.to_buyer_minor, row.by_rule) == ("agreed", 5_000, False)
    assert selectors.held(deal) == Money(5_000)
    said = [(each.side, each.kind, each.amount_minor) for each in row.steps.order_by("pk")]
    assert said == [
        ("buyer", "opened", 6_000),
        ("seller", "offer", 1_000),
        ("buyer", "offer", 5_000),
        ("seller", "offer", 5_000),
    ]


def test_there_is_an_end_to_offers(deal, lin):
    pk = claim(deal, 6_000).pk
    for n in range(policies.MOST_OFFERS // 2):
        services.offer(lin, pk, n, "")
        services.offer(deal.buyer, pk, 6_000, "")
    with pytest.raises(TooMany):
        services.offer(lin, pk, 100, "")


def test_one_thing_at_a_time_and_never_more_than_is_held(deal, lin, stranger):
    for amount in (0, -1, 10_001):
        with pytest.raises(DisputeTooMuch):
            claim(deal, amount)
    asked = services.ask_refund(stranger, deal.pk, 100, "")
    with pytest.raises(RefundOpen):
        claim(deal)
    services.agree(lin, asked.pk)
    with pytest.raises(DisputeTooMuch):
        claim(deal, 9_901)
    row = claim(deal, 9_900)
    with pytest.raises(DisputeOpen):
        claim(deal, 1)
    with pytest.raises(DisputeOpen):
        services.ask_refund(stranger, deal.pk, 100, "")
    assert (Refund.objects.count(), Dispute.objects.count()) == (1, 1)
    services.withdraw_dispute(stranger, row.pk)
    assert claim(deal, 9_900).state == "open"


def test_an_unpaid_order_holds_nothing_to_claim(firm, stranger):
    row = order(stranger, want(product(firm)))
    with pytest.raises(Conflict):
        claim(row)


def test_who_is_not_concerned_sees_and_does_nothing(deal, lin, zhou, chen, exhibits):
    row = claim(deal)
    other = somebody()
    for who, error in ((other, NotFound), (chen, NotFound), (zhou, Forbidden)):
        for action in (services.accept_offer, services.withdraw_dispute, services.ask_mediation):
            with pytest.raises(error):
                action(who, row.pk)
    with pytest.raises(Forbidden):
        services.withdraw_dispute(lin, row.pk)
    for who in (other, chen):
        with pytest.raises(NotFound):
            selectors.get_dispute(who, row.number)
    row.refresh_from_db()
    assert (row.state, DisputeStep.objects.count()) == ("open", 1)


def test_the_clock_of_the_order_stands_still_and_goes_on_with_what_was_left(
    deal, lin, stranger, monkeypatch
):
    before = deal.moves_at
    row = claim(deal)
    assert services.receive_due(before + LATER) == 0
    later = clock.now() + dt.timedelta(days=2)
    at(monkeypatch, later)
    services.withdraw_dispute(stranger, row.pk)
    deal.refresh_from_db()
    assert deal.moves_at == before + (later - row.opened_at)
    assert services.receive_due(before) == 0
    assert services.receive_due(deal.moves_at) == 1


def test_money_of_an_unsent_order_is_not_called_off_under_a_dispute(firm, lin, stranger):
    row = order(stranger, want(product(firm)))
    pay(row)
    dispute = services.open_dispute(stranger, row.pk, "undelivered", 12_800, "一直没有发货")
    assert services.call_off_unshipped(clock.now() + LATER) == 0
    with pytest.raises(DisputeOpen):
        services.call_off(lin, row.pk, "缺货")
    services.ship(lin, row.pk, None, "顺丰", "SF1")
    services.offer(lin, dispute.pk, 0, "已经发出")
    services.withdraw_dispute(stranger, dispute.pk)
    row.refresh_from_db()
    # The parcel's clock began while the dispute lasted: it is not made longer by what was before.
    assert row.moves_at - clock.now() <= policies.RECEIVE_WITHIN
    assert row.state == "shipped"


def test_silence_accepts_the_demand_and_then_the_offer(deal, firm, lin, stranger):
    silent = claim(deal, 4_000)
    due = silent.due_at
    assert services.disputes_due(due - dt.timedelta(microseconds=1)) == 0
    assert services.disputes_due(due) == 1
    silent.refresh_from_db()
    assert (silent.state, silent.to_buyer_minor, silent.by_rule) == ("agreed", 4_000, True)
    second = claim(deal, 3_000)
    services.offer(lin, second.pk, 500, "只有一处")
    second.refresh_from_db()
    assert services.disputes_due(second.due_at) == 1
    second.refresh_from_db()
    assert (second.state, second.to_buyer_minor, second.by_rule) == ("agreed", 500, True)
    assert selectors.held(deal) == Money(5_500)
