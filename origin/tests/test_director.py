"""The programme: what viewers get while cameras come, go and are cut."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from origin.bus import AUDIO, VIDEO, Feed, Message
from origin.director import LOST_AFTER, SEAMLESS, NotLive, UnknownCamera
from origin.slate import Slate
from origin.tests.stage import (
    SLATE_BODY,
    Camera,
    Stage,
    picture,
    picture_header,
    random_stage,
    shown,
    slate_clip,
    sound_header,
)


def _camera(message: Message) -> int:
    return message.payload[5 if message.kind == VIDEO else 2]


def _check_order(stage: Stage) -> None:
    """Times grow, a run begins with its headers and a key frame, nobody else is between."""
    last = {AUDIO: -1, VIDEO: -1}
    headers: dict[int, bytes] = {}
    on = None
    for _when, message in stage.out:
        if message.is_header:
            assert headers.get(message.kind) != message.payload
            headers[message.kind] = message.payload
            continue
        assert message.at > last[message.kind]
        last[message.kind] = message.at
        camera = _camera(message)
        if message.kind == VIDEO:
            if camera != on:
                assert message.is_key
            on = camera
            assert headers[VIDEO] == picture_header(camera)
        else:
            assert camera in (on, SLATE_BODY)
            assert headers[AUDIO] == sound_header(camera)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=80, deadline=None)
def test_any_play_of_six_cameras_makes_a_programme_in_order(seed: int) -> None:
    stage = random_stage(seed).play()
    _check_order(stage)
    runs = stage.runs()
    numbers = [0 if camera == SLATE_BODY else camera for camera, _pictures in runs]
    assert [cut.source for cut in stage.director.cut_log] == numbers == stage.changes
    until = 0
    for (old, before), (_new, after) in itertools.pairwise(runs):
        until = max(until, *(shown(one) for _when, one in before))
        if after[0][0] - before[-1][0] <= SEAMLESS and after[0][1].at > before[-1][1].at + 1:
            # Of a camera with one picture nobody knows how long a picture is.
            frame = 100 if old == SLATE_BODY else stage.cameras[old].frame
            assert 0 < shown(after[0][1]) - until <= (frame if len(before) > 1 else 40 + frame)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_the_programme_is_never_without_a_picture_for_long(seed: int) -> None:
    stage = random_stage(seed).play()
    times = [when for when, message in stage.out if message.kind == VIDEO]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert all(gap <= LOST_AFTER + 1.0 + 0.1 for gap in gaps)


def test_the_first_camera_that_gives_a_picture_is_on() -> None:
    stage = Stage(Camera(1, starts=0.5), Camera(2, starts=0.2), seconds=2).play()
    assert stage.director.source == stage.director.wanted == 2
    assert {camera for camera, _pictures in stage.runs()} == {2}
    assert [one.is_header for _when, one in stage.out[:3]] == [True, True, False]
    assert stage.out[2][1].at == 0


def test_a_cut_waits_for_the_next_key_frame_and_times_go_on() -> None:
    stage = Stage(Camera(1), Camera(2, starts=0.01, clock=70_000), seconds=4)
    stage.cut(1.5, 2)
    stage.play()
    (one, before), (two, after) = stage.runs()
    assert (one, two) == (1, 2)
    assert after[0][0] == pytest.approx(2.01)
    assert after[0][1].at - before[-1][1].at == 10  # as the wall's clock says
    assert stage.director.cut_log[-1][:3] == (2, after[0][1].at, 510)
    assert not stage.director.cut_log[-1].automatic
    _check_order(stage)


def test_sound_leaves_no_hole_and_no_overlap_at_a_cut() -> None:
    """One camera says its sound 150 ms late, the other at once."""
    stage = Stage(Camera(1, sound_late=150), Camera(2, sound_late=0), Camera(3, sound_late=150))
    stage.cut(2.5, 2)
    stage.cut(5.5, 3)
    stage.play()
    said = [one.at for _when, one in stage.out if one.kind == AUDIO and not one.is_header]
    gaps = [after - before for before, after in itertools.pairwise(said)]
    assert max(gaps) <= 2 * 21
    assert min(gaps) > 0
    _check_order(stage)


def test_same_headers_are_not_said_again() -> None:
    stage = Stage(Camera(1), Camera(1, starts=0.3, clock=5), seconds=3)
    twin = Feed("s/2")
    twin.headers = stage.feeds[1].headers
    stage.director.attach(2, twin)
    stage.at(1.0, twin.push, Message(VIDEO, 9, b"\x17\x01\0\0\0\x01\0\0\0\0"))
    stage.at(0.9, twin.push, Message(VIDEO, 5, b"\x27\x01\0\0\0\x01\0\0\0\0"))
    stage.cut(0.95, 2)
    stage.play()
    assert stage.director.source == 2
    assert len([one for _when, one in stage.out if one.is_header]) == 2


def test_a_lost_camera_gives_way_to_the_preferred_and_comes_back() -> None:
    stage = Stage(
        Camera(1, lost=[(3.0, 7.03)]), Camera(2), Camera(3), seconds=10, preference=(3, 2)
    ).play()
    assert [camera for camera, _pictures in stage.runs()] == [1, 3, 1]
    first, away, back = (pictures for _camera, pictures in stage.runs())
    assert away[0][0] == 5.0  # the first key frame 1.5 s after the last picture of 2.96 s
    assert away[0][1].at == 5_000  # the wall's clock: a hole, not a lag
    assert back[0][0] == pytest.approx(7.04)
    assert stage.director.cut_log[1].automatic
    assert stage.director.cut_log[1].ms == round((5.0 - first[-1][0]) * 1000)
    _check_order(stage)


def test_silence_of_a_camera_counts_even_if_nobody_says_that_it_is_gone() -> None:
    stage = Stage(Camera(1, lost=[(3.0, 9.0)], tells=False), Camera(2), seconds=6).play()
    assert [camera for camera, _pictures in stage.runs()] == [1, 2]


def test_the_slate_comes_when_no_camera_lives_and_goes_when_one_does() -> None:
    stage = Stage(Camera(1, lost=[(2.0, 5.5)]), seconds=8).play()
    (_a, first), (slate, held), (_b, back) = stage.runs()
    assert slate == SLATE_BODY
    assert held[0][0] == pytest.approx(first[-1][0] + LOST_AFTER, abs=0.051)
    assert back[0][0] == pytest.approx(5.52, abs=0.041)
    assert stage.changes == [1, 0, 1]
    _check_order(stage)


def test_a_camera_that_is_back_before_anybody_took_over_goes_on() -> None:
    stage = Stage(Camera(1, lost=[(2.0, 3.0)]), Camera(2), seconds=5).play()
    assert [camera for camera, _pictures in stage.runs()] == [1]
    times = [one.at for _when, one in stage.runs()[0][1]]
    assert [b - a for a, b in itertools.pairwise(times) if b - a != 40] == [1040]
    keys = [one.at for when, one in stage.runs()[0][1] if one.is_key and when >= 2]
    assert keys[0] == 3_000


def test_an_ended_camera_gives_way_without_waiting() -> None:
    stage = Stage(Camera(1, lost=[(3.0, 9.0)], tells=False), Camera(2), seconds=6)
    stage.at(3.0, stage.director.camera_state, 1, "ended")
    stage.play()
    assert [(camera, pictures[0][0]) for camera, pictures in stage.runs()] == [(1, 0.0), (2, 4.0)]


def test_the_slate_may_be_wanted_and_stays() -> None:
    stage = Stage(Camera(1), Camera(2), seconds=6)
    stage.cut(2.013, 0)
    stage.cut(4.5, 1)
    stage.play()
    (_a, _first), (slate, held), (_b, back) = stage.runs()
    assert (slate, held[0][0], back[0][0]) == (SLATE_BODY, 2.013, 5.0)
    assert [cut.ms for cut in stage.director.cut_log] == [0, 0, 500]
    _check_order(stage)


def test_a_cut_to_a_dead_or_unknown_camera_is_refused_and_changes_nothing() -> None:
    stage = Stage(Camera(1), Camera(2, lost=[(1.0, 99.0)]), seconds=4)
    refused: list[int] = []

    def ask(camera: int, error: type[Exception]) -> None:
        with pytest.raises(error):
            stage.director.cut(camera)
        refused.append(camera)

    stage.at(3.0, ask, 2, NotLive)
    stage.at(3.1, ask, 5, UnknownCamera)
    stage.play()
    assert refused == [2, 5]
    assert (stage.director.source, stage.director.wanted, stage.changes) == (1, 1, [1])


def test_a_later_order_replaces_an_earlier_one() -> None:
    stage = Stage(Camera(1), Camera(2, gop=500), Camera(3), seconds=5)
    stage.cut(1.1, 2)
    stage.cut(2.5, 3)
    stage.play()
    assert [camera for camera, _pictures in stage.runs()] == [1, 3]


def test_a_camera_without_sound_gets_silence_and_loses_it_with_a_key_frame() -> None:
    stage = Stage(Camera(1), Camera(2, sound_every=0), seconds=8)
    stage.cut(2.5, 2)
    stage.cut(5.5, 1)
    stage.play()
    sounds = [one for _when, one in stage.out if one.kind == AUDIO and not one.is_header]
    assert [_camera(one) for one in sounds if 3_020 <= one.at < 5_980] == [SLATE_BODY] * 139
    gaps = [after.at - before.at for before, after in itertools.pairwise(sounds)]
    assert max(gaps) <= 42
    _check_order(stage)


def test_after_a_restart_the_wanted_camera_is_waited_for() -> None:
    stage = Stage(Camera(1), Camera(2, starts=0.8), seconds=4, wanted=2).play()
    assert [camera for camera, _pictures in stage.runs()] == [2]
    stage = Stage(Camera(1), Camera(2, starts=3.5), seconds=5, wanted=2).play()
    assert [camera for camera, _pictures in stage.runs()] == [1, 2]


def test_a_clock_that_goes_back_begins_anew_at_its_key_frame() -> None:
    stage = Stage(Camera(1), seconds=2)
    feed = stage.feeds[1]
    for index in range(50):
        body = bytes([0x17 if index == 20 else 0x27, 1, 0, 0, 0, 1, 0, 0, 1, index])
        stage.at(
            2 + index / 25, lambda at=index * 40, body=body: feed.push(Message(VIDEO, at, body))
        )
    stage.play()
    pictures = stage.runs()[0][1]
    assert next((when, one.at) for when, one in pictures if one.payload[8]) == (2.8, 2800)
    _check_order(stage)


def test_a_closed_director_says_nothing_more() -> None:
    stage = Stage(Camera(1), seconds=3)
    stage.at(1.0, stage.director.close)
    stage.play()
    assert max(when for when, _message in stage.out) <= 1.0


def test_pictures_that_need_a_lost_one_are_not_shown() -> None:
    """The publisher came back in the middle of a group of pictures."""
    stage = Stage(Camera(1, gop=500), seconds=3)
    stage.at(1.01, stage.director.camera_state, 1, "gone")
    stage.at(2.01, stage.feeds[1].push, Message(VIDEO, 2010, picture(1, 99, key=True)))
    stage.play()
    times = [one.at for _when, one in stage.runs()[0][1]]
    assert times[25:28] == [1000, 2010, 2040]


def test_a_camera_that_leaves_the_session_on_air_gives_way() -> None:
    stage = Stage(Camera(1), Camera(2), seconds=5)
    stage.at(2.01, stage.director.detach, 1)
    stage.play()
    assert [(camera, pictures[0][0]) for camera, pictures in stage.runs()] == [(1, 0.0), (2, 3.0)]
    assert stage.director.wanted == 2
    _check_order(stage)


def test_a_camera_with_another_feed_goes_on_from_its_key_frame() -> None:
    stage = Stage(Camera(1), seconds=3)
    other = Feed("s/1")
    stage.at(2.01, stage.director.attach, 1, other)
    stage.at(2.1, other.push, Message(VIDEO, 7, picture_header(9)))
    stage.at(2.2, other.push, Message(VIDEO, 40, picture(9, 0, key=False)))
    stage.at(2.3, other.push, Message(VIDEO, 80, picture(9, 1, key=True)))
    stage.play()
    (_one, _before), (nine, after) = stage.runs()
    assert (nine, [(when, one.at) for when, one in after]) == (9, [(2.3, 2300)])
    assert stage.changes == [1]


def test_another_slate_is_shown_at_once_while_the_old_one_is_on() -> None:
    stage = Stage(Camera(1, lost=[(1.0, 99.0)]), seconds=6)
    stage.at(4.03, lambda: stage.director.dress(Slate("s", slate_clip(201))))
    stage.play()
    assert [camera for camera, _pictures in stage.runs()] == [1, SLATE_BODY, 201]
    assert stage.runs()[2][1][0][0] == 4.03
    assert stage.changes == [1, 0]
    assert stage.director.cut_log[-1].source == 0
    assert stage.programme.headers[VIDEO].payload == picture_header(201)
