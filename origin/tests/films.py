"""Streams for tests: made by PyAV's own encoders, as messages of a feed."""

import functools
import io
from collections.abc import Iterator
from typing import Any

import av

from origin.bus import Message


@functools.cache
def messages(
    seconds: float = 4.0,
    *,
    fps: int = 25,
    group: int = 25,
    size: tuple[int, int] = (320, 180),
    audio: bool = True,
    rate: int = 48_000,
    layout: str = "stereo",
    bframes: int = 0,
) -> tuple[Message, ...]:
    """`seconds` of H.264 (and AAC) with a key frame every `group` pictures."""
    file = io.BytesIO()
    with av.open(file, "w", format="flv") as out:
        video: Any = out.add_stream("libx264", rate=fps)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        video.options = {
            "preset": "ultrafast",
            "g": str(group),
            "keyint_min": str(group),
            "sc_threshold": "0",
            "bf": str(bframes),
            "threads": "1",
        }
        sound: Any = out.add_stream("aac", rate=rate) if audio else None
        if audio:
            sound.layout = layout
        _encode(out, video, sound, int(seconds * fps), fps)
    return tuple(sorted(_tags(file.getvalue()), key=lambda each: (each.at, not each.is_header)))


def _encode(out: Any, video: Any, sound: Any, pictures: int, fps: int) -> None:
    sent = 0
    for number in range(pictures):
        frame = av.VideoFrame(video.width, video.height, "yuv420p")
        for plane, level in zip(frame.planes, (16 + number * 3 % 200, 90, 160), strict=True):
            plane.update(bytes([level]) * plane.buffer_size)
        frame.pts = number
        out.mux(video.encode(frame))
        while sound is not None and sent / sound.rate < (number + 1) / fps:
            out.mux(sound.encode(_quiet(sound, sent)))
            sent += 1024
    out.mux(video.encode())
    if sound is not None:
        out.mux(sound.encode())


def _quiet(sound: Any, at: int) -> Any:
    frame = av.AudioFrame(format="fltp", layout=sound.layout.name, samples=1024)
    frame.sample_rate, frame.pts = sound.rate, at
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    return frame


def _tags(content: bytes) -> Iterator[Message]:
    place = 13
    while place < len(content):
        kind, size = content[place], int.from_bytes(content[place + 1 : place + 4], "big")
        at = int.from_bytes(content[place + 4 : place + 7], "big") | content[place + 7] << 24
        body = content[place + 11 : place + 11 + size]
        if kind in (8, 9) and body[1] < 2:  # no end of sequence: films follow each other
            yield Message(kind, at, body)
        place += size + 15
