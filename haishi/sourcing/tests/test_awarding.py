"""Closing, comparing, awarding, approving, sharing; what nobody decides ends."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection

from haishi.contracts import selectors as contracts
from haishi.foundation import clock, outbox
from haishi.foundation.errors import Conflict
from haishi.notices import selectors as notices
from haishi.parties.tests.factories import MembershipFactory, PersonFactory
from haishi.sourcing import selectors, services
from haishi.sourcing.errors import (
    AwardPending,
    LineNotOffered,
    MilestonesWrong,
    NotClosedYet,
    NothingOffered,
    QuotationExpired,
    RateFrozen,
    RateMissing,
    SplitDone,
    SplitWrong,
)
from haishi.sourcing.models import Award, Partner, Quotation, Rfq, Winner
from haishi.sourcing.services.contracting import draft_of
from haishi.sourcing.tests.factories import bidder, closed, pass_deadline, quote, without_trigger
from haishi.sourcing.tests.factories import rfq as published
from haishi.sourcing.types import Share, Stage
from haishi.trade import selectors as trade_selectors
from haishi.trade import services as trade

pytestmark = pytest.mark.django_db
DELIVERY = [Stage("预付", 3_000, 7), Stage("验收", 7_000, 60)]


def lines(rfq) -> list[int]:
    return list(rfq.lines.order_by("number").values_list("pk", flat=True))


def states() -> dict[int, str]:
    return dict(Quotation.objects.order_by("pk").values_list("bidder_id", "state"))


def told(person) -> list[str]:
    return [notice.subject for notice in notices.inbox(person)]


@pytest.fixture
def judged(rfq, first, second, third):
    """Closed; 潍坊 is cheapest, 青岛 quickest, 烟台 offers the second line only."""
    quote(first, rfq, 4_000, 1_000, lead_days=40)
    quote(second, rfq, 5_000, 1_250, lead_days=20)
    quote(third, rfq, None, 800, lead_days=40)
    return closed(rfq)


def test_a_request_that_nobody_answered_fails(rfq, lin):
    pass_deadline(rfq)
    assert services.close_due(clock.now()) == 1
    assert services.close_due(clock.now()) == 0
    assert Rfq.objects.get().state == "failed"
    outbox.deliver_due()
    assert told(lin) == ["询价流标：风筝礼盒采购"]


def test_nothing_is_judged_before_the_deadline(rfq, lin, first):
    bid = quote(first, rfq, 4_000, 1_000).quotation
    for action in (
        lambda: services.award(lin, rfq.pk, {lines(rfq)[0]: bid.pk}, DELIVERY),
        lambda: services.mark(lin, rfq.pk, {(bid.pk, "quality"): 90}),
        lambda: services.freeze_rate(lin, rfq.pk, "USD", Decimal(7), "银行"),
    ):
        with pytest.raises(NotClosedYet):
            action()
    assert Award.objects.count() == 0


def test_points_follow_the_published_weights(judged, lin, first, second, third):
    bids = {bid.bidder_id: bid.pk for bid in selectors.bids_of(judged)}
    marks = {(bids[first.firm.pk], "quality"): 70, (bids[second.firm.pk], "quality"): 90}
    assert services.mark(lin, judged.pk, marks) == 2
    assert services.mark(lin, judged.pk, marks) == 0
    found = selectors.scores_of(judged)
    one, two = found[bids[first.firm.pk]], found[bids[second.firm.pk]]
    # 60 % of 100 + 20 % of 100×20/40 + 20 % of 70; 60 % of 100×25,000/31,250 + 20 % + 20 % of 90
    assert (one.total, one.place, two.total, two.place) == (Decimal("84.0"), 2, Decimal("86.0"), 1)
    assert found[bids[third.firm.pk]].points["price"] == 0


def test_a_whole_award_tells_winner_and_losers(judged, lin, first, second, third):
    bids = {bid.bidder_id: bid.pk for bid in selectors.bids_of(judged)}
    row = services.award(
        lin, judged.pk, dict.fromkeys(lines(judged), bids[first.firm.pk]), DELIVERY
    )
    assert (row.state, row.total_minor) == ("issued", 500 * 5_000)
    assert states() == {first.firm.pk: "won", second.firm.pk: "lost", third.firm.pk: "lost"}
    winner = Winner.objects.get()
    assert (winner.total_minor, winner.currency) == (2_500_000, "CNY")
    assert Rfq.objects.get().state == "awarded"
    outbox.deliver_due()
    assert told(first)[0] == "恭喜中标：风筝礼盒采购"
    assert told(second)[0] == "结果：风筝礼盒采购"
    assert "名次" not in notices.inbox(second)[0].body
    with pytest.raises(Conflict):
        services.award(lin, judged.pk, dict.fromkeys(lines(judged), bids[first.firm.pk]), DELIVERY)


def test_losers_hear_their_place_when_the_buyer_shows_it(lin, firm, first, second):
    row = published(lin, firm, show_rank=True)
    quote(first, row, 4_000, 1_000)
    quote(second, row, 5_000, 1_250)
    closed(row)
    bid = Quotation.objects.get(bidder=first.firm)
    services.award(lin, row.pk, dict.fromkeys(lines(row), bid.pk), DELIVERY)
    outbox.deliver_due()
    assert notices.inbox(second)[0].body == "这次没有选用你们的报价，综合名次第 2，感谢参与。"


def test_lines_may_go_to_different_firms(judged, lin, first, third):
    bids = {bid.bidder_id: bid.pk for bid in selectors.bids_of(judged)}
    one, two = lines(judged)
    services.award(lin, judged.pk, {one: bids[first.firm.pk], two: bids[third.firm.pk]}, DELIVERY)
    won = {row.quotation.bidder_id: row.total_minor for row in Winner.objects.all()}
    assert won == {first.firm.pk: 2_000_000, third.firm.pk: 400_000}


def test_an_award_that_cannot_be_is_refused(judged, lin, third):
    bids = {bid.bidder_id: bid.pk for bid in selectors.bids_of(judged)}
    one, two = lines(judged)
    cases = [
        ({one: bids[third.firm.pk]}, DELIVERY, LineNotOffered),
        ({}, DELIVERY, NothingOffered),
        ({two: bids[third.firm.pk]}, [Stage("预付", 3_000, 7)], MilestonesWrong),
    ]
    for winners, stages, error in cases:
        with pytest.raises(error):
            services.award(lin, judged.pk, winners, stages)
    assert Award.objects.count() == 0
    assert Rfq.objects.get().state == "closed"


def test_an_expired_offer_cannot_win(rfq, lin, first):
    version = quote(first, rfq, 4_000, 1_000)
    closed(rfq)
    with without_trigger("sourcing_quotationversion", "version_stays"):
        version.content["valid_until"] = "2020-01-01"
        version.save(update_fields=["content"])
    with pytest.raises(QuotationExpired) as refused:
        services.award(lin, rfq.pk, {lines(rfq)[0]: version.quotation_id}, DELIVERY)
    assert str(refused.value) == "潍坊风筝厂 的报价已于 2020-01-01 过期。"
    assert Award.objects.count() == 0


def test_another_currency_is_compared_at_a_rate_that_is_frozen(lin, firm, first, second, settings):
    settings.EXCHANGE_RATES = {"USD": Decimal("7.10")}
    settings.EXCHANGE_SOURCE = "中间价"
    row = published(lin, firm, currencies=["CNY", "USD", "EUR"])
    quote(first, row, 600, 200, currency="USD")
    quote(second, row, 600, 200, currency="EUR")
    closed(row)
    page = selectors.comparison(row)
    assert [(r.currency, r.rate, r.source) for r in page.rates] == [
        ("USD", Decimal("7.10000000"), "中间价")
    ]
    assert page.missing == ["EUR"]
    usd = next(c for c in page.columns if c.offer.currency == "USD")
    assert (str(usd.own_total), str(usd.total)) == ("US$4,000.00", "¥28,400.00")
    euro = Quotation.objects.get(bidder=second.firm)
    with pytest.raises(RateMissing):
        services.award(lin, row.pk, {lines(row)[0]: euro.pk}, DELIVERY)
    services.freeze_rate(lin, row.pk, "EUR", Decimal("7.8"), "银行牌价")
    with pytest.raises(RateFrozen):
        services.freeze_rate(lin, row.pk, "EUR", Decimal("7.9"), "银行牌价")
    assert selectors.comparison(row).missing == []


def test_an_award_above_the_limit_waits_for_another_manager(judged, lin, firm, first):
    manager = PersonFactory(name="经理")
    MembershipFactory(person=manager, organisation=firm, role="manager")
    trade.set_limit(lin, firm.pk, f"person:{manager.pk}", "CNY", 1_000_000, None)
    bid = Quotation.objects.get(bidder=first.firm)
    everything = dict.fromkeys(lines(judged), bid.pk)
    row = services.award(manager, judged.pk, everything, DELIVERY)
    assert (row.state, Rfq.objects.get().state) == ("awaiting", "closed")
    with pytest.raises(AwardPending):
        services.award(lin, judged.pk, everything, DELIVERY)
    with pytest.raises(AwardPending):
        services.cancel(lin, judged.pk, "不买了")
    trade.approve_spending(lin, trade_selectors.approvals_for(lin).get().pk)
    outbox.deliver_due()
    row.refresh_from_db()
    assert (row.state, row.decided_by_id, states()[first.firm.pk]) == ("issued", lin.pk, "won")


def test_a_refused_award_goes_back_and_another_may_be_made(judged, lin, firm, first):
    manager = PersonFactory(name="经理")
    MembershipFactory(person=manager, organisation=firm, role="manager")
    trade.set_limit(lin, firm.pk, f"person:{manager.pk}", "CNY", 1_000_000, None)
    bid = Quotation.objects.get(bidder=first.firm)
    row = services.award(manager, judged.pk, dict.fromkeys(lines(judged), bid.pk), DELIVERY)
    trade.refuse_spending(lin, trade_selectors.approvals_for(lin).get().pk, "再谈一轮")
    outbox.deliver_due()
    row.refresh_from_db()
    assert (row.state, row.answer, states()[first.firm.pk]) == ("refused", "再谈一轮", "submitted")
    assert "定标未获批准：风筝礼盒采购" in told(manager)
    again = services.award(lin, judged.pk, dict.fromkeys(lines(judged), bid.pk), DELIVERY)
    assert again.state == "issued"


def test_what_nobody_decides_lapses(judged, lin, first):
    Rfq.objects.update(decide_by=clock.now() + dt.timedelta(days=2))
    assert services.press_due(clock.now()) == 1
    assert services.press_due(clock.now()) == 0
    assert services.lapse_due(clock.now()) == 0
    Rfq.objects.update(decide_by=clock.now())
    assert services.lapse_due(clock.now()) == 1
    assert Rfq.objects.get().state == "failed"
    assert set(states().values()) == {"lapsed"}
    outbox.deliver_due()
    assert "询价流标：风筝礼盒采购" in told(first)


def shares(firm_id: int) -> list[Share]:
    others = [bidder().firm.pk for _ in range(4)]
    sides = ("research", "production", "marketing", "demand")
    points = (2_000, 2_000, 1_000, 1_000)
    more = [Share(pk, side, part) for pk, side, part in zip(others, sides, points, strict=True)]
    return [Share(firm_id, "supply", 4_000), *more]


def won(judged, lin, first) -> Winner:
    bid = Quotation.objects.get(bidder=first.firm)
    services.award(lin, judged.pk, dict.fromkeys(lines(judged), bid.pk), DELIVERY)
    return Winner.objects.get()


def test_a_winner_names_four_partners_once(judged, lin, first):
    winner = won(judged, lin, first)
    five = shares(first.firm.pk)
    services.name_partners(first, winner.pk, five)
    assert sorted(Partner.objects.values_list("points", flat=True)) == [
        1000,
        1000,
        2000,
        2000,
        4000,
    ]
    with pytest.raises(SplitDone):
        services.name_partners(first, winner.pk, five)


def test_five_shares_become_a_contract_of_six_parties_exact_to_the_fen(judged, lin, first, firm):
    winner = won(judged, lin, first)
    services.name_partners(first, winner.pk, shares(first.firm.pk))
    outbox.deliver_due()
    services.draw_contract(winner.pk)
    winner.refresh_from_db()
    contract = contracts.get_contract(lin, winner.contract)
    assert (contract.origin, contract.total_minor) == (
        f"quotation:{winner.quotation_id}",
        2_500_000,
    )
    assert contract.parties.count() == 6
    draft = draft_of(winner)
    assert [stage.amount_minor for stage in draft.milestones] == [750_000, 1_750_000]
    points = [share.points for share in draft.milestones[0].shares]
    assert points == [4_000, 2_000, 2_000, 1_000, 1_000]
    assert contracts.get_contract(first, winner.contract).pk == contract.pk


def test_shares_that_are_not_the_whole_are_refused_here_and_by_the_database(
    judged, lin, first, firm
):
    winner = won(judged, lin, first)
    five = shares(first.firm.pk)
    for wrong in (
        five[:4],
        five[1:],
        [five[0], five[0], *five[2:]],
        [*five[:4], Share(firm.pk, "demand", 1_000)],
    ):
        with pytest.raises(SplitWrong):
            services.name_partners(first, winner.pk, wrong)
    assert Partner.objects.count() == 0
    Partner.objects.create(winner=winner, organisation=first.firm, side="supply", points=9_999)
    with pytest.raises(DatabaseError, match="add up to 9999"):
        connection.check_constraints()


def test_a_winner_that_names_nobody_stands_alone(judged, lin, first):
    winner = won(judged, lin, first)
    assert services.settle_due(winner.partners_until - dt.timedelta(seconds=1)) == 0
    assert services.settle_due(winner.partners_until) == 1
    assert services.settle_due(winner.partners_until) == 0
    assert list(Partner.objects.values_list("organisation", "points")) == [(first.firm.pk, 10_000)]
