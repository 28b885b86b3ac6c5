"""A session from the plan to its end, and what its keys and networks may be."""

import datetime as dt

import pytest

from haishi.foundation import clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.models import AuditEntry, Outbox
from haishi.live import selectors, services
from haishi.live.errors import (
    BadTarget,
    BoothNotApproved,
    EngineRefused,
    EngineUnreachable,
    LastCamera,
    LiveIsOver,
    NoSignal,
    PrivateTarget,
    TooLong,
    TooManyCameras,
)
from haishi.live.models import Camera, LiveSession, Moment, Target
from haishi.live.tests.factories import LiveFactory
from haishi.rooms.services import claim_tellings
from wire.live import CameraStatus, Status, hash_key

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def plan(**more):
    start = clock.now().replace(microsecond=0) + HOUR
    return {"title": "青瓷开窑", "starts_at": start, "ends_at": start + HOUR, **more}


def facts(label):
    rows = Outbox.objects.filter(label=f"live.{label}").order_by("id")
    return [row.payload for row in rows]


def status_of(session, state="live", cameras="live", **more):
    now = clock.now().timestamp()
    camera = CameraStatus(number=1, state=cameras, since=now, width=1280, height=720, kbps=2100)
    values = {"id": session.public_id, "state": state, "since": now, "cameras": [camera], **more}
    return Status(**values)


def test_a_plan_becomes_public_with_its_announcement_and_has_one_camera(
    lin, exhibitor, firm, stranger
):
    session = services.draft(lin, exhibitor.edition_id, exhibitor.pk, **plan())
    with pytest.raises(NotFound):
        selectors.get_live(stranger, session.public_id)
    services.announce(lin, session.pk)
    assert selectors.get_live(stranger, session.public_id).state == "scheduled"
    assert Camera.objects.filter(session=session).count() == 1
    assert facts("LiveAnnounced") == [{"organisation_id": firm.pk, "live_id": session.pk}]


def test_who_does_not_manage_the_firm_plans_nothing(zhou, stranger, chen, exhibitor):
    for person, error in ((zhou, Forbidden), (stranger, Forbidden), (chen, Forbidden)):
        with pytest.raises(error):
            services.draft(person, exhibitor.edition_id, exhibitor.pk, **plan())
    assert LiveSession.objects.count() == 0


def test_the_organiser_plans_its_own_and_a_firm_none_for_it(chen, lin, exhibitor):
    row = services.draft(chen, exhibitor.edition_id, None, **plan())
    assert row.exhibitor is None
    with pytest.raises(Forbidden):
        services.draft(lin, exhibitor.edition_id, None, **plan())
    assert LiveSession.objects.count() == 1


def test_a_session_is_not_longer_than_half_a_day_for_a_firm(lin, exhibitor):
    start = clock.now()
    with pytest.raises(TooLong):
        services.draft(
            lin,
            exhibitor.edition_id,
            exhibitor.pk,
            **plan(starts_at=start, ends_at=start + dt.timedelta(hours=12, seconds=1)),
        )
    assert LiveSession.objects.count() == 0


def test_a_key_is_told_once_and_only_its_hash_is_kept(lin, planned):
    key = services.rotate_key(lin, planned.pk, 1)
    camera = Camera.objects.get(session=planned)
    assert camera.key_hash == hash_key(key)
    assert key not in str(list(AuditEntry.objects.values_list("detail", flat=True)))
    assert LiveSession.objects.get().gear == planned.gear + 1
    assert services.rotate_key(lin, planned.pk, 1) != key


def test_six_cameras_and_never_none(lin, planned):
    for n in range(2, 7):
        assert services.add_camera(lin, planned.pk, label=f"机位{n}").number == n
    with pytest.raises(TooManyCameras):
        services.add_camera(lin, planned.pk, label="多余")
    services.remove_camera(lin, planned.pk, 3)
    assert services.add_camera(lin, planned.pk, label="补上").number == 3
    for n in range(2, 7):
        services.remove_camera(lin, planned.pk, n)
    with pytest.raises(LastCamera):
        services.remove_camera(lin, planned.pk, 1)
    assert Camera.objects.get().number == 1


def test_the_address_of_a_network_is_sealed_and_reaches_the_engine_whole(lin, planned):
    url = "rtmp://push.example.com/live/secret-key?a=1"
    row = services.add_target(lin, planned.pk, network="douyin", name="抖音", url=f" {url} ")
    assert "secret" not in Target.objects.get().sealed_url
    assert "secret" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))
    wired = services.wire_session(LiveSession.objects.get())
    assert [(target.id, target.url) for target in wired.targets] == [(row.public_id, url)]


