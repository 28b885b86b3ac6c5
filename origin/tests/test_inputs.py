"""Keys, states, clocks and codecs of what comes in."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from origin.bus import AUDIO, VIDEO, Message
from origin.inputs import Input, Inputs, Refused
from origin.tests.material import avc_header, parameter_sets, stream
from wire.live import Camera, Session, hash_key

OPENS, CLOSES = 1_000.0, 5_000.0


class Desk:
    """Inputs on a clock that stands still, one session of two cameras, and what was told."""

    def __init__(self, **session: Any) -> None:
        self.at = OPENS + 100
        self.told: list[tuple[str, int, str, str]] = []
        self.kicked: list[str] = []
        self.inputs = Inputs(lambda: self.at, lambda *what: self.told.append(what), most=3)
        self.session = Session(
            id="s1",
            title="潮",
            cameras=[camera(1), camera(2)],
            opens_at=OPENS,
            closes_at=CLOSES,
            **session,
        )
        self.places = self.inputs.arm(self.session)

    def arrive(self, key: str = "key-1", address: str = "10.0.0.1") -> Input:
        return self.inputs.arrive(key, "rtmp", address, self.kicked.append)

    def rearm(self, *cameras: Camera, **changes: Any) -> None:
        self.inputs.arm(msgspec.structs.replace(self.session, cameras=list(cameras), **changes))

    def states(self) -> list[tuple[int, str, str]]:
        return [what[1:] for what in self.told]

    def play(self, place: Input, messages: Sequence[Message], shift: int = 0) -> None:
        """Push as it would come: the clock goes along with the picture."""
        began = self.at
        for each in messages:
            self.at = began + each.at / 1000
            place.push(each.kind, (each.at + shift) & 0xFFFFFFFF, each.payload)

    def wait(self, seconds: float) -> None:
        """Time goes by in ticks of a second."""
        until = self.at + seconds
        while self.at < until:
            self.at = min(self.at + 1, until)
            self.inputs.tick(self.at)


def camera(number: int, key: str = "", **more: Any) -> Camera:
    return Camera(
        number=number, label=f"机位{number}", key_hash=hash_key(key or f"key-{number}"), **more
    )


def refused(desk: Desk, key: str = "key-1", address: str = "10.0.0.1") -> str:
    """The code of a refusal that changed nothing."""
    before = [(each.state, each.since, each.taken) for each in desk.inputs]
    with pytest.raises(Refused) as caught:
        desk.arrive(key, address)
    assert [(each.state, each.since, each.taken) for each in desk.inputs] == before
    assert desk.kicked == []
    return caught.value.code


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


# Clocks.


def turned(desk: Desk, stamps: Sequence[tuple[int, int]], step: float = 0.02) -> list[int]:
    """The feed's times of pictures and sounds that come 20 ms apart."""
    place = desk.places[1] if desk.places[1].taken else desk.arrive()
    avc, aac = (
        next(m for m in stream() if m.is_header and m.kind == kind) for kind in (VIDEO, AUDIO)
    )
    place.push(VIDEO, 0, avc.payload)
    place.push(AUDIO, 0, aac.payload)
    heard: list[int] = []
    leave = place.feed.listen(lambda each: heard.append(each.at), catch_up=False)
    for kind, stamp in stamps:
        desk.at += step
        head = b"\x17\1\0\0\0" if kind == VIDEO else b"\xaf\1"
        place.push(kind, stamp & 0xFFFFFFFF, head + b"\0\0\0\1\x65")
    leave()
    return heard


def both(*starts: int, count: int = 3) -> list[tuple[int, int]]:
    """Pictures and, 10 ms later, sounds, 40 ms apart, from each start."""
    return [
        (kind, start + number * 40 + (10 if kind == AUDIO else 0))
        for start in starts
        for number in range(count)
        for kind in (VIDEO, AUDIO)
    ]


STRAIGHT = [0, 10, 40, 50, 80, 90]


@pytest.mark.parametrize("start", [0, 1, -60, -1, 16_777_215 - 40, 2**31 - 50, 2**32 - 50])
def test_wherever_a_clock_begins_and_wraps_the_feed_goes_straight(start: int):
    desk = Desk()
    assert turned(desk, both(start)) == STRAIGHT
    assert desk.places[1].status().warnings == []


@pytest.mark.parametrize("to", [90_000_000, 3_000_000_000, 60_000])
def test_a_clock_that_jumps_is_told_and_goes_on_without_a_gap(to: int):
    desk = Desk()
    assert turned(desk, both(100_000, to)) == [*STRAIGHT, 110, 120, 150, 160, 190, 200]
    assert desk.places[1].status().warnings == ["clock_jump"]


def test_sound_that_jumps_before_its_picture_keeps_its_distance():
    desk = Desk()
    old, new = both(0, count=4), both(500_000, count=4)
    mixed = [*old[:4], new[5], old[4], new[7], old[6], (VIDEO, 500_160), (AUDIO, 500_170)]
    at = turned(desk, mixed)
    assert at[:4] == [0, 10, 40, 50]
    # The sound's new clock begins 20 ms after the last message; the picture's old one goes on.
    assert at[4:8] == [70, 80, 110, 120]
    assert at[9] - at[8] == 10


