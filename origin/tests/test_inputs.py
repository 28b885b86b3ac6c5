"""Keys and states of what comes in."""

import msgspec
import pytest

from origin.bus import AUDIO, VIDEO
from origin.tests.desk import CLOSES, OPENS, Desk, camera, refused
from origin.tests.material import stream
from wire.live import Camera, hash_key


def test_a_publisher_is_connecting_then_live_with_its_first_picture_and_gone_when_it_leaves():
    desk = Desk()
    place = desk.arrive()
    assert place is desk.places[1] is desk.inputs.cameras("s1")[1]
    assert place.status().state == "connecting"
    desk.play(place, stream())
    status = place.status()
    assert (status.state, status.protocol, status.address) == ("live", "rtmp", "10.0.0.1")
    assert (status.width, status.height, status.audio) == (320, 180, True)
    place.gone("closed")
    assert desk.states() == [(1, "connecting", ""), (1, "live", ""), (1, "gone", "closed")]
    assert place.status().protocol == ""


def test_a_feed_begins_at_its_first_message_and_holds_what_was_sent():
    desk = Desk()
    desk.play(desk.arrive(), stream(), shift=17_000_000)
    feed = desk.places[1].feed
    assert feed.name == "s1/1"
    assert feed.messages == len(stream())
    assert feed.last_at == stream()[-1].at


def test_an_unknown_key_is_refused_and_told_to_nobody():
    desk = Desk()
    assert refused(desk, "guess") == "unknown_key"
    assert desk.told == []


def test_nobody_comes_before_the_opening_or_after_the_close():
    desk = Desk()
    desk.at = OPENS - 0.001
    assert refused(desk) == "not_open"
    desk.at = CLOSES
    assert refused(desk) == "over"
    assert desk.states() == [(1, "refused", "not_open"), (1, "refused", "over")]


def test_the_same_refusal_is_told_once_in_ten_seconds():
    desk = Desk()
    desk.arrive()
    for _ in range(5):
        assert refused(desk) == "taken"
    desk.at += 4.9
    desk.places[1].push(VIDEO, 0, stream()[0].payload)
    desk.at += 5.1
    desk.places[1].push(VIDEO, 0, stream()[0].payload)
    assert refused(desk) == "taken"
    assert desk.states().count((1, "refused", "taken")) == 2


def test_a_second_publisher_waits_until_the_first_has_been_silent_for_five_seconds():
    desk = Desk()
    place = desk.arrive()
    desk.play(place, stream())
    desk.at += 5
    assert refused(desk, address="10.0.0.2") == "taken"
    desk.at += 0.001
    assert desk.arrive(address="10.0.0.2") is place
    assert desk.kicked == ["taken"]
    assert place.status().address == "10.0.0.2"
    assert desk.states()[-2:] == [(1, "gone", "taken"), (1, "connecting", "")]


def test_no_more_publishers_than_the_origin_bears():
    desk = Desk()
    desk.rearm(*(camera(number) for number in range(1, 5)))
    for number in (1, 2, 3):
        desk.arrive(f"key-{number}")
    assert refused(desk, "key-4") == "too_many"


def test_arming_again_changes_nothing_for_those_who_publish():
    desk = Desk()
    place = desk.arrive()
    feed = place.feed
    desk.rearm(camera(1, "key-1"), camera(2), title="汐")
    assert desk.places[1] is place
    assert (place.feed, place.state, place.session.title) == (feed, "connecting", "汐")
    assert desk.kicked == []


def test_a_replaced_key_sends_its_publisher_away_and_is_named_for_what_it_is():
    desk = Desk()
    place = desk.arrive()
    desk.rearm(camera(1, "new"), camera(2))
    assert desk.kicked == ["revoked"]
    assert place.state == "gone"
    desk.kicked.clear()
    assert refused(desk, "key-1") == "revoked"
    assert desk.arrive("new") is place


def test_two_cameras_may_exchange_their_keys():
    desk = Desk()
    desk.rearm(camera(1, "key-2"), camera(2, "key-1"))
    assert desk.arrive("key-1") is desk.places[2]
    assert desk.arrive("key-2") is desk.places[1]


def test_a_camera_that_is_no_longer_named_ends():
    desk = Desk()
    place = desk.arrive("key-2")
    desk.rearm(camera(1))
    assert (desk.kicked, place.state) == (["revoked"], "ended")
    desk.kicked.clear()
    assert list(desk.places) == [1]
    assert refused(desk, "key-2") == "unknown_key"


