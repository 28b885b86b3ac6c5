"""Disputes: claimed, negotiated, mediated; every fen of what is held is shared, once."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction

from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound, TooMany
from haishi.foundation.money import Money
from haishi.foundation.outbox import drain
from haishi.media import selectors as media
from haishi.media import services as files
from haishi.media.tests.files import jpeg
from haishi.notices import selectors as notices
from haishi.parties.tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    OrganiserDutyFactory,
    PersonFactory,
)
from haishi.trade import policies, selectors, services
from haishi.trade.errors import (
    DisputeOpen,
    DisputeTooMuch,
    EvidenceForeign,
    EvidenceLate,
    NotImpartial,
    NotYourTurn,
    OfferOutside,
    RefundOpen,
    SplitWrong,
)
from haishi.trade.models import Dispute, DisputeStep, Refund
from haishi.trade.states import Side
from haishi.trade.tests.factories import order, pay, product, somebody, want
from haishi.trade.types import AccountName, Agreed, Bill, Share

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(days=60)


def ledger(code: str, side: int = Side.CREDIT) -> int:
    return selectors.balance(AccountName(code, "CNY", side)).minor


@pytest.fixture
def deal(firm, lin, stranger):
    """An order of the stranger, ¥100, paid and sent."""
    row = order(stranger, want(product(firm, 10_000)))
    pay(row)
    services.ship(lin, row.pk)
    row.refresh_from_db()
    return row


@pytest.fixture
def exhibits(firm, organiser):
    """The firm shows at the organiser's edition, whose people mediate."""
    return ShownExhibitorFactory(organisation=firm, edition__series__organiser=organiser)


def claim(deal, amount=6_000, **fields):
    return services.open_dispute(
        deal.buyer, deal.pk, "damaged", amount, "箱子压坏了，两件开裂", **fields
    )