@pytest.mark.parametrize(
    ("network", "url", "error"),
    [
        ("rtmp", "http://push.example.com/live", BadTarget),
        ("rtmp", "rtmp:///live", BadTarget),
        ("rtmp", "rtmp://push.example.com/li ve", BadTarget),
        ("srt", "rtmp://push.example.com/live", BadTarget),
        ("rtmp", "rtmp://localhost/live", PrivateTarget),
        ("rtmp", "rtmp://127.0.0.1/live", PrivateTarget),
        ("rtmp", "rtmp://10.1.2.3:1935/live", PrivateTarget),
        ("rtmp", "rtmp://[::1]/live", PrivateTarget),
        ("rtmp", "rtmp://0x7f.1/live", PrivateTarget),
        ("rtmp", "rtmp://169.254.169.254/live", PrivateTarget),
        ("rtmp", "rtmp://db.internal/live", PrivateTarget),
    ],
)
def test_an_address_that_is_none_or_leads_inside_is_refused(lin, planned, network, url, error):
    with pytest.raises(error):
        services.add_target(lin, planned.pk, network=network, name="别处", url=url)
    assert Target.objects.count() == 0


def test_the_engine_gets_a_session_two_hours_ahead_and_after_every_change(lin, planned, engine):
    assert services.arm_due(planned.starts_at - 3 * HOUR) == 0
    assert services.arm_due(clock.now()) == 1
    assert services.arm_due(clock.now()) == 0
    wired = engine.armed[planned.public_id]
    assert wired.opens_at == (planned.starts_at - 2 * HOUR).timestamp()
    assert wired.closes_at == (planned.ends_at + 2 * HOUR).timestamp()
    services.add_camera(lin, planned.pk, label="俯拍")
    assert services.arm_due(clock.now()) == 1
    assert [c.number for c in engine.armed[planned.public_id].cameras] == [1, 2]


def test_an_engine_that_is_down_is_tried_again_after_a_pause_and_the_host_sees_it(
    lin, planned, engine
):
    engine.down = True
    now = clock.now()
    assert services.arm_due(now) == 0
    assert services.arm_due(now) == 0
    assert engine.calls == [("arm", planned.public_id)]
    state = selectors.console_state(lin, LiveSession.objects.get())
    assert state.trouble == "直播引擎暂时连接不上，正在重试。"
    engine.down = False
    assert services.arm_due(now + dt.timedelta(seconds=6)) == 1
    assert LiveSession.objects.get().engine_error == ""


def test_a_rehearsal_is_seen_by_the_host_alone_until_the_doors_open(lin, stranger, planned, engine):
    with pytest.raises(NoSignal):
        services.open_doors(lin, planned.pk)
    services.apply(status_of(planned, began_at=clock.now().timestamp(), viewers=3), "own")
    session = LiveSession.objects.get()
    assert (session.state, session.viewers) == ("connecting", 0)
    assert selectors.room_page(stranger, session.public_id, "v", "localhost").playback is None
    services.open_doors(lin, planned.pk)
    session = LiveSession.objects.get()
    assert (session.state, session.opened_at is not None) == ("live", True)
    assert len(facts("LiveStarted")) == 1
    page = selectors.room_page(stranger, session.public_id, "v", "localhost")
    assert [angle.stream for angle in page.playback.angles] == ["programme"]


def test_at_its_time_a_session_with_a_signal_opens_by_itself(planned):
    services.apply(status_of(planned, began_at=clock.now().timestamp()), "own")
    assert services.open_due(planned.starts_at - dt.timedelta(microseconds=1)) == 0
    assert services.open_due(planned.starts_at) == 1
    assert services.open_due(planned.starts_at) == 0
    assert LiveSession.objects.get().state == "live"


def test_a_rehearsal_that_ends_does_not_end_the_session(planned):
    services.apply(status_of(planned, began_at=clock.now().timestamp()), "own")
    services.apply(status_of(planned, state="ended", cameras="idle"), "own")
    session = LiveSession.objects.get()
    assert (session.state, session.armed_gear) == ("scheduled", 0)


