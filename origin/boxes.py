"""Fragmented MP4 for one H.264 and one AAC track: the beginning of a file, and its fragments.

Source: ISO/IEC 14496-12 (boxes), 14496-15 (avc1, avcC), 14496-14 and -1 (mp4a, esds), 23000-19
(CMAF). Written here and not by a muxer because a live part must end exactly where we say, hold
exactly what has arrived, and cost next to nothing.
"""

import struct
from collections.abc import Sequence
from typing import NamedTuple

VIDEO_TRACK, AUDIO_TRACK = 1, 2
VIDEO_SCALE = 1_000  # ticks per second: a feed's own milliseconds
_KEY, _NOT_KEY = 0x0200_0000, 0x0101_0000  # sample flags: depends on nothing; on others
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000)
_LANGUAGE = 0x55C4  # "und", three letters of five bits


class Picture(NamedTuple):
    """A video sample: milliseconds until the next, composition offset in milliseconds, bytes."""

    duration: int
    offset: int
    key: bool
    content: bytes | memoryview


def beginning(
    avc: bytes, size: tuple[int, int], audio: bytes, audio_rate: int, channels: int
) -> bytes:
    """The initialisation segment (ftyp, moov).

    `avc`: AVCDecoderConfigurationRecord; `audio`: AudioSpecificConfig; `size` in pixels.
    """
    video_entry = _video_entry(avc, *size)
    audio_entry = _audio_entry(audio, audio_rate, channels)
    return _box(b"ftyp", b"iso6\0\0\0\0iso6cmfcmp41") + _box(
        b"moov",
        _full(b"mvhd", 0, 0, struct.pack(">4I", 0, 0, 1_000, 0), _movie_head()),
        _track(VIDEO_TRACK, VIDEO_SCALE, b"vide", size, video_entry),
        _track(AUDIO_TRACK, audio_rate, b"soun", (0, 0), audio_entry),
        _box(b"mvex", _extends(VIDEO_TRACK), _extends(AUDIO_TRACK)),
    )


def fragment(
    number: int,
    video_at: int,
    pictures: Sequence[Picture],
    audio_at: int,
    audio_frame: int,
    sounds: Sequence[bytes | memoryview],
) -> bytes:
    """A movie fragment (moof, mdat).

    `video_at` in milliseconds; `audio_at` and `audio_frame` (length of each sound) in samples.
    """
    pictures_size = sum(len(each.content) for each in pictures)
    moof_size = 8 + 16 + 8 + 16 + 20 + 20 + 16 * len(pictures)
    if sounds:
        moof_size += 8 + 24 + 20 + 20 + 4 * len(sounds)
    start = moof_size + 8
    boxes = [_full(b"mfhd", 0, 0, number.to_bytes(4, "big")), _video_run(video_at, pictures, start)]
    if sounds:
        boxes.append(_audio_run(audio_at, audio_frame, sounds, start + pictures_size))
    moof = _box(b"moof", *boxes)
    assert len(moof) == moof_size
    content = [each.content for each in pictures]
    size = 8 + pictures_size + sum(len(each) for each in sounds)
    return b"".join((moof, size.to_bytes(4, "big"), b"mdat", *content, *sounds))


def _video_run(at: int, pictures: Sequence[Picture], offset: int) -> bytes:
    fields: list[int] = []
    for each in pictures:
        flags = _KEY if each.key else _NOT_KEY
        fields += (each.duration, len(each.content), flags, each.offset & 0xFFFF_FFFF)
    run = struct.pack(f">II{len(fields)}I", len(pictures), offset, *fields)
    return _box(
        b"traf",
        _full(b"tfhd", 0, 0x02_0000, VIDEO_TRACK.to_bytes(4, "big")),
        _full(b"tfdt", 1, 0, at.to_bytes(8, "big")),
        _full(b"trun", 1, 0xF01, run),
    )