@pytest.mark.parametrize(
    "cameras",
    [
        [camera(0)],
        [camera(7)],
        [camera(1), camera(1, "other")],
        [camera(1, "same"), camera(2, "same")],
    ],
)
def test_a_session_that_contradicts_itself_is_not_armed(cameras: list[Camera]):
    desk = Desk()
    with pytest.raises(ValueError):
        desk.rearm(*cameras)
    assert [each.camera for each in desk.inputs] == desk.session.cameras
    with pytest.raises(ValueError):
        desk.rearm(camera(1), id="s2")
    assert desk.inputs.cameras("s2") == {}
    assert desk.arrive() is desk.places[1]


def test_disarming_sends_everybody_away_and_forgets_the_keys():
    desk = Desk()
    place = desk.arrive()
    desk.inputs.disarm("s1")
    assert (desk.kicked, place.state) == (["over"], "ended")
    assert not desk.inputs
    desk.kicked.clear()
    assert refused(desk) == "unknown_key"
    desk.inputs.disarm("s1")
    assert desk.states().count((1, "ended", "over")) == 1


def test_a_single_use_key_belongs_to_the_address_that_first_showed_a_picture():
    desk = Desk()
    desk.rearm(camera(1, "once", single_use=True))
    desk.arrive("once", "10.0.0.9").gone("closed")
    assert desk.inputs.used == {}
    place = desk.arrive("once")
    desk.play(place, stream())
    place.gone("lost")
    assert desk.inputs.used == {hash_key("once"): ("10.0.0.1", CLOSES)}
    assert refused(desk, "once", "10.0.0.9") == "used"
    desk.arrive("once").gone("lost")


def test_a_single_use_key_is_spent_when_its_camera_ended():
    desk = Desk()
    desk.rearm(camera(1, "once", single_use=True))
    place = desk.arrive("once")
    desk.play(place, stream())
    place.gone("closed")
    desk.wait(60)
    assert place.state == "ended"
    assert refused(desk, "once") == "used"


def test_used_keys_survive_a_restart_and_are_forgotten_after_the_close():
    before = Desk()
    before.rearm(camera(1, "once", single_use=True))
    before.play(before.arrive("once"), stream())
    after = Desk()
    after.rearm(camera(1, "once", single_use=True))
    after.inputs.revive(msgspec.json.decode(msgspec.json.encode(before.inputs.used)))
    assert refused(after, "once", "10.0.0.9") == "used"
    after.inputs.disarm("s1")
    after.wait(1)
    assert after.inputs.used == {hash_key("once"): ("", CLOSES)}
    after.at = CLOSES
    after.inputs.tick(after.at)
    assert after.inputs.used == {}


def test_silence_degrades_then_is_gone_then_ends_after_the_grace():
    desk = Desk(grace=20.0)
    place = desk.arrive()
    desk.play(place, stream())
    desk.wait(3)
    assert place.status().state == "degraded"
    desk.wait(3)
    assert place.status().state == "gone"
    desk.wait(20)
    assert desk.states()[2:] == [
        (1, "degraded", "unsteady"), (1, "gone", "silent"), (1, "ended", "grace"),
    ]  # fmt: skip
    assert desk.kicked == ["grace"]
    assert desk.arrive() is place


def test_a_silent_publisher_that_speaks_again_is_live_again():
    desk = Desk()
    place = desk.arrive()
    desk.play(place, stream())
    desk.wait(7)
    assert place.state == "gone"
    last = place.feed.last_at
    desk.play(place, stream()[2:], shift=last + 40)
    assert place.state == "live"
    assert place.feed.last_at - last == pytest.approx(2_000, abs=60)


def test_a_publisher_that_stays_silent_is_sent_away():
    desk = Desk()
    desk.play(desk.arrive(), stream())
    desk.wait(31)
    assert desk.kicked == ["silent"]


def test_a_publisher_without_pictures_is_sent_away():
    desk = Desk()
    place = desk.arrive()
    header, *sounds = [each for each in stream() if each.kind == AUDIO]
    place.push(AUDIO, 0, header.payload)
    for second in range(17):
        if place.taken:
            place.push(AUDIO, second * 1_000, sounds[second].payload)
        desk.wait(1)
    assert desk.kicked == ["no_picture"]
    assert desk.states() == [(1, "connecting", ""), (1, "gone", "no_picture")]


def test_the_close_ends_every_camera():
    desk = Desk()
    desk.at = CLOSES - 1
    desk.arrive()
    desk.wait(1)
    assert desk.kicked == ["over"]
    assert desk.states()[1:] == [(1, "ended", "over"), (2, "ended", "over")]


def test_a_camera_can_be_kicked_and_may_come_back():
    desk = Desk()
    desk.arrive().kick("kicked")
    assert desk.kicked == ["kicked"]
    assert desk.states()[-1] == (1, "gone", "kicked")
    assert desk.arrive().state == "connecting"
