"""Mediation: evidence until a deadline, then a split that sums to what is held."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.money import Money
from haishi.foundation.outbox import drain
from haishi.media import selectors as media
from haishi.notices import selectors as notices
from haishi.parties.tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    OrganiserDutyFactory,
    PersonFactory,
)
from haishi.trade import selectors, services
from haishi.trade.errors import (
    EvidenceForeign,
    EvidenceLate,
    NotImpartial,
    SplitWrong,
)
from haishi.trade.models import Dispute, DisputeStep, Refund
from haishi.trade.tests.factories import order, pay, product, somebody, want
from haishi.trade.tests.quarrels import (
    at,
    claim,
    close_evidence,
    ledger,
    mediation,
    paper,
    sent_deal,
)
from haishi.trade.types import Agreed, Bill, Share

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
