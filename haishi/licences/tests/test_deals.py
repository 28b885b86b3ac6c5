"""From a request to a licence in force, and every other end."""

import datetime as dt

import pytest

from haishi.foundation import clock, outbox
from haishi.foundation.errors import Conflict, Forbidden, NotFound, Stale
from haishi.foundation.money import Money
from haishi.licences import policies, services
from haishi.licences.errors import (
    GrantClash,
    NothingChanged,
    NotYourTurn,
    OwnOffer,
    RequestOpen,
    StartsTooEarly,
    TermsIncomplete,
    TermsWrong,
)
from haishi.licences.models import Grant, Licence, Proposal
from haishi.licences.tests import factories
from haishi.licences.tests.factories import agreed, asked, offer, order_of, pay, signed
from haishi.notices import selectors as notices
from haishi.trade import selectors as trade
from haishi.trade.services import expire_unpaid

pytestmark = pytest.mark.django_db


def test_a_request_is_countered_accepted_paid_and_comes_into_force(shown, studio, su, lin):
    row = asked(shown, studio, su)
    assert (row.state, Proposal.objects.count()) == ("requested", 1)
    wish = agreed(guarantee_minor=150_000)
    services.counter(lin, row.number, seen=row.version, terms=wish, note="保底略高")
    row.refresh_from_db()
    assert (row.state, row.guarantee_minor) == ("answered", 150_000)
    services.accept(su, row.number, seen=row.version)
    row.refresh_from_db()
    assert (row.state, row.order_id, row.waits_until) == ("signing", None, None)
    signed(row)
    order = order_of(row)
    assert (row.state, order.total, order.origin) == (
        "paying",
        Money(150_000),
        f"licence:{row.pk}",
    )
    assert len(row.paper_digest) == 64
    pay(row)
    row.refresh_from_db()
    assert (row.state, row.recoup_minor, policies.in_force(row)) == ("active", 150_000, True)
    assert trade.held(order) == Money(150_000)


def test_only_the_side_whose_turn_it_is_answers(request_, su, lin, zhou, stranger):
    with pytest.raises(NotYourTurn):
        services.accept(su, request_.number, seen=request_.version)
    with pytest.raises(Forbidden):
        services.accept(zhou, request_.number, seen=request_.version)
    with pytest.raises(NotFound):
        services.accept(stranger, request_.number, seen=request_.version)
    with pytest.raises(NotYourTurn):
        services.decline(su, request_.number, "")
    assert Licence.objects.get().state == "requested"
    assert Grant.objects.count() == 0


def test_terms_that_changed_meanwhile_are_not_accepted_unseen(request_, lin, su):
    services.counter(lin, request_.number, seen=1, terms=agreed(months=36))
    seen = Licence.objects.get().version
    services.counter(su, request_.number, seen=seen, terms=agreed(months=30))
    with pytest.raises(Stale):
        services.accept(lin, request_.number, seen=1)
    assert Licence.objects.get().state == "requested"
    assert not trade.bought_by(su).exists()


def test_the_same_terms_are_no_counter_offer(request_, lin):
    with pytest.raises(NothingChanged):
        services.counter(lin, request_.number, seen=1, terms=agreed())
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("error", "fields"),
    [
        (TermsIncomplete, {"rights": ()}),
        (TermsIncomplete, {"rates": {}, "guarantee_minor": 0}),
        (TermsIncomplete, {"starts_on": None}),
        (TermsWrong, {"territories": ("XX",)}),
        (TermsWrong, {"months": 0}),
        (TermsWrong, {"rates": {"online": 10_001}}),
        (StartsTooEarly, {"starts_on": dt.date(2020, 1, 1)}),
    ],
)
def test_terms_that_do_not_hold_are_refused(shown, studio, su, error, fields):
    with pytest.raises(error):
        services.ask(su, shown.number, firm_id=studio.pk, terms=agreed(**fields))
    assert Licence.objects.count() == 0


def test_one_does_not_ask_oneself_nor_twice_nor_for_another_firm(shown, firm, studio, su, lin):
    with pytest.raises(OwnOffer):
        asked(shown, firm, lin)
    with pytest.raises(Forbidden):
        asked(shown, firm, su)
    asked(shown, studio, su)
    with pytest.raises(RequestOpen):
        asked(shown, studio, su)
    assert Licence.objects.count() == 1


