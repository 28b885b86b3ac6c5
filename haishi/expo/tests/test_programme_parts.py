"""Stages and tracks are named in two languages, sorted, and removed when nothing uses them."""

import datetime as dt

import pytest

from haishi.expo import selectors, services
from haishi.expo.errors import PartInUse
from haishi.expo.models import Stage, Track
from haishi.expo.tests.factories import OPENS, EditionFactory, HallFactory
from haishi.foundation import outbox
from haishi.foundation.errors import NotFound, Stale
from haishi.search.tests.reading import kept

pytestmark = pytest.mark.django_db
PARTS = "/organise/haizhou-2026/timetable/parts"


@pytest.fixture
def edition(organiser):
    return EditionFactory(series__organiser=organiser, slug="haizhou-2026")


@pytest.fixture
def stage(edition, chen):
    return services.save_stage(chen, edition.pk, name="主会场", name_en="Main Stage")


@pytest.fixture
def track(edition, chen):
    return services.save_track(chen, edition.pk, name="影像", name_en="Film", colour=2)


@pytest.fixture
def desk(client, chen):
    client.force_login(chen)
    return client


def talk(chen, edition, stage=None, **fields):
    """A confirmed session, placed on `stage` if there is one."""
    row = services.create_session(chen, edition.pk, title="潮汐", title_en="Tides", **fields)
    if stage:
        row = services.place(chen, row.pk, row.version, stage.pk, OPENS, 60)
    return services.decide(chen, row.pk, "confirm")


def names(edition, what):
    return [row.name for row in selectors.programme_parts(edition, what)]


def test_a_stage_gets_its_names_hall_and_seats_from_the_page(desk, edition):
    hall = HallFactory(edition=edition)
    form = {"name": "听涛台", "name_en": "Wave Stage", "hall_id": hall.pk, "capacity": 120}
    answer = desk.post("/organise/haizhou-2026/timetable/new/stage/", form)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PARTS}/")
    row = Stage.objects.get()
    assert (row.name, row.name_en, row.hall_id, row.capacity, row.order) == (
        "听涛台", "Wave Stage", hall.pk, 120, 1,
    )  # fmt: skip


def test_a_page_of_a_new_track_that_is_sent_twice_makes_one(desk, edition):
    form = {"name": "影像", "colour": 3, "once": "page"}
    for _n in range(2):
        desk.post("/organise/haizhou-2026/timetable/new/track/", form)
    assert names(edition, "track") == ["影像"]


def test_a_track_is_renamed_and_gets_another_colour(desk, track):
    form = {"name": "电影周", "name_en": "Film Week", "colour": 5, "version": 1}
    assert desk.post(f"{PARTS}/track/{track.pk}/", form).status_code == 302
    track.refresh_from_db()
    assert (track.name, track.name_en, track.colour, track.version) == (
        "电影周", "Film Week", 5, 2,
    )  # fmt: skip


def test_a_colour_that_is_none_of_the_six_is_refused_at_its_field(desk, track):
    form = {"name": "电影周", "colour": 7, "version": 1}
    answer = desk.post(f"{PARTS}/track/{track.pk}/", form)
    track.refresh_from_db()
    assert (answer.status_code, track.name, track.colour) == (422, "影像", 2)
    assert 'id="id_colour_error"' in answer.content.decode()


def test_a_stale_page_says_what_changed_and_changes_nothing(chen, edition, stage):
    services.save_stage(chen, edition.pk, stage.pk, 1, name="海音台")
    with pytest.raises(Stale) as refusal:
        services.save_stage(chen, edition.pk, stage.pk, 1, name="灯塔台")
    stage.refresh_from_db()
    assert stage.name == "海音台"
    assert "名称" in str(refusal.value)


def test_stages_change_places_and_the_ends_stay_where_they_are(chen, edition):
    first, _second, third = (
        services.save_stage(chen, edition.pk, name=name) for name in ("甲", "乙", "丙")
    )
    services.move_part(chen, edition.pk, "stage", third.pk, up=True)
    assert names(edition, "stage") == ["甲", "丙", "乙"]
    services.move_part(chen, edition.pk, "stage", first.pk, up=True)
    assert names(edition, "stage") == ["甲", "丙", "乙"]
    services.move_part(chen, edition.pk, "stage", first.pk, up=False)
    assert names(edition, "stage") == ["丙", "甲", "乙"]


