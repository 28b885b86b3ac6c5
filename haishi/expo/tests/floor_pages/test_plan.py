"""The plan of a hall as people draw it: in the table, by hand, in rows from a form."""

import json

import pytest

from haishi.expo import selectors
from haishi.expo.models import Booth
from haishi.expo.tests.factories import (
    BoothFactory,
)

pytestmark = pytest.mark.django_db


def lines(*rows: dict[str, object]) -> dict[str, object]:
    sent: dict[str, object] = {
        "booth-TOTAL_FORMS": len(rows),
        "booth-INITIAL_FORMS": 0,
    }
    for number, row in enumerate(rows):
        sent |= {f"booth-{number}-{name}": value for name, value in row.items()}
    return sent


def test_a_plan_is_drawn_with_the_table_in_metres(desk, hall):
    form = {
        "version": 1,
        **lines(
            {"code": "A01", "x": "0.5", "y": "1", "width": "3", "depth": "3.5"},
            {"code": "", "x": "", "y": "", "width": "", "depth": ""},
        ),
    }
    assert desk.post("/organise/haizhou-2026/halls/film/plan/", form).status_code == 302
    place = selectors.places(hall)[0]
    assert (place.code, place.x, place.y, place.width, place.depth) == ("A01", 5, 10, 30, 35)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (
            {"code": "A02", "x": "2", "y": "0", "width": "3", "depth": "3"},
            "A01、A02 与其他",
        ),
        ({"code": "A02", "x": "19", "y": "0", "width": "3", "depth": "3"}, "A02 与其他展位重叠"),
        ({"code": "A01", "x": "9", "y": "0", "width": "3", "depth": "3"}, "展位号 A01"),
        ({"code": "A02", "x": "9", "y": "", "width": "3", "depth": "3"}, "请填写"),
        ({"code": "A02", "x": "9", "y": "0.25", "width": "3", "depth": "3"}, "小数"),
    ],
)
def test_a_table_that_does_not_fit_keeps_what_was_typed_and_changes_nothing(
    desk, hall, second, words
):
    first = {"code": "A01", "x": "0", "y": "0", "width": "3", "depth": "3"}
    form = {"version": 1, **lines(first, second)}
    answer = desk.post("/organise/haizhou-2026/halls/film/plan/", form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert 'value="A01"' in text
    assert Booth.objects.count() == 0


def draw(client, version: int, *booths: dict[str, object]):
    return client.post(
        "/organise/haizhou-2026/halls/film/plan/",
        json.dumps({"version": version, "booths": list(booths)}),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )


BOX = {"id": None, "code": "A01", "x": 0, "y": 0, "width": 30, "depth": 30}


def test_a_drawn_plan_is_saved_in_one_request_and_comes_back(desk, hall):
    answer = draw(desk, 1, BOX, {**BOX, "code": "A02", "x": 30})
    assert answer.status_code == 200
    drawing = answer.json()["drawing"]
    assert (drawing["version"], [b["code"] for b in drawing["booths"]]) == (2, ["A01", "A02"])
    assert all(b["id"] for b in drawing["booths"])


def test_a_drawing_that_overlaps_names_the_booths_and_changes_nothing(desk, hall):
    answer = draw(desk, 1, BOX, {**BOX, "code": "A02", "x": 29})
    assert (answer.status_code, answer.json()["codes"]) == (409, ["A01", "A02"])
    assert Booth.objects.count() == 0


def test_a_stale_drawing_learns_the_version_to_decide_again(desk, hall):
    draw(desk, 1, BOX)
    answer = draw(desk, 1)
    assert (answer.status_code, answer.json()["version"]) == (409, 2)
    assert Booth.objects.count() == 1


@pytest.mark.parametrize(
    "booth",
    [
        {},
        {**BOX, "x": "left"},
        {**BOX, "x": 10**12},
        {**BOX, "width": None},
        {**BOX, "id": "one"},
        {**BOX, "x": float("nan")},
        [],
    ],
)
def test_a_drawing_that_is_no_drawing_is_refused(desk, hall, booth):
    assert draw(desk, 1, booth).status_code == 422
    assert Booth.objects.count() == 0


def test_a_booth_of_another_hall_is_not_moved_by_its_id(desk, hall):
    other = BoothFactory(hall__edition=hall.edition, code="Z01", x=0, y=0)
    assert draw(desk, 1, {**BOX, "id": other.pk}).status_code == 200
    other.refresh_from_db()
    assert (other.code, other.hall_id == hall.pk) == ("Z01", False)
    assert [place.code for place in selectors.places(hall)] == ["A01"]


def test_rows_of_booths_are_made_from_the_form(desk, hall):
    form = {
        "version": 1, "prefix_code": "A", "rows": 2, "columns": 3, "x": 1, "y": 1,
        "width": 3, "depth": 3, "aisle": 2,
    }  # fmt: skip
    assert desk.post("/organise/haizhou-2026/halls/film/rows/", form).status_code == 302
    assert [p.code for p in selectors.places(hall)] == ["A01", "A02", "A03", "A04", "A05", "A06"]
