"""Videos: probed, copied without re-encoding into a clean container, with a poster.

Copying the packets drops what a camera adds beside them (place, serial number, data tracks) and
puts the index first, so that playing starts at once and seeking works by byte range.
"""

from pathlib import Path
from typing import Any

import av
import pyvips

from haishi.media.workbench import pictures
from haishi.media.workbench.refusal import Refusal

PICTURE_CODECS = {"mp4": {"h264", "av1", "vp9"}, "webm": {"vp8", "vp9", "av1"}}
SOUND_CODECS = {"mp4": {"aac", "mp3", "opus"}, "webm": {"opus", "vorbis"}}
DEMUXERS = {"mp4": "mov", "webm": "matroska"}
MAX_MINUTES = 180
MAX_SIDE = 4096
POSTER_SECOND = 1.0


def examine(source: Path, folder: Path, extension: str) -> dict[str, Any]:
    """Facts, poster sizes and `video.mp4` or `video.webm`.

    Raises Refusal: damaged, no_picture, codec, long, frame.
    """
    try:
        facts = _probe(source, extension)
        poster = _poster(source, extension, facts["duration_ms"] / 1000)
        _copy(source, folder / f"video.{extension}", extension)
    except av.FFmpegError:
        raise Refusal("damaged") from None
    files = pictures.write(poster, folder, ("jpg", "webp"))
    facts |= {"width": poster.width, "height": poster.height, "color": pictures.mean_color(poster)}
    main = {"name": f"video.{extension}", "format": extension, "width": None, "height": None}
    return {"facts": facts, "files": [*files, main]}


def _open(source: Path, extension: str) -> Any:
    """Only the demuxer that the first bytes promised, and only this file."""
    return av.open(str(source), format=DEMUXERS[extension], options={"protocol_whitelist": "file"})


def _probe(source: Path, extension: str) -> dict[str, Any]:
    with _open(source, extension) as container:
        if not container.streams.video:
            raise Refusal("no_picture")
        picture = container.streams.video[0]
        _codec(picture, PICTURE_CODECS[extension])
        for sound in container.streams.audio[:1]:
            _codec(sound, SOUND_CODECS[extension])
        if max(picture.width, picture.height) > MAX_SIDE:
            raise Refusal("frame", limit=MAX_SIDE)
        if not container.duration or container.duration < 0:
            raise Refusal("damaged")
        minutes = container.duration / 60e6
        if minutes > MAX_MINUTES:
            raise Refusal("long", given=round(minutes), limit=MAX_MINUTES)
        return {"duration_ms": container.duration // 1000}


def _codec(stream: Any, allowed: set[str]) -> None:
    """Raises Refusal unless browsers play it."""
    context = stream.codec_context
    name = context.codec.canonical_name if context is not None else "?"
    if name not in allowed:
        raise Refusal("codec", codec=name[:20])


def _poster(source: Path, extension: str, seconds: float) -> Any:
    """The frame shown one second in (or half-way through a shorter film), upright."""
    wanted = min(POSTER_SECOND, seconds / 2)
    with _open(source, extension) as container:
        found = None
        for frame in container.decode(container.streams.video[0]):
            found = frame
            if frame.time is not None and frame.time >= wanted:
                break
        if found is None:
            raise Refusal("damaged")
        turn = found.rotation % 360
        rgb = found.reformat(format="rgb24")
        plane = rgb.planes[0]
        row = plane.line_size // 3
        content = bytes(plane)
    image = pyvips.Image.new_from_memory(content, row, rgb.height, 3, "uchar")
    image = image.crop(0, 0, rgb.width, rgb.height).copy(interpretation="srgb")
    if turn:  # degrees counter-clockwise in FFmpeg's matrix, clockwise in libvips
        image = image.rot(f"d{360 - turn}")
    if image.width > pictures.WIDTHS[-1]:
        image = image.thumbnail_image(pictures.WIDTHS[-1], height=MAX_SIDE)
    return image.copy_memory()


def _copy(source: Path, target: Path, extension: str) -> None:
    options = {"movflags": "+faststart"} if extension == "mp4" else {}
    with (
        _open(source, extension) as container,
        av.open(str(target), "w", format=extension, container_options=options) as out,
    ):
        streams = [*container.streams.video[:1], *container.streams.audio[:1]]
        copies = {stream.index: out.add_stream_from_template(stream) for stream in streams}
        for packet in container.demux(streams):
            if packet.dts is None:  # the empty packet that ends a stream
                continue
            packet.stream = copies[packet.stream_index]
            out.mux(packet)
