"""Real streams for tests, made once: H.264 and AAC as FLV tag bodies, by PyAV's encoders."""

import array
import fractions
import functools
import math

import av

from origin.bus import AUDIO, VIDEO, Message


def units(annex_b: bytes) -> list[bytes]:
    """NAL units of a byte stream (ITU-T H.264 annex B)."""
    parts = annex_b.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
    return [part for part in parts if part]


@functools.cache
def parameter_sets(
    width: int = 320, height: int = 180, form: str = "yuv420p", **options: str
) -> tuple[bytes, bytes]:
    """SPS and PPS that x264 makes for these pictures."""
    encoder = _video(width, height, form, 25, options)
    encoder.open()
    found = {unit[0] & 31: unit for unit in units(bytes(encoder.extradata or b""))}
    return found[7], found[8]


def _video(
    width: int, height: int, form: str, gop: int, options: dict[str, str]
) -> av.VideoCodecContext:
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, form
    encoder.time_base, encoder.gop_size = fractions.Fraction(1, 25), gop
    encoder.options = {
        "preset": "ultrafast", "tune": "zerolatency", "flags": "+global_header", **options,
    }  # fmt: skip
    return encoder


def avc_header(sps: bytes, pps: bytes) -> bytes:
    """A video tag's body with an AVCDecoderConfigurationRecord."""
    return b"".join((
        b"\x17\0\0\0\0\1", sps[1:4], b"\xff\xe1", len(sps).to_bytes(2, "big"), sps,
        b"\1", len(pps).to_bytes(2, "big"), pps,
    ))  # fmt: skip


@functools.cache
def stream(
    seconds: int = 2, width: int = 320, height: int = 180, gop: int = 25
) -> tuple[Message, ...]:
    """A stream from 0: both headers, then 25 pictures and about 47 pieces of sound a second."""
    messages = sorted(
        (*_pictures(seconds, width, height, gop), *_sounds(seconds)),
        key=lambda each: (not each.is_header, each.at),
    )
    return tuple(messages)


def _pictures(seconds: int, width: int, height: int, gop: int) -> list[Message]:
    encoder = _video(width, height, "yuv420p", gop, {})
    encoder.open()
    sets = {unit[0] & 31: unit for unit in units(bytes(encoder.extradata or b""))}
    found = [Message(VIDEO, 0, avc_header(sets[7], sets[8]))]
    for number in range(seconds * 25):
        frame = av.VideoFrame(width, height, "yuv420p")
        for plane in frame.planes:
            bright = (
                bytes([number * 5 % 256]) * (number % width) if plane is frame.planes[0] else b""
            )
            line = bright[: plane.line_size].ljust(plane.line_size, b"\x80")
            plane.update(line * plane.height)
        frame.pts = number
        for packet in encoder.encode(frame):
            body = b"".join(len(u).to_bytes(4, "big") + u for u in units(bytes(packet)))
            head = b"\x17\1\0\0\0" if packet.is_keyframe else b"\x27\1\0\0\0"
            assert packet.dts is not None
            found.append(Message(VIDEO, packet.dts * 40, head + body))
    return found


def _sounds(seconds: int) -> list[Message]:
    encoder = av.CodecContext.create("aac", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.format, encoder.layout = 48_000, "fltp", "stereo"
    encoder.time_base = fractions.Fraction(1, 48_000)
    encoder.open()
    found = [Message(AUDIO, 0, b"\xaf\0" + bytes(encoder.extradata or b"")[:2])]
    tone = array.array("f", (math.sin(each / 10) * 0.1 for each in range(1024))).tobytes()
    for number in range(seconds * 48_000 // 1024):
        frame = av.AudioFrame(format="fltp", layout="stereo", samples=1024)
        for plane in frame.planes:
            plane.update(tone.ljust(plane.buffer_size, b"\0"))
        frame.sample_rate, frame.pts = 48_000, number * 1024
        for packet in encoder.encode(frame):
            assert packet.pts is not None
            # The encoder begins one frame before zero.
            at = (packet.pts + 1024) * 1000 // 48_000
            found.append(Message(AUDIO, at, b"\xaf\1" + bytes(packet)))
    return found
