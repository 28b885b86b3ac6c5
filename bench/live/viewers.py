"""Many low latency viewers in one process: python -m bench.live.viewers URL COUNT SECONDS

Each does what hls.js does: asks for the playlist with the next part and waits, then fetches that
part, over two connections of its own. Prints one JSON object about the last SECONDS.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import Counter
from urllib.parse import urlsplit

import uvloop

RAMP, SETTLE = 2.0, 2.0
_PART = re.compile(rb'#EXT-X-PART:[^\n]*URI="(part-(\d+)\.(\d+)\.m4s\?k=[^"]*)"')


class Line:
    """One kept-open connection."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.reader: asyncio.StreamReader | None = None

    async def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        if self.reader is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        self.writer.write(f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        return int(head[9:12]), await self.reader.readexactly(length)


async def view(url: str, counts: Counter[str], pause: float, until: float) -> None:
    """One viewer, until a moment of time.monotonic."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    folder = parts.path.rpartition("/")[0]
    lists, media = Line(host, port), Line(host, port)
    await asyncio.sleep(pause)
    _status, text = await lists.get(f"{parts.path}?{parts.query}")
    seen = None
    while time.monotonic() < until:
        told = _PART.findall(text)
        fresh = [each for each in told if seen is None or (int(each[1]), int(each[2])) > seen]
        for address, number, place in fresh[-1:] if seen is None else fresh:
            status, body = await media.get(f"{folder}/{address.decode()}")
            counts["parts" if status == 200 else "errors"] += 1
            counts["bytes"] += len(body)
            seen = int(number), int(place)
        if seen is None:
            counts["errors"] += 1
            return
        query = f"{parts.query}&_HLS_msn={seen[0]}&_HLS_part={seen[1] + 1}"
        status, text = await lists.get(f"{parts.path}?{query}")
        counts["playlists" if status == 200 else "errors"] += 1


async def run(urls: list[str], count: int, seconds: float) -> dict[str, float]:
    """Counts of the time after everybody has come."""
    counts: Counter[str] = Counter()
    until = time.monotonic() + RAMP + SETTLE + seconds + 1
    tasks = [
        asyncio.create_task(view(urls[turn % len(urls)], counts, RAMP * turn / count, until))
        for turn in range(count)
    ]
    await asyncio.sleep(RAMP + SETTLE)
    before, began = counts.copy(), time.monotonic()
    print("begun", flush=True)
    await asyncio.sleep(seconds)
    passed = time.monotonic() - began
    found = {
        name: counts[name] - before[name] for name in ("parts", "playlists", "bytes", "errors")
    }
    print("done", flush=True)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    lost = sum(isinstance(each, BaseException) for each in results)
    return {**found, "seconds": passed, "lost": lost}


if __name__ == "__main__":
    found = uvloop.run(run(sys.argv[1].split(","), int(sys.argv[2]), float(sys.argv[3])))
    print(json.dumps(found))
