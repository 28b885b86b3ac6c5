"""A part of a milestone's money goes back: by agreement, by a mediator, and what silence may do."""

import pytest

from haishi.contracts import selectors, services
from haishi.contracts.models import Milestone
from haishi.contracts.tests.factories import concluded, delivered, firm_with_owner, owner_of
from haishi.foundation import clock, outbox
from haishi.trade import selectors as trade_selectors
from haishi.trade import services as trade
from haishi.trade.services import disputes_due

pytestmark = pytest.mark.django_db
FIVE = (4_000, 2_000, 2_000, 1_000, 1_000)


@pytest.fixture
def five(db):
    return [firm_with_owner()[0] for _n in range(5)]


@pytest.fixture
def contract(firm, lin, five):
    """蓬莱 pays ¥1,000.01 for one milestone that five firms share."""
    return concluded(firm, *five, amounts=(100_001,), points=FIVE)


def figures(actor, contract):
    """(what each part will be, what it was, what went back) as the page shows it."""
    view = selectors.milestone_page(actor, contract.number, 1)
    shown = [part.planned.minor for part in view.parts]
    released = [part.released.minor if part.released else None for part in view.parts]
    return shown, released, view.returned.minor if view.returned else 0


def claim(lin, part, amount):
    return trade.open_dispute(lin, part.order_id, "incomplete", amount, "少了一部分。")


def finish():
    trade.settle_due()
    outbox.drain()


def test_after_a_part_went_back_the_page_shows_how_the_rest_is_shared_and_so_it_is(
    contract, lin, five
):
    part = delivered(contract)
    assert figures(lin, contract) == ([40_001, 20_000, 20_000, 10_000, 10_000], [None] * 5, 0)
    row = claim(lin, part, 10_001)
    trade.accept_offer(owner_of(five[0]), row.pk)
    rest = [36_000, 18_000, 18_000, 9_000, 9_000]
    assert figures(lin, contract) == (rest, [None] * 5, 10_001)
    services.accept(lin, part.pk)
    finish()
    assert figures(lin, contract) == (rest, rest, 10_001)
    contract.refresh_from_db()
    assert (contract.state, trade_selectors.trial_balance().balanced) == ("fulfilled", True)


def test_what_a_mediator_shares_settles_the_milestone_without_an_acceptance(contract, lin, five):
    part = delivered(contract)
    row = claim(lin, part, 50_001)
    supplier = owner_of(five[0])
    trade.offer(supplier, row.pk, 10_001, "")
    trade.ask_mediation(lin, row.pk)
    for _deadline in ("evidence", "decision"):
        row.refresh_from_db()
        assert disputes_due(row.due_at) == 1
    outbox.drain()
    part.refresh_from_db()
    row.refresh_from_db()
    assert (row.state, row.to_buyer_minor) == ("decided", 30_001)
    half = [28_000, 14_000, 14_000, 7_000, 7_000]
    assert (part.state, part.accept_by, part.paper) == ("settled", None, None)
    assert figures(lin, contract) == (half, half, 30_001)
    contract.refresh_from_db()
    assert contract.state == "fulfilled"


def test_the_page_of_a_milestone_without_an_acceptance_names_none(client, contract, lin, five):
    test_what_a_mediator_shares_settles_the_milestone_without_an_acceptance(contract, lin, five)
    client.force_login(lin)
    page = client.get(f"/contracts/{contract.number}/milestones/1/")
    words = page.content.decode()
    assert (page.status_code, "验收单" in words, "¥300.01" in words) == (200, False, True)


def test_who_claims_is_not_silent(contract, lin, five):
    part = delivered(contract)
    row = claim(lin, part, 10_001)
    Milestone.objects.update(accept_by=clock.now())
    assert services.accept_silent() == 0
    part.refresh_from_db()
    assert (part.state, part.paper, part.accept_by > clock.now()) == ("delivered", None, True)
    trade.withdraw_dispute(lin, row.pk)
    Milestone.objects.update(accept_by=clock.now())
    assert services.accept_silent() == 1


def test_a_refund_that_waits_does_not_stop_the_clock_of_other_milestones(firm, lin, five):
    waits, other = (concluded(firm, five[n], amounts=(10_000,)) for n in (0, 1))
    part, next_part = delivered(waits), delivered(other)
    trade.ask_refund(lin, part.order_id, 10_000, "项目取消")
    Milestone.objects.update(accept_by=clock.now())
    assert services.accept_silent() == 1
    part.refresh_from_db()
    next_part.refresh_from_db()
    assert (part.state, next_part.state) == ("delivered", "accepted")
