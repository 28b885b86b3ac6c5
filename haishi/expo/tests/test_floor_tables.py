"""Tables in and out: every bad line is reported, nothing is half imported."""

import csv
import io

import pytest

from haishi.expo import selectors, services
from haishi.expo.models import Booth, Exhibitor
from haishi.expo.tests.factories import (
    BoothFactory,
    EditionFactory,
    HallFactory,
    ShownExhibitorFactory,
    TierFactory,
)
from haishi.foundation.errors import Forbidden, Invalid
from haishi.foundation.models import Outbox
from haishi.foundation.sheets import BadSheet
from haishi.parties.tests.factories import OrganisationFactory
from haishi.parties.tests.reading import counts, invitation, is_member

pytestmark = pytest.mark.django_db
BOOTHS = "展馆代码,展位号,左起（米）,上起（米）,宽（米）,深（米）\n"
FIRMS = "单位名称,英文名称,城市,级别,展位号,联系邮箱,参展计划\n"


@pytest.fixture
def edition(organiser):
    return EditionFactory(series__organiser=organiser, slug="haizhou-2026")


@pytest.fixture
def hall(edition):
    return HallFactory(edition=edition, code="A", width=200, depth=120)


@pytest.fixture
def tier(edition):
    return TierFactory(edition=edition, slug="standard", name="标准")


def lines(error) -> list[str]:
    return [str(line) for line in error.value.lines]


def test_booths_are_added_and_moved_by_a_table(edition, hall, chen):
    BoothFactory(hall=hall, code="A01", x=0, y=0)
    table = BOOTHS + "a,A01,5,5,3,3\nA,A02,8,5,3.5,3\n"
    assert services.import_booths(chen, edition.pk, table.encode()) == 2
    floor = [(p.code, p.x, p.y, p.width) for p in selectors.places(hall)]
    assert floor == [("A01", 50, 50, 30), ("A02", 80, 50, 35)]


def test_three_bad_lines_of_booths_are_all_reported_and_none_is_imported(edition, hall, chen):
    table = BOOTHS + "A,A01,0,0,3,3\nZ,A02,3,0,3,3\nA,A03,六,0,3,3\nA,A04,9,0,3.25,3\n"
    with pytest.raises(BadSheet) as refusal:
        services.import_booths(chen, edition.pk, table.encode())
    assert lines(refusal) == [
        "第 3 行：没有代码为“Z”的展馆",
        "第 4 行：“六”不是有效的米数，最多一位小数",
        "第 5 行：“3.25”不是有效的米数，最多一位小数",
    ]
    assert Booth.objects.count() == 0


def test_lines_that_overlap_each_other_or_the_wall_are_named(edition, hall, chen):
    BoothFactory(hall=hall, code="A09", x=100, y=0)
    table = BOOTHS + "A,A01,0,0,3,3\nA,A02,2,2,3,3\nA,A03,18,0,3,3\nA,A04,9,0,3,3\nA,A05,15,5,3,3\n"
    with pytest.raises(BadSheet) as refusal:
        services.import_booths(chen, edition.pk, table.encode())
    assert [line.line for line in refusal.value.lines] == [2, 3, 4, 5]
    assert [booth.code for booth in Booth.objects.all()] == ["A09"]


def test_a_booth_named_twice_is_reported_twice(edition, hall, chen):
    table = BOOTHS + "A,A01,0,0,3,3\nA,A01,9,0,3,3\n"
    with pytest.raises(BadSheet) as refusal:
        services.import_booths(chen, edition.pk, table.encode())
    assert lines(refusal) == ["第 2 行：展位号“A01”重复", "第 3 行：展位号“A01”重复"]


def test_exported_booths_come_back_unchanged(client, edition, hall, chen):
    BoothFactory(hall=hall, code="A01", x=5, y=10, width=35)
    BoothFactory(hall=hall, code="A02", x=60, y=10)
    client.force_login(chen)
    answer = client.get("/organise/haizhou-2026/booths/export.csv")
    content = b"".join(answer.streaming_content)
    before = selectors.places(hall)
    assert services.import_booths(chen, edition.pk, content) == 2
    assert selectors.places(hall) == before


