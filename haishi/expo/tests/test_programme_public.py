"""A released programme: what calendars and schedule apps read, and one's own agenda."""

import datetime as dt
from typing import Any
from xml.dom.minidom import parseString

import pytest
from icalendar import Calendar

from haishi.expo import selectors, services
from haishi.expo.errors import ScheduleClash
from haishi.expo.models import AgendaItem, Edition, ScheduleVersion
from haishi.expo.tests.factories import OPENS, EditionFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def edition(organiser: Any) -> Any:
    return EditionFactory(series__organiser=organiser)


def _session(chen: Any, edition: Any, stage: Any, title: str, start: dt.datetime) -> Any:
    row = services.create_session(chen, edition.pk, title=title)
    row = services.decide(chen, row.pk, "confirm")
    return services.place(chen, row.pk, row.version, stage.pk, start, 60)


def test_a_session_that_starts_when_another_ends_is_released_and_one_inside_it_is_not(
    chen: Any, edition: Any
) -> None:
    stage = services.save_stage(chen, edition.pk, name="主舞台")
    _session(chen, edition, stage, "开幕", OPENS)
    second = _session(chen, edition, stage, "圆桌", OPENS + HOUR)
    assert services.release(chen, edition.pk).number == 1
    services.place(chen, second.pk, second.version, stage.pk, OPENS + HOUR / 2, 60)
    with pytest.raises(ScheduleClash):
        services.release(chen, edition.pk)
    assert ScheduleVersion.objects.count() == 1
    assert Edition.objects.get().schedule_number == 1


def test_calendars_and_schedule_apps_read_what_was_released_and_nothing_else(
    client: Any, chen: Any, edition: Any
) -> None:
    stage = services.save_stage(chen, edition.pk, name="主舞台")
    first = _session(chen, edition, stage, "开幕", OPENS)
    services.release(chen, edition.pk)
    _session(chen, edition, stage, "未发布", OPENS + HOUR)
    services.place(chen, first.pk, first.version, stage.pk, OPENS + 5 * HOUR, 60)
    base = f"/e/{edition.slug}/schedule"
    events = Calendar.from_ical(client.get(f"{base}.ics").content).walk("VEVENT")
    assert [(str(e["summary"]), e.decoded("dtstart"), e["sequence"]) for e in events] == [
        ("开幕", OPENS, 1)
    ]
    page = parseString(client.get(f"{base}.xml").content)
    assert [e.firstChild.data for e in page.getElementsByTagName("duration")] == ["01:00"]
    rooms = page.getElementsByTagName("day")[0].getElementsByTagName("room")
    assert [e.getAttribute("name") for e in rooms if e.hasAttribute("name")] == ["主舞台"]
    days = client.get(f"{base}.json").json()["schedule"]["conference"]["days"]
    assert [e["title"] for e in days[0]["rooms"]["主舞台"]] == ["开幕"]
    assert client.get(f"{base}.pdf").status_code == 404


def test_a_visitor_keeps_a_session_and_the_signed_feed_carries_it(
    client: Any, chen: Any, stranger: Any, edition: Any
) -> None:
    stage = services.save_stage(chen, edition.pk, name="主舞台")
    row = _session(chen, edition, stage, "开幕", OPENS)
    address = f"/e/{edition.slug}/programme/{row.code}/keep/"
    client.force_login(stranger)
    assert client.post(address).status_code == 404
    assert AgendaItem.objects.count() == 0
    services.release(chen, edition.pk)
    assert client.post(address).status_code == 302
    assert "开幕" in client.get("/me/agenda/").content.decode()
    assert "第 1 版" in client.get(f"/e/{edition.slug}/programme/changes/").content.decode()
    token = selectors.agenda_token(stranger)
    client.logout()
    events = Calendar.from_ical(client.get(f"/me/agenda/{token}.ics").content).walk("VEVENT")
    assert [str(e["summary"]) for e in events] == ["开幕"]
    assert client.get(f"/me/agenda/{stranger.pk}.forged.ics").status_code == 404


