"""The hall: calendar, filters, what is live, the ranking that no crowd of accounts moves."""

import datetime as dt
import json
import re
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from icalendar import Calendar

from haishi.catalogue.tests.factories import BrandFactory, ListedFactory, ProductFactory
from haishi.expo.tests.factories import HallFactory, ShownExhibitorFactory
from haishi.foundation import clock
from haishi.launches import selectors, services
from haishi.launches.models import Launch, Reservation
from haishi.launches.tests.factories import LaunchFactory, in_hours, sale
from haishi.parties.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 12, 3, 4, tzinfo=dt.UTC)  # 12:00 in Shanghai


def soon(**fields):
    return LaunchFactory(**{"state": "announced", "unveil_at": in_hours(1), **fields})


def account(days: float, *, verified: bool = True):
    """An account of this age."""
    person = PersonFactory(date_joined=clock.now() - days * DAY)
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=person.email, verified=verified, primary=True)
    return person


def ranking() -> list[int]:
    return [row.pk for row, _points in selectors.hall_page({}).ranking]


def test_the_hall_shows_what_is_live_what_comes_next_and_what_is_over():
    LaunchFactory(name="已揭幕的灯")
    first = soon(teaser="先来的")
    soon(teaser="后来的", unveil_at=in_hours(72))
    LaunchFactory(name="结束的灯", state="closed", closed_at=clock.now())
    hall = selectors.hall_page({})
    assert [str(each.title) for each in hall.live] == ["已揭幕的灯"]
    assert hall.following is not None
    assert hall.following.pk == first.pk
    assert [str(each.title) for each in hall.past] == ["结束的灯"]
    assert hall.total == 4


def test_the_calendar_counts_by_hour_and_day_in_the_time_of_the_place():
    for minutes in (0, 30, 60):
        soon(unveil_at=NOON + dt.timedelta(minutes=minutes))
    soon(unveil_at=NOON + DAY)
    hall = selectors.hall_page({"day": "2026-12-03"})
    counts = [(hour, [cell.count for cell in cells]) for hour, cells in hall.grid]
    assert counts == [(12, [2, 1]), (13, [1, 0])]
    assert [[anchor for anchor, _row in part.ahead] for part in hall.chosen] == [["h12", "", "h13"]]
    assert [(str(part.label), part.count, part.open) for part in hall.chosen] == [("下午", 3, True)]
    assert [(day.date.day, day.count, day.current) for day in hall.days] == [
        (3, 3, True), (4, 1, False),
    ]  # fmt: skip
    assert hall.grid[0][1][1].url == "/launches/?day=2026-12-04&hour=12#h12"


MORNING = NOON - dt.timedelta(hours=4)  # 8:00


@pytest.fixture
def busy(monkeypatch):
    """A launch every half hour from 8:00 to 21:30; it is 14:10."""
    monkeypatch.setattr(clock, "now", lambda: NOON + dt.timedelta(hours=2, minutes=10))
    for n in range(28):
        soon(unveil_at=MORNING + dt.timedelta(minutes=30 * n))


def heads(**wish):
    """(label, count, whether it is open) of the parts of the day."""
    day = selectors.hall_page({"day": "2026-12-03", **wish})
    return [(str(part.label), part.count, part.open) for part in day.chosen]


def opened(**wish):
    """(page, first hour's words, over, ahead, line of the present, how many come after)."""
    day = selectors.hall_page({"day": "2026-12-03", **wish})
    [part] = [part for part in day.chosen if part.open]
    rows = (len(part.over), len(part.ahead))
    assert [len(each.over) + len(each.ahead) for each in day.chosen if not each.open] == [0] * (
        len(day.chosen) - 1
    )
    return day.pages.number, str(part.label), *rows, part.now, day.left


@pytest.mark.usefixtures("busy")
def test_a_day_opens_at_its_present_part_and_the_others_are_counted():
    assert heads() == [("上午", 8, False), ("下午", 12, True), ("晚间", 8, False)]
    assert opened() == (1, "下午", 5, 7, True, 0)
    assert opened(part="0") == (1, "上午", 8, 0, False, 0)
    assert opened(part="18") == (1, "晚间", 0, 8, False, 0)
    assert opened(hour="20")[1] == "晚间"
    assert opened(hour="9")[1] == "上午"
    assert opened(part="7", hour="99", page="x") == opened()
    assert opened(part="١٨") == opened()


