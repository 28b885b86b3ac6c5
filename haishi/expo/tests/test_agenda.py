"""What somebody wants to attend: told when a release changes it, in a calendar, theirs to erase."""

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar

from haishi.expo import selectors, services
from haishi.expo.models import AgendaItem
from haishi.expo.tests.factories import OPENS, EditionFactory
from haishi.foundation import outbox
from haishi.foundation.models import AuditEntry
from haishi.notices.tests.reading import notices_of, told
from haishi.parties.services import export_person

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
CHINESE, ENGLISH = {"accept-language": "zh"}, {"accept-language": "en"}


@pytest.fixture
def edition(organiser: Any) -> Any:
    return EditionFactory(series__organiser=organiser, slug="haizhou-2026")


@pytest.fixture
def stages(chen: Any, edition: Any) -> Any:
    names = (("主会场", "Main Stage"), ("听涛厅", "Surf Room"))
    return [services.save_stage(chen, edition.pk, name=zh, name_en=en) for zh, en in names]


@pytest.fixture
def released(chen: Any, edition: Any, stages: Any) -> Any:
    """Four sessions of an hour, one after the other, public."""
    names = (("潮汐", "Tides"), ("剪影", "Shadows"), ("窑火", "Kilns"), ("风筝", "Kites"))
    for hour, (title, title_en) in enumerate(names):
        row = services.create_session(chen, edition.pk, title=title, title_en=title_en)
        services.place(chen, row.pk, 1, stages[0].pk, OPENS + hour * HOUR, 60)
        services.decide(chen, row.pk, "confirm")
    services.release(chen, edition.pk)
    outbox.deliver_due()
    return {row.title: row for row in selectors.draft_sessions(edition)}


def keep(person: Any, *rows: Any) -> None:
    for row in rows:
        services.add_to_agenda(person, row.pk)


def fresh(row: Any) -> Any:
    row.refresh_from_db()
    return row


def change_everything(chen: Any, rows: Any, stages: Any) -> None:
    """A new time and room; a new room; a new title; one cancelled."""
    tides, shadows = fresh(rows["潮汐"]), fresh(rows["剪影"])
    services.place(chen, tides.pk, tides.version, stages[1].pk, OPENS + 5 * HOUR, 60)
    services.place(chen, shadows.pk, shadows.version, stages[1].pk, shadows.starts_at, 60)
    kilns = fresh(rows["窑火"])
    services.edit_session(chen, kilns.pk, kilns.version, title="窑变", title_en="Glazes")
    services.decide(chen, rows["风筝"].pk, "cancel")


def test_a_release_tells_each_holder_once_what_changed_in_both_languages(
    chen: Any, zhou: Any, edition: Any, stages: Any, released: Any
) -> None:
    keep(zhou, *released.values())
    change_everything(chen, released, stages)
    services.release(chen, edition.pk)
    outbox.deliver_due()
    (notice,) = notices_of(zhou)
    assert notice["subject"] == "“2026 海州数字文化博览会”：你想参加的场次有变化"
    assert notice["body"].split("\n") == [
        "《风筝》已取消。",
        "《剪影》换到“听涛厅”（原“主会场”）。",
        "《窑火》更名为《窑变》。",
        "《潮汐》改到 4 月 6 日 14:00–15:00，“听涛厅”（原 4 月 6 日 09:00–10:00，“主会场”）。",
    ]
    assert notice["body_en"].split("\n") == [
        "“Kites” is cancelled.",
        "“Shadows” moves to Surf Room (was Main Stage).",
        "“Kilns” is now called “Glazes”.",
        "“Tides” moves to 6 Apr 14:00–15:00, Surf Room (was 6 Apr 09:00–10:00, Main Stage).",
    ]
    assert notice["url"] == "/me/agenda/"


