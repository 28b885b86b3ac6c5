"""The demo's streams: what is drawn, that it goes round, what it costs."""

import asyncio
import io
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
import pyvips

from origin.bus import AUDIO, VIDEO
from origin.films import SOUND_RATE, Shape, film
from origin.loops import Loop, parse
from origin.synthetic import SCENES, WALK, scene, scenes, sounds
from origin.synthetic import Loop as Again
from origin.synthetic.scenes import NotDrawn, Scene


def _difference(one: bytes, two: bytes, shape: Shape) -> float:
    first, second = (
        pyvips.Image.new_from_memory(picture, shape.width, shape.height, 3, "uchar")
        for picture in (one, two)
    )
    return float((first - second).abs().avg())


@pytest.mark.parametrize("name", [one.name for one in SCENES])
def test_pictures_move_a_little_and_differ_in_time(name: str) -> None:
    found = scene(name)
    pictures = []
    for index, picture in enumerate(found.pictures()):
        if index in (0, 1, 60):
            pictures.append(bytes(picture))
        if index == 60:
            break
    assert [len(one) for one in pictures] == [found.shape.width * found.shape.height * 3] * 3
    step, later = (_difference(pictures[0], one, found.shape) for one in pictures[1:])
    assert 0 < step < 4
    assert later > step


def test_a_scene_that_is_not_there() -> None:
    with pytest.raises(LookupError):
        scene("opera")
    assert [scene(name).name for name in WALK] == ["street-1", "street-2", "street-3"]
    assert Again is Loop


@pytest.mark.parametrize("make", [sounds.tide, sounds.lantern, sounds.street])
def test_sounds_are_soft_and_go_round_without_a_click(make: object) -> None:
    shape = scene("street-1").shape
    left, right = make(shape)  # type: ignore[operator]
    assert len(left) == len(right) == 24 * SOUND_RATE
    assert max(map(abs, (*left, *right))) == pytest.approx(0.6, abs=0.001)
    assert left != right
    assert abs(left[0] - left[-1]) < 0.1


def test_the_street_beats_every_second() -> None:
    left, _right = sounds.street(scene("street-1").shape)
    beats = [max(map(abs, left[at * SOUND_RATE : at * SOUND_RATE + 960])) for at in range(1, 12)]
    before = [max(map(abs, left[at * SOUND_RATE - 960 : at * SOUND_RATE])) for at in range(1, 12)]
    assert all(after > quiet for after, quiet in zip(beats, before, strict=True))


def _grey() -> Iterator[bytes]:
    for index in range(8):
        yield bytes([index * 30]) * (64 * 48 * 3)


TINY = Shape(64, 48, fps=1, frames=8, kbps=50)


def test_files_are_made_once_by_a_child_that_waits_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenes, "SCENES", (Scene("grey", TINY, _grey, sounds.tide),))
    assert scenes.__dict__["SCENES"][0].ready(tmp_path) is False
    scenes.SCENES[0].make(tmp_path)
    (file,) = tmp_path.iterdir()
    kept = file.stat().st_mtime_ns
    asyncio.run(scenes.prepare(tmp_path))
    assert file.stat().st_mtime_ns == kept
    assert len(scenes.SCENES[0].clip(tmp_path).messages) == 8 + 375


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(NotDrawn, match="Error"):
        asyncio.run(scenes.prepare(tmp_path / "file"))


def test_called_wrongly_it_says_how() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "origin.synthetic"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "FOLDER" in ran.stderr


def test_rounds_repeat_pictures_and_sound_is_what_was_given() -> None:
    shape = TINY._replace(fps=2, rounds=2)
    content = film(shape, _grey(), sounds.tide(shape))
    clip = parse(content, shape.length)
    pictures = [one.payload for one in clip.messages if one.kind == VIDEO]
    assert pictures[:8] == pictures[8:]
    with av.open(io.BytesIO(content)) as opened:
        heard = sum(frame.samples for frame in opened.decode(audio=0))
    assert heard == 8 * SOUND_RATE


def test_five_streams_cost_little() -> None:
    """A minute of five loops, twenty ticks a second: well below a tenth of a core."""
    clip = parse(film(TINY, _grey(), sounds.tide(TINY)), TINY.length)
    heard: list[int] = []
    loops = [Loop(clip, lambda kind, at, _body: heard.append(at * 16 + kind)) for _ in range(5)]
    for loop in loops:
        loop.start(0)
    began = time.process_time()
    for tick in range(1, 1201):
        for loop in loops:
            loop.tick(tick / 20)
    assert time.process_time() - began < 60 * 0.05
    # On one clock: each moment came five times.
    pictures = [at // 16 for at in heard if at % 16 == VIDEO]
    assert pictures == [0] * 10 + [at for at in range(1000, 60_001, 1000) for _loop in range(5)]
    assert sum(at % 16 == AUDIO for at in heard) == 5 * 2814