def test_the_world_holds_every_territory_and_all_every_medium(shown, studio, su, lin):
    first = asked(shown, studio, su, exclusivity="exclusive", territories=["001", "CN"])
    services.accept(lin, first.number, seen=first.version)
    first.refresh_from_db()
    assert first.territories == ["001"]
    other, person = factories.studio("青鸟文创")
    with pytest.raises(GrantClash) as refused:
        asked(shown, other, person, territories=["JP"], media=["all"])
    assert "商品化" in str(refused.value)
    assert Licence.objects.count() == 1
    asked(shown, other, person, rights=["exhibit"])


def test_terms_that_touch_do_not_clash_and_two_non_exclusive_never_do(shown, studio, su, lin):
    first = asked(shown, studio, su, exclusivity="sole", months=12)
    services.accept(lin, first.number, seen=first.version)
    other, person = factories.studio("青鸟文创")
    last = first.terms.ends_on
    with pytest.raises(GrantClash):
        asked(shown, other, person, starts_on=last - dt.timedelta(days=1))
    second = asked(shown, other, person, starts_on=last)
    services.accept(lin, second.number, seen=second.version)
    third_firm, third = factories.studio("第三家")
    row = asked(shown, third_firm, third, starts_on=last)
    services.accept(lin, row.number, seen=row.version)
    assert Grant.objects.filter(live=True).count() == 3


def test_a_guarantee_that_nobody_pays_gives_back_what_was_granted(request_, lin):
    services.accept(lin, request_.number, seen=request_.version)
    signed(request_)
    late = clock.now() - dt.timedelta(hours=1)
    trade.visible_to(request_.buyer).update(pay_by=late)
    assert expire_unpaid() == 1
    outbox.drain(rounds=20)
    row = Licence.objects.get()
    assert (row.state, Grant.objects.filter(live=True).count()) == ("lapsed", 0)
    contract = factories.contract_of(row)
    assert (contract.state, contract.reason) == ("terminated", "保底金没有按期支付")


def test_without_a_guarantee_it_begins_with_the_last_signature(firm, studio, su, lin):
    row = asked(offer(firm, guarantee_minor=0), studio, su)
    services.accept(lin, row.number, seen=row.version)
    signed(row)
    assert (row.state, row.order_id, trade.bought_by(su).count()) == ("active", None, 0)


def test_rights_holders_share_the_guarantee_to_the_fen(shown, firm, studio, su, lin):
    painter = factories.studio("青鸟文创")[0]
    shown.shares.create(organisation=firm, points=6_667)
    shown.shares.create(organisation=painter, points=3_333)
    row = asked(shown, studio, su)
    services.accept(lin, row.number, seen=row.version)
    parts = signed(row).parties.order_by("position")
    assert [(each.organisation_id, each.role) for each in parts] == [
        (firm.pk, "授权方"),
        (studio.pk, "被授权方"),
        (painter.pk, "权利人"),
    ]
    found = order_of(row).shares.order_by("pk")
    assert list(found.values_list("organisation_id", "points")) == [
        (firm.pk, 6_667),
        (painter.pk, 3_333),
    ]


def test_a_request_that_nobody_answers_is_reminded_of_once_and_lapses(request_, lin):
    near = request_.waits_until - dt.timedelta(days=2)
    assert (services.remind_waiting(near), services.remind_waiting(near)) == (1, 0)
    assert services.lapse_due(request_.waits_until - dt.timedelta(seconds=1)) == 0
    assert services.lapse_due(request_.waits_until) == 1
    assert Licence.objects.get().state == "lapsed"
    with pytest.raises(Conflict):
        services.accept(lin, request_.number, seen=Licence.objects.get().version)


def test_declined_and_withdrawn_requests_are_over(shown, studio, su, lin):
    first = asked(shown, studio, su)
    services.decline(lin, first.number, "品类不合适")
    second = asked(shown, studio, su)
    services.withdraw(su, second.number)
    assert list(Licence.objects.order_by("pk").values_list("state", "reason")) == [
        ("declined", "品类不合适"),
        ("withdrawn", ""),
    ]


def test_each_step_is_told_to_the_other_side(request_, su, lin):
    services.counter(lin, request_.number, seen=1, terms=agreed(months=36))
    outbox.drain(rounds=20)
    assert [row.subject for row in notices.inbox(lin)] == ["《海市蜃楼》收到授权申请"]
    assert [row.subject for row in notices.inbox(su)] == ["《海市蜃楼》授权条款有新版本"]
