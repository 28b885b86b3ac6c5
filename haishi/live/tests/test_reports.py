"""What engines say: once, twice, late or never; figures; retention."""

import datetime as dt
import json

import pytest

from haishi.foundation import clock
from haishi.foundation.models import Outbox
from haishi.live import selectors, services
from haishi.live.engines import own
from haishi.live.engines.base import File
from haishi.live.models import EngineEvent, LiveSession, MinuteFigure, Recording
from haishi.live.tests.factories import LiveFactory
from wire.live import Event, Status
from wire.signing import sign

pytestmark = pytest.mark.django_db
PATH = "/live/engines/own/events/"


def event(session, number, kind, after=0.0, **more):
    at = (session.since or session.starts_at).timestamp() + after
    return Event(number=number, session=session.public_id, kind=kind, at=at, **more)


def post(client, body: bytes, headers=None):
    signed = sign(own.control_key(), "POST", PATH, body)
    return client.post(PATH, body, content_type="application/json", headers=headers or signed)


def test_an_event_counts_once_and_only_when_it_is_signed(client, on_air):
    told = {
        "number": 1, "session": on_air.public_id, "kind": "gone",
        "at": on_air.since.timestamp() + 60,
    }  # fmt: skip
    body = json.dumps(told).encode()
    assert (
        post(client, body, {"Authorization": "Haishi 00", "X-Haishi-Time": "0"}).status_code == 401
    )
    assert LiveSession.objects.get().state == "live"
    assert post(client, body).json() == {"new": True}
    assert LiveSession.objects.get().state == "gone"
    assert post(client, body).json() == {"new": False}
    assert EngineEvent.objects.count() == 1
    assert post(client, b'{"number": "x"}').status_code == 400


def test_what_happened_earlier_but_comes_later_changes_nothing(on_air):
    services.hear("own", event(on_air, 3, "gone", 120))
    services.hear("own", event(on_air, 2, "degraded", 60))
    assert LiveSession.objects.get().state == "gone"
    services.hear("own", event(on_air, 4, "live", 180))
    assert LiveSession.objects.get().state == "live"


def test_a_lost_report_is_made_good_by_asking(on_air, engine):
    since = clock.now().timestamp()
    engine.statuses = [Status(id=on_air.public_id, state="gone", since=since)]
    assert services.poll() == 1
    assert LiveSession.objects.get().state == "gone"
    engine.statuses = []
    services.poll()
    assert LiveSession.objects.get().armed_gear == 0


def test_an_engine_that_does_not_answer_ends_nothing(on_air, engine):
    engine.down = True
    assert services.poll() == 0
    session = LiveSession.objects.get()
    assert (session.state, session.armed_gear) == ("live", 1)


def test_the_engine_ends_a_session_whose_signal_is_lost_for_good(on_air, firm):
    services.hear("own", event(on_air, 9, "ended", 900, code="grace"))
    session = LiveSession.objects.get()
    assert (session.state, session.ending) == ("ended", "signal")
    fact = Outbox.objects.get(label="live.LiveEnded").payload
    assert fact == {"organisation_id": firm.pk, "live_id": on_air.pk, "ending": "signal"}


def test_viewers_are_counted_by_the_minute(on_air):
    for viewers in (40, 60, 20):
        since = on_air.since.timestamp()
        services.apply(
            Status(id=on_air.public_id, state="live", since=since, viewers=viewers), "own"
        )
    session = LiveSession.objects.get()
    assert (session.viewers, session.peak_viewers, session.watch_seconds) == (20, 60, 600)
    rows = MinuteFigure.objects.values_list("viewers", "watch_seconds")
    assert (max(row[0] for row in rows), sum(row[1] for row in rows)) == (60, 600)


def test_a_session_of_another_engine_is_not_touched(on_air):
    LiveSession.objects.update(engine="srs")
    status = Status(id=on_air.public_id, state="gone", since=clock.now().timestamp())
    assert services.apply(status, "own") is False
    assert LiveSession.objects.get().state == "live"


def test_a_full_disk_stops_the_recording_and_not_the_broadcast(on_air, lin):
    more = {"code": "disk_full", "name": "001.mp4", "seconds": 90.0}
    services.hear("own", event(on_air, 5, "recording", 95, **more))
    session = LiveSession.objects.get()
    assert (session.state, session.recording_error) == ("live", "disk_full")
    words = selectors.console_state(lin, session).recording
    assert words == "存储空间不足，录制已中止；直播不受影响。"
    part = Recording.objects.get()
    assert (part.state, part.seconds) == ("disk_full", 90.0)
    assert part.started_at == on_air.since + dt.timedelta(seconds=5)


def test_the_end_learns_at_once_of_parts_that_a_killed_origin_never_told(on_air, lin, engine):
    services.end(lin, on_air.pk)
    start = on_air.starts_at.timestamp()
    engine.files = [File("001.mp4", start, 10.0, False), File("002.mp4", start + 14, 20.0, False)]
    assert services.arm_due(clock.now()) == 1
    session = LiveSession.objects.get()
    assert [(row.name, row.seconds) for row in session.recordings.all()] == [
        ("001.mp4", 10.0),
        ("002.mp4", 20.0),
    ]
    assert (session.armed_gear, session.replay) == (0, "ready")


