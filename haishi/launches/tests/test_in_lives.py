"""Launches in live sessions say no more than their own page does."""

import datetime as dt

import pytest

from haishi.foundation import clock
from haishi.launches import selectors
from haishi.launches.models import Launch
from haishi.launches.tests.factories import LaunchFactory
from haishi.live import selectors as lives
from haishi.live import services
from haishi.live.errors import SubjectElsewhere
from haishi.live.tests.factories import OnAirFactory

pytestmark = pytest.mark.django_db


def plan(**more):
    start = clock.now() + dt.timedelta(hours=1)
    return {"title": "首发夜", "starts_at": start, "ends_at": start + dt.timedelta(hours=1), **more}


def test_a_session_about_a_launch_shows_the_teaser_until_the_instant(lin, stranger, announced):
    exhibitor = announced.exhibitor
    subject = f"launch:{announced.pk}"
    session = services.draft(lin, exhibitor.edition_id, exhibitor.pk, subject=subject, **plan())
    shown = lives.subject_of(stranger, session)
    assert (str(shown.title), shown.at) == ("把海带回家", announced.unveil_at)
    Launch.objects.update(unveil_at=clock.now())
    assert str(lives.subject_of(stranger, session).title) == "潮汐灯"


def test_a_secret_launch_is_nothing_to_viewers(lin, stranger, embargoed):
    exhibitor = embargoed.exhibitor
    subject = f"launch:{embargoed.pk}"
    session = services.draft(lin, exhibitor.edition_id, exhibitor.pk, subject=subject, **plan())
    assert lives.subject_of(stranger, session) is None
    assert selectors.launch_things([embargoed.pk]) == {}


def test_the_launch_of_another_firm_is_no_subject(lin, announced):
    foreign = LaunchFactory(state="announced", unveil_at=announced.unveil_at)
    exhibitor = announced.exhibitor
    with pytest.raises(SubjectElsewhere):
        services.draft(
            lin, exhibitor.edition_id, exhibitor.pk, subject=f"launch:{foreign.pk}", **plan()
        )
    assert not lives.at_exhibitor(exhibitor).exists()


def test_a_launch_on_the_shelf_has_its_stage_in_the_room(lin, client, announced):
    session = OnAirFactory(exhibitor=announced.exhibitor)
    row = services.shelve(lin, session.pk, "launch", announced.pk)
    services.pin(lin, session.pk, row.pk)
    assert str(lives.pinned_of(session).title) == "把海带回家"
    text = client.get(f"/live/{session.public_id}/panel/launch/{announced.pk}/").content.decode()
    assert "预约提醒" in text
    assert "潮汐灯" not in text
