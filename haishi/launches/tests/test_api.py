"""/api/v1/launches, as a client meets it."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from haishi.foundation import clock
from haishi.foundation.models import Pool
from haishi.launches import services
from haishi.launches.models import Claim, Launch
from haishi.launches.tests.factories import LaunchFactory, in_hours, sale

pytestmark = pytest.mark.django_db
API = "/api/v1/launches"


@pytest.fixture
def api(stranger: Any) -> Client:
    """The stranger's browser session at the API."""
    client = Client()
    client.force_login(stranger)
    return client


def post(client: Client, path: str, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"{API}{path}", {}, content_type="application/json", headers=headers)


def test_before_the_instant_the_list_and_the_launch_say_only_the_teaser(api, announced):
    listed = api.get(f"{API}/launches")
    one = api.get(f"{API}/launches/{announced.slug}")
    assert (listed.json()["items"][0]["name"], one.json()["name"]) == ("把海带回家",) * 2
    assert (one.json()["story"], one.json()["sale"]["price_minor"]) == ("", None)
    for answer in (listed, one):
        text = answer.content.decode()
        assert [word for word in ("潮汐灯", "Tide lamp", "12800", "灯随") if word in text] == []


def test_what_is_embargoed_is_not_there_even_for_its_firm(api, lin, embargoed):
    lins = Client()
    lins.force_login(lin)
    for client in (api, lins):
        assert client.get(f"{API}/launches").json()["items"] == []
        assert client.get(f"{API}/launches/{embargoed.slug}").status_code == 404
        assert post(client, f"/launches/{embargoed.slug}/request").status_code in (404, 409)
    assert Claim.objects.count() == 0


def test_from_the_instant_on_name_price_and_numbers_are_there(api):
    allotment = sale(3)
    found = api.get(f"{API}/launches/{allotment.launch.slug}").json()
    assert (found["name"], found["stage"]) == ("潮汐灯", "live")
    numbers = {name: found["sale"][name] for name in ("quota", "price_minor", "asked", "rule")}
    assert numbers == {"quota": 3, "price_minor": 9_900, "asked": 0, "rule": "first_come"}


def test_a_unit_is_claimed_once_with_or_without_a_key_and_given_up(api):
    allotment = sale(1)
    path = f"/launches/{allotment.launch.slug}/claim"
    first, again, plain = post(api, path, "k1"), post(api, path, "k1"), post(api, path)
    assert first.status_code == 200
    assert first.json() == again.json() == plain.json()
    assert first.json()["state"] == "won"
    assert Pool.objects.get().taken == 1
    mine = api.get(f"{API}/claims").json()["items"]
    assert [row["ticket"] for row in mine] == [first.json()["ticket"]]
    gone = post(api, f"/claims/{mine[0]['id']}/cancel", "k2")
    assert (gone.json()["state"], Pool.objects.get().taken) == ("cancelled", 0)
    assert post(api, f"/claims/{mine[0]['id']}/cancel", "k2").json() == gone.json()
    assert post(api, f"/claims/{mine[0]['id']}/cancel").status_code == 409


def test_what_is_sold_out_or_not_open_is_a_conflict(api, lin):
    allotment = sale(1)
    services.claim(lin, allotment.pk)
    assert post(api, f"/launches/{allotment.launch.slug}/claim").status_code == 409
    soon = sale(1, launch=LaunchFactory(state="announced", unveil_at=in_hours(1)))
    assert post(api, f"/launches/{soon.launch.slug}/claim").status_code == 409
    assert Claim.objects.count() == 1
    assert post(api, f"/launches/{allotment.launch.slug}/wait").json()["state"] == "waiting"


def test_the_claims_of_others_are_neither_seen_nor_given_up(api, lin):
    row = services.claim(lin, sale(1).pk)
    assert api.get(f"{API}/claims").json()["items"] == []
    assert post(api, f"/claims/{row.pk}/cancel").status_code == 404
    assert Claim.objects.get().state == "won"


def test_a_list_of_many_costs_the_same_as_of_one(api, django_assert_max_num_queries):
    for n in range(12):
        LaunchFactory(unveil_at=clock.now() - dt.timedelta(minutes=n))
    api.get(f"{API}/launches")
    with django_assert_max_num_queries(6):
        assert len(api.get(f"{API}/launches").json()["items"]) == Launch.objects.count() == 12
