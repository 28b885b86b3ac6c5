"""What visitors find in halls, in a few queries at any size; how often they looked."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from haishi.expo import selectors, services
from haishi.expo.models import Enquiry, Tally
from haishi.expo.tests.factories import (
    BoothFactory,
    EditionFactory,
    ExhibitorFactory,
    HallFactory,
    ShownExhibitorFactory,
    TierFactory,
)
from haishi.foundation import clock
from haishi.foundation.errors import Forbidden

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


@pytest.fixture
def edition(organiser):
    return EditionFactory(series__organiser=organiser, slug="haizhou-2026")


@pytest.fixture
def hall(edition):
    return HallFactory(edition=edition, slug="film", code="A")


def shown(edition, hall, code, **fields):
    booth = BoothFactory(hall=hall, code=code)
    return ShownExhibitorFactory(edition=edition, booth=booth, **fields)


def names(found) -> list[str]:
    return [row.name.zh for row in found.rows]


def test_a_hall_lists_shown_firms_featured_first_then_by_booth(edition, hall):
    high = TierFactory(edition=edition, rank=9, featured=True)
    shown(edition, hall, "A02", organisation__name="乙")
    shown(edition, hall, "A01", organisation__name="甲")
    shown(edition, hall, "A03", organisation__name="旗舰", tier=high)
    shown(edition, hall, "A04", organisation__name="未完成", complete=False)
    shown(edition, HallFactory(edition=edition), "B01", organisation__name="别馆")
    found = selectors.hall_page(VISITOR, edition, hall)
    assert names(found) == ["旗舰", "甲", "乙"]
    assert [(row.booth_code, row.featured) for row in found.rows] == [
        ("A03", True),
        ("A01", False),
        ("A02", False),
    ]
    assert len(names(selectors.hall_page(VISITOR, edition, None))) == 4


def test_a_hall_is_narrowed_by_words_side_and_city(edition, hall):
    shown(edition, hall, "A01", organisation__name="蓬莱影业", organisation__city="烟台",
          organisation__sides=["supply", "research"])  # fmt: skip
    shown(edition, hall, "A02", organisation__name="淄川陶社", organisation__city="淄博",
          organisation__sides=["production"])  # fmt: skip

    def by(**values) -> list[str]:
        filters = selectors.HallFilters(**values)
        return names(selectors.hall_page(VISITOR, edition, hall, filters))

    assert by(query="陶") == ["淄川陶社"]
    assert by(query="a01") == ["蓬莱影业"]
    assert by(side="research") == ["蓬莱影业"]
    assert by(city="淄博") == ["淄川陶社"]
    assert by(city="淄博", side="supply") == []
    cities = selectors.hall_page(VISITOR, edition, hall).cities
    assert cities == [("淄博", 1), ("烟台", 1)]


def test_a_hall_page_takes_three_queries_at_any_size(edition, hall, django_assert_num_queries):
    tier = TierFactory(edition=edition)
    for number in range(50):
        shown(edition, hall, f"A{number:03}", tier=tier)
    with django_assert_num_queries(3):
        first = selectors.hall_page(VISITOR, edition, hall)
        assert (len(first.rows), first.page.paginator.count) == (24, 50)
    assert len(selectors.hall_page(VISITOR, edition, hall, number=3).rows) == 2


def test_an_edition_in_planning_is_empty_for_visitors_and_full_for_its_organiser(
    edition, hall, chen
):
    shown(edition, hall, "A01")
    edition.state = "draft"
    edition.save()
    assert names(selectors.hall_page(VISITOR, edition, hall)) == []
    assert len(names(selectors.hall_page(chen, edition, hall))) == 1


def test_the_numbers_of_an_edition_come_in_one_query(edition, hall, django_assert_num_queries):
    HallFactory(edition=edition)
    shown(edition, hall, "A01", exhibit_count=4, organisation__city="烟台")
    shown(edition, hall, "A02", exhibit_count=3, organisation__city="烟台")
    shown(edition, hall, "A03", exhibit_count=9, complete=False)
    with django_assert_num_queries(1):
        numbers = selectors.edition_numbers(edition)
    assert numbers == selectors.EditionNumbers(halls=2, exhibitors=2, exhibits=7, cities=1)
    assert [n for _hall, n in selectors.hall_numbers(edition)] == [2, 0]


def test_the_radar_counts_what_its_lists_show(edition, hall, chen, stranger):
    tier = TierFactory(edition=edition)
    BoothFactory(hall=hall, code="A09")
    late = shown(edition, hall, "A01", tier=tier)
    shown(edition, hall, "A02", complete=False, tier=tier)
    ExhibitorFactory(edition=edition, state="approved", tier=tier)
    asked = clock.now() - dt.timedelta(days=3)
    ExhibitorFactory(edition=edition, state="submitted", submitted_at=asked, tier=tier)
    for state, due in (("open", -1), ("missed", -5), ("open", 5), ("answered", -2)):
        Enquiry.objects.create(
            exhibitor=late, person=stranger, subject="报价", state=state,
            due_at=clock.now() + dt.timedelta(hours=due),
        )  # fmt: skip
    services.count(f"exhibitor:{late.pk}", "view", 5)
    found = selectors.radar(edition)
    assert (found.waiting, found.oldest) == (1, asked)
    assert (found.approved, found.shown, found.incomplete, found.unplaced) == (3, 1, 2, 1)
    assert (found.overdue, found.silent, found.views_today) == (2, 1, 5)
    load = found.halls[0]
    assert (load.booths, load.placed, load.shown, load.free, load.incomplete) == (3, 2, 1, 1, 1)
    lists = {
        lack: selectors.exhibitor_rows(chen, edition, selectors.Filters(lack=lack)).count()
        for lack in ("incomplete", "unplaced", "silent")
    }
    assert lists == {"incomplete": 2, "unplaced": 1, "silent": 1}


def test_the_list_of_exhibitors_is_for_the_organiser(edition, lin):
    with pytest.raises(Forbidden):
        selectors.exhibitor_rows(lin, edition, selectors.Filters())


def test_a_visit_counts_once_in_ten_minutes_for_an_address(client, edition, hall):
    booth = shown(edition, hall, "A01")

    def look(address: str, browser: str = BROWSER) -> int:
        return client.post(
            "/seen/", {"subject": f"exhibitor:{booth.pk}"},
            headers={"User-Agent": browser}, REMOTE_ADDR=address,
        ).status_code  # fmt: skip

    assert [look("192.0.2.1"), look("192.0.2.1"), look("192.0.2.2")] == [204, 204, 204]
    assert look("192.0.2.3", "Mozilla/5.0 (compatible; ExampleBot/2.1)") == 204
    assert look("192.0.2.4", "") == 204
    row = Tally.objects.get()
    assert (row.subject, row.kind, row.count) == (f"exhibitor:{booth.pk}", "view", 2)


@pytest.mark.parametrize("subject", ["exhibitor:0", "exhibitor:999", "moon:1", "", "exhibitor:1'"])
def test_a_page_that_does_not_exist_is_not_counted(client, edition, subject):
    answer = client.post("/seen/", {"subject": subject}, headers={"User-Agent": BROWSER})
    assert (answer.status_code, Tally.objects.count()) == (404, 0)


def test_a_hidden_booth_is_not_counted(client, edition, hall):
    hidden = shown(edition, hall, "A01", complete=False)
    subject = {"subject": f"exhibitor:{hidden.pk}"}
    answer = client.post("/seen/", subject, headers={"User-Agent": BROWSER})
    assert (answer.status_code, Tally.objects.count()) == (404, 0)


def test_a_foreign_page_counts_nothing(client, edition, hall):
    booth = shown(edition, hall, "A01")
    answer = client.post(
        "/seen/",
        {"subject": f"exhibitor:{booth.pk}"},
        headers={"User-Agent": BROWSER, "Sec-Fetch-Site": "cross-site"},
    )
    assert (answer.status_code, Tally.objects.count()) == (403, 0)


def test_home_stays_with_the_running_edition_when_the_next_one_opens_for_applications(organiser):
    now = clock.now()
    later = EditionFactory(
        series__organiser=organiser,
        slug="haizhou-2027",
        opens_at=now + dt.timedelta(days=300),
        closes_at=now + dt.timedelta(days=304),
    )
    assert selectors.current_edition() == later
    running = EditionFactory(
        series=later.series,
        slug="haizhou-2026",
        opens_at=now - dt.timedelta(days=1),
        closes_at=now + dt.timedelta(days=3),
    )
    assert selectors.current_edition() == running
