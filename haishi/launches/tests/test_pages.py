"""What visitors see of a launch, before and after the instant; and that nothing leaks before."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from icalendar import Calendar

from haishi.catalogue.tests.factories import ListedFactory
from haishi.foundation import clock, outbox
from haishi.launches import selectors, services
from haishi.launches.models import Allotment, Claim, Launch
from haishi.launches.tests.factories import LaunchFactory, in_hours, sale
from haishi.media import selectors as media
from haishi.notices import selectors as notices

pytestmark = pytest.mark.django_db
SECRETS = ("潮汐灯", "Tide lamp", "灯随潮汐明暗", "It glows", "128.00", "tok-cover", "tok-more")
PUBLIC = ("/launches/", "/", "/sitemap.xml?part=0", "/feed.xml", "/search/", "/products/")


def reach(row, seconds: float = 1) -> None:
    """The instant was `seconds` ago; the sale moves along."""
    at = clock.now() - dt.timedelta(seconds=seconds)
    length = dt.timedelta(minutes=30)
    Launch.objects.filter(pk=row.pk).update(unveil_at=at)
    Allotment.objects.filter(launch=row).update(opens_at=at, closes_at=at + length)


def page(client, row) -> str:
    return client.get(f"/launches/{row.slug}/").content.decode()


def opened(client, row) -> list[int]:
    """What the teaser, the cover and one more picture answer."""
    found = media.assets([row.teaser_asset_id, *row.sealed_ids])
    statuses = []
    for pk in sorted(found):
        answer = client.get(f"/media/f/{found[pk].token}/640.jpg")
        answer.getvalue()
        statuses.append(answer.status_code)
    return statuses


def test_before_the_announcement_nothing_exists_for_anybody_else(client, embargoed, stranger):
    for person in (None, stranger):
        if person:
            client.force_login(person)
        for tail in ("", "calendar.ics", "draw.json"):
            assert client.get(f"/launches/{embargoed.slug}/{tail}").status_code == 404
        assert opened(client, embargoed) == [404, 404, 404]
        for url in PUBLIC:
            text = client.get(url).content.decode()
            assert [word for word in (*SECRETS, embargoed.slug, "把海带回家") if word in text] == []


def test_from_the_announcement_on_only_the_teaser_shows(client, announced, stranger):
    for person in (None, stranger):
        if person:
            client.force_login(person)
        for tail in ("", "calendar.ics", "draw.json"):
            answer = client.get(f"/launches/{announced.slug}/{tail}")
            assert answer.status_code == 200
            assert [word for word in SECRETS if word in answer.content.decode()] == []
            assert answer.headers["Cache-Control"] == "no-store"
        assert opened(client, announced) == [200, 404, 404]
        hall = client.get("/launches/").content.decode()
        assert "把海带回家" in hall
        assert [word for word in SECRETS if word in hall] == []
    assert list(selectors.documents([announced.pk])) == []


def test_the_page_counts_down_on_the_servers_clock_and_asks_for_the_stage_at_the_instant(
    client, announced
):
    text = page(client, announced)
    until = clock.local(announced.unveil_at, "Asia/Shanghai").isoformat()
    assert f'<hs-countdown until="{until}" now="' in text
    assert f'hx-get="/launches/{announced.slug}/" hx-trigger="due"' in text
    assert "把海带回家" in text
    assert "128.00" not in text


def test_at_the_instant_everything_shows_although_no_worker_has_come_by(client, announced):
    reach(announced, 0)
    answer = client.get(
        f"/launches/{announced.slug}/", headers={"HX-Request": "true", "HX-Target": "stage"}
    )
    text = answer.content.decode()
    assert text.lstrip().startswith('<article id="stage"')
    wanted = ("潮汐灯", "灯随潮汐明暗", "¥128.00", "tok-cover", "tok-more", "?key=")
    assert [word for word in wanted if word not in text] == []
    assert Launch.objects.get().state == "announced"


def test_after_the_worker_came_by_it_is_found_and_listed(client, announced):
    reach(announced)
    assert services.unveil_due(clock.now()) == 1
    assert opened(client, announced) == [200, 200, 200]
    assert f"/launches/{announced.slug}/" in client.get("/sitemap.xml?part=0").content.decode()
    assert [found.title for found in selectors.documents([announced.pk])] == ["潮汐灯"]


def test_a_visitor_reserves_and_is_told_in_time(client, announced, stranger):
    client.force_login(stranger)
    client.post(f"/launches/{announced.slug}/reserve/")
    assert "取消预约" in page(client, announced)
    services.remind_due(announced.unveil_at - dt.timedelta(minutes=9))
    reach(announced)
    services.unveil_due(clock.now())
    outbox.deliver_due()
    told = [notice.subject for notice in notices.inbox(stranger)]
    assert told == ["已揭幕：把海带回家"]


def test_the_calendar_names_the_teaser_and_rings_ten_minutes_before(client, announced):
    event = Calendar.from_ical(client.get(f"/launches/{announced.slug}/calendar.ics").content)
    entry = event.walk("VEVENT")[0]
    assert str(entry["summary"]) == "新品揭幕：把海带回家"
    assert entry.decoded("dtstart") == announced.unveil_at
    assert entry.walk("VALARM")[0].decoded("trigger") == dt.timedelta(minutes=-10)


def test_a_draw_runs_from_request_to_a_file_that_anybody_can_check(client, announced, stranger):
    reach(announced)
    services.unveil_due(clock.now())
    client.force_login(stranger)
    assert "登记首发" in page(client, announced)
    client.post(f"/launches/{announced.slug}/request/")
    claim = Claim.objects.get()
    assert claim.ticket in page(client, announced)
    before = json.loads(client.get(f"/launches/{announced.slug}/draw.json").content)
    assert set(before) == {"launch", "rule", "quota", "commitment"}
    Allotment.objects.update(closes_at=clock.now())
    services.decide_due(clock.now())
    after = json.loads(client.get(f"/launches/{announced.slug}/draw.json").content)
    assert (after["winners"], after["tickets"]) == ([claim.ticket], [claim.ticket])
    text = page(client, announced)
    assert "为你保留了一件，请在时限内付款。" in text
    assert "抽签名次" in text
    outbox.deliver_due()
    assert [n.subject for n in notices.inbox(stranger)] == ["你抽中了首发：把海带回家"]


def test_a_first_come_sale_offers_the_waiting_list_when_it_is_sold_out(client, stranger, lin):
    row = LaunchFactory()
    allotment = sale(1, launch=row)
    client.force_login(stranger)
    client.post(f"/launches/{row.slug}/claim/")
    client.force_login(lin)
    assert "加入候补" in page(client, row)
    answer = client.post(f"/launches/{row.slug}/claim/", follow=True)
    assert "已经没有余量了。" in answer.content.decode()
    client.post(f"/launches/{row.slug}/wait/")
    services.cancel(stranger, Claim.objects.get(person=stranger).pk)
    outbox.deliver_due()
    assert Claim.objects.get(person=lin).state == "won"
    assert selectors.sale_numbers(allotment).won == 1


def test_the_script_for_visitors_is_the_one_in_tools():
    tools = Path(__file__).resolve().parents[3] / "tools" / "verify_draw.py"
    offered = finders.find("launches/verify_draw.txt")
    assert isinstance(offered, str)
    assert Path(offered).read_text() == tools.read_text()


def test_product_and_booth_say_that_it_was_shown_here_first_and_not_before(client, firm):
    product = ListedFactory(organisation=firm)
    row = LaunchFactory(state="announced", product=product, unveil_at=in_hours(1))
    row.exhibitor.organisation = firm
    row.exhibitor.save(update_fields=["organisation"])
    url = f"/products/{product.slug}/"
    booth = f"/e/{row.exhibitor.edition.slug}/booths/{row.exhibitor_id}/"
    assert f"/launches/{row.slug}/" not in client.get(url).content.decode()
    Launch.objects.update(unveil_at=clock.now(), teaser="把海带回家")
    assert f'href="/launches/{row.slug}/"' in client.get(url).content.decode()
    assert f'href="/launches/{row.slug}/"' in client.get(booth).content.decode()


def test_the_funnel_of_a_booth_counts_reminders_and_claims(stranger):
    row = LaunchFactory(reservations=7)
    services.claim(stranger, sale(3, launch=row).pk)
    assert selectors.counted(row.exhibitor_id) == (7, 1)