def test_recordings_become_a_replay_and_go_when_their_time_is_over(
    on_air, lin, stranger, engine, settings
):
    settings.LIVE_KEEP_DAYS = 30
    services.end(lin, on_air.pk)
    start = on_air.starts_at.timestamp()
    engine.files = [
        File("001.mp4", start, 600.0, False),
        File("002.mp4", start + 700, 300.0, False),
    ]
    assert services.take_in_recordings(clock.now()) == 1
    services.publish_replay(lin, on_air.pk)
    session = LiveSession.objects.get()
    assert session.keep_until == session.ended_at + dt.timedelta(days=30)
    page = selectors.replay_page(stranger, session.public_id, "v", "localhost")
    assert [(part.offset, part.seconds) for part in page.recordings] == [(0, 600), (600, 300)]
    assert services.delete_old(session.keep_until - dt.timedelta(seconds=1)) == 0
    assert services.delete_old(session.keep_until) == 1
    assert ("erase", session.public_id) in engine.calls
    session = LiveSession.objects.get()
    assert (session.replay, session.keep_until) == ("none", None)
    assert set(Recording.objects.values_list("state", flat=True)) == {"deleted"}


def test_what_the_engine_does_not_delete_is_tried_again(on_air, lin, engine):
    services.end(lin, on_air.pk)
    engine.files = [File("001.mp4", on_air.starts_at.timestamp(), 600.0, False)]
    services.take_in_recordings(clock.now())
    engine.down = True
    late = LiveSession.objects.get().keep_until
    assert services.delete_old(late) == 0
    assert Recording.objects.get().state == "finished"
    engine.down = False
    assert services.delete_old(late) == 1


def test_a_moment_between_two_parts_stands_at_the_beginning_of_the_next(on_air):
    at = on_air.starts_at
    parts = [
        Recording(started_at=at, seconds=600),
        Recording(started_at=at + dt.timedelta(seconds=700), seconds=300),
    ]

    def second(seconds):
        return selectors.second_of(parts, at + dt.timedelta(seconds=seconds))

    assert [second(s) for s in (-5, 0, 599.5, 600, 650, 700, 710)] == [
        0.0, 0.0, 599.5, 600.0, 600.0, 600.0, 610.0,
    ]  # fmt: skip
    assert second(1000) is None


def test_the_report_has_every_minute_with_viewers_and_deeds(on_air, lin, client):
    minute = on_air.opened_at.replace(second=0, microsecond=0) + dt.timedelta(minutes=3)
    MinuteFigure.objects.create(
        session=on_air, minute=minute, viewers=12, watch_seconds=600, likes=31
    )
    LiveSession.objects.update(peak_viewers=12, watch_seconds=600)
    report = selectors.report_of(LiveSession.objects.get())
    # Modules above add theirs behind these two.
    assert [(row.at, row.viewers, row.deeds[:2]) for row in report.minutes] == [
        (minute, 12, (0, 0))
    ]
    assert [(str(step.label), step.count) for step in report.funnel][:3] == [
        ("观众峰值", 12),
        ("询价", 0),
        ("名片", 0),
    ]
    client.force_login(lin)
    answer = client.get(f"/live/{on_air.public_id}/console/report.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].split(",")[:7] == [
        "分钟", "观看人数", "观看秒数", "弹幕", "点赞", "询价", "名片"
    ]  # fmt: skip
    assert lines[1].split(",")[1:7] == ["12", "600", "0", "31", "0", "0"]
    assert (report.likes, report.most_likes) == (31, 31)
    page = client.get(f"/live/{on_air.public_id}/console/report/").content.decode()
    assert 'class="live-curve-likes"' in page


def test_events_are_forgotten_after_a_month(on_air):
    services.hear("own", event(on_air, 1, "cut", 1))
    assert services.sweep(clock.now() + dt.timedelta(days=29)) == 0
    assert services.sweep(clock.now() + dt.timedelta(days=31)) == 1


def test_a_session_that_ended_by_itself_before_it_began_stays_planned_for_others(exhibitor):
    other = LiveFactory(exhibitor=exhibitor)
    services.hear("own", event(other, 1, "ended", 1))
    assert LiveSession.objects.get().state == "scheduled"


def test_hearts_of_the_broadcast_are_counted_by_the_minute_and_others_are_not(on_air, lin):
    first = on_air.opened_at.replace(second=0, microsecond=0)
    before, after = first - dt.timedelta(minutes=1), first + dt.timedelta(minutes=1)
    services.count_hearts(on_air.room, {before: 5, first: 7, after: 11})
    services.count_hearts(on_air.room, {after: 12})
    figures = MinuteFigure.objects.order_by("minute").values_list("minute", "likes", "viewers")
    assert list(figures) == [(first, 7, 0), (after, 12, 0)]
    assert LiveSession.objects.get().likes == 19
    services.end(lin, on_air.pk)
    late = LiveSession.objects.get().ended_at + dt.timedelta(minutes=2)
    services.count_hearts(on_air.room, {late.replace(second=0, microsecond=0): 3})
    assert LiveSession.objects.get().likes == 19


def test_hearts_of_an_unopened_session_are_not_counted(planned):
    services.count_hearts(planned.room, {clock.now().replace(second=0, microsecond=0): 9})
    assert (MinuteFigure.objects.count(), LiveSession.objects.get().likes) == (0, 0)