def _audio_run(at: int, frame: int, sounds: Sequence[bytes | memoryview], offset: int) -> bytes:
    sizes = map(len, sounds)
    return _box(
        b"traf",
        _full(b"tfhd", 0, 0x02_0028, struct.pack(">3I", AUDIO_TRACK, frame, _KEY)),
        _full(b"tfdt", 1, 0, at.to_bytes(8, "big")),
        _full(b"trun", 0, 0x201, struct.pack(f">II{len(sounds)}I", len(sounds), offset, *sizes)),
    )


def _box(kind: bytes, *content: bytes) -> bytes:
    return b"".join(((8 + sum(map(len, content))).to_bytes(4, "big"), kind, *content))


def _full(kind: bytes, version: int, flags: int, *content: bytes) -> bytes:
    return _box(kind, (version << 24 | flags).to_bytes(4, "big"), *content)


def _movie_head() -> bytes:
    rate_and_volume = struct.pack(">IHH8x", 0x10000, 0x100, 0)
    return rate_and_volume + _MATRIX + bytes(24) + (AUDIO_TRACK + 1).to_bytes(4, "big")


def _track(number: int, scale: int, kind: bytes, size: tuple[int, int], entry: bytes) -> bytes:
    width, height = size
    volume = 0x100 if kind == b"soun" else 0
    head = struct.pack(">5I8xHHHH", 0, 0, number, 0, 0, 0, 0, volume, 0)
    name = b"video\0" if kind == b"vide" else b"sound\0"
    media_head = (
        _full(b"vmhd", 0, 1, bytes(8)) if kind == b"vide" else _full(b"smhd", 0, 0, bytes(4))
    )
    here = _full(b"dref", 0, 0, (1).to_bytes(4, "big"), _full(b"url ", 0, 1))
    table = _box(
        b"stbl",
        _full(b"stsd", 0, 0, (1).to_bytes(4, "big"), entry),
        _full(b"stts", 0, 0, bytes(4)),
        _full(b"stsc", 0, 0, bytes(4)),
        _full(b"stsz", 0, 0, bytes(8)),
        _full(b"stco", 0, 0, bytes(4)),
    )
    return _box(
        b"trak",
        _full(b"tkhd", 0, 7, head, _MATRIX, struct.pack(">II", width << 16, height << 16)),
        _box(
            b"mdia",
            _full(b"mdhd", 0, 0, struct.pack(">4IHH", 0, 0, scale, 0, _LANGUAGE, 0)),
            _full(b"hdlr", 0, 0, bytes(4), kind, bytes(12), name),
            _box(b"minf", media_head, _box(b"dinf", here), table),
        ),
    )


def _extends(track: int) -> bytes:
    return _full(b"trex", 0, 0, struct.pack(">5I", track, 1, 0, 0, 0))


def _video_entry(avc: bytes, width: int, height: int) -> bytes:
    fields = struct.pack(
        ">6xH16xHHIIIH32xHh", 1, width, height, 0x48_0000, 0x48_0000, 0, 1, 0x18, -1
    )
    return _box(b"avc1", fields, _box(b"avcC", avc))


def _audio_entry(config: bytes, rate: int, channels: int) -> bytes:
    # The rate is 16.16: what does not fit stands in the configuration alone.
    shown = rate if rate < 1 << 16 else 0
    fields = struct.pack(">6xH8xHHHHI", 1, channels, 16, 0, 0, shown << 16)
    decoder = _descriptor(4, struct.pack(">BB3xII", 0x40, 0x15, 0, 0), _descriptor(5, config))
    stream = _descriptor(3, struct.pack(">HB", AUDIO_TRACK, 0), decoder, _descriptor(6, b"\x02"))
    return _box(b"mp4a", fields, _full(b"esds", 0, 0, stream))


def _descriptor(tag: int, *content: bytes) -> bytes:
    size = sum(map(len, content))
    length = bytes([size >> 21 & 127 | 128, size >> 14 & 127 | 128, size >> 7 & 127 | 128])
    return b"".join((bytes([tag]), length, bytes([size & 127]), *content))
