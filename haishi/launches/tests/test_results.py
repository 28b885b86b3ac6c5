"""What anybody reads about a first sale, while it runs and afterwards."""

import datetime as dt

import pytest

from haishi.foundation import clock, draws
from haishi.launches import selectors, services
from haishi.launches.errors import SaleIsDecided
from haishi.launches.models import Allotment, Claim
from haishi.launches.tests.factories import LaunchFactory, in_hours, sale
from haishi.parties.tests.factories import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


def close(allotment) -> None:
    Allotment.objects.filter(pk=allotment.pk).update(
        closes_at=clock.now() - dt.timedelta(seconds=1)
    )


def page(client, allotment, **headers: str) -> str:
    answer = client.get(f"/launches/{allotment.launch.slug}/result/", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_there_is_no_result_before_the_unveiling_or_without_a_sale(client, lin, firm):
    soon = sale(3, launch=LaunchFactory(state="announced", unveil_at=in_hours(1))).launch
    plain = LaunchFactory()
    for row in (soon, plain):
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(f"/launches/{row.slug}/result/", headers=headers)
            assert answer.status_code == 404


def test_the_counters_ask_again_while_they_move_and_stop_when_it_is_over(client, stranger):
    allotment = sale(3)
    services.claim(stranger, allotment.pk)
    part = page(client, allotment, **{"HX-Request": "true"})
    assert part.lstrip().startswith('<section id="numbers"')
    assert 'hx-trigger="every 3s"' in part
    numbers = selectors.result_count(allotment.launch.slug).numbers
    assert (numbers.asked, numbers.won, numbers.bought) == (1, 1, 0)
    services.cancel(stranger, Claim.objects.get().pk)
    close(allotment)
    assert services.close_ended(clock.now()) == 1
    assert "hx-trigger" not in page(client, allotment, **{"HX-Request": "true"})
    assert "最终结果" in page(client, allotment)


def test_the_counters_cost_two_queries(client, django_assert_num_queries):
    slug = sale(3).launch.slug
    with django_assert_num_queries(2):
        selectors.result_count(slug)


def test_a_decided_draw_shows_seed_digest_and_how_to_check(client, stranger):
    allotment = sale(1, "draw")
    for person in (stranger, PersonFactory()):
        services.request(person, allotment.pk)
    text = page(client, allotment)
    assert allotment.commitment in text
    assert allotment.seed not in text
    close(allotment)
    services.decide(allotment.pk)
    text = page(client, allotment)
    tickets = [row.ticket for row in allotment.claims.all()]
    wanted = (allotment.seed, draws.digest_of(tickets), "draw.json", "verify_draw.py")
    assert [word for word in wanted if word not in text] == []


def test_my_result_is_mine_alone(client, stranger, lin):
    allotment = sale(3)
    ticket = services.claim(stranger, allotment.pk).ticket
    client.force_login(stranger)
    assert ticket in page(client, allotment)
    client.force_login(lin)
    assert ticket not in page(client, allotment)


def test_a_changed_quota_is_told_and_a_decided_one_stays(client):
    allotment = sale(3, "draw")
    firm = allotment.launch.exhibitor.organisation
    owner = MembershipFactory(organisation=firm, role="owner").person
    services.resize(owner, allotment.pk, 2)
    assert "首发数量由 3 件改为 2 件" in page(client, allotment)
    close(allotment)
    services.decide(allotment.pk)
    with pytest.raises(SaleIsDecided):
        services.resize(owner, allotment.pk, 5)
    assert Allotment.objects.get().quota == 2


def test_a_result_stays_within_twelve_queries(client, stranger, django_assert_max_num_queries):
    allotment = sale(3, "draw")
    services.request(stranger, allotment.pk)
    close(allotment)
    services.decide(allotment.pk)
    client.force_login(stranger)
    page(client, allotment)
    with django_assert_max_num_queries(12):
        page(client, allotment)
