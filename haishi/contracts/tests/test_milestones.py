"""Money held, delivered for, accepted on paper and shared to the fen."""

import pytest

from haishi.contracts import selectors, services
from haishi.contracts.errors import FileGone, MoneyHeld, NoteMissing, ReasonMissing
from haishi.contracts.models import Delivery, Milestone
from haishi.contracts.tests.factories import (
    concluded,
    delivered,
    firm_with_owner,
    funded,
    opened,
    order_of,
    owner_of,
    pay,
    settled,
)
from haishi.foundation import clock, outbox
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.models import IssuedPaper
from haishi.foundation.papers import signing
from haishi.media import selectors as media_selectors
from haishi.media import services as media
from haishi.media.errors import InUse
from haishi.media.tests.factories import ready_asset
from haishi.trade import selectors as trade_selectors
from haishi.trade import services as trade
from haishi.trade.errors import AcceptedElsewhere, RefundOpen
from haishi.trade.states import Side
from haishi.trade.types import AccountName

pytestmark = pytest.mark.django_db
FIVE = (4_000, 2_000, 2_000, 1_000, 1_000)


@pytest.fixture
def other(db):
    return firm_with_owner("海州文旅")[0]


@pytest.fixture
def contract(firm, lin, other):
    """蓬莱 pays, 海州 delivers; ¥600 and ¥400."""
    return concluded(firm, other)


def earned(firm) -> int:
    return trade_selectors.balance(AccountName(f"seller:{firm.pk}", "CNY", Side.CREDIT)).minor


def test_five_parties_share_a_milestone_to_the_fen_and_the_contract_is_fulfilled(firm, lin):
    five = [firm_with_owner()[0] for _n in range(5)]
    row = concluded(firm, *five, amounts=(100_001,), points=FIVE)
    part = settled(row)
    assert part.state == "settled"
    assert [earned(each) for each in five] == [40_001, 20_000, 20_000, 10_000, 10_000]
    assert part.released == {
        str(each.pk): minor
        for each, minor in zip(five, (40_001, 20_000, 20_000, 10_000, 10_000), strict=True)
    }
    row.refresh_from_db()
    assert row.state == "fulfilled"
    assert trade_selectors.trial_balance().balanced
    view = selectors.milestone_views(lin, selectors.get_contract(lin, row.number))[0]
    assert [part.planned for part in view.parts] == [part.released for part in view.parts]
    assert (view.released.minor, view.held.minor, view.owner) == (100_001, 0, None)


def test_the_platforms_fee_is_a_part_of_the_split(firm, lin, other):
    part = settled(concluded(firm, other, amounts=(10_000,), fee_points=300))
    assert part.released == {str(other.pk): 9_700, "fees": 300}


def test_a_fen_that_cannot_be_divided_goes_to_the_first_with_the_largest_remainder(firm, lin):
    five = [firm_with_owner()[0] for _n in range(5)]
    part = settled(concluded(firm, *five, amounts=(145_500,), points=FIVE, fee_points=300))
    sums = (56_454, 28_227, 28_227, 14_114, 14_113)
    keys = [*(str(each.pk) for each in five), "fees"]
    assert part.released == dict(zip(keys, (*sums, 4_365), strict=True))


def test_a_milestone_waits_for_the_payer_then_the_supplier_then_the_payer(contract, lin, other):
    def state():
        views = selectors.milestone_views(lin, selectors.get_contract(lin, contract.number))
        owner = views[0].owner
        return views[0].row.state, owner.role if owner else "", views[0].held.minor

    assert state() == ("planned", "采购方", 0)
    services.fund(lin, contract.milestones.get(position=1).pk)
    assert state() == ("billed", "采购方", 0)
    pay(contract.milestones.get(position=1))
    assert state() == ("funded", "供方", 60_000)
    part = contract.milestones.get(position=1)
    services.deliver(owner_of(other), part.pk, "已交付")
    assert state() == ("delivered", "采购方", 60_000)
    services.accept(lin, part.pk)
    assert state() == ("accepted", "", 60_000)
    trade.settle_due()
    outbox.drain()
    assert state() == ("settled", "", 0)
    contract.refresh_from_db()
    assert contract.state == "concluded"


def test_acceptance_is_a_paper_signed_by_the_payer(contract, lin, other):
    part = delivered(contract)
    services.accept(lin, part.pk)
    part.refresh_from_db()
    paper = selectors.paper_bytes(contract, part)
    facts = signing.verify(paper.content)
    assert [(fact.signer, fact.organisation, fact.good) for fact in facts] == [
        ("林海", "蓬莱影业", True)
    ]
    assert paper.paper.number == f"{contract.number}-1-1"
    assert part.deliveries.get().answer == "accepted"


def test_a_return_says_why_and_the_next_round_is_accepted_on_a_paper_of_its_own(
    contract, lin, other
):
    part = delivered(contract)
    with pytest.raises(ReasonMissing):
        services.return_delivery(lin, part.pk, "")
    services.return_delivery(lin, part.pk, "第三幕声音不同步")
    with pytest.raises(Conflict):
        services.accept(lin, part.pk)
    services.deliver(owner_of(other), part.pk, "已修正声音")
    services.accept(lin, part.pk)
    rounds = Delivery.objects.order_by("round").values_list("round", "answer", "reason")
    assert list(rounds) == [(1, "returned", "第三幕声音不同步"), (2, "accepted", "")]
    part.refresh_from_db()
    assert part.paper.number == f"{contract.number}-1-2"