def test_a_list_of_firms_takes_part_at_once_and_unknown_contacts_are_invited(
    edition, hall, tier, chen, firm
):
    BoothFactory(hall=hall, code="A01")
    table = FIRMS + (
        "蓬莱影业,,烟台,standard,A01,,三部影像\n"
        "淄川陶社,Zichuan Pottery,淄博,标准,,owner@zichuan.example,刻瓷\n"
    )
    assert services.import_exhibitors(chen, edition.pk, table.encode()) == 2
    rows = Exhibitor.objects.order_by("pk").select_related("organisation", "booth")
    assert [(r.organisation.name, r.state, r.complete, str(r.booth)) for r in rows] == [
        ("蓬莱影业", "approved", False, "A01"),
        ("淄川陶社", "approved", False, "None"),
    ]
    invited = invitation()
    assert (invited.email, invited.role, invited.organisation.name) == (
        "owner@zichuan.example",
        "owner",
        "淄川陶社",
    )
    assert not is_member(chen, invited.organisation)


def test_bad_lines_of_firms_are_all_reported_and_no_firm_is_made(edition, hall, tier, chen, firm):
    taken = BoothFactory(hall=hall, code="A01")
    ShownExhibitorFactory(edition=edition, organisation=firm, booth=taken)
    OrganisationFactory.create_batch(2, name="同名社")
    before = counts()
    Outbox.objects.all().delete()
    table = FIRMS + (
        "蓬莱影业,,烟台,standard,,,\n"
        "淄川陶社,,淄博,golden,,a@b.example,\n"
        "鸢都文创,,潍坊,standard,A01,a@b.example,\n"
        "胶澳声像,,青岛,standard,A99,a@b.example,\n"
        "泰山拓印,,泰安,standard,,不是邮箱,\n"
        "同名社,,济南,standard,,a@b.example,\n"
        ",,济南,standard,,a@b.example,\n"
        "崂山琴社,,青岛,standard,,qin@laoshan.example,好的一行\n"
    )
    with pytest.raises(BadSheet) as refusal:
        services.import_exhibitors(chen, edition.pk, table.encode())
    assert lines(refusal) == [
        "第 2 行：“蓬莱影业”已在本届展会",
        "第 3 行：没有“golden”这个级别",
        "第 4 行：展位“A01”已分配给别的参展商",
        "第 5 行：没有展位“A99”，或各馆有重号",
        "第 6 行：邮箱“不是邮箱”无效",
        "第 7 行：有多家单位叫“同名社”，请在页面上逐一处理",
        "第 8 行：缺少单位名称",
    ]
    assert counts() == before
    assert (Exhibitor.objects.count(), Outbox.objects.count()) == (1, 0)


def test_a_table_without_a_column_says_which(edition, tier, chen):
    with pytest.raises(Invalid, match="英文名称"):
        services.import_exhibitors(chen, edition.pk, "单位名称,级别\n蓬莱,标准\n".encode())


def test_reviewers_only_import(edition, tier, lin):
    with pytest.raises(Forbidden):
        services.import_exhibitors(lin, edition.pk, FIRMS.encode())


def test_the_page_shows_every_bad_line(client, edition, hall, chen):
    client.force_login(chen)
    table = BOOTHS + "Z,A01,0,0,3,3\nY,A02,0,0,3,3\nX,A03,0,0,3,3\n"
    file = io.BytesIO(table.encode())
    file.name = "booths.csv"
    answer = client.post("/organise/haizhou-2026/booths/import/", {"file": file})
    assert answer.status_code == 422
    text = answer.content.decode()
    for line in ("第 2 行：没有代码为“Z”", "第 3 行：没有代码为“Y”", "第 4 行：没有代码为“X”"):
        assert line in text
    assert Booth.objects.count() == 0


def test_the_exported_list_holds_what_is_filtered_and_no_formula(client, edition, hall, chen, firm):
    firm.name = "=HYPERLINK(1)"
    firm.save()
    ShownExhibitorFactory(edition=edition, organisation=firm)
    ShownExhibitorFactory(
        edition=edition, organisation__name="淄川陶社", state="suspended", reason="待核实"
    )
    client.force_login(chen)
    answer = client.get("/organise/haizhou-2026/exhibitors/export.csv?state=approved")
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["单位名称"] for row in rows] == ["'=HYPERLINK(1)"]
    book = client.get("/organise/haizhou-2026/exhibitors/export.xlsx")
    assert book.content[:2] == b"PK"
