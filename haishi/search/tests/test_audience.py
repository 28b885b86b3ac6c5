"""What a reader may not see is nowhere: not in hits, totals, facets, corrections, suggestions."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from haishi.foundation.types import SYSTEM
from haishi.search import selectors, services
from haishi.search.tests.factories import product
from haishi.search.types import Facet, Query, Results

pytestmark = pytest.mark.django_db


def ask(actor: Any, text: str = "", **query: Any) -> Results:
    return selectors.search(actor, Query(text, **query))


def counts(answer: Results, facet: str) -> dict[str, int]:
    return {count.value: count.count for count in answer.facets.get(facet, ())}


@pytest.fixture
def _shelves(firm: Any, organiser: Any) -> None:
    product("漆器茶盘", object_id=1, facets={"city": ["扬州"]})
    product("漆器首饰盒", object_id=2, facets={"city": ["福州"]}, audience=[f"org:{firm.pk}"])
    desk = f"organiser:{organiser.pk}"
    product("漆器屏风", object_id=3, facets={"city": ["平遥"]}, audience=[desk])
    product("漆器未定", object_id=4, facets={"city": ["成都"]}, audience=[])
    services.take_in()


@pytest.mark.usefixtures("_shelves")
def test_each_reader_finds_what_is_meant_for_him(
    lin: Any, zhou: Any, chen: Any, stranger: Any
) -> None:
    def ids(actor: Any) -> list[int]:
        return sorted(hit.object_id for hit in ask(actor, "漆器").hits)

    assert ids(AnonymousUser()) == ids(stranger) == [1]
    assert ids(lin) == ids(zhou) == [1, 2]
    assert ids(chen) == [1, 3]
    assert ids(SYSTEM) == [1, 2, 3, 4]


@pytest.mark.usefixtures("_shelves")
def test_the_hidden_is_not_counted(lin: Any, stranger: Any) -> None:
    for text in ("漆器", ""):
        assert ask(stranger, text).total == 1
        assert counts(ask(stranger, text), "city") == {"扬州": 1}
        assert counts(ask(stranger, text), "kind") == {"product": 1}
        assert counts(ask(lin, text), "city") == {"扬州": 1, "福州": 1}


@pytest.mark.usefixtures("_shelves")
def test_a_filter_does_not_open_what_is_hidden(stranger: Any) -> None:
    answer = ask(stranger, "漆器", filters={"city": ["福州"]})
    assert (answer.total, list(answer.hits), counts(answer, "city")) == (0, [], {"扬州": 1})
    assert ask(stranger, "首饰盒").total == 0
    assert ask(stranger, "漆器首饰盒").hits[0].object_id == 1


@pytest.mark.usefixtures("_shelves")
def test_the_hidden_is_not_suggested_nor_proposed(lin: Any, stranger: Any) -> None:
    assert [s.title.zh for s in selectors.suggest(stranger, "qiqi")] == ["漆器茶盘"]
    assert len(selectors.suggest(lin, "qiqi")) == 2
    assert ask(stranger, "首势盒").did_you_mean == ""
    assert ask(lin, "首势盒").did_you_mean == "首饰盒"


@pytest.mark.usefixtures("_shelves")
def test_withdrawn_things_leave_every_count(stranger: Any) -> None:
    product("漆器茶盘", object_id=1, facets={"city": ["扬州"]}, audience=[])
    services.take_in()
    answer = ask(stranger, "漆器")
    assert (answer.total, answer.facets) == (0, {})
    assert selectors.suggest(stranger, "漆器") == []


def test_facets_count_exactly_and_speak_both_languages() -> None:
    trade = Facet("trade", "数字文化对外贸易馆", "Trade Hall")
    for number in range(3):
        product(f"木版画{number}", facets={"hall": [trade], "city": ["潍坊"]}, price_minor=9_900)
    product("木版画绝版", facets={"hall": [trade], "city": ["苏州"]}, price_minor=10_000)
    product("木版画讲座", kind="session", facets={"city": ["苏州"]})
    services.take_in()
    answer = ask(AnonymousUser(), "木版画")
    assert counts(answer, "hall") == {"trade": 4}
    assert counts(answer, "city") == {"潍坊": 3, "苏州": 2}
    assert counts(answer, "kind") == {"product": 4, "session": 1}
    assert counts(answer, "price") == {"from-0": 3, "from-100": 1}
    assert [count.label for count in answer.facets["hall"]] == ["数字文化对外贸易馆"]
    assert [count.label for count in answer.facets["price"]] == ["100 元以下", "100–1,000 元"]


def test_a_chosen_value_narrows_all_but_its_own_facet() -> None:
    for city, kind in (("济南", "product"), ("济南", "session"), ("烟台", "product")):
        product("海洋绘本", kind=kind, facets={"city": [city]})
    services.take_in()
    answer = ask(AnonymousUser(), "海洋绘本", filters={"city": ["济南"]})
    assert answer.total == 2
    assert counts(answer, "kind") == {"product": 1, "session": 1}
    assert counts(answer, "city") == {"济南": 2, "烟台": 1}
    assert [(c.value, c.chosen) for c in answer.facets["city"]] == [("济南", True), ("烟台", False)]
    for filters, total in (
        ({"city": ["济南", "烟台"], "kind": ["product"]}, 2),
        ({"nonsense": ["x"], "city": [""]}, 3),
        ({"city": ["\ud800", "\x00", "济南" * 999]}, 0),
    ):
        assert ask(AnonymousUser(), "海洋绘本", filters=filters).total == total
