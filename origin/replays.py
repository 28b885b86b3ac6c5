"""Recordings as players see them: an index of parts becomes an HLS playlist of byte ranges.

Source: RFC 8216 (4.3.2.2 EXT-X-BYTERANGE, 4.3.3.5 EXT-X-PLAYLIST-TYPE). While a recording grows its
playlist is an EVENT, afterwards a VOD.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from origin.playlists import date_time

KEY, FIRST, BROKEN = 1, 2, 4
# A piece begins at a key frame, is at least so long, and never longer.
PIECE_MS, MOST_MS = 4_000, 10_000
TARGET = 10
_row = msgspec.json.Decoder(tuple[int, int, int, int, int, float])
_head = msgspec.json.Decoder(dict[str, int])


class File(NamedTuple):
    """A recording file. `started_at`: seconds since 1970."""

    name: str
    started_at: float
    seconds: float
    growing: bool


@dataclass(slots=True)
class Piece:
    """Parts that lie together. `duration` in milliseconds, `at` in seconds since 1970."""

    offset: int
    size: int
    duration: int
    at: float
    broken: bool


class Index:
    """An index file, read as it grows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.init = 0
        self.pieces: list[Piece] = []
        self.duration = 0
        self._place = 0

    @property
    def name(self) -> str:
        """Of the media file."""
        return f"{self.path.stem}.mp4"

    @property
    def seconds(self) -> float:
        """What it tells of."""
        return self.duration / 1000

    @property
    def end(self) -> int:
        """Bytes of the media file that it tells of."""
        return self.pieces[-1].offset + self.pieces[-1].size if self.pieces else self.init

    def file(self, *, growing: bool) -> File:
        """As the house is told."""
        started_at = self.pieces[0].at if self.pieces else 0.0
        return File(self.name, started_at, self.seconds, growing)

    def read(self) -> None:
        """Take what is new. A line that a crash cut short is left alone."""
        with self.path.open("rb") as file:
            file.seek(self._place)
            content = file.read()
        whole = content.rfind(b"\n") + 1
        self._place += whole
        for line in content[:whole].splitlines():
            if not self.init:
                self.init = _head.decode(line).get("init", 0)
            else:
                self._add(*_row.decode(line))

    def _add(
        self, offset: int, size: int, start: int, duration: int, flags: int, at: float
    ) -> None:
        last = self.pieces[-1] if self.pieces else None
        if (
            last is None
            or flags & BROKEN
            or (flags & FIRST and flags & KEY and last.duration >= PIECE_MS)
            or last.duration + duration > MOST_MS
        ):
            self.pieces.append(Piece(offset, size, duration, at, bool(flags & BROKEN)))
        else:
            last.size += size
            last.duration += duration
        self.duration += duration


def playlist(indexes: Sequence[Index], token: str, *, growing: bool) -> str:
    """One playlist over all files of a session; "" as long as there is nothing to show."""
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{TARGET}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        f"#EXT-X-PLAYLIST-TYPE:{'EVENT' if growing else 'VOD'}",
    ]
    shown = 0
    for index in indexes:
        pieces = index.pieces
        if growing and index is indexes[-1]:
            pieces = pieces[:-1]  # it still grows
        for place, piece in enumerate(pieces):
            if (piece.broken and shown) or (place == 0 and shown):
                lines.append("#EXT-X-DISCONTINUITY")
            if place == 0:
                lines.append(f'#EXT-X-MAP:URI="{index.name}?w={token}",BYTERANGE="{index.init}@0"')
            lines += (
                f"#EXT-X-PROGRAM-DATE-TIME:{date_time(piece.at)}",
                f"#EXTINF:{piece.duration / 1000:.3f},",
                f"#EXT-X-BYTERANGE:{piece.size}@{piece.offset}",
                f"{index.name}?w={token}",
            )
            shown += 1
    if not shown:
        return ""
    if not growing:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join([*lines, ""])
