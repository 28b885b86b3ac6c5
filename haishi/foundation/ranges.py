"""Parts of a file, as browsers ask for them (RFC 9110, section 14): one range, or the whole."""

import re
from collections.abc import Iterator
from typing import Any

BLOCK = 1 << 18
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def span_of(header: str, size: int) -> tuple[int, ...] | None:
    """[start, end) of a Range header; None: the whole; (): nothing of it exists."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    return (start, end) if start < end else ()


def pieces(stream: Any, start: int, end: int) -> Iterator[bytes]:
    """The bytes [start, end) of an open file, which is closed after them."""
    with stream:
        stream.seek(start)
        left = end - start
        while left and (piece := stream.read(min(BLOCK, left))):
            left -= len(piece)
            yield piece
