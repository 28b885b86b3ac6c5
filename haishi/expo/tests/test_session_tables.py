"""Sessions as a table: what goes out comes back, every bad line is named, none is half kept."""

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import Workbook

from haishi.expo import selectors, services
from haishi.expo.models import Session, SessionSpeaker, Speaker
from haishi.expo.tests.factories import OPENS, EditionFactory
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.models import Outbox
from haishi.foundation.sheets import BadSheet
from haishi.parties.tests.factories import OrganiserDutyFactory, PersonFactory

pytestmark = pytest.mark.django_db
HEADER = "编号,标题,英文标题,类型,分类,语言,场地,开始,时长（分钟）,嘉宾,主持,状态,简介,英文简介\n"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def edition(organiser: Any) -> Any:
    return EditionFactory(series__organiser=organiser, slug="haizhou-2026")


@pytest.fixture
def stage(chen: Any, edition: Any) -> Any:
    return services.save_stage(chen, edition.pk, name="主会场", name_en="Main Stage")


@pytest.fixture
def track(chen: Any, edition: Any) -> Any:
    return services.save_track(chen, edition.pk, name="影像", name_en="Film")


def facts(row: Session) -> tuple[Any, ...]:
    names = SessionSpeaker.objects.filter(session=row).order_by("order")
    return (
        row.code, row.title, row.kind, row.language, row.state, row.stage_id, row.starts_at,
        row.ends_at, [(each.speaker.name, each.moderates) for each in names],
    )  # fmt: skip


def test_a_table_adds_sessions_with_their_places_and_speakers(
    chen: Any, edition: Any, stage: Any, track: Any
) -> None:
    table = HEADER + (
        "K1,潮汐之夜,Night of Tides,主旨论坛,影像,英文,Main Stage,2026-04-06 09:30,45,"
        "林海、周遥（蓬莱影业）,林海,已确认,开场,Opening\n"
        ",窑火,,,,,,,,,,,,\n"
    )
    assert services.import_sessions(chen, edition.pk, table.encode()) == 2
    start = OPENS + HOUR / 2
    assert [facts(row) for row in Session.objects.order_by("pk")] == [
        ("K1", "潮汐之夜", "keynote", "en", "confirmed", stage.pk, start,
         start + dt.timedelta(minutes=45), [("林海", True), ("周遥", False)]),
        ("S001", "窑火", "talk", "zh-hans", "draft", None, None, None, []),
    ]  # fmt: skip
    assert [(row.name, row.firm) for row in Speaker.objects.order_by("pk")] == [
        ("林海", ""),
        ("周遥", "蓬莱影业"),
    ]
    assert Session.objects.get(code="K1").track == track


def test_a_known_code_is_changed_and_its_draft_alone(
    client: Any, chen: Any, edition: Any, stage: Any
) -> None:
    row = services.create_session(chen, edition.pk, title="旧题", code="K1")
    services.place(chen, row.pk, 1, stage.pk, OPENS, 60)
    services.decide(chen, row.pk, "confirm")
    services.release(chen, edition.pk)
    table = HEADER + "k1,新题,,分享,,,主会场,2026/04/06 11:00,30,,,,,\n"
    services.import_sessions(chen, edition.pk, table.encode())
    row.refresh_from_db()
    assert (row.title, row.starts_at, row.state) == ("新题", OPENS + 2 * HOUR, "confirmed")
    edition.refresh_from_db()
    assert [each.starts_at for each in selectors.programme_rows(edition)] == [OPENS]


def test_every_bad_line_is_reported_and_none_is_imported(
    chen: Any, edition: Any, stage: Any
) -> None:
    for _n in range(2):
        services.create_speaker(chen, edition.pk, name="林海")
    services.create_session(chen, edition.pk, title="定了", code="K9")
    services.decide(chen, Session.objects.get(code="K9").pk, "confirm")
    table = HEADER + (
        "K1,好的一行,,,,,,,,,,,,\n"
        "K2,,,,,,,,,,,,,\n"
        "K3,题,,舞会,,,,,,,,,,\n"
        "K4,题,,,没有的分类,,,,,,,,,\n"
        "K5,题,,,,,主会场,,,,,,,\n"
        "K6,题,,,,,主会场,明天九点,30,,,,,\n"
        "K7,题,,,,,主会场,2026-04-06 09:00,3,,,,,\n"
        "K8,题,,,,,,,,林海,,,,\n"
        "K9,题,,,,,,,,,,草稿,,\n"
        "changes,题,,,,,,,,,,,,\n"
        "K1,题,,,,,,,,,,,,\n"
        f"K10,{'长' * 101},,,,,,,,,,,,\n"
    )
    before = Outbox.objects.count()
    with pytest.raises(BadSheet) as refusal:
        services.import_sessions(chen, edition.pk, table.encode())
    assert [str(line) for line in refusal.value.lines] == [
        "第 2 行：编号“K1”在表里出现了多次",
        "第 3 行：缺少标题",
        "第 4 行：不认识“舞会”",
        "第 5 行：没有“没有的分类”这个分类",
        "第 6 行：场地、开始和时长要么都填，要么都留空",
        "第 7 行：“明天九点”不是有效的时间，例如 2026-11-23 09:30",
        "第 8 行：时长“3”应为 5 到 1440 分钟",
        "第 9 行：有多位嘉宾叫“林海”，请写成“姓名（单位）”",
        "第 10 行：已确认的场次不能改回草稿，只能取消",
        "第 11 行：编号“changes”无效：最多 12 个字母、数字或连字符",
        "第 12 行：编号“K1”在表里出现了多次",
        f"第 13 行：文字过长：{'长' * 20}…",
    ]
    assert [row.code for row in Session.objects.all()] == ["K9"]
    assert (Speaker.objects.count(), Outbox.objects.count()) == (2, before)


