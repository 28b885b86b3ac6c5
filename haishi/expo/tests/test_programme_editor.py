"""The programme is edited as a draft, clashes are found, and a release is a version of its own."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from haishi.expo import clashes, selectors, services
from haishi.expo.clashes import Placed
from haishi.expo.errors import NameDiffers, ScheduleClash
from haishi.expo.models import (
    Booth,
    Edition,
    ScheduleVersion,
    Session,
    Slot,
    Stage,
    Tier,
)
from haishi.expo.tests.factories import (
    BoothFactory,
    EditionFactory,
    HallFactory,
    ShownExhibitorFactory,
    TierFactory,
)
from haishi.foundation import clock
from haishi.foundation.errors import NotFound, Stale
from haishi.notices.tests.reading import subjects

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh"}


@pytest.fixture
def edition(organiser):
    """An edition that opens tomorrow at nine in Shanghai."""
    opens = (clock.now() + dt.timedelta(days=1)).replace(hour=1, minute=0, second=0, microsecond=0)
    return EditionFactory(
        series__organiser=organiser, opens_at=opens, closes_at=opens + dt.timedelta(days=3)
    )


@pytest.fixture
def stage(edition, chen):
    return services.save_stage(chen, edition.pk, name="主会场", name_en="Main Stage")


def session(chen, edition, stage, start, minutes=60, title="分享", speakers=()):
    """A confirmed session `start` minutes after the opening."""
    row = services.create_session(chen, edition.pk, title=title, speakers=speakers)
    row = services.place(
        chen, row.pk, row.version, stage.pk, edition.opens_at + dt.timedelta(minutes=start), minutes
    )
    return services.decide(chen, row.pk, "confirm")


def at(minute):
    return dt.datetime(2026, 4, 6, 9, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)


def test_sessions_that_touch_do_not_clash_and_those_that_overlap_do():
    day = (at(0), at(600))
    touching = [Placed(1, 1, at(0), at(60)), Placed(2, 1, at(60), at(90))]
    crossing = [Placed(1, 1, at(0), at(60)), Placed(2, 1, at(59), at(90))]

    assert clashes.find(touching, *day) == []
    assert clashes.find(crossing, *day) == [clashes.Clash("stage", 1, 2, 1)]


def test_a_speaker_in_two_places_and_a_session_outside_are_found():
    found = clashes.find(
        [
            Placed(1, 1, at(0), at(60), (7,)),
            Placed(2, 2, at(30), at(90), (7,)),
            Placed(3, 3, at(-9), at(5)),
        ],
        at(0),
        at(600),
    )

    assert found == [clashes.Clash("outside", 3), clashes.Clash("speaker", 1, 2, 7)]


def test_the_next_free_time_is_the_first_gap_that_is_long_enough():
    taken = [(at(0), at(60)), (at(70), at(120))]

    assert clashes.next_free(taken, dt.timedelta(minutes=30), at(0), at(600)) == at(120)
    assert clashes.next_free(taken, dt.timedelta(minutes=10), at(0), at(600)) == at(60)
    assert clashes.next_free(taken, dt.timedelta(minutes=30), at(0), at(140)) is None


def test_a_release_with_a_clash_is_refused_and_publishes_nothing(edition, stage, chen):
    session(chen, edition, stage, 0)
    session(chen, edition, stage, 30)

    with pytest.raises(ScheduleClash):
        services.release(chen, edition.pk)

    edition.refresh_from_db()
    assert (edition.schedule_number, Slot.objects.count()) == (None, 0)


def test_a_release_names_what_is_new_moved_and_cancelled(edition, stage, chen):
    kept = session(chen, edition, stage, 0, title="甲")
    gone = session(chen, edition, stage, 60, title="乙")
    services.release(chen, edition.pk, "首版")
    kept.refresh_from_db()
    services.place(
        chen, kept.pk, kept.version, stage.pk, edition.opens_at + dt.timedelta(hours=3), 60
    )
    services.decide(chen, gone.pk, "cancel")
    session(chen, edition, stage, 300, title="丙")

    services.release(chen, edition.pk)

    log = ScheduleVersion.objects.get(number=2).changes
    assert [(change["kind"], change["title"]) for change in log] == [
        ("cancelled", "乙"),
        ("moved", "甲"),
        ("new", "丙"),
    ]
    assert log[1]["was"]["starts_at"] == edition.opens_at.isoformat()


def test_visitors_see_the_released_version_while_the_draft_moves_on(client, edition, stage, chen):
    row = session(chen, edition, stage, 0, title="主旨论坛")
    services.release(chen, edition.pk)
    row.refresh_from_db()
    services.place(
        chen, row.pk, row.version, stage.pk, edition.opens_at + dt.timedelta(hours=5), 60
    )

    shown = selectors.programme_rows(Edition.objects.get(pk=edition.pk))

    assert [each.starts_at for each in shown] == [edition.opens_at]
    assert "09:00" in client.get(f"/e/{edition.slug}/programme/", headers=CHINESE).text


def test_the_database_refuses_two_sessions_on_a_stage_at_a_time(edition, stage, chen):
    first, second = (session(chen, edition, stage, start) for start in (0, 60))
    version = services.release(chen, edition.pk)

    with pytest.raises(IntegrityError, match="one_session_at_a_time"), transaction.atomic():
        Slot.objects.filter(version=version, session=second).update(
            starts_at=edition.opens_at + dt.timedelta(minutes=30)
        )
    assert first.pk != second.pk


def test_two_editors_do_not_overwrite_each_other(edition, stage, chen):
    row = services.create_session(chen, edition.pk, title="旧题")
    services.edit_session(chen, row.pk, row.version, title="新题")

    with pytest.raises(Stale):
        services.edit_session(chen, row.pk, row.version, title="又一题")
    assert Session.objects.get(pk=row.pk).title == "新题"


def test_a_stranger_finds_no_editor(client, edition, stranger):
    client.force_login(stranger)

    assert client.get(f"/organise/{edition.slug}/timetable/").status_code == 404
    with pytest.raises(NotFound):
        services.release(stranger, EditionFactory(state="draft").pk)
    assert not ScheduleVersion.objects.exists()


def test_the_editor_places_a_session_shows_the_clash_and_releases_after_it_is_resolved(
    client, edition, stage, chen
):
    session(chen, edition, stage, 0, title="甲")
    second = session(chen, edition, stage, 30, title="乙")
    client.force_login(chen)
    page = f"/organise/{edition.slug}/timetable/"

    shown = client.get(page, headers=CHINESE).text
    refused = client.post(page, {"note": "首版"}, headers=CHINESE)
    start = clock.local(edition.opens_at + dt.timedelta(hours=2), edition.time_zone)
    moved = client.post(
        f"{page}sessions/{second.pk}/",
        {
            "stage_id": stage.pk,
            "starts_at": start.strftime("%Y-%m-%dT%H:%M"),
            "minutes": 60,
            "version": Session.objects.get(pk=second.pk).version,
        },
    )
    released = client.post(page, {"note": "首版"})

    assert "同一场地时间重叠" in shown
    assert (refused.status_code, moved.status_code, released.status_code) == (422, 302, 302)
    assert "1 处冲突" in refused.text
    assert Edition.objects.get(pk=edition.pk).schedule_number == 1


def test_a_clone_has_the_structure_and_nobody_in_it(edition, stage, chen):
    hall = HallFactory(edition=edition)
    BoothFactory(hall=hall, code="A001")
    TierFactory(edition=edition, name="特色")
    session(chen, edition, stage, 0, title="主旨论坛")
    opens = edition.opens_at + dt.timedelta(days=364)

    made = services.clone(
        chen, edition.pk, slug="next", name="第三届", opens_at=opens,
        closes_at=opens + dt.timedelta(days=3), with_sessions=True,
    )  # fmt: skip

    assert (made.state, made.halls.count(), made.exhibitors.count()) == ("draft", 1, 0)
    assert Booth.objects.get(hall__edition=made).code == "A001"
    assert Tier.objects.get(edition=made).name == "特色"
    copied = Session.objects.get(edition=made)
    assert (copied.starts_at, copied.state) == (opens, "draft")
    assert copied.stage == Stage.objects.get(edition=made)


def test_closing_asks_for_the_name_ends_enquiries_and_tells_who_asked(edition, chen, stranger):
    booth = ShownExhibitorFactory(edition=edition)
    row = services.enquire(stranger, booth.pk, subject="报价", message="请报价。")
    with pytest.raises(NameDiffers):
        services.close(chen, edition.pk, name="别的名字")
    assert Edition.objects.get(pk=edition.pk).state == "open"

    services.close(chen, edition.pk, name=edition.name)

    row.refresh_from_db()
    assert (Edition.objects.get(pk=edition.pk).state, row.state) == ("closed", "closed")
    assert subjects(stranger) == [f"“{edition.name}”已闭幕"]
