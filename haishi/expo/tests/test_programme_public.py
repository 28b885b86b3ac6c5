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