def test_what_was_never_begun_ends_two_hours_later_and_its_keys_die(planned, engine):
    services.arm_due(clock.now())
    late = planned.starts_at + 2 * HOUR
    assert services.end_overdue(late - dt.timedelta(microseconds=1)) == 0
    assert services.end_overdue(late) == 1
    session = LiveSession.objects.get()
    assert (session.state, session.ending, session.replay) == ("ended", "never", "none")
    assert services.arm_due(clock.now()) == 1
    assert engine.armed == {}
    assert LiveSession.objects.get().armed_gear == 0


def test_the_end_is_told_once_and_nothing_changes_after_it(lin, on_air, engine):
    services.end(lin, on_air.pk)
    session = LiveSession.objects.get()
    assert (session.state, session.ending, session.replay) == ("ended", "host", "ready")
    assert [row["ending"] for row in facts("LiveEnded")] == ["host"]
    with pytest.raises(Conflict):
        services.end(lin, on_air.pk)
    with pytest.raises(LiveIsOver):
        services.rotate_key(lin, on_air.pk, 1)
    services.apply(status_of(on_air), "own")
    assert LiveSession.objects.get().state == "ended"
    services.arm_due(clock.now())
    assert engine.calls == [(call, on_air.public_id) for call in ("end", "recordings", "disarm")]


def test_the_organiser_may_end_what_a_firm_sends_but_not_cut(chen, stranger, on_air, engine):
    with pytest.raises(Forbidden):
        services.cut(chen, on_air.pk, 1)
    with pytest.raises(Forbidden):
        services.end(stranger, on_air.pk)
    services.end(chen, on_air.pk)
    assert LiveSession.objects.get().ending == "organiser"
    assert engine.calls == []


def test_a_cut_reaches_the_engine_and_the_room(lin, on_air, engine):
    services.add_camera(lin, on_air.pk, label="俯拍", label_en="From above")
    services.cut(lin, on_air.pk, 2)
    assert engine.calls == [("cut", on_air.public_id, 2)]
    assert LiveSession.objects.get().source == 2
    said = Moment.objects.get(kind="source")
    assert said.content == {"camera": 2, "label": "俯拍", "label_en": "From above"}
    told = [each.order.room for each in claim_tellings(clock.now())]
    assert told == [f"live-{on_air.public_id}"]


def test_a_cut_that_the_engine_does_not_take_is_said_and_changes_nothing(lin, on_air, engine):
    engine.down = True
    with pytest.raises(EngineUnreachable):
        services.cut(lin, on_air.pk, 1)
    engine.down, engine.refuses = False, "409 no such camera"
    with pytest.raises(EngineRefused, match="409 no such camera"):
        services.cut(lin, on_air.pk, 1)
    assert LiveSession.objects.get().source == on_air.source
    assert Moment.objects.count() == 0


def test_a_list_of_many_costs_the_same_as_of_one(exhibitor, django_assert_max_num_queries):
    for _ in range(12):
        LiveFactory(exhibitor=exhibitor)
    with django_assert_max_num_queries(4):
        assert len(selectors.lobby().coming) == 12


def test_cards_of_lives_cost_one_query(on_air, exhibitor, django_assert_num_queries):
    for _ in range(3):
        LiveFactory(exhibitor=exhibitor)
    other = selectors.now_live(exhibitor.edition)
    with django_assert_num_queries(1):
        assert selectors.now_live(exhibitor.edition) == other
    assert [row.public_id for row in other] == [on_air.public_id]
    with django_assert_num_queries(1):
        assert [row.phase for row in selectors.of_booth(exhibitor.pk)] == ["now", "next", "next"]


def test_a_suspended_booth_goes_off_the_air_and_out_of_sight(on_air, stranger, exhibitor, lin):
    later = LiveFactory(exhibitor=exhibitor)
    exhibitor.state, exhibitor.reason = "suspended", "展品与申请不符。"
    exhibitor.save(update_fields=["state", "reason"])
    assert services.end_of_exhibitor(exhibitor.pk) == 1
    states = dict(LiveSession.objects.values_list("pk", "state"))
    assert states == {on_air.pk: "ended", later.pk: "scheduled"}
    assert selectors.lobby().coming == []
    with pytest.raises(NotFound):
        selectors.get_live(stranger, later.public_id)
    draft = LiveFactory(exhibitor=exhibitor, state="draft")
    with pytest.raises(BoothNotApproved):
        services.announce(lin, draft.pk)
    assert LiveSession.objects.get(pk=draft.pk).state == "draft"