def test_a_long_pause_is_no_jump():
    desk = Desk()
    assert turned(desk, [(VIDEO, 0)]) == [0]
    desk.at += 8
    assert turned(desk, [(VIDEO, 8_020)])[-1] == 8_020
    assert desk.places[1].status().warnings.count("clock_jump") == 0


def test_a_reconnect_goes_on_where_the_clock_on_the_wall_is():
    desk = Desk()
    first = turned(desk, both(700_000))
    desk.places[1].gone("lost")
    desk.at += 4
    second = turned(desk, both(0))
    assert second[0] - first[-1] == 4_021
    assert [at - second[0] for at in second] == STRAIGHT


def test_equal_and_slightly_backward_stamps_still_grow():
    desk = Desk()
    assert turned(desk, [(VIDEO, 0), (VIDEO, 0), (VIDEO, 40), (VIDEO, 30)]) == [0, 1, 40, 41]


# Codecs, headers, pictures.


def push_refused(desk: Desk, kind: int, payload: bytes) -> tuple[str, str]:
    place = desk.places[1] if desk.places[1].taken else desk.arrive()
    before = place.feed.messages
    with pytest.raises(Refused) as caught:
        place.push(kind, 0, payload)
    assert place.feed.messages == before
    return caught.value.code, caught.value.detail


def test_other_codecs_are_refused_by_name():
    desk = Desk()
    assert push_refused(desk, VIDEO, b"\x1c\0\0\0\0\1") == ("codec", "HEVC")
    assert push_refused(desk, VIDEO, b"\x90hvc1") == ("codec", "HEVC")
    assert push_refused(desk, VIDEO, b"\x90av01") == ("codec", "AV1")
    assert push_refused(desk, VIDEO, b"\x12\0\0\0\0\0") == ("codec", "H.263")
    assert push_refused(desk, AUDIO, b"\x2f\0\0\0") == ("codec", "MP3")
    assert push_refused(desk, AUDIO, b"\x90Opus") == ("codec", "Enhanced RTMP")
    assert push_refused(desk, AUDIO, b"\xaf\0\x0a\x10") == ("codec", "AAC object type 1")


@pytest.mark.parametrize(("form", "profile"), [("yuv444p", 244), ("yuv420p10le", 110)])
def test_pictures_that_browsers_cannot_show_are_refused(form: str, profile: int):
    header = avc_header(*parameter_sets(form=form))
    assert push_refused(Desk(), VIDEO, header) == (
        "codec", f"H.264 profile {profile}, not 8-bit 4:2:0",
    )  # fmt: skip


@pytest.mark.parametrize(
    "header", [b"\x17\0\0\0\0\1", b"\x17\0\0\0\0\1\x42\xc0\x0d\xff\xe1\xff\xff"]
)
def test_a_header_that_cannot_be_read_is_refused(header: bytes):
    assert push_refused(Desk(), VIDEO, header)[0] == "codec"


def test_a_change_of_size_keeps_the_feed_and_is_told():
    desk = Desk()
    place = desk.arrive()
    feed = place.feed
    desk.play(place, stream())
    desk.play(place, stream(1, 640, 360), shift=2_040)
    status = place.status()
    assert (status.width, status.height, status.warnings) == (640, 360, ["size_changed"])
    assert place.feed is feed
    assert feed.headers[VIDEO].payload == stream(1, 640, 360)[0].payload


def test_headers_that_change_nothing_are_not_passed_on():
    desk = Desk()
    desk.play(desk.arrive(), stream())
    desk.places[1].gone("lost")
    heard: list[Message] = []
    desk.places[1].feed.listen(heard.append, catch_up=False)
    desk.play(desk.arrive(), stream())
    assert not any(each.is_header for each in heard)
    assert len(heard) == len(stream()) - 2


def test_after_a_reconnect_pictures_wait_for_a_header_and_a_key_frame():
    desk = Desk()
    desk.play(desk.arrive(), stream())
    desk.places[1].gone("lost")
    heard: list[Message] = []
    desk.places[1].feed.listen(heard.append, catch_up=False)
    place = desk.arrive()
    pictures = [each for each in stream() if each.kind == VIDEO]
    header, key, delta = pictures[0], pictures[1], pictures[2]
    for at, each in enumerate([key, header, delta, key, delta]):
        place.push(VIDEO, at * 40, each.payload)
    assert [each.payload for each in heard] == [key.payload, delta.payload]


def test_what_is_neither_picture_nor_sound_or_too_short_is_left_out():
    desk = Desk()
    place = desk.arrive()
    for kind, payload in (
        (18, b"\2\0\nonMetaData"), (VIDEO, b""), (AUDIO, b""), (VIDEO, b"\x17\2\0\0\0"),
        (VIDEO, b"\x17\1\0"), (AUDIO, b"\xaf\1"), (AUDIO, b"\xaf\1\x21\x22"),
    ):  # fmt: skip
        place.push(kind, 0, payload)
    assert place.feed.messages == 0
    assert place.state == "connecting"