def test_silence_accepts_after_a_week_and_the_paper_says_so(contract, other):
    part = delivered(contract)
    assert services.accept_silent() == 0
    Milestone.objects.update(accept_by=clock.now())
    assert (services.accept_silent(), services.accept_silent()) == (1, 0)
    trade.settle_due()
    outbox.drain()
    part.refresh_from_db()
    assert (part.state, earned(other)) == ("settled", 60_000)
    assert part.deliveries.get().answer == "silent"
    assert signing.verify(selectors.paper_bytes(contract, part).content) == []


def test_a_returned_delivery_is_not_accepted_by_silence(contract, lin):
    part = delivered(contract)
    services.return_delivery(lin, part.pk, "缺少字幕")
    part.refresh_from_db()
    assert part.accept_by is None
    assert services.accept_silent() == 0


def test_who_does_not_pay_neither_funds_nor_answers_and_who_does_not_supply_does_not_deliver(
    contract, lin, zhou, other, stranger
):
    part, them = contract.milestones.get(position=1), owner_of(other)
    for act, person, refusal in (
        (lambda who: services.fund(who, part.pk), them, Forbidden),
        (lambda who: services.fund(who, part.pk), zhou, Forbidden),
        (lambda who: services.fund(who, part.pk), stranger, NotFound),
    ):
        with pytest.raises(refusal):
            act(person)
    funded(contract)
    with pytest.raises(Forbidden):
        services.deliver(lin, part.pk, "已交付")
    with pytest.raises(NoteMissing):
        services.deliver(them, part.pk, "  ")
    services.deliver(them, part.pk, "已交付")
    for person in (them, zhou):
        with pytest.raises(Forbidden):
            services.accept(person, part.pk)
        with pytest.raises(Forbidden):
            services.return_delivery(person, part.pk, "不行")
    part.refresh_from_db()
    assert (part.state, part.paper, IssuedPaper.objects.count()) == ("delivered", None, 1)


def test_nothing_is_funded_before_all_have_signed(firm, lin, other):
    row = opened(firm, other)
    with pytest.raises(Conflict):
        services.fund(lin, row.milestones.get(position=1).pk)
    assert row.milestones.exclude(order_id=None).count() == 0


def test_files_are_the_suppliers_and_are_opened_by_the_parties_alone(
    contract, firm, lin, other, stranger
):
    them = owner_of(other)
    part = funded(contract)
    fields = {"kind": "document", "purpose": "sealed", "private": True}
    ours = ready_asset(other, uploader=them, **fields)
    theirs = ready_asset(firm, uploader=lin, **fields)
    with pytest.raises(FileGone):
        services.deliver(them, part.pk, "已交付", [theirs.pk])
    assert not selectors.can_read_file(lin, ours)
    services.deliver(them, part.pk, "已交付", [ours.pk])
    reads = [selectors.can_read_file(who, ours) for who in (lin, them, stranger)]
    assert reads == [True, True, False]
    with pytest.raises(InUse):
        media.remove(them, ours.pk)
    assert [*media_selectors.assets([ours.pk])] == [ours.pk]


def test_the_orders_page_does_not_go_round_the_acceptance(contract, lin, other):
    part = funded(contract)
    with pytest.raises(AcceptedElsewhere):
        trade.ship(owner_of(other), part.order_id)
    order = order_of(part)
    assert "ship" not in trade_selectors.steps_for(owner_of(other), order)
    part = delivered_now(part, other)
    with pytest.raises(AcceptedElsewhere):
        trade.receive(lin, part.order_id)
    order.refresh_from_db()
    assert order.state == "paid"


def delivered_now(part, other):
    services.deliver(owner_of(other), part.pk, "已交付")
    part.refresh_from_db()
    return part


def test_a_refund_that_waits_holds_up_the_acceptance_and_a_whole_one_lets_pay_again(
    contract, lin, other
):
    part = delivered(contract)
    refund = trade.ask_refund(lin, part.order_id, 60_000, "项目取消")
    with pytest.raises(RefundOpen):
        services.accept(lin, part.pk)
    part.refresh_from_db()
    assert part.state == "delivered"
    trade.agree(owner_of(other), refund.pk)
    outbox.drain()
    part.refresh_from_db()
    assert (part.state, part.accept_by) == ("refunded", None)
    funded(contract)
    first = part.order_id
    part.refresh_from_db()
    assert (part.state, part.order_id == first, part.bills) == ("funded", False, 2)


def test_an_order_that_nobody_pays_gives_the_milestone_back(contract, lin):
    part = contract.milestones.get(position=1)
    services.fund(lin, part.pk)
    with pytest.raises(Conflict):
        services.fund(lin, part.pk)
    part.refresh_from_db()
    trade.cancel(lin, part.order_id)
    outbox.drain()
    part.refresh_from_db()
    assert part.state == "planned"
    old = part.order_id
    funded(contract)
    assert services.follow_order(part.pk, old, "expired") is False
    part.refresh_from_db()
    assert part.state == "funded"


def test_news_of_an_order_that_comes_twice_moves_nothing(contract):
    part = funded(contract)
    assert services.follow_order(part.pk, part.order_id, "paid") is False
    assert services.follow_order(part.pk, part.order_id, "completed") is False
    part.refresh_from_db()
    assert part.state == "funded"


def test_a_contract_does_not_end_while_money_is_held(contract, firm, lin):
    funded(contract)
    with pytest.raises(MoneyHeld):
        services.end(lin, contract.pk, firm.pk)
    contract.refresh_from_db()
    assert (contract.state, contract.parties.filter(ends=True).count()) == ("concluded", 0)