@pytest.mark.usefixtures("busy")
def test_a_part_with_many_opens_at_the_page_of_the_present():
    for n in range(24):  # 14:01 to 17:28 between the others
        soon(unveil_at=NOON + dt.timedelta(hours=2, minutes=1 + 9 * n))
    assert heads()[1] == ("下午", 36, True)
    assert opened() == (1, "下午", 7, 5, True, 24)
    assert opened(page="2") == (2, "下午", 0, 12, False, 12)
    assert opened(hour="17") == (3, "下午", 0, 12, False, 0)
    assert opened(page="9") == opened(page="3")


def test_another_day_opens_at_its_first_part_and_today_at_the_next_that_has_any(monkeypatch):
    soon(unveil_at=NOON + dt.timedelta(hours=8))
    soon(unveil_at=NOON + DAY)
    soon(unveil_at=NOON + DAY + dt.timedelta(hours=8))
    monkeypatch.setattr(clock, "now", lambda: NOON)
    assert heads() == [("晚间", 1, True)]
    tomorrow = [("下午", 1, True), ("晚间", 1, False)]
    assert heads(day="2026-12-04") == tomorrow
    monkeypatch.setattr(clock, "now", lambda: NOON + dt.timedelta(hours=11))
    assert heads() == [("晚间", 1, True)]


@pytest.mark.usefixtures("busy")
def test_the_page_leads_to_the_other_parts_and_keeps_its_filters(client):
    text = client.get("/launches/?day=2026-12-03").content.decode()
    assert (text.count('id="now"'), '<span>现在 <time class="number"' in text) == (1, True)
    for part in (0, 12, 18):
        assert f'href="/launches/?day=2026-12-03&amp;part={part}#calendar"' in text
    assert 'part=12#calendar" aria-current="true"' in text
    late = client.get("/launches/?day=2026-12-03&hour=20").content.decode()
    assert (late.count('id="now"'), 'id="h20"' in late) == (0, True)
    brand = BrandFactory(slug="shougao")
    for row in Launch.objects.select_related("exhibitor"):
        firm = row.exhibitor.organisation
        ListedFactory(organisation=firm, brand=brand, brand_admitted=True)
    mine = client.get("/launches/?day=2026-12-03&channel=shougao").content.decode()
    assert 'href="/launches/?channel=shougao&amp;day=2026-12-03&amp;part=18#calendar"' in mine


@pytest.mark.usefixtures("busy")
def test_a_part_with_more_than_a_page_leads_on_and_back(client):
    for n in range(24):
        soon(unveil_at=NOON + dt.timedelta(hours=2, minutes=1 + 9 * n))
    text = client.get("/launches/?day=2026-12-03&part=12&page=2").content.decode()
    for page in (1, 3):
        assert f'href="/launches/?day=2026-12-03&amp;part=12&amp;page={page}#calendar"' in text
    assert "这个时段还有 12 场" in text


def test_hall_and_channel_narrow_the_calendar_and_unknown_words_do_not():
    hall = HallFactory(slug="film")
    inside = soon(exhibitor=ShownExhibitorFactory(edition=hall.edition, booth__hall=hall))
    outside = soon()
    brand = BrandFactory(slug="shougao")
    firm = outside.exhibitor.organisation
    ListedFactory(organisation=firm, brand=brand, brand_admitted=True)

    def found(**wish: str) -> set[int]:
        page = selectors.hall_page({"day": in_shanghai(in_hours(1)), **wish})
        return {row.pk for part in page.chosen for _anchor, row in (*part.over, *part.ahead)}

    assert found() == {inside.pk, outside.pk}
    assert found(hall="film") == {inside.pk}
    assert found(channel="shougao") == {outside.pk}
    assert found(hall="film", channel="shougao") == set()
    assert found(hall="nowhere") == {inside.pk, outside.pk}


def in_shanghai(at: dt.datetime) -> str:
    return at.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()


def test_a_secret_product_does_not_tell_its_channel():
    """A product that is not listed yet gives its channel away nowhere."""
    brand = BrandFactory(slug="shougao")
    row = soon()
    row.product = ProductFactory(organisation=row.exhibitor.organisation, brand=brand)
    row.save(update_fields=["product"])
    assert selectors.hall_page({"channel": "shougao"}).total == 0


