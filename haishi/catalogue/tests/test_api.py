"""/api/v1/catalogue, as a client meets it."""

from typing import Any

import pytest
from django.test import Client

from haishi.catalogue.models import Product
from haishi.catalogue.tests.factories import (
    BrandFactory,
    ListedFactory,
    PriceTierFactory,
    ProductFactory,
)

pytestmark = pytest.mark.django_db
PRODUCTS = "/api/v1/catalogue/products"


@pytest.fixture
def api(lin: Any) -> Client:
    """林's browser session at the API."""
    client = Client()
    client.force_login(lin)
    return client


def send(client: Client, method: str, path: str, body: dict[str, Any], key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    call = getattr(client, method)
    return call(path, body, content_type="application/json", headers=headers)


def test_a_draft_is_written_with_its_tiers(api, firm, category):
    body = {
        "organisation": "penglai",
        "category": "kites",
        "name": " 沙燕 ",
        "tags": ["非遗", "非遗", " "],
        "tags_en": ["heritage"],
        "price_mode": "tiers",
        "tiers": [
            {"minimum": 10, "price_minor": 3_800},
            {"minimum": 100, "price_minor": 3_200},
        ],
    }
    answer = send(api, "post", PRODUCTS, body)
    found = answer.json()
    assert answer.status_code == 201
    assert (found["name"], found["state"], found["tags"]) == ("沙燕", "draft", ["非遗"])
    assert found["tags_en"] == ["heritage"]
    assert (found["price_minor"], found["tiers"]) == (3_200, body["tiers"])


def test_a_repeated_key_writes_once_and_another_body_is_refused(api, firm, category):
    body = {"organisation": "penglai", "category": "kites", "name": "沙燕"}
    first, second = (send(api, "post", PRODUCTS, body, "k1").json()["id"] for _ in range(2))
    refused = send(api, "post", PRODUCTS, {**body, "name": "龙头"}, "k1")
    assert (first == second, refused.status_code, Product.objects.count()) == (True, 409, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": "none"}, "category"),
        ({"brand": "none"}, "brand"),
        ({"pictures": ["nonsense"]}, "pictures"),
        ({"currency": "XYZ"}, "currency"),
        ({"price_mode": "fixed"}, "price_minor"),
        ({"price_mode": "tiers"}, "price_mode"),
        ({"tags": ["一" * 21]}, "tags"),
        ({"tags_en": ["a" * 41]}, "tags_en"),
        ({"summary": "\u202e翻转"}, "summary"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(api, firm, category, changes, field):
    body = {"organisation": "penglai", "category": "kites", "name": "沙燕", **changes}
    answer = send(api, "post", PRODUCTS, body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert Product.objects.count() == 0


def test_only_the_fields_that_are_sent_change(api, firm):
    row = ProductFactory(organisation=firm, price_mode="tiers", price_minor=3_800)
    PriceTierFactory(product=row)
    brand = BrandFactory(slug="shouzao")
    answer = send(
        api, "patch", f"{PRODUCTS}/{row.pk}", {"version": 1, "name": "双燕", "brand": "shouzao"}
    )
    found = answer.json()
    assert (found["name"], found["brand"], found["version"]) == ("双燕", brand.slug, 2)
    assert (found["summary"], len(found["tiers"])) == ("潍坊手扎，可折叠", 1)
    stale = send(api, "patch", f"{PRODUCTS}/{row.pk}", {"version": 1, "name": "三燕"})
    row.refresh_from_db()
    assert (stale.status_code, row.name) == (409, "双燕")


def test_a_product_of_others_is_read_and_not_written(api):
    row = ListedFactory()
    assert api.get(f"{PRODUCTS}/{row.pk}").json()["name"] == "沙燕风筝"
    assert (
        send(api, "patch", f"{PRODUCTS}/{row.pk}", {"version": 1, "name": "我的"}).status_code
        == 403
    )
    assert send(api, "post", f"{PRODUCTS}/{row.pk}/submit", {}).status_code == 403
    row.refresh_from_db()
    assert (row.name, row.state) == ("沙燕风筝", "listed")


def test_a_draft_of_others_does_not_exist(api):
    row = ProductFactory()
    assert api.get(f"{PRODUCTS}/{row.pk}").status_code == 404
    assert send(api, "post", f"{PRODUCTS}/{row.pk}/submit", {}).status_code == 404
    assert api.get(PRODUCTS).json() == {"items": [], "next": None}


def test_submitting_twice_with_one_key_is_one_submission(api, firm):
    row = ProductFactory(organisation=firm)
    path = f"{PRODUCTS}/{row.pk}/submit"
    answers = [send(api, "post", path, {}, "s1") for _ in range(2)]
    assert [answer.json()["state"] for answer in answers] == ["submitted", "submitted"]
    assert send(api, "post", path, {}).status_code == 409


def test_the_list_turns_pages_and_narrows(api, firm, django_assert_num_queries):
    mine = [ProductFactory(organisation=firm, name=f"{n}") for n in range(3)]
    ListedFactory(kind="file", name="库")
    first = api.get(PRODUCTS, {"limit": 2}).json()
    second = api.get(PRODUCTS, {"limit": 2, "cursor": first["next"]}).json()
    names = [item["name"] for item in first["items"] + second["items"]]
    assert (names, second["next"]) == (["库", "2", "1", "0"], None)
    assert [item["name"] for item in api.get(PRODUCTS, {"kind": "file"}).json()["items"]] == ["库"]
    found = api.get(PRODUCTS, {"organisation": "penglai", "state": "draft"}).json()["items"]
    assert [item["id"] for item in found] == [row.pk for row in reversed(mine)]
