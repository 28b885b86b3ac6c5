"""A real decoder plays what the director makes of real streams."""

import io
from itertools import pairwise

import av

from origin.bus import AUDIO, VIDEO, Feed, Message
from origin.director import Director
from origin.films import Shape, film, silence
from origin.loops import Clip, Loop, parse
from origin.restream.child import beginning, tag
from origin.slate import Slate


def _clip(width: int, height: int, grey: int, fps: int = 20) -> Clip:
    shape = Shape(width, height, fps=fps, frames=8 * fps, kbps=60)
    pictures = (bytes([grey + index % 20]) * (width * height * 3) for index in range(8 * fps))
    return parse(film(shape, pictures, silence(shape)), shape.length)


def _programme() -> tuple[bytes, list[Message]]:
    """Ten seconds: camera 1, from 2.5 s camera 2, which is lost at 5 s; the slate; camera 2."""
    now = 0.0
    clips = {1: _clip(96, 64, 30), 2: _clip(64, 96, 120, fps=25)}
    feeds = {number: Feed(f"s/{number}") for number in clips}
    programme, said = Feed("s/programme"), []
    programme.listen(said.append)
    director = Director(
        "s", programme, feeds, Slate("s", _clip(128, 64, 200)), lambda: now, lambda _source: None
    )
    loops = {
        number: Loop(clip, lambda *one, to=feeds[number]: to.push(Message(*one)))
        for number, clip in clips.items()
    }
    loops[1].start(0.0)
    loops[2].start(0.0)
    for step in range(1, 500):
        now = step / 50
        if now == 2.5:
            director.cut(2)
        if now == 5.0:
            loops[1].stop()
            loops[2].stop()
        if now == 8.0:
            loops[2].start(now)
        for loop in loops.values():
            loop.tick(now)
        director.tick()
    assert [cut.source for cut in director.cut_log] == [1, 2, 0, 2]
    director.close()
    return beginning(sound=True) + b"".join(map(tag, said)), said


def test_a_decoder_plays_across_sizes_losses_and_the_slate() -> None:
    content, said = _programme()
    with av.open(io.BytesIO(content)) as opened:
        frames = [(frame.width, frame.height) for frame in opened.decode(video=0)]
    with av.open(io.BytesIO(content)) as opened:
        sound = sum(frame.samples for frame in opened.decode(audio=0))
    pictures = [one for one in said if one.kind == VIDEO and not one.is_header]
    assert len(frames) == len(pictures)
    sizes = [frames[0], *(after for before, after in pairwise(frames) if before != after)]
    assert sizes == [(96, 64), (64, 96), (128, 64), (64, 96)]
    sounds = [one.at for one in said if one.kind == AUDIO and not one.is_header]
    assert sound == len(sounds) * 1024
    gaps = [(before, after) for before, after in pairwise(sounds) if after - before > 64]
    # The only hole is the camera's loss, until the slate took over.
    assert len(gaps) == 1
    assert 4_900 < gaps[0][0] < 5_000
    assert gaps[0][1] - gaps[0][0] < 1_700
