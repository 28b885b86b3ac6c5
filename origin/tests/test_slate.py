"""Films, loops and the slate, with the real encoder."""

import io
import time
from pathlib import Path

import av
import pytest

from origin import slate
from origin.bus import AUDIO, VIDEO, Message
from origin.films import Shape, film, silence
from origin.loops import MOST_BEHIND, BadClip, Clip, Loop, parse
from origin.slate import Slate
from origin.tests.stage import slate_clip

SMALL = Shape(width=66, height=50, fps=5, frames=20, rounds=2, kbps=50)


@pytest.fixture(scope="module")
def content() -> bytes:
    """Eight seconds of squares that get brighter, twice four."""
    pictures = (bytes([index * 12]) * (66 * 50 * 3) for index in range(20))
    return film(SMALL, pictures, silence(SMALL))


def test_a_film_has_a_key_frame_a_second_and_sound_to_the_end(content: bytes) -> None:
    clip = parse(content, SMALL.length)
    assert [one.at for one in clip.messages if one.is_key] == list(range(0, 8000, 1000))
    assert sum(one.kind == VIDEO for one in clip.messages) == 40
    assert sum(one.kind == AUDIO for one in clip.messages) == 375
    assert clip.messages[0].is_key
    assert [header.kind for header in clip.headers] == [VIDEO, AUDIO]


def test_a_film_shows_what_was_drawn(content: bytes) -> None:
    with av.open(io.BytesIO(content)) as opened:
        frames = [frame.to_rgb() for frame in opened.decode(video=0)]
    assert (frames[0].width, frames[0].height) == (66, 50)
    middle = [bytes(frame.planes[0])[25 * frame.planes[0].line_size + 99] for frame in frames]
    assert len(middle) == 40
    assert all(abs(seen - index % 20 * 12) <= 4 for index, seen in enumerate(middle))


def test_a_sound_that_does_not_fit_is_refused() -> None:
    odd = Shape(width=66, height=50, fps=5, frames=21)
    with pytest.raises(ValueError, match="in frames of 1024"):
        film(odd, [], silence(odd))


def test_what_is_no_film_is_refused(content: bytes) -> None:
    for bad in (b"", b"GIF89a", content[:13], content[:2000], content[:13] + content[400:]):
        with pytest.raises(BadClip):
            parse(bad, 8000)


def _loop(clip: Clip) -> tuple[Loop, list[tuple[int, int, bytes]]]:
    told: list[tuple[int, int, bytes]] = []
    return Loop(clip, lambda *one: told.append(one)), told


def test_a_loop_tells_in_real_time_and_goes_round() -> None:
    loop, told = _loop(slate_clip())
    loop.start(100.0)
    assert [one[1] for one in told] == [0, 0, 0, 0]  # two headers, a key frame, its sound
    for tick in range(1, 61):
        loop.tick(100 + tick * 0.05)
    pictures = [at for kind, at, body in told if kind == VIDEO and body[1]]
    assert pictures == list(range(0, 3001, 100))
    assert len([one for one in told if one[0] == AUDIO and one[2][1]]) == 151


def test_a_loop_begins_with_a_key_frame_each_time_and_never_goes_back() -> None:
    loop, told = _loop(slate_clip())
    loop.start(0)
    loop.tick(0.55)
    loop.stop()
    loop.tick(9)
    before = len(told)
    loop.start(10)
    assert Message(*told[before]).is_header
    assert Message(*told[before + 2]).is_key
    assert told[before + 2][1] == told[before - 1][1] + 1


def test_a_loop_that_was_forgotten_skips() -> None:
    loop, told = _loop(slate_clip())
    loop.start(0)
    loop.tick(0.1)
    before = len(told)
    loop.tick(0.1 + MOST_BEHIND / 1000 + 10)
    assert len(told) - before == 4
    assert told[-1][1] == 12_100
    loop.tick(12.3)
    assert told[-1][1] == 12_300


def test_a_card_is_drawn_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slate, "SHAPE", Shape(960, 540, fps=1, frames=8, kbps=300))
    first = slate.clip("青瓷 & <夜话>", tmp_path)
    (file,) = tmp_path.iterdir()
    kept = file.stat().st_mtime_ns
    assert slate.clip("  青瓷 &\n<夜话> ", tmp_path) == first
    assert file.stat().st_mtime_ns == kept
    assert [one.is_key for one in first.messages if one.kind == VIDEO] == [True] * 8
    slate.clip("另一场", tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_spoilt_card_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slate, "SHAPE", Shape(960, 540, fps=1, frames=8, kbps=300))
    first = slate.clip("", tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:900])
    assert slate.clip("", tmp_path) == first


@pytest.mark.parametrize("title", ["短", "长" * 300, "A & B <c>", "海市 Haishi — 首发"])
def test_every_title_fits_the_card(title: str) -> None:
    words = slate._words(title[: slate.MOST_TITLE], 44, 816, 150)
    assert words is not None
    assert words.width <= 816
    assert words.height <= 150


def test_the_slate_costs_little() -> None:
    """A minute of the slate at twenty ticks a second."""
    card = Slate("s", slate_clip())
    card.start(0)
    began = time.process_time()
    for tick in range(1, 1201):
        card.tick(tick / 20)
    assert time.process_time() - began < 60 * 0.01
    assert card.feed.messages == 2 + 601 + 3001