def test_who_wanted_something_else_hears_nothing_and_one_change_links_to_its_session(
    chen: Any, lin: Any, zhou: Any, stranger: Any, edition: Any, stages: Any, released: Any
) -> None:
    tides, shadows = released["潮汐"], released["剪影"]
    keep(zhou, tides)
    keep(lin, tides, shadows)
    keep(stranger, released["风筝"])
    services.place(chen, tides.pk, fresh(tides).version, stages[0].pk, OPENS + 6 * HOUR, 60)
    services.release(chen, edition.pk)
    outbox.deliver_due()
    notice = ("“2026 海州数字文化博览会”：你想参加的场次有变化", 1)
    address = f"/e/haizhou-2026/programme/{tides.code}/"
    assert told(zhou) == told(lin) == [(*notice, address)]
    assert told(stranger) == []
    services.release(chen, edition.pk, "没有变化")
    outbox.deliver_due()
    assert told(zhou) == [(*notice, address)]


def test_a_session_that_comes_back_is_news_too(
    chen: Any, zhou: Any, edition: Any, released: Any
) -> None:
    kites = released["风筝"]
    keep(zhou, kites)
    services.decide(chen, kites.pk, "cancel")
    services.release(chen, edition.pk)
    services.decide(chen, kites.pk, "restore")
    services.decide(chen, kites.pk, "confirm")
    services.release(chen, edition.pk)
    outbox.deliver_due()
    assert [notice["body"] for notice in notices_of(zhou)] == [
        "《风筝》已取消。",
        "《风筝》恢复举行：4 月 6 日 12:00 · 主会场。",
    ]


def test_the_change_log_shows_a_new_title_beside_the_old_one(
    client: Any, chen: Any, edition: Any, released: Any
) -> None:
    kilns = fresh(released["窑火"])
    services.edit_session(chen, kilns.pk, kilns.version, title="窑变", title_en="Glazes")
    services.release(chen, edition.pk)
    log = client.get("/e/haizhou-2026/programme/changes/", headers=CHINESE).text
    assert "更名" in log
    assert '<s class="quiet">窑火</s> → <strong>窑变</strong>' in log
    assert "Kilns" in client.get("/e/haizhou-2026/programme/changes/", headers=ENGLISH).text


def test_a_cancelled_session_stays_in_the_agenda_and_its_calendar_until_it_is_removed(
    client: Any, chen: Any, zhou: Any, edition: Any, released: Any
) -> None:
    kites = released["风筝"]
    keep(zhou, kites, released["潮汐"])
    services.decide(chen, kites.pk, "cancel")
    services.release(chen, edition.pk)
    assert [(row.slot.title.zh, row.slot.cancelled) for row in selectors.agenda(zhou.pk)] == [
        ("潮汐", False),
        ("风筝", True),
    ]
    feed = client.get(f"/me/agenda/{selectors.agenda_token(zhou)}.ics").content
    events = Calendar.from_ical(feed).walk("VEVENT")
    assert [(str(e["summary"]), str(e["status"])) for e in events] == [
        ("潮汐", "CONFIRMED"),
        ("风筝", "CANCELLED"),
    ]
    client.force_login(zhou)
    keep_page = f"/e/haizhou-2026/programme/{kites.code}/keep/"
    answer = client.post(keep_page, {"drop": "agenda"})
    assert (answer.status_code, answer["Location"]) == (302, "/me/agenda/")
    assert [row.session.title for row in AgendaItem.objects.filter(person=zhou)] == ["潮汐"]


def test_a_new_address_ends_the_old_one_and_nobody_elses(
    client: Any, lin: Any, zhou: Any, released: Any
) -> None:
    old, others = selectors.agenda_token(zhou), selectors.agenda_token(lin)
    client.force_login(zhou)
    assert client.post("/me/agenda/feed/renew/").status_code == 302
    client.logout()
    new = selectors.agenda_token(zhou)
    answers = [client.get(f"/me/agenda/{token}.ics").status_code for token in (old, new, others)]
    assert answers == [404, 200, 200]
    assert AuditEntry.objects.filter(action="agenda_feed.renewed").count() == 1


def test_the_agenda_is_exported_and_erased_with_the_person(zhou: Any, released: Any) -> None:
    keep(zhou, released["潮汐"])
    (item,) = export_person(zhou)["agenda"]
    assert (item["edition"], item["session"], item["title"]) == ("haizhou-2026", "S001", "潮汐")
    services.erase_agenda(zhou.pk)
    assert not AgendaItem.objects.exists()