def test_the_public_programme_lists_stages_in_the_new_order(client, chen, edition):
    first, second = (services.save_stage(chen, edition.pk, name=name) for name in ("甲台", "乙台"))
    for stage in (first, second):
        talk(chen, edition, stage)
    services.release(chen, edition.pk)
    services.move_part(chen, edition.pk, "stage", second.pk, up=True)
    page = client.get("/e/haizhou-2026/programme/?view=grid").content.decode()
    head = page[page.index("<thead") : page.index("</thead>")]
    assert head.index("乙台") < head.index("甲台")


def test_a_stage_with_sessions_stays_and_the_refusal_names_them(desk, chen, edition, stage):
    talk(chen, edition, stage)
    with pytest.raises(PartInUse) as refusal:
        services.remove_part(chen, edition.pk, "stage", stage.pk)
    assert str(refusal.value) == "“主会场”还在使用，不能删除：1 个场次（潮汐）。"
    assert Stage.objects.filter(pk=stage.pk).exists()
    page = desk.get(f"{PARTS}/stage/{stage.pk}/remove/").content.decode()
    assert "1 个场次（潮汐）" in page
    assert desk.post(f"{PARTS}/stage/{stage.pk}/remove/").status_code == 409


def test_a_track_with_sessions_stays_too(chen, edition, track):
    talk(chen, edition, track_id=track.pk)
    with pytest.raises(PartInUse):
        services.remove_part(chen, edition.pk, "track", track.pk)
    assert Track.objects.filter(pk=track.pk).exists()


def test_a_stage_of_a_released_version_stays_though_its_session_moved(chen, edition, stage):
    row = talk(chen, edition, stage)
    services.release(chen, edition.pk)
    services.unplace(chen, row.pk, row.version)
    with pytest.raises(PartInUse) as refusal:
        services.remove_part(chen, edition.pk, "stage", stage.pk)
    assert "已发布的第 1 版日程" in str(refusal.value)


def test_unused_stages_and_tracks_go_from_their_page(desk, edition, stage, track):
    for what, row in (("stage", stage), ("track", track)):
        assert desk.post(f"{PARTS}/{what}/{row.pk}/remove/").status_code == 302
    assert (Stage.objects.count(), Track.objects.count()) == (0, 0)


def test_a_stage_of_another_edition_is_not_found_and_stays(chen, edition, organiser):
    other = EditionFactory(series__organiser=organiser)
    foreign = services.save_stage(chen, other.pk, name="别处")
    hall = HallFactory(edition=other)
    for change in (
        lambda: services.save_stage(chen, edition.pk, foreign.pk, 1, name="x"),
        lambda: services.move_part(chen, edition.pk, "stage", foreign.pk, up=True),
        lambda: services.remove_part(chen, edition.pk, "stage", foreign.pk),
        lambda: services.save_stage(chen, edition.pk, name="x", hall_id=hall.pk),
    ):
        with pytest.raises(NotFound):
            change()
    assert [(row.pk, row.name) for row in Stage.objects.all()] == [(foreign.pk, "别处")]


def test_a_session_is_found_by_the_new_name_of_its_stage(chen, edition, stage):
    row = talk(chen, edition, stage)
    services.release(chen, edition.pk)
    services.save_stage(chen, edition.pk, stage.pk, 1, name="听涛台")
    outbox.drain()
    assert "听涛台" in kept()["session", row.pk].keywords


def test_a_new_edition_takes_the_order_of_the_old_one(chen, edition):
    for name in ("甲", "乙"):
        services.save_track(chen, edition.pk, name=name)
    last = selectors.tracks_of(edition)[1]
    services.move_part(chen, edition.pk, "track", last.pk, up=True)
    new = services.clone(
        chen, edition.pk, slug="haizhou-2027", name="下一届", opens_at=OPENS + dt.timedelta(365),
        closes_at=OPENS + dt.timedelta(369),
    )  # fmt: skip
    assert names(new, "track") == ["乙", "甲"]


def test_the_pages_are_complete_in_english(desk, edition, stage, track):
    for path in ("", f"stage/{stage.pk}/", f"track/{track.pk}/", f"track/{track.pk}/remove/"):
        page = desk.get(f"{PARTS}/{path}", headers={"Accept-Language": "en"}).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        words = main.replace("主会场", "").replace("影像", "")
        assert not any("一" <= char <= "鿿" for char in words), path