def at(monkeypatch, moment: dt.datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def paper(who, firm=None) -> int:
    row = files.receive(who, firm and firm.pk, SimpleUploadedFile("箱.jpg", jpeg()), "sealed")
    files.process_now(row.pk)
    return row.pk


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


def mediation(deal, lin, offered=1_000, wanted=6_000):
    row = claim(deal, wanted)
    services.offer(lin, row.pk, offered, "不认可")
    return services.ask_mediation(deal.buyer, row.pk, "谈不拢")


def close_evidence(row) -> Dispute:
    row.refresh_from_db()
    assert services.disputes_due(row.due_at) == 1
    row.refresh_from_db()
    return row


def test_a_mediator_splits_exactly_what_is_held_and_the_order_is_over(
    deal, firm, lin, chen, exhibits
):
    row = mediation(deal, lin)
    with pytest.raises(Conflict):
        services.decide_dispute(chen, row.pk, 3_333, "双方都有责任")
    row = close_evidence(row)
    assert row.state == "deciding"
    for wrong in (-1, 10_001):
        with pytest.raises(SplitWrong):
            services.decide_dispute(chen, row.pk, wrong, "")
    row = services.decide_dispute(chen, row.pk, 3_333, "双方都有责任")
    deal.refresh_from_db()
    assert (row.state, row.held_minor, row.to_buyer_minor, row.to_seller_minor) == (
        "decided",
        10_000,
        3_333,
        6_667,
    )
    assert (deal.state, selectors.held(deal)) == ("completed", Money(0))
    assert (ledger("refunding:sandbox"), ledger(f"seller:{firm.pk}"), ledger("fees")) == (
        3_333,
        6_467,
        200,
    )
    assert selectors.trial_balance().balanced
    with pytest.raises(Conflict):
        services.decide_dispute(chen, row.pk, 1, "")


@pytest.mark.parametrize(("to_buyer", "state"), [(0, "completed"), (10_000, "refunded")])
def test_a_decision_may_give_all_to_one_side(deal, lin, chen, exhibits, to_buyer, state):
    row = close_evidence(mediation(deal, lin))
    services.decide_dispute(chen, row.pk, to_buyer, "依据证据")
    deal.refresh_from_db()
    assert (deal.state, selectors.held(deal)) == (state, Money(0))
    assert Refund.objects.count() == (1 if to_buyer else 0)
    assert selectors.trial_balance().balanced


def test_what_a_decision_leaves_is_shared_among_five_to_the_fen(
    lin, firm, stranger, chen, exhibits
):
    firms = [firm, *(OrganisationFactory() for _n in range(4))]
    points = (4_000, 2_000, 2_000, 1_000, 1_000)
    shares = tuple(Share(each.pk, part) for each, part in zip(firms, points, strict=True))
    deal = services.bill(
        stranger,
        Bill(
            buyer_id=stranger.pk, seller_id=firm.pk, kind="service", currency="CNY",
            lines=(Agreed(name="样片", price_minor=100_001),),
            pay_by=clock.now() + dt.timedelta(days=3), origin="agreed:4", shares=shares,
            fee_points=0,
        ),
        key="a",
    )  # fmt: skip
    pay(deal)
    row = close_evidence(mediation(deal, lin, 0, 100_001))
    services.decide_dispute(chen, row.pk, 33_334, "完成约三分之二")
    # 666.67 over 40, 20, 20, 10, 10 %: 266.668, 133.334, 133.334, 66.667, 66.667; each rounded so
    # that the sum is exact.
    earned = [ledger(f"seller:{each.pk}") for each in firms]
    assert (earned, sum(earned)) == ([26_667, 13_333, 13_333, 6_667, 6_667], 66_667)
    assert selectors.trial_balance().balanced


def test_units_that_were_never_sent_are_free_after_a_decision(firm, lin, stranger, chen, exhibits):
    kite = product(firm, 10_000)
    services.set_stock(lin, kite.pk, 3)
    deal = order(stranger, want(kite, 2))
    pay(deal)
    row = close_evidence(mediation(deal, lin, 0, 20_000))
    services.decide_dispute(chen, row.pk, 19_000, "没有发货")
    deal.refresh_from_db()
    assert (deal.state, selectors.stock_left([kite.pk])) == ("completed", {kite.pk: 3})


def test_a_mediator_who_stands_on_a_side_or_has_no_duty_does_not_decide(
    deal, firm, lin, chen, organiser, exhibits
):
    biased = PersonFactory()
    MembershipFactory(person=biased, organisation=firm, role="staff")
    OrganiserDutyFactory(person=biased, organisation=organiser, duty="moderator")
    other = OrganiserDutyFactory(duty="owner").person
    row = close_evidence(mediation(deal, lin))
    for who, error in (
        (biased, NotImpartial),
        (other, NotFound),
        (lin, Forbidden),
        (deal.buyer, Forbidden),
    ):
        with pytest.raises(error):
            services.decide_dispute(who, row.pk, 1, "")
    assert selectors.mediators(row) == [chen.pk]
    row.refresh_from_db()
    assert row.state == "deciding"


def test_without_an_edition_operators_mediate(deal, lin, chen):
    operator = PersonFactory(is_staff=True)
    row = close_evidence(mediation(deal, lin))
    assert (row.edition_id, selectors.mediators(row)) == (None, [operator.pk])
    with pytest.raises(NotFound):
        services.decide_dispute(chen, row.pk, 1, "")
    assert services.decide_dispute(operator, row.pk, 1, "").state == "decided"


def test_a_silent_mediator_halves_what_lies_between_the_last_words(deal, lin, chen, exhibits):
    row = close_evidence(mediation(deal, lin, 1_000, 6_001))
    assert services.disputes_due(row.due_at) == 1
    row.refresh_from_db()
    assert (row.state, row.to_buyer_minor, row.by_rule) == ("decided", 3_501, True)


def test_evidence_is_private_to_both_sides_and_the_mediator(
    deal, lin, firm, chen, exhibits, monkeypatch
):
    photo, letter = paper(deal.buyer), paper(lin, firm)
    other = somebody()
    row = claim(deal, asset_ids=[photo])
    services.offer(lin, row.pk, 0, "发货前完好", [letter])
    opened = [
        len(media.private_attachments(who, [photo, letter]))
        for who in (deal.buyer, lin, chen, other)
    ]
    assert opened == [2, 2, 0, 0]
    services.ask_mediation(lin, row.pk)
    assert len(media.private_attachments(chen, [photo, letter])) == 2
    assert [len(found) for _step, found in selectors.thread(row)] == [1, 1, 0]
    with pytest.raises(EvidenceForeign):
        services.add_evidence(deal.buyer, row.pk, "", [letter])
    services.add_evidence(deal.buyer, row.pk, "开箱视频说明", [paper(deal.buyer)])
    row.refresh_from_db()
    at(monkeypatch, row.due_at)
    with pytest.raises(EvidenceLate):
        services.add_evidence(lin, row.pk, "迟到的证据")
    assert row.steps.filter(kind="evidence").count() == 1


def test_the_thread_does_not_change_and_a_split_that_is_not_whole_is_refused(deal, lin):
    row = claim(deal)
    step = row.steps.get()
    for change in (lambda: step.delete(), lambda: DisputeStep.objects.update(words="别的")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    services.accept_offer(lin, row.pk)
    for wrong in ({"to_buyer_minor": 6_001}, {"held_minor": 9_999}, {"to_seller_minor": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dispute.objects.filter(pk=row.pk).update(**wrong)


def test_each_step_is_on_record_with_its_figures(deal, lin, chen, exhibits):
    row = close_evidence(mediation(deal, lin))
    services.decide_dispute(chen, row.pk, 3_333, "双方都有责任")
    entries = [entry for entry in reversed(audit.history(deal)) if "dispute" in entry.action]
    assert [entry.action for entry in entries] == [
        "dispute.opened",
        "dispute.offer",
        "dispute.mediate",
        "dispute.hear",
        "dispute.decide",
    ]
    last = entries[-1].detail
    figures = ("held", "to_buyer", "to_seller", "by_rule")
    assert [last[name] for name in figures] == [10_000, 3_333, 6_667, False]


def test_those_who_have_to_answer_hear_of_it(deal, lin, chen, exhibits):
    row = claim(deal)
    drain()
    services.offer(lin, row.pk, 0, "不同意")
    services.ask_mediation(deal.buyer, row.pk)
    drain()
    close_evidence(row)
    drain()

    def heard(who) -> list[str]:
        return [note.subject for note in reversed(notices.inbox(who)) if note.kind == "dispute"]

    assert heard(lin) == [
        f"买家提出索赔：{row.number}",
        f"索赔进入调解：{row.number}",
        f"举证结束，等待裁决：{row.number}",
    ]
    assert heard(deal.buyer) == [
        f"对方不同意退款：{row.number}",
        f"索赔进入调解：{row.number}",
        f"举证结束，等待裁决：{row.number}",
    ]
    assert heard(chen) == [f"有索赔等待调解：{row.number}", f"请裁决索赔：{row.number}"]