def test_five_hundred_fresh_or_unverified_accounts_do_not_move_the_ranking():
    first, second = soon(), soon()
    for person in [account(40), account(2)]:
        services.reserve(person, first.pk)
    services.reserve(account(2), second.pk)
    assert ranking() == [first.pk, second.pk]
    people = PersonFactory.create_batch(500)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=n % 2 == 0, primary=True)
        for n, person in enumerate(people)
    )
    for person in people:
        services.reserve(person, second.pk)
    assert ranking() == [first.pk, second.pk]
    rows = dict(Launch.objects.values_list("pk", "points"))
    assert rows == {first.pk: 3, second.pk: 1}
    assert Launch.objects.get(pk=second.pk).reservations == 501


@pytest.mark.parametrize(
    ("days", "verified", "points"),
    [(40, True, 2), (2, True, 1), (0.5, True, 0), (40, False, 0)],
    ids=["long", "grown", "fresh", "unverified"],
)
def test_what_a_reservation_counts_follows_from_its_account(days, verified, points):
    row, person = soon(), account(days, verified=verified)
    services.reserve(person, row.pk)
    assert (Launch.objects.get().points, Reservation.objects.get().points) == (points, points)
    services.unreserve(person, row.pk)
    assert (Launch.objects.get().points, Launch.objects.get().reservations) == (0, 0)


def test_a_reservation_begins_to_count_when_its_account_has_grown_up():
    row, person = soon(unveil_at=in_hours(50)), account(0.5)
    services.reserve(person, row.pk)
    services.reserve(account(40, verified=False), row.pk)
    assert services.weigh_due(clock.now()) == 0
    assert services.weigh_due(clock.now() + DAY) == 1
    assert services.weigh_due(clock.now() + DAY) == 0
    assert Launch.objects.get().points == 1


def test_many_reservations_from_one_address_are_let_in_slowly(client):
    row = soon()
    for n in range(121):
        client.force_login(PersonFactory())
        answer = client.post(f"/launches/{row.slug}/reserve/")
        assert answer.status_code == (302 if n < 120 else 429)
    assert Launch.objects.get().reservations == 120


def test_the_hall_costs_the_same_for_one_launch_and_for_many(client, django_assert_max_num_queries):
    for n in range(20):
        soon(unveil_at=clock.now() + dt.timedelta(minutes=30 + n), points=n)
        LaunchFactory(state="closed", closed_at=clock.now())
        LaunchFactory()
    client.get("/launches/")
    with django_assert_max_num_queries(12):
        client.get("/launches/")


def test_the_hall_offers_feed_and_explains_the_ranking(client):
    soon(points=3, reservations=2)
    text = client.get("/launches/").content.decode()
    assert "怎样排名" in text
    assert 'href="/launches/feed.xml"' in text


def test_the_feed_tells_teasers_before_and_names_after(client):
    soon(teaser="把海带回家", announced_at=clock.now())
    LaunchFactory(name="沉香灯", name_en="")
    text = client.get("/launches/feed.xml").content.decode()
    titles = re.findall(r"<entry>.*?<title>(.*?)</title>", text)
    assert sorted(titles) == ["即将揭幕：把海带回家", "已揭幕：沉香灯"]
    assert "潮汐灯" not in text


def test_all_that_one_reserved_is_one_calendar(client, stranger):
    first, second = soon(teaser="先来的"), soon(teaser="后来的", unveil_at=in_hours(3))
    soon(teaser="别人的")
    for row in (second, first):
        services.reserve(stranger, row.pk)
    client.force_login(stranger)
    book = Calendar.from_ical(client.get("/launches/mine/calendar.ics").content)
    summaries = [str(event["summary"]) for event in book.walk("VEVENT")]
    assert summaries == ["新品揭幕：先来的", "新品揭幕：后来的"]


def test_search_engines_get_an_event_and_after_the_instant_its_offer(client):
    row = soon(teaser="把海带回家")
    sale(3, launch=row)

    def data() -> dict:
        text = client.get(f"/launches/{row.slug}/").content.decode()
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
        assert found
        return json.loads(found[1])

    before = data()
    assert (before["@type"], before["name"], "offers" in before) == ("Event", "把海带回家", False)
    Launch.objects.update(unveil_at=clock.now())
    after = data()
    assert after["name"] == "潮汐灯"
    assert (after["offers"]["price"], after["offers"]["priceCurrency"]) == ("99.00", "CNY")
    assert after["offers"]["availability"] == "https://schema.org/InStock"