@pytest.fixture
def day(chen: Any, edition: Any) -> Any:
    """Two stages: 开幕 9:00 and 圆桌 10:30 on one, the English 剪影 9:30 on the other."""
    main = services.save_stage(chen, edition.pk, name="主舞台", name_en="Main Stage")
    side = services.save_stage(chen, edition.pk, name="听涛厅", name_en="Surf Room", order=1)
    film = services.save_track(chen, edition.pk, name="影像", name_en="Film", colour=3)
    who = services.create_speaker(
        chen, edition.pk, name="苏晚", name_en="Su Wan", firm="听涛书店", bio="写海的人。"
    )
    _session(chen, edition, main, "开幕", OPENS)
    _session(chen, edition, main, "圆桌", OPENS + 1.5 * HOUR)
    row = _session(chen, edition, side, "剪影", OPENS + HOUR / 2)
    services.edit_session(
        chen, row.pk, row.version, language="en", track_id=film.pk, speakers=[who.pk]
    )
    services.release(chen, edition.pk)
    return who


def _cells(page: Any) -> list[list[tuple[str, int]]]:
    """[(title or "", rows)] of each row of the table."""
    rows = page.context["page"].grid.rows
    return [
        [(cell.line.row.title.zh if cell.line else "", cell.rows) for cell in row.cells]
        for row in rows
    ]


def test_the_timetable_sets_stages_beside_each_other_in_rows_of_time(
    client: Any, edition: Any, day: Any
) -> None:
    page = client.get(f"/e/{edition.slug}/programme/?view=grid")
    assert _cells(page) == [
        [("开幕", 2), ("", 1)],
        [("剪影", 2)],
        [("", 1)],
        [("圆桌", 1), ("", 1)],
    ]
    assert [row.time for row in page.context["page"].grid.rows] == ["09:00", "09:30", "", "10:30"]
    assert 'rowspan="2" data-accent="sha"' in page.text
    assert "view=grid" in page.context["page"].days[0].url


def test_the_programme_narrows_by_stage_track_language_and_words(
    client: Any, edition: Any, day: Any
) -> None:
    def found(query: str) -> list[str]:
        page = client.get(f"/e/{edition.slug}/programme/?{query}").context["page"]
        return [line.row.title.zh for line in page.lines]

    assert found("") == ["开幕", "剪影", "圆桌"]
    assert found("language=en") == ["剪影"]
    assert found("q=SU+wan") == ["剪影"]
    assert found("q=%00圆桌") == ["圆桌"]
    filters = client.get(f"/e/{edition.slug}/programme/").context["page"].filters
    assert [group.name for group in filters] == ["stage", "language"]
    assert found(f"stage={filters[0].options[0][0]}") == ["开幕", "圆桌"]
    assert found("language=fr") == []


def test_a_speaker_has_a_page_with_their_words_and_sessions_once_these_are_public(
    client: Any, chen: Any, edition: Any, day: Any
) -> None:
    address = f"/e/{edition.slug}/speakers/{day.pk}/"
    page = client.get(address).text
    assert "写海的人。" in page
    assert "剪影" in page
    assert "开幕" not in page
    assert address in client.get(f"/e/{edition.slug}/speakers/").text
    silent = services.create_speaker(chen, edition.pk, name="未定")
    assert client.get(f"/e/{edition.slug}/speakers/{silent.pk}/").status_code == 404
    other = EditionFactory(slug="elsewhere")
    assert client.get(f"/e/{other.slug}/speakers/{day.pk}/").status_code == 404


def test_an_editor_changes_what_the_page_of_a_speaker_says(
    client: Any, chen: Any, edition: Any, day: Any
) -> None:
    client.force_login(chen)
    address = f"/organise/{edition.slug}/timetable/speakers/{day.pk}/"
    assert "写海的人。" in client.get(address).text
    words = {"name": "苏晚", "bio": "写海也写山。", "version": day.version}
    assert client.post(address, words).status_code == 302
    assert "写海也写山。" in client.get(f"/e/{edition.slug}/speakers/{day.pk}/").text
    stale = client.post(address, {**words, "bio": "旧页面。"})
    assert stale.status_code == 422
    assert "旧页面" not in client.get(f"/e/{edition.slug}/speakers/{day.pk}/").text


@pytest.mark.parametrize("view", ["", "?view=grid"])
def test_a_day_of_fifty_sessions_costs_the_queries_of_one(
    client: Any, chen: Any, edition: Any, day: Any, view: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(50):
        stage = services.save_stage(chen, edition.pk, name=f"厅 {number}")
        _session(chen, edition, stage, f"场次 {number}", OPENS)
    services.release(chen, edition.pk)
    with django_assert_max_num_queries(7):
        page = client.get(f"/e/{edition.slug}/programme/{view}")
    assert page.text.count("场次 ") >= 50
