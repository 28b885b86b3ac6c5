"""The desks as people use them: typed values stay, mistakes are named, a submit has one effect."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pyvips import Image

from haishi.expo import selectors, services
from haishi.expo.errors import PictureOfAnother
from haishi.expo.models import Announcement, Edition, Exhibitor, Tier
from haishi.expo.tests.factories import (
    BoothFactory,
    ExhibitorFactory,
    ShownExhibitorFactory,
    TierFactory,
)
from haishi.foundation import clock
from haishi.media.tests.factories import owner_of, ready_asset

pytestmark = pytest.mark.django_db


def typed(series, **changes) -> dict[str, object]:
    year = clock.now().year + 1
    return {
        "series_id": series.pk,
        "name": "海州展",
        "slug": "haizhou-next",
        "time_zone": "Europe/Berlin",
        "opens_at": f"{year}-06-01T09:00",
        "closes_at": f"{year}-06-05T18:00",
        "reply_hours": 48,
        **changes,
    }


def test_a_new_edition_keeps_its_times_in_its_zone_and_starts_with_three_tiers(desk, series):
    answer = desk.post("/organise/editions/new/", typed(series))
    assert answer.headers["Location"] == "/organise/haizhou-next/halls/"
    made = Edition.objects.get(slug="haizhou-next")
    assert (made.opens_at.hour, made.closes_at.hour, made.state) == (7, 16, "draft")
    slugs = Tier.objects.filter(edition=made).order_by("rank").values_list("slug", flat=True)
    assert list(slugs) == ["standard", "premium", "flagship"]


def last_sunday(year: int, month: int) -> dt.date:
    day = dt.date(year, month, 31)
    return day - dt.timedelta(days=(day.weekday() + 1) % 7)


@pytest.mark.parametrize(
    ("month", "words"), [(3, "并不存在"), (10, "出现两次")], ids=["skipped", "repeated"]
)
def test_a_time_that_daylight_saving_skips_or_repeats_is_refused(desk, series, month, words):
    day = last_sunday(clock.now().year + 1, month)
    form = typed(series, opens_at=f"{day}T02:30", closes_at=f"{day + dt.timedelta(days=9)}T18:00")
    answer = desk.post("/organise/editions/new/", form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f"{day}T02:30" in answer.content.decode()
    assert Edition.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"opens_at": "2020-06-01T09:00", "closes_at": "2020-06-05T09:00"}, "闭幕时间已经过去"),
        ({"closes_at": "2099-01-01T09:00", "opens_at": "2099-02-01T09:00"}, "必须晚于开幕时间"),
        ({"apply_until": "2099-02-01T09:00"}, "应在闭幕之前截止"),
        ({"opens_at": "昨天"}, "请填写有效的日期和时间"),
        ({"name": "海\u202e州"}, "含有无法显示的字符"),
        ({"time_zone": "Mars/Olympus"}, "Mars/Olympus 不在可用的选项中"),
    ],
)
def test_a_mistake_in_a_new_edition_is_named_and_makes_nothing(desk, series, changes, words):
    answer = desk.post("/organise/editions/new/", typed(series, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "haizhou-next" in answer.content.decode()
    assert Edition.objects.count() == 0


def test_an_address_in_use_is_refused_beside_its_field(desk, series, edition):
    answer = desk.post("/organise/editions/new/", typed(series, slug="haizhou-2026"))
    assert answer.status_code == 422
    assert "这个网址后缀已被使用" in answer.content.decode()
    assert Edition.objects.count() == 1


def test_an_edition_that_began_long_ago_may_still_be_described(desk, chen, edition):
    past = clock.now() - dt.timedelta(days=9)
    Edition.objects.update(opens_at=past, closes_at=past + dt.timedelta(days=4))
    services.edit_edition(chen, edition.pk, 1, about="回顾")
    edition.refresh_from_db()
    assert edition.about == "回顾"


def edit(edition, version: int, **changes) -> dict[str, object]:
    return {
        "version": version,
        "name": edition.name,
        "time_zone": "Asia/Shanghai",
        "opens_at": clock.local(edition.opens_at, "Asia/Shanghai").strftime("%Y-%m-%dT%H:%M"),
        "closes_at": clock.local(edition.closes_at, "Asia/Shanghai").strftime("%Y-%m-%dT%H:%M"),
        "reply_hours": 48,
        **changes,
    }


def test_a_stale_edition_page_says_what_changed_keeps_what_was_typed_and_saves_on_the_second_try(
    desk, chen, edition
):
    services.edit_edition(chen, edition.pk, 1, city="海州")
    answer = desk.post("/organise/haizhou-2026/edit/", edit(edition, 1, venue="国际博览中心"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "陈砚 已修改了城市" in text
    assert "国际博览中心" in text
    edition.refresh_from_db()
    assert (edition.venue, edition.version) == ("", 2)
    again = desk.post("/organise/haizhou-2026/edit/", edit(edition, 2, venue="国际博览中心"))
    assert again.status_code == 302
    edition.refresh_from_db()
    assert edition.venue == "国际博览中心"


def test_taking_part_twice_with_one_page_makes_one_application(
    booth_desk, edition, hall, firm, lin
):
    tier = TierFactory(edition=edition)
    form = {
        "organisation_id": firm.pk,
        "tier_id": tier.pk,
        "wished_hall_id": hall.pk,
        "plan": "三部影像",
        "once": "same-page",
    }
    answers = [booth_desk.post("/e/haizhou-2026/take-part/", form) for _n in range(2)]
    made = Exhibitor.objects.get()
    assert (made.state, made.wished_hall, made.contact) == ("draft", hall, lin)
    assert answers[0].headers["Location"] == f"/exhibit/{made.pk}/"


def test_a_returned_firm_reads_why_and_submits_again(client, edition, firm, lin, chen):
    tier = TierFactory(edition=edition)
    row = ExhibitorFactory(
        edition=edition, organisation=firm, tier=tier, state="submitted", submitted_at=clock.now()
    )
    client.force_login(chen)
    address = f"/organise/haizhou-2026/exhibitors/{row.pk}"
    empty = client.post(f"{address}/return/", {"template": "", "reason": ""})
    assert empty.status_code == 422
    assert "请写明原因" in empty.content.decode()
    client.post(f"{address}/return/", {"template": "1", "reason": "附上授权书。"})
    row.refresh_from_db()
    assert row.reason == "请说明展品的知识产权归属或授权情况。\n附上授权书。"
    client.force_login(lin)
    page = client.get(f"/exhibit/{row.pk}/").content.decode()
    assert "附上授权书。" in page
    assert client.post(f"/exhibit/{row.pk}/submit/").status_code == 302
    row.refresh_from_db()
    assert row.state == "submitted"


def test_an_empty_application_comes_back_to_its_form_with_words(client, lin, firm, edition):
    row = ExhibitorFactory(edition=edition, organisation=firm, state="draft", plan="")
    client.force_login(lin)
    answer = client.post(f"/exhibit/{row.pk}/submit/")
    assert answer.headers["Location"] == f"/exhibit/{row.pk}/application/"
    assert "请先填写参展计划" in client.get(answer.headers["Location"]).content.decode()
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_firm_of_another_edition_is_not_reviewed_here(desk, edition):
    other = ShownExhibitorFactory()
    assert desk.get(f"/organise/haizhou-2026/exhibitors/{other.pk}/").status_code == 404
    answer = desk.post(f"/organise/haizhou-2026/exhibitors/{other.pk}/suspend/", {"reason": "x"})
    other.refresh_from_db()
    assert (answer.status_code, other.state) == (404, "approved")


def test_a_booth_taken_meanwhile_is_named_and_the_application_waits_on(desk, edition, hall):
    tier = TierFactory(edition=edition)
    row = ExhibitorFactory(edition=edition, tier=tier, state="submitted")
    booth = ShownExhibitorFactory(edition=edition, booth=BoothFactory(hall=hall)).booth
    form = {"tier_id": tier.pk, "booth_id": booth.pk}
    answer = desk.post(f"/organise/haizhou-2026/exhibitors/{row.pk}/approve/", form)
    row.refresh_from_db()
    assert (answer.status_code, row.state) == (422, "submitted")


def test_staff_and_steps_are_saved_from_their_pages_in_the_order_typed(
    booth_desk, edition, firm, lin, zhou
):
    row = ExhibitorFactory(edition=edition, organisation=firm, tier__max_staff=2)
    form = {
        "version": 1, "staff-TOTAL_FORMS": 2, "staff-INITIAL_FORMS": 2,
        "staff-0-person_id": lin.pk, "staff-0-present": "on", "staff-0-order": 2,
        "staff-1-person_id": zhou.pk, "staff-1-present": "on", "staff-1-answers": "on",
        "staff-1-order": 1,
    }  # fmt: skip
    assert booth_desk.post(f"/exhibit/{row.pk}/staff/", form).status_code == 302
    row.refresh_from_db()
    people = [(s.person, s.answers, s.shown) for s in selectors.staff_of(row)]
    assert people == [(zhou, True, False), (lin, False, False)]
    steps = {
        "version": 2, "steps-TOTAL_FORMS": 2, "steps-INITIAL_FORMS": 0,
        "steps-0-kind": "link", "steps-0-label": "官网", "steps-0-url": "https://a.example",
        "steps-0-order": 2, "steps-1-kind": "enquire", "steps-1-order": 1,
    }  # fmt: skip
    assert booth_desk.post(f"/exhibit/{row.pk}/steps/", steps).status_code == 302
    assert [s.kind for s in selectors.steps_of(row)] == ["enquire", "link"]
    steps["steps-0-url"] = "ftp://a.example"
    bad = booth_desk.post(f"/exhibit/{row.pk}/steps/", {**steps, "version": 3})
    assert bad.status_code == 422
    assert [s.kind for s in selectors.steps_of(row)] == ["enquire", "link"]


def test_an_announcement_sent_twice_from_one_page_is_one(desk, client, edition):
    form = {"title": "开馆", "body": "九点开馆。", "audience": "everybody", "once": "page"}
    for _n in range(2):
        desk.post("/organise/haizhou-2026/announcements/", form)
    assert Announcement.objects.count() == 1
    client.logout()
    assert "九点开馆。" in client.get("/e/haizhou-2026/announcements/").content.decode()


def test_an_announcement_for_exhibitors_is_not_public(client, edition, chen):
    services.announce(chen, edition.pk, title="布展", body="内部安排", audience="exhibitors")
    assert "内部安排" not in client.get("/e/haizhou-2026/announcements/").content.decode()


def test_a_tier_in_use_stays(desk, edition):
    row = ExhibitorFactory(edition=edition)
    answer = desk.post(f"/organise/haizhou-2026/tiers/{row.tier_id}/remove/")
    assert (answer.status_code, Tier.objects.filter(pk=row.tier_id).exists()) == (409, True)


def test_every_desk_page_is_complete_in_english(desk, edition, hall):
    BoothFactory(hall=hall)
    ShownExhibitorFactory(edition=edition, booth=BoothFactory(hall=hall, code="A77"))
    for path in ("", "edit/", "halls/", "halls/film/plan/", "tiers/", "applications/"):
        answer = desk.get(f"/organise/haizhou-2026/{path}", headers={"Accept-Language": "en"})
        assert answer.headers["Content-Language"] == "en"
        assert "展位图" not in answer.content.decode()


def test_the_organiser_chooses_pictures_of_his_own(client, edition, hall, chen, organiser, firm):
    own, foreign = (
        ready_asset(owner, token=word).pk
        for owner, word in ((organiser, "own-token"), (firm, "foreign-token"))
    )
    services.set_cover(chen, edition.pk, own)
    services.set_hall_picture(chen, hall.pk, own)
    for choose, pk in ((services.set_cover, edition.pk), (services.set_hall_picture, hall.pk)):
        with pytest.raises(PictureOfAnother):
            choose(chen, pk, foreign)
    edition.refresh_from_db()
    hall.refresh_from_db()
    assert (edition.cover_asset_id, hall.picture_asset_id) == (own, own)


def test_an_organiser_who_is_no_member_uploads_a_cover_of_his_own(desk, chen, edition):
    file = SimpleUploadedFile("封面.png", Image.black(640, 320, bands=3).pngsave_buffer())
    answer = desk.post("/organise/haizhou-2026/cover/", {"picture": file})
    assert answer.status_code == 302
    edition.refresh_from_db()
    assert owner_of(edition.cover_asset_id) == (chen.pk, None)
