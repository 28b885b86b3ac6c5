"""What it costs to send a programme to other networks, and how soon a lost one is found again.

Four targets for twenty seconds, 2 Mbit/s of 25 pictures a second, each target an RTMP server that
takes everything; CPU of the ffmpeg children from /proc, of the origin's own part beside a control
without targets. Then one target is away for fifteen seconds and the clock runs from its return to
`live`. Paced as in production. The servers ask for chunks of 60,000 bytes, as SRS does; with the
128 bytes that RTMP begins with, ffmpeg makes two calls for each and a target costs three times as
much.
`python -m bench.restreams`
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import Any

from bench.measure import cpu_ms, header
from origin.bus import VIDEO, Feed, Message
from origin.films import Shape, film, silence
from origin.loops import Loop, parse
from origin.restream import Restreams
from origin.tests.fakes.rtmp import Sink
from wire.live import Target, TargetStatus

TARGETS, SECONDS, AWAY = 4, 20.0, 15.0
SHAPE = Shape(1280, 720, fps=25, frames=200, kbps=500)
FILLER = 9_000  # bytes a picture, to make 2 Mbit/s of an easy picture


class Programme:
    """A feed that plays in real time."""

    def __init__(self) -> None:
        pictures = (bytes([index, 90, 110]) * (1280 * 720) for index in range(SHAPE.frames))
        filler = FILLER.to_bytes(4) + b"\x0c" + b"\xff" * (FILLER - 2) + b"\x80"
        self.feed = Feed("bench/programme")

        def push(kind: int, at: int, body: bytes) -> None:
            fat = kind == VIDEO and body[1] == 1
            self.feed.push(Message(kind, at, body + filler if fat else body))

        clip = parse(film(SHAPE, pictures, silence(SHAPE)), SHAPE.length)
        self._loop = Loop(clip, push)

    async def play(self, seconds: float) -> None:
        if not self._loop.running:
            self._loop.start(time.monotonic())
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._loop.tick(time.monotonic())
            await asyncio.sleep(0.02)


def _targets(ports: list[int]) -> list[Target]:
    return [
        Target(id=str(port), name="", network="rtmp", url=f"rtmp://127.0.0.1:{port}/live/key")
        for port in ports
    ]


async def _cost(programme: Programme) -> dict[str, Any]:
    began = time.process_time()
    await programme.play(SECONDS)
    alone = time.process_time() - began
    sinks = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.restreams", "--sinks",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert sinks.stdin is not None
    assert sinks.stdout is not None
    ports = json.loads(await sinks.stdout.readline())
    restreams = Restreams(programme.feed, lambda _status: None)
    restreams.arm(_targets(ports))
    await programme.play(4)
    children = restreams.children()
    before, began = sum(map(cpu_ms, children)), time.process_time()
    await programme.play(SECONDS)
    ours = time.process_time() - began - alone
    theirs = (sum(map(cpu_ms, children)) - before) / 1000
    states = [status.state for status in restreams.statuses()]
    kbps = [status.kbps for status in restreams.statuses()]
    await restreams.close()
    sinks.stdin.close()
    await sinks.wait()
    if states != ["live"] * TARGETS or len(children) != TARGETS:
        raise SystemExit(f"not all targets were live: {states}")
    count = TARGETS * SECONDS
    return {
        "cpu_per_stream_second": round((ours + theirs) / count, 4),
        "of_that_children": round(theirs / count, 4),
        "targets": TARGETS,
        "kbps": kbps,
    }


async def _recovery(programme: Programme) -> float:
    sink = await Sink().start()
    back = asyncio.Event()

    def changed(status: TargetStatus) -> None:
        if status.state == "live":
            back.set()

    restreams = Restreams(programme.feed, changed)
    restreams.arm(_targets([sink.port]))
    playing = asyncio.create_task(programme.play(120))
    await back.wait()
    await sink.die()
    await asyncio.sleep(AWAY)
    back.clear()
    await sink.start()
    began = time.monotonic()
    async with asyncio.timeout(60):
        await back.wait()
    seconds = time.monotonic() - began
    playing.cancel()
    await restreams.close()
    await sink.die()
    return round(seconds, 2)


async def _figures() -> dict[str, Any]:
    programme = Programme()
    figures = await _cost(programme)
    return figures | {"recovery_seconds": await _recovery(programme), "away_seconds": AWAY}


def restream_figures() -> dict[str, Any]:
    """`cpu_per_stream_second` (all of a target's cost), `recovery_seconds`, and their frame."""
    return asyncio.run(_figures())


async def _sinks() -> None:
    """Servers in a process of their own, until standard input ends."""
    sinks = [await Sink().start() for _ in range(TARGETS)]
    print(json.dumps([sink.port for sink in sinks]), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    os._exit(0)


if __name__ == "__main__":
    if "--sinks" in sys.argv:
        asyncio.run(_sinks())
    else:
        began, load = time.monotonic(), os.getloadavg()[0]
        figures = restream_figures()
        print(json.dumps(header("restreams", began, load) | figures))
