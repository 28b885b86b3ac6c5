"""The table is the truth; the index follows it, whatever happens to its files."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from haishi.foundation.health import CHECKS
from haishi.search import index, selectors, services
from haishi.search.errors import IndexBusy
from haishi.search.loops import step
from haishi.search.models import SearchDocument
from haishi.search.tests.factories import product
from haishi.search.types import Document, Facet, Query

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def titles(text: str) -> list[str]:
    return [hit.title.zh for hit in selectors.search(VISITOR, Query(text)).hits]


def test_without_an_index_the_answer_says_so() -> None:
    product("泥塑")
    answer = selectors.search(VISITOR, Query("泥塑"))
    assert (answer.ready, answer.total, answer.facets) == (False, 0, {})
    assert selectors.suggest(VISITOR, "泥") == []


def test_a_change_is_seen_after_one_step() -> None:
    product("泥塑兔爷", object_id=5)
    services.take_in()
    product("泥塑叫虎", object_id=5)
    assert titles("泥塑") == ["泥塑兔爷"]
    assert step() == 1
    assert titles("泥塑") == ["泥塑叫虎"]
    assert titles("兔爷") == []
    assert step() == 0


def test_what_is_removed_is_gone_after_one_step() -> None:
    product("泥塑", object_id=5)
    services.take_in()
    services.remove("product", 5)
    assert step() == 1
    assert titles("泥塑") == []
    assert SearchDocument.objects.count() == 0
    services.remove("product", 5)
    assert step() == 0


def test_what_is_removed_and_put_again_stays() -> None:
    product("泥塑", object_id=5)
    services.take_in()
    services.remove("product", 5)
    product("泥塑", object_id=5)
    services.take_in()
    assert titles("泥塑") == ["泥塑"]


def test_the_same_content_again_costs_no_work() -> None:
    document = product("泥塑", facets={"hall": [Facet("a", "甲馆", "Hall A")]})
    services.take_in()
    assert services.put_many([document]) == 0
    assert step() == 0


def test_a_row_written_while_it_was_indexed_waits_for_the_next_step() -> None:
    product("旧名", object_id=5)
    (read,) = SearchDocument.objects.all()
    product("新名", object_id=5)
    services._mark_done([services._ticket(read)])
    assert selectors.waiting() == 1
    services.take_in()
    assert titles("新名") == ["新名"]


def test_a_deleted_folder_is_built_again(settings: Any) -> None:
    product("泥塑")
    services.take_in()
    shutil.rmtree(settings.SEARCH_ROOT)
    index.forget()
    assert not selectors.is_ready()
    assert step() == 1
    assert titles("泥塑") == ["泥塑"]


@pytest.mark.parametrize("victim", ["meta.json", "names.json", "current"])
def test_a_damaged_file_is_noticed_and_built_again(settings: Any, victim: str) -> None:
    product("泥塑")
    services.take_in()
    root = Path(settings.SEARCH_ROOT)
    path = next(iter(root.rglob(victim)))
    path.write_text("{", encoding="utf-8")
    index.forget()
    assert not selectors.search(VISITOR, Query("泥塑")).ready
    step()
    assert titles("泥塑") == ["泥塑"]


def test_an_index_of_an_older_version_is_built_again(monkeypatch: Any) -> None:
    product("泥塑")
    services.take_in()
    monkeypatch.setattr(index, "VERSION", index.VERSION + 1)
    assert step() == 1
    assert step() == 0
    assert titles("泥塑") == ["泥塑"]


def test_reindex_builds_beside_the_old_and_leaves_one_folder(settings: Any, capsys: Any) -> None:
    for number in range(3):
        product(f"泥塑{number}")
    services.remove("product", -1)
    services.take_in()
    before = {path.name for path in Path(settings.SEARCH_ROOT).glob("g-*")}
    call_command("reindex")
    after = {path.name for path in Path(settings.SEARCH_ROOT).glob("g-*")}
    assert (len(before), len(after), before & after) == (1, 1, set())
    assert "3" in capsys.readouterr().out
    assert len(titles("泥塑")) == 3


def test_only_one_pen_writes() -> None:
    product("泥塑")
    with index.writing():
        with pytest.raises(IndexBusy):
            services.take_in()
        assert step() == 0
    assert selectors.waiting() == 1


def test_a_facet_that_does_not_exist_is_refused_and_nothing_is_kept() -> None:
    with pytest.raises(ValueError, match="colour"):
        services.put(Document("product", 1, "泥塑", "/x", facets={"colour": ["red"]}))
    assert SearchDocument.objects.count() == 0


def test_the_doctor_sees_a_missing_an_even_and_a_differing_index() -> None:
    check = CHECKS["search index"]
    assert not check().ok
    product("泥塑")
    services.take_in()
    assert check().ok
    SearchDocument.objects.all().delete()
    assert not check().ok
