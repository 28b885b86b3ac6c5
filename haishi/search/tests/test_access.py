"""Who may ask over HTTP, and in which form the answer comes."""

from typing import Any

import pytest
from django.test import Client

from haishi.foundation import api as base
from haishi.search import services
from haishi.search.tests.factories import product

pytestmark = pytest.mark.django_db


@pytest.fixture
def _shelf(firm: Any) -> None:
    services.name_values("kind", {"product": "展品"})
    product("雕漆手镯", url="/products/1", title_en="Carved lacquer bangle", object_id=1)
    product("雕漆样品", url="/products/2", audience=[f"org:{firm.pk}"], object_id=2)
    services.take_in()


@pytest.mark.usefixtures("_shelf")
@pytest.mark.parametrize(
    ("who", "seen"), [("nobody", 1), ("stranger", 1), ("lin", 2), ("zhou", 2), ("chen", 1)]
)
def test_everybody_may_ask_and_finds_what_is_his(
    client: Client, request: pytest.FixtureRequest, who: str, seen: int
) -> None:
    if who != "nobody":
        client.force_login(request.getfixturevalue(who))
    suggested = client.get("/search/suggest", {"q": "diaoqi", "format": "json"})
    assert (suggested.status_code, len(suggested.json()["items"])) == (200, seen)
    found = client.get("/api/v1/search", {"q": "雕漆"})
    assert found.status_code == 200
    assert (found.json()["total"], len(found.json()["items"])) == (seen, seen)


@pytest.mark.usefixtures("_shelf")
def test_suggestions_come_as_json_fragment_and_page(client: Client) -> None:
    asked = {"q": "雕漆"}
    answer = client.get("/search/suggest", {**asked, "format": "json"})
    assert answer.json() == {
        "items": [{"kind": "product", "label": "展品", "title": "雕漆手镯", "url": "/products/1"}]
    }
    fragment = client.get("/search/suggest", asked, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert '<a href="/products/1">雕漆手镯' in fragment
    page = client.get("/search/suggest", asked)
    assert "<html" in page.content.decode()
    assert '<a href="/products/1">雕漆手镯' in page.content.decode()


@pytest.mark.usefixtures("_shelf")
def test_suggestions_speak_the_reader_s_language(client: Client) -> None:
    asked = {"q": "diaoqi", "format": "json"}
    answer = client.get("/search/suggest", asked, headers={"Accept-Language": "en"})
    assert answer.json()["items"][0]["title"] == "Carved lacquer bangle"


def test_without_an_index_the_fragment_says_so(client: Client) -> None:
    fragment = client.get("/search/suggest", {"q": "雕"}, headers={"HX-Request": "true"})
    assert "搜索正在准备" in fragment.content.decode()
    assert client.get("/api/v1/search", {"q": "雕"}).json()["ready"] is False


@pytest.mark.usefixtures("_shelf")
def test_typed_markup_stays_text(client: Client) -> None:
    fragment = client.get("/search/suggest", {"q": "<script>x"}, headers={"HX-Request": "true"})
    assert "<script>" not in fragment.content.decode()


@pytest.mark.usefixtures("_shelf")
def test_a_token_needs_the_scope_and_a_wrong_one_is_refused(
    client: Client, lin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"good": (lin, frozenset({"search:read"})), "narrow": (lin, frozenset({"expo:read"}))}
    monkeypatch.setattr(base, "_readers", [known.get])

    def asked(token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return client.get("/api/v1/search", {"q": "雕漆"}, headers=headers)

    assert (asked("good").status_code, asked("good").json()["total"]) == (200, 2)
    assert asked("narrow").status_code == 403
    assert asked("wrong").status_code == 401


@pytest.mark.usefixtures("_shelf")
def test_the_api_filters_by_facet_and_refuses_pages_that_cannot_be(client: Client) -> None:
    product("雕漆讲座", kind="session", facets={"city": ["扬州"]}, object_id=3)
    services.take_in()
    found = client.get("/api/v1/search", {"q": "雕漆", "kind": ["session"], "city": ["扬州", "x"]})
    assert [item["id"] for item in found.json()["items"]] == [3]
    assert found.json()["facets"]["city"] == [{"value": "扬州", "label": "扬州", "count": 1}]
    assert client.get("/api/v1/search", {"page": "0"}).status_code == 422
    assert client.get("/api/v1/search", {"q": "\x00'\"(" + "敦" * 490}).status_code == 200
