"""Pictures and sound drawn by the program, made into an FLV file that a `Loop` can play for ever.

PyAV with libx264 and FFmpeg's AAC encoder, in one go, slowly: not for the event loop's thread.
"""

import array
import io
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

import av
import av.video.plane

SOUND_RATE, SAMPLES = 48_000, 1_024
# AAC frames that the encoder is given to settle.
LEAD = 8
Told = tuple[Fraction, "av.Packet[Any]"]
Sound = tuple["array.array[float]", "array.array[float]"]


class Shape(NamedTuple):
    """`frames` pictures of width x height at `fps`, one group of pictures a second.

    `rounds`: how often the pictures come in one file. Its length must be a whole number of AAC
    frames, so 8 seconds at 48 kHz, or 12 seconds twice.
    """

    width: int
    height: int
    fps: int
    frames: int
    rounds: int = 1
    kbps: int = 800

    @property
    def length(self) -> int:
        """Of the file, ms."""
        return self.frames * self.rounds * 1000 // self.fps

    @property
    def samples(self) -> int:
        """Of the sound, per channel."""
        return self.frames * self.rounds * SOUND_RATE // self.fps


def silence(shape: Shape) -> Sound:
    """Nothing to hear."""
    nothing = array.array("f", bytes(4 * shape.samples))
    return nothing, nothing


def film(shape: Shape, pictures: Iterable[bytes], sound: Sound) -> bytes:
    """FLV of `shape`: `pictures` are RGB, 3 bytes a pixel; `sound` left and right, -1 to 1.

    Raises ValueError when the sound is not a whole number of AAC frames.
    """
    if len(sound[0]) != shape.samples or shape.samples % SAMPLES:
        raise ValueError(f"{len(sound[0])} samples, {shape.samples} in frames of {SAMPLES} wanted")
    file = io.BytesIO()
    with av.open(file, "w", format="flv", options={"flvflags": "no_duration_filesize"}) as out:
        video = out.add_stream("libx264", rate=shape.fps)
        video.width, video.height, video.pix_fmt = shape.width, shape.height, "yuv420p"
        video.bit_rate, video.gop_size = shape.kbps * 1000, shape.fps
        video.codec_context.max_b_frames, video.codec_context.thread_count = 0, 1
        video.options = {
            "preset": "superfast", "profile": "high", "tune": "animation", "bf": "0",
            "maxrate": f"{shape.kbps * 3 // 2}k", "bufsize": f"{shape.kbps * 2}k",
            "x264-params": f"keyint={shape.fps}:min-keyint={shape.fps}:scenecut=0",
        }  # fmt: skip
        audio = out.add_stream("aac", rate=SOUND_RATE, layout="stereo")
        audio.bit_rate = 96_000
        drawn = _pictures(video, shape, pictures)
        said = _sound(audio, shape, sound)
        for _seconds, packet in sorted(drawn + said, key=lambda one: one[0]):
            out.mux(packet)
    return file.getvalue()


def _pictures(video: av.VideoStream, shape: Shape, pictures: Iterable[bytes]) -> list[Told]:
    """Encoded once, then told again for each round with later times."""
    packets: list[av.Packet[Any]] = []
    tick = Fraction(1, shape.fps)
    for index, picture in enumerate(pictures):
        frame = av.VideoFrame(shape.width, shape.height, "rgb24")
        _fill(frame.planes[0], picture, shape.width * 3)
        frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709")
        frame.pts, frame.time_base = index, tick
        packets += video.encode(frame)
    packets += video.encode(None)
    told: list[Told] = []
    for packet in packets:
        number = round((packet.pts or 0) * packet.time_base * shape.fps)
        for turn in range(shape.rounds):
            again = av.Packet(bytes(packet))
            again.stream, again.time_base = video, tick
            again.pts = again.dts = number + turn * shape.frames
            again.is_keyframe = packet.is_keyframe
            told.append((again.pts * tick, again))
    return told


def _fill(plane: av.video.plane.VideoPlane, rows: bytes, width: int) -> None:
    """Rows of `width` bytes into a plane whose rows are padded."""
    if plane.line_size == width:
        plane.update(rows)
        return
    pad = bytes(plane.line_size - width)
    count = len(rows) // width
    plane.update(b"".join(rows[i * width : (i + 1) * width] + pad for i in range(count)))


def _sound(audio: av.AudioStream, shape: Shape, sound: Sound) -> list[Told]:
    """One round with the end before it and the beginning after it, so that the last frame leads
    into the first."""
    left, right = (channel.tobytes() for channel in sound)
    tick, size = Fraction(1, SOUND_RATE), 4 * SAMPLES
    packets: list[av.Packet[Any]] = []
    before, after = shape.samples - LEAD * SAMPLES, 2 * shape.samples + 2 * SAMPLES
    for begin in range(before * 4, after * 4, size):
        frame = av.AudioFrame("fltp", "stereo", SAMPLES)
        for plane, channel in zip(frame.planes, (left, right), strict=True):
            place = begin % len(channel)
            plane.update(channel[place : place + size])
        frame.sample_rate, frame.time_base, frame.pts = SOUND_RATE, tick, begin // 4
        packets += audio.encode(frame)
    packets += audio.encode(None)
    told: list[Told] = []
    for packet in packets:
        pts = round((packet.pts or 0) * packet.time_base * SOUND_RATE) - shape.samples
        if 0 <= pts < shape.samples:
            packet.pts = packet.dts = pts
            packet.time_base, packet.stream = tick, audio
            told.append((pts * tick, packet))
    return told
