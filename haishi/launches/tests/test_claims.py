"""A first sale sells exactly its quota, whatever happens at the same time."""

import datetime as dt
import json
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from django.db import connections

from haishi.foundation import clock, draws, scarcity
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.models import Hold, Pool
from haishi.foundation.scarcity import SoldOut
from haishi.launches import selectors, services
from haishi.launches.errors import (
    OwnLaunch,
    PaymentTooLate,
    QuotaBelowClaims,
    SaleNotOpen,
)
from haishi.launches.models import Allotment, Claim
from haishi.launches.tests.factories import LaunchFactory, sale
from haishi.parties.tests.factories import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).resolve().parents[3] / "tools" / "verify_draw.py"


def taken(allotment) -> int:
    return Pool.objects.get(pk=allotment.pool_id).taken


def states(allotment) -> dict[str, int]:
    return dict(Counter(Claim.objects.filter(allotment=allotment).values_list("state", flat=True)))


def close(allotment) -> None:
    Allotment.objects.filter(pk=allotment.pk).update(
        closes_at=clock.now() - dt.timedelta(seconds=1)
    )


def at_once(work, things):
    barrier, answers = threading.Barrier(len(things)), []

    def run(thing) -> None:
        barrier.wait()
        try:
            answers.append(work(thing))
        except Conflict as error:
            answers.append(type(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(thing,)) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_forty_at_once_get_exactly_the_seven_there_are_and_each_person_one():
    allotment = sale(7)
    people = [PersonFactory() for _ in range(20)]
    answers = at_once(lambda person: services.claim(person, allotment.pk), people * 2)
    won = {answer.person_id for answer in answers if isinstance(answer, Claim)}
    assert (len(won), taken(allotment)) == (7, 7)
    assert states(allotment) == {"won": 7}
    assert {type(a) if isinstance(a, Claim) else a for a in answers} == {Claim, SoldOut}


def test_a_repetition_answers_with_the_first_claim_and_takes_nothing(stranger):
    allotment = sale(5)
    first = services.claim(stranger, allotment.pk)
    assert services.claim(stranger, allotment.pk) == first
    assert (taken(allotment), Claim.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("opens", "closes"), [(60, 120), (-120, -60)], ids=["before it opens", "after it closed"]
)
def test_nobody_claims_outside_the_time_of_the_sale(stranger, opens, closes):
    now = clock.now()
    allotment = sale(
        5, opens_at=now + dt.timedelta(seconds=opens), closes_at=now + dt.timedelta(seconds=closes)
    )
    with pytest.raises(SaleNotOpen):
        services.claim(stranger, allotment.pk)
    assert (taken(allotment), Claim.objects.count()) == (0, 0)


def test_nobody_claims_before_the_unveiling_although_the_sale_is_set_to_open(stranger):
    launch = LaunchFactory(state="announced", unveil_at=clock.now() + dt.timedelta(seconds=5))
    allotment = sale(5, launch=launch)
    with pytest.raises(SaleNotOpen):
        services.claim(stranger, allotment.pk)
    assert taken(allotment) == 0


def test_an_embargoed_launch_does_not_exist_for_buyers(stranger):
    allotment = sale(5, launch=LaunchFactory(state="embargoed"))
    with pytest.raises(NotFound):
        services.claim(stranger, allotment.pk)


def test_the_firm_does_not_buy_its_own_launch(stranger):
    allotment = sale(5)
    MembershipFactory(person=stranger, organisation=allotment.launch.exhibitor.organisation)
    with pytest.raises(OwnLaunch):
        services.claim(stranger, allotment.pk)
    assert taken(allotment) == 0


def test_what_is_not_paid_in_time_goes_to_the_waiting_list(stranger, lin, zhou):
    allotment = sale(1)
    first = services.claim(stranger, allotment.pk)
    services.wait(lin, allotment.pk)
    services.wait(zhou, allotment.pk)
    assert services.promote(allotment.pk) == 0
    Claim.objects.filter(pk=first.pk).update(pay_by=clock.now() - dt.timedelta(seconds=1))
    assert (services.expire_unpaid(), services.expire_unpaid()) == (1, 0)
    assert services.promote(allotment.pk) == 1
    assert dict(Claim.objects.values_list("person_id", "state")) == {
        stranger.pk: "expired",
        lin.pk: "won",
        zhou.pk: "waiting",
    }
    assert taken(allotment) == 1


def test_a_payment_that_comes_too_late_is_refused_and_sells_nothing(stranger, lin):
    allotment = sale(1)
    late = services.claim(stranger, allotment.pk)
    services.wait(lin, allotment.pk)
    Claim.objects.filter(pk=late.pk).update(pay_by=clock.now() - dt.timedelta(seconds=1))
    services.expire_unpaid()
    services.promote(allotment.pk)
    with pytest.raises(PaymentTooLate):
        services.mark_bought(late.pk)
    mine = Claim.objects.get(person=lin)
    assert services.mark_bought(mine.pk).state == "bought"
    assert services.mark_bought(mine.pk).state == "bought"
    assert (taken(allotment), Hold.objects.filter(state="confirmed").count()) == (1, 1)


def test_who_gives_up_makes_room_and_nobody_gives_up_for_another(stranger, lin):
    allotment = sale(1)
    row = services.claim(stranger, allotment.pk)
    with pytest.raises(NotFound):
        services.cancel(lin, row.pk)
    assert taken(allotment) == 1
    services.cancel(stranger, row.pk)
    assert taken(allotment) == 0
    with pytest.raises(Conflict):
        services.cancel(stranger, row.pk)


def test_the_quota_is_not_lowered_below_what_is_claimed(chen, stranger, lin):
    allotment = sale(5)
    owner = MembershipFactory(
        organisation=allotment.launch.exhibitor.organisation, role="owner"
    ).person
    services.claim(stranger, allotment.pk)
    services.claim(lin, allotment.pk)
    with pytest.raises(QuotaBelowClaims):
        services.resize(owner, allotment.pk, 1)
    for other in (stranger, chen):
        with pytest.raises(Forbidden):
            services.resize(other, allotment.pk, 3)
    with pytest.raises(NotFound):
        services.resize(owner, allotment.pk + 1, 3)
    assert Pool.objects.get().capacity == 5
    services.resize(owner, allotment.pk, 2)
    with pytest.raises(SoldOut):
        services.claim(PersonFactory(), allotment.pk)
    assert (taken(allotment), Pool.objects.get().capacity) == (2, 2)


def test_a_draw_gives_the_first_of_its_order_a_unit_and_lets_the_others_wait():
    allotment = sale(3, "draw")
    for _ in range(10):
        services.request(PersonFactory(), allotment.pk)
    with pytest.raises(SaleNotOpen):
        services.decide(allotment.pk)
    assert taken(allotment) == 0
    close(allotment)
    assert (services.decide(allotment.pk), services.decide(allotment.pk)) == (3, 0)
    assert states(allotment) == {"won": 3, "waiting": 7}
    allotment.refresh_from_db()
    order = Claim.objects.order_by("place").values_list("ticket", flat=True)
    assert list(order) == draws.ranked(allotment.seed, order)
    assert taken(allotment) == 3


def test_fewer_requests_than_units_all_win():
    allotment = sale(5, "window")
    for _ in range(2):
        services.request(PersonFactory(), allotment.pk)
    close(allotment)
    assert services.decide(allotment.pk) == 2
    assert (states(allotment), taken(allotment)) == ({"won": 2}, 2)


def test_the_seed_is_secret_until_the_result_and_the_file_proves_it_then(tmp_path):
    allotment = sale(4, "draw")
    for _ in range(9):
        services.request(PersonFactory(), allotment.pk)
    before = selectors.draw_file(allotment)
    assert set(before) == {"launch", "rule", "quota", "commitment"}
    close(allotment)
    services.decide(allotment.pk)
    allotment.refresh_from_db()
    after = selectors.draw_file(allotment)
    assert after["commitment"] == before["commitment"]
    file = tmp_path / "draw.json"

    def checked(content) -> subprocess.CompletedProcess[str]:
        file.write_text(json.dumps(content))
        command = [sys.executable, "-I", str(SCRIPT), str(file)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert checked(after).stdout == "9 tickets, 4 winners: the draw is right\n"
    swapped = [*after["winners"][1:], after["winners"][0]]
    assert "not those of the draw" in checked(after | {"winners": swapped}).stderr
    assert "not the one" in checked(after | {"seed": "00" * 32}).stderr
    added = sorted([*after["tickets"], "AAAAAAAAAAAA"])
    assert checked(after | {"tickets": added}).returncode == 1


def test_the_script_is_short_and_imports_nothing_of_ours():
    text = SCRIPT.read_text()
    assert len(text.splitlines()) <= 20
    assert "haishi" not in text


def test_many_are_kept_in_order_until_there_are_no_more():
    pool = scarcity.open_pool("test", 5)
    scarcity.reserve(pool.pk, "early", "early")
    wanted = [(f"p{n}", f"k{n}") for n in range(8)]
    held = scarcity.reserve_many(pool.pk, wanted, dt.timedelta(minutes=1))
    assert set(held) == {"k0", "k1", "k2", "k3"}
    pool.refresh_from_db()
    assert (pool.taken, Hold.objects.count()) == (5, 5)
    assert scarcity.reserve_many(pool.pk, [("p9", "k9")], dt.timedelta(minutes=1)) == {}