def test_a_time_that_the_clock_skips_is_a_bad_line(chen: Any, organiser: Any) -> None:
    edition = EditionFactory(series__organiser=organiser, time_zone="Europe/Berlin")
    services.save_stage(chen, edition.pk, name="主会场")
    table = HEADER + "K1,题,,,,,主会场,2026-03-29 02:30,30,,,,,\n"
    with pytest.raises(BadSheet) as refusal:
        services.import_sessions(chen, edition.pk, table.encode())
    assert "夏令时" in str(refusal.value.lines[0])
    assert not Session.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_was_exported_comes_back_and_changes_nothing(
    client: Any, chen: Any, edition: Any, stage: Any, track: Any, language: str
) -> None:
    people = [
        services.create_speaker(chen, edition.pk, name="林海", firm=firm).pk
        for firm in ("蓬莱影业", "")
    ]
    row = services.create_session(
        chen, edition.pk, title="=潮汐", kind="forum", track_id=track.pk, abstract="一行\n两行",
        language="en", speakers=people, moderators=people[:1],
    )  # fmt: skip
    services.place(chen, row.pk, 1, stage.pk, OPENS, 60)
    services.decide(chen, row.pk, "confirm")
    client.force_login(chen)
    address = "/organise/haizhou-2026/timetable/export.csv"
    answer = client.get(address, headers={"accept-language": language})
    content = b"".join(answer.streaming_content)
    row.refresh_from_db()
    before = (facts(row), row.version)
    page = client.post(
        "/organise/haizhou-2026/timetable/import/",
        {"file": io.BytesIO(content.replace("林海、".encode(), "林海（蓬莱影业）、".encode()))},
    )
    # One of the two has no firm to tell them apart by: the line says so.
    assert (page.status_code, "林海" in page.text) == (422, True)
    Speaker.objects.filter(pk=people[1]).update(firm="听涛书店")
    content = b"".join(client.get(address).streaming_content)
    assert client.post(
        "/organise/haizhou-2026/timetable/import/", {"file": io.BytesIO(content)}
    ).status_code == 302  # fmt: skip
    row.refresh_from_db()
    assert (facts(row), row.version) == before


def test_a_spreadsheet_with_date_cells_is_read(chen: Any, edition: Any, stage: Any) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(HEADER.strip().split(","))
    start = dt.datetime(2026, 4, 6, 9, 30)
    sheet.append(["", "潮汐", "", "", "", "", "主会场", start, 45, "", "", "", "", ""])
    out = io.BytesIO()
    book.save(out)
    assert services.import_sessions(chen, edition.pk, out.getvalue()) == 1
    row = Session.objects.get()
    assert (row.starts_at, row.ends_at) == (OPENS + HOUR / 2, OPENS + HOUR * 1.25)


def test_codes_never_collide_with_what_was_deleted_imported_or_written_by_hand(
    chen: Any, edition: Any
) -> None:
    first, second = (services.create_session(chen, edition.pk, title="题") for _ in "ab")
    first.delete()
    third = services.create_session(chen, edition.pk, title="题")
    table = HEADER + ",无编号,,,,,,,,,,,,\nS004,有编号,,,,,,,,,,,,\n"
    services.import_sessions(chen, edition.pk, table.encode())
    codes = dict(Session.objects.values_list("title", "code").filter(title__endswith="编号"))
    assert (second.code, third.code, codes) == (
        "S002", "S003", {"有编号": "S004", "无编号": "S005"},
    )  # fmt: skip


def test_only_programme_editors_import_and_only_into_an_open_edition(
    chen: Any, stranger: Any, organiser: Any, edition: Any
) -> None:
    table = (HEADER + ",题,,,,,,,,,,,,\n").encode()
    reviewer = PersonFactory()
    OrganiserDutyFactory(person=reviewer, organisation=organiser, duty="reviewer")
    closed = EditionFactory(series__organiser=organiser, state="closed")
    hidden = EditionFactory(state="draft")
    for actor, row, error in (
        (reviewer, edition, Forbidden),
        (stranger, edition, Forbidden),
        (stranger, hidden, NotFound),
        (chen, closed, Conflict),
    ):
        with pytest.raises(error):
            services.import_sessions(actor, row.pk, table)
    assert not Session.objects.exists()


def test_editing_the_words_keeps_who_moderates_and_the_order(chen: Any, edition: Any) -> None:
    people = [services.create_speaker(chen, edition.pk, name=name).pk for name in ("周", "林")]
    row = services.create_session(
        chen, edition.pk, title="题", speakers=people, moderators=people[1:]
    )
    services.edit_session(chen, row.pk, row.version, title="新题", speakers=sorted(people)[::-1])
    rows = SessionSpeaker.objects.filter(session=row).order_by("order")
    assert [(each.speaker_id, each.moderates) for each in rows] == [
        (people[0], False),
        (people[1], True),
    ]
