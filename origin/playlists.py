"""HLS playlists as text, from what a stream holds; nothing here waits or remembers.

Source: RFC 8216 and draft-pantos-hls-rfc8216bis (low latency). A playlist is the same for every
viewer: media addresses carry the key of their segment, which only the playlist tells, and no token.
So caches in front may keep both, and a viewer whose token is over finds no further segment.
"""

import datetime as dt
from collections.abc import Iterable

from origin.segments import Segment, Window

MEDIA_TYPE = "application/vnd.apple.mpegurl"
# Parts are told for the last segments alone, for as long as players may ask (RFC 8216bis, 4.4.4.9).
PARTS_OF_LAST = 3
HOLD_BACK_PARTS = 3.5
# What a playlist with parts promises at least, in seconds. Its players do not count in segments,
# but hls.js runs after the edge only while it is less than that behind it: with 1 it stayed 2.8 s.
LEAST_WITH_PARTS = 2


def low_latency(window: Window) -> str:
    """The playlist with parts."""
    part = window.part_target
    target = max(window.target, LEAST_WITH_PARTS)
    lines = _head(window, 9, target)
    lines.append(
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,"
        f"HOLD-BACK={3 * target},PART-HOLD-BACK={part * HOLD_BACK_PARTS:.3f}"
    )
    lines.append(f"#EXT-X-PART-INF:PART-TARGET={part:.3f}")
    told = len(window.segments) - PARTS_OF_LAST
    init = -1
    for place, segment in enumerate(window.segments):
        lines += _start(window, segment, init)
        init = segment.init
        if place >= told:
            lines += _parts(segment)
        lines += _whole(segment)
    if window.current is not None:
        lines += _start(window, window.current, init)
        lines += _parts(window.current)
    if window.ended:
        lines.append("#EXT-X-ENDLIST")
    else:
        lines.append(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{_hint(window)}"')
    return "\n".join([*lines, ""])


def plain(window: Window) -> str:
    """The playlist of whole segments, for players that know no parts: they stay three of its target
    behind.
    """
    lines = _head(window, 7, window.target)
    init = -1
    for segment in window.segments:
        lines += _start(window, segment, init)
        init = segment.init
        lines += _whole(segment)
    if window.ended:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join([*lines, ""])


def date_time(at: float) -> str:
    """Seconds since 1970 as EXT-X-PROGRAM-DATE-TIME writes them, to the millisecond."""
    text = dt.datetime.fromtimestamp(round(at, 3), dt.UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _head(window: Window, version: int, target: int) -> list[str]:
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{version}",
        f"#EXT-X-TARGETDURATION:{target}",
        f"#EXT-X-MEDIA-SEQUENCE:{_first(window)}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{window.discontinuities}",
    ]
    every: Iterable[Segment] = window.segments
    if window.current is not None:
        every = [*every, window.current]
    if all(segment.independent for segment in every):
        lines.append("#EXT-X-INDEPENDENT-SEGMENTS")
    return lines


def _first(window: Window) -> int:
    return window.segments[0].number if window.segments else window.next_number


def _start(window: Window, segment: Segment, init: int) -> list[str]:
    lines = ["#EXT-X-DISCONTINUITY"] if segment.broken else []
    if segment.init != init:
        key = window.init_keys[segment.init]
        lines.append(f'#EXT-X-MAP:URI="init-{segment.init}.mp4?k={key}"')
    return [*lines, f"#EXT-X-PROGRAM-DATE-TIME:{date_time(segment.at)}"]


def _parts(segment: Segment) -> list[str]:
    number, key = segment.number, segment.key
    return [
        f'#EXT-X-PART:DURATION={part.duration / 1000:.3f},URI="part-{number}.{place}.m4s?k={key}"'
        + (",INDEPENDENT=YES" if part.key else "")
        for place, part in enumerate(segment.parts)
    ]


def _whole(segment: Segment) -> list[str]:
    return [
        f"#EXTINF:{segment.duration / 1000:.3f},",
        f"seg-{segment.number}.m4s?k={segment.key}",
    ]


def _hint(window: Window) -> str:
    """The part that comes next: groups of pictures are as regular as the last one was."""
    current = window.current
    if current is None:
        return f"part-{window.next_number}.0.m4s?k={window.next_key}"
    if window.segments and current.duration >= window.segments[-1].duration - 20:
        return f"part-{window.next_number}.0.m4s?k={window.next_key}"
    return f"part-{current.number}.{len(current.parts)}.m4s?k={current.key}"
